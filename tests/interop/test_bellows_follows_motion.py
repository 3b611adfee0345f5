"""What the bench measures of bellows: it comes up on a network of long ago, and the lamp follows the motion sensor."""

import asyncio
import random
from pathlib import Path

import pytest

from simulators.cable import PtyCable
from simulators.devices.sensors import MotionSensor
from simulators.devices.switch import Switch
from simulators.zigbee.bindings import Binding
from simulators.zigbee.faces import Label, dress
from simulators.zigbee.memory import Memory
from simulators.zigbee.network import Air, Network
from simulators.zigbee.stick import Stick
from tests.interop.peers import PROJECT, peers_python
from tests.interop.zigbee_household import becomes

pytestmark = [pytest.mark.interop, pytest.mark.real_time]

SCRIPT = PROJECT / "simulators" / "bench" / "zigbee" / "bellows_host.py"
OCCUPANCY = 0x0406
TOLD_S = 30.0


async def says(process: asyncio.subprocess.Process, wanted: str) -> None:
    """Also of devices, each by itself; anything else is a mistake."""
    assert process.stderr is not None
    async with asyncio.timeout(TOLD_S):
        while (line := (await process.stderr.readline()).decode().rstrip()) != wanted:
            assert line.startswith("initialized "), line


async def test_the_lamp_follows_the_motion_sensor_at_a_cold_and_at_a_warm_start(tmp_path: Path) -> None:
    loop, rng = asyncio.get_running_loop(), random.Random(1)
    memory = Memory.open(None, rng)
    memory.commission(rng)
    network = Network(memory, rng, Air(frame_s=0.002))
    lamp, motion = Switch(), MotionSensor(loop, clear_after_s=1.0)
    nodes = {"lamp": dress(loop, lamp, Label("lamp")), "motion": dress(loop, motion, Label("motion"))}
    addresses = []
    for name, node in nodes.items():
        network.place(name, node)
        addresses.append(f"{node.eui64:016x}/{network.join(name):04x}")
    nodes["motion"].bindings.add(Binding(1, OCCUPANCY, memory.eui64, 1))
    cable = PtyCable(tmp_path / "port")
    await cable.plug(Stick(network, rng))
    try:
        for _ in ("cold", "warm"):
            process = await asyncio.create_subprocess_exec(
                *(peers_python(), str(SCRIPT), cable.address, str(tmp_path), *addresses),
                stdin=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                await says(process, "ready")
                await says(process, "interviewed")
                motion.see_motion()
                await becomes(lamp, lambda: lamp.on)
                await becomes(lamp, lambda: not lamp.on)
            finally:
                if process.returncode is None:
                    process.terminate()
                _, said = await process.communicate()
            assert (process.returncode, said) == (0, b"")
    finally:
        await cable.close()
