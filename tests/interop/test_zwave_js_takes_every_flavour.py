"""The real zwave-js takes every kind of controller that the stick can be, at its best and at its worst.

The switch behind it is written by hand, in bytes.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from simulators.cable import TcpCable
from simulators.zwave.flavours import FLAVOURS
from simulators.zwave.memory import Memory
from simulators.zwave.network import Network
from simulators.zwave.stick import Stick
from simulators.zwave.stick_faults import StickFaults
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


SWITCH_ON: dict[str, Any] = {"node": 2, "valueId": {"commandClass": 0x25, "property": "targetValue"}, "value": True}


@asynccontextmanager
async def plugged(
    flavour: str, switch: PlainSwitch, faults: StickFaults | None = None
) -> AsyncIterator[tuple[str, Stick]]:
    """A stick with `switch` as its node 2, and the URL of its TCP port."""
    rng = random.Random(1)
    network = Network(Memory.open(None, rng), rng)
    network.place("switch", switch)
    network.include("switch")
    stick = Stick(network, rng, FLAVOURS[flavour], faults)
    cable = TcpCable("127.0.0.1", 0)
    await cable.plug(stick)
    try:
        yield cable.address.replace("socket:", "tcp:"), stick
    finally:
        await cable.close()


@pytest.mark.parametrize("name", FLAVOURS)
async def test_the_controller_is_known_and_its_switch_used(name: str, tmp_path: Path) -> None:
    switch = PlainSwitch()
    async with plugged(name, switch) as (url, stick), zwave_js_on(url, tmp_path) as host:
        await host.happens(event="driver ready")
        await host.happens(event="interviewed", node=2)
        assert (await host.call("controller"))["sdkVersion"] == SDK[name.removesuffix("-bridge")]
        await host.call("setValue", **SWITCH_ON)
        assert switch.on
        switch.toggle()
        await host.happens(event="value", node=2, property="currentValue", newValue=False)
        assert set(await host.call("problems")) - NOT_OURS == set()
        assert (stick.malformed_requests, stick.lost_frames) == (0, 0)


async def test_zwave_js_gets_the_stick_out_of_its_bootloader(tmp_path: Path) -> None:
    faults = StickFaults(bootloader=True)
    async with plugged("800", PlainSwitch(), faults) as (url, stick), zwave_js_on(url, tmp_path) as host:
        await host.happens(event="driver ready")
        assert (await host.call("controller"))["homeId"] == stick.network.memory.home_id
        assert "warn: Controller is in bootloader, attempting to recover..." in await host.call("problems")


async def test_zwave_js_backs_the_memory_up_and_restores_it(tmp_path: Path) -> None:
    switch = PlainSwitch()
    async with plugged("700", switch) as (url, stick):
        async with zwave_js_on(url, tmp_path) as host:
            await host.happens(event="interviewed", node=2)
            image = await host.call("backup")
            stick.network.forget_all()
            await host.call("restore", image=image)
        # It has to be started again after that.
        async with zwave_js_on(url, tmp_path) as host:
            await host.happens(event="driver ready")
            assert await host.call("ping", node=2) is True
        assert switch.memberships == [(2, stick.network.memory.home_id)] * 2


@pytest.mark.parametrize("fault", ["bad_ack", "duplicate"])
async def test_what_real_sticks_do_wrong_every_day_goes_unnoticed(fault: str, tmp_path: Path) -> None:
    switch, faults = PlainSwitch(), StickFaults()
    faults.set(fault, 1.0)
    async with plugged("700", switch, faults) as (url, _), zwave_js_on(url, tmp_path) as host:
        await host.happens(event="interviewed", node=2)
        await host.call("setValue", **SWITCH_ON)
        assert switch.on
        assert set(await host.call("problems")) - NOT_OURS == set()


async def test_a_jammed_radio_is_called_jammed_and_the_command_sent_again_when_it_is_over(tmp_path: Path) -> None:
    switch = PlainSwitch()
    async with plugged("700", switch) as (url, stick), zwave_js_on(url, tmp_path) as host:
        await host.happens(event="interviewed", node=2)
        stick.faults.jammed = True
        async with asyncio.TaskGroup() as group:
            group.create_task(host.call("setValue", **SWITCH_ON))
            await host.happens(event="controller status", status="Jammed")
            assert not switch.on
            stick.faults.jammed = False
        assert switch.on
