"""The real zwave-js takes the simulated stick for a real one."""

import random
from pathlib import Path

import pytest

from simulators.cable import TcpCable
from simulators.zwave.memory import Memory
from simulators.zwave.network import Network
from simulators.zwave.stick import Stick
from tests.helpers.plain_switch import PlainSwitch
from tests.interop.zwave_js.host import zwave_js_on

pytestmark = [pytest.mark.interop, pytest.mark.real_time]


async def test_a_switch_is_interviewed_and_switched(tmp_path: Path) -> None:
    rng = random.Random(1)
    network = Network(Memory.open(None, rng), rng)
    switch = PlainSwitch()
    network.place("lamp", switch)
    network.include("lamp")
    cable = TcpCable("127.0.0.1", 0)
    await cable.plug(Stick(network, rng))
    async with zwave_js_on(cable.address.replace("socket:", "tcp:"), tmp_path) as host:
        await host.happens(event="driver ready")
        await host.happens(event="interviewed", node=2)
        print(await host.call("nodes"))
        print(await host.call("controller"))
        print(await host.call("problems"))
    await cable.close()
