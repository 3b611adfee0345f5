"""Devices that say they were reset: out of the home whenever that happens, and only if it is true."""

import asyncio

import pytest

from drivers.zwave.command_classes.device_reset_locally import DeviceResetLocallyNotification
from drivers.zwave.pairing import RESET_S
from hubagent.model.device import Presence
from hubagent.model.event import DeviceLeft
from simulators.devices.switch import Switch
from simulators.zwave.node import SimulatedNode
from tests.helpers.zwave_home import ZwaveHome, zwave_home


def _say_reset(node: SimulatedNode) -> None:
    node._report(0, DeviceResetLocallyNotification())


def _start_anew(home: ZwaveHome, name: str) -> None:
    home.network.lose(name)
    home.nodes[name].excluded()


@pytest.mark.parametrize("after_s", [0.5, 3.0, 40.0])
async def test_a_device_that_says_it_was_reset_and_starts_anew_a_while_later_leaves_the_home(after_s: float) -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        device = home.id_of("a.light")
        _say_reset(home.nodes["a.light"])
        await asyncio.sleep(after_s)
        _start_anew(home, "a.light")
        await asyncio.sleep(120)
        assert DeviceLeft(device) in home.events
        assert home.devices == {}
        assert home.network.memory.nodes == {}


async def test_a_device_that_is_reset_while_it_is_to_be_paired_is_in_the_home_once() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        first = home.id_of("a.light")
        async for step in home.driver.pair({}, 60):
            if step.step == "ready":
                home.reset_by_hand("a.light")
                await asyncio.sleep(3)
                home.network.press("a.light")
        await asyncio.sleep(120)
        assert DeviceLeft(first) in home.events
        [device] = home.devices.values()
        assert device.id != first
        assert device.presence is Presence.READY


async def test_who_begins_to_pair_while_a_device_that_was_reset_is_removed_is_not_refused() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        first = home.id_of("a.light")
        home.reset_by_hand("a.light")
        await asyncio.sleep(RESET_S[0] + 0.5)
        assert first in home.devices
        steps = []
        async for step in home.driver.pair({}, 60):
            steps.append(step.step)
            if step.step == "ready":
                home.network.press("a.light")
        assert steps[-1] == "done"
        assert DeviceLeft(first) in home.events
        assert home.device("a.light").presence is Presence.READY


async def test_a_device_that_says_it_was_reset_and_lives_on_stays_and_is_left_alone_in_the_end() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        for _ in range(5):
            _say_reset(home.nodes["a.light"])
        await asyncio.sleep(1)
        heard = home.listen_in("a.light")
        await asyncio.sleep(sum(RESET_S) + 60)
        # A ping each time, whatever else is asked of it, and not more for what was said more often.
        assert heard.count(b"\0") == len(RESET_S)
        assert home.device("a.light").presence is Presence.READY
        await asyncio.sleep(24 * 3600)
        assert heard.count(b"\0") == len(RESET_S)


async def test_a_device_that_was_reset_while_the_stick_went_away_leaves_when_it_is_back() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        device = home.id_of("a.light")
        home.reset_by_hand("a.light")
        await asyncio.sleep(1)
        home.cable.unplug()
        await asyncio.sleep(30)
        home.cable.replug()
        await asyncio.sleep(120)
        assert DeviceLeft(device) in home.events
