"""Two real hosts take simulated devices that answer as captured ones did, for these: bellows by all it can ask them,
zigbee2mqtt by what its database knows of them.

The captures are read in place and are not part of the project.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulators.cable import PtyCable
from simulators.zigbee.memory import Memory
from simulators.zigbee.network import Air, Network
from simulators.zigbee.node import SimulatedNode
from simulators.zigbee.snapshot import Snapshot, read_snapshot
from simulators.zigbee.snapshot_node import snapshot_node
from simulators.zigbee.stick import Stick
from tests.helpers.zha_snapshots import FOLDER, WHY_SKIPPED
from tests.interop.zigbee2mqtt.broker import broker
from tests.interop.zigbee2mqtt.host import zigbee2mqtt_on
from tests.interop.zigpy_bellows.host import started

pytestmark = [
    pytest.mark.interop,
    pytest.mark.real_time,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=WHY_SKIPPED),
]

PAIRING_S = 60.0
KNOWN = {
    "signify-netherlands-b-v-lca005": "9290022266A",
    "ikea-of-sweden-tradfri-bulb-e26-opal-1000lm": "LED1622G12",
    "sonoff-s31-lite-zb": "S31ZB",
    "third-reality-inc-3rss007z": "3RSS007Z",
    "lumi-lumi-weather": "WSDCGQ11LM",
    "tyzb01-o63ssaah-ts0207": "TS0207_water_leak_detector",
}
"""What zigbee2mqtt calls them; of nearly all others it knows the names, too."""


@dataclass(slots=True)
class Captured:
    snapshot: Snapshot
    node: SimulatedNode

    @property
    def ieee(self) -> str:
        return ":".join(f"{byte:02x}" for byte in self.node.eui64.to_bytes(8, "big"))


@asynccontextmanager
async def captured_devices(port: Path, names: Sequence[str]) -> AsyncIterator[tuple[Network, dict[str, Captured]]]:
    loop, rng = asyncio.get_running_loop(), random.Random(1)
    network = Network(Memory.open(None, rng), rng, Air(frame_s=0.002))
    devices: dict[str, Captured] = {}
    for name in names:
        snapshot = read_snapshot(FOLDER / f"{name}.json")
        devices[name] = Captured(snapshot, snapshot_node(loop, snapshot))
        network.place(name, devices[name].node)
    cable = PtyCable(port)
    await cable.plug(Stick(network, rng))
    try:
        yield network, devices
    finally:
        await cable.close()


def endpoints_of(snapshot: Snapshot) -> dict[str, Any]:
    return {
        str(it.number): {
            "profile": it.profile,
            "device_type": it.device_type,
            "inputs": sorted(cluster.id for cluster in it.inputs),
            "outputs": sorted(cluster.id for cluster in it.outputs),
        }
        for it in snapshot.endpoints
    }


async def test_bellows_finds_on_every_captured_device_what_was_found_on_the_real_one(tmp_path: Path) -> None:
    names = [path.stem for path in sorted(FOLDER.glob("*.json"))]
    port = tmp_path / "port"
    async with captured_devices(port, names) as (network, devices), started(str(port), tmp_path) as host:
        await host.call("permit", seconds=250)
        for name in devices:
            network.press(name)
        await host.all_happen([{"event": "initialized", "ieee": it.ieee} for it in devices.values()], PAIRING_S)
        found = await host.call("devices")
        for name, device in devices.items():
            assert found[device.ieee]["endpoints"] == endpoints_of(device.snapshot), name
        assert await host.call("problems") == []


async def test_zigbee2mqtt_knows_captured_devices_by_their_names_in_its_database(tmp_path: Path) -> None:
    port = tmp_path / "port"
    async with broker(tmp_path) as broker_port, captured_devices(port, list(KNOWN)) as (network, devices):
        names = {f"0x{device.node.eui64:016x}": name for name, device in devices.items()}
        async with zigbee2mqtt_on(str(port), broker_port, tmp_path, names) as host:
            await host.ask("permit_join", {"time": 250})
            for name in devices:
                network.press(name)
            await host.settles(set(devices), PAIRING_S)
            await host.ask("permit_join", {"time": 0})
            found = {it["friendly_name"]: it for it in host.latest("bridge/devices")}
            assert {name: found[name]["definition"]["model"] for name in devices} == KNOWN
            assert all(found[name]["supported"] for name in devices)
            host.publish("signify-netherlands-b-v-lca005/set", {"state": "ON", "brightness": 100})
            await host.hears("signify-netherlands-b-v-lca005", state="ON", brightness=100)
            assert host.problems() == []
