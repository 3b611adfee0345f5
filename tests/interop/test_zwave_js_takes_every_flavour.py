"""The real zwave-js takes every kind of controller that the stick can be, with a switch that is written by hand."""

import random
from pathlib import Path

import pytest

from simulators.cable import TcpCable
from simulators.zwave.flavours import FLAVOURS
from simulators.zwave.memory import Memory
from simulators.zwave.network import Network
from simulators.zwave.stick import Stick
from tests.helpers.plain_switch import PlainSwitch
from tests.interop.zwave_js.host import zwave_js_on

pytestmark = [pytest.mark.interop, pytest.mark.real_time]

SDK = {"500": "6.81.6", "700": "7.19.3", "800": "7.23.1"}
NOT_OURS = {
    # The switch is of no real maker (0xFFFF), so it is in nobody's database.
    "warn: No device config found",
    # Long Range is not kept here, and zwave-js was given no keys for it.
    "warn: No network key for Z-Wave Long Range configured, communication won't work!",
}


@pytest.mark.parametrize("name", FLAVOURS)
async def test_the_controller_is_known_and_its_switch_used(name: str, tmp_path: Path) -> None:
    rng = random.Random(1)
    network = Network(Memory.open(None, rng), rng)
    switch = PlainSwitch()
    network.place("switch", switch)
    network.include("switch")
    stick = Stick(network, rng, FLAVOURS[name])
    cable = TcpCable("127.0.0.1", 0)
    await cable.plug(stick)
    try:
        async with zwave_js_on(cable.address.replace("socket:", "tcp:"), tmp_path) as host:
            await host.happens(event="driver ready")
            await host.happens(event="interviewed", node=2)
            assert (await host.call("controller"))["sdkVersion"] == SDK[name.removesuffix("-bridge")]
            value_id = {"commandClass": 0x25, "property": "targetValue"}
            await host.call("setValue", node=2, valueId=value_id, value=True)
            assert switch.on
            switch.toggle()
            await host.happens(event="value", node=2, property="currentValue", newValue=False)
            assert set(await host.call("problems")) - NOT_OURS == set()
            assert (stick.malformed_requests, stick.lost_frames) == (0, 0)
    finally:
        await cable.close()
