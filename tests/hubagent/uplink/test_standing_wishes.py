"""Wishes that stay, in a whole agent: brought about once a version, whatever is under way and whoever comes between."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hubagent.model.device import Presence
from hubagent.model.event import DeviceChanged
from hubagent.uplink.message import down
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.standing_wishes import AT_ONCE_MAX
from tests.helpers.an_agent import a_config, an_agent
from tests.helpers.fake_driver import FakeDriver, FakeKind, lamp
from tests.helpers.scripted_transport import DOWN, HUB, ScriptedTransport
from tests.hubagent.uplink.test_uplink import Far

MANY = 120


@asynccontextmanager
async def far(folder: Path, driver: FakeDriver | None = None) -> AsyncIterator[Far]:
    driver, transport = driver or FakeDriver(), ScriptedTransport()
    async with an_agent(folder, FakeKind(driver), a_config(folder), transport.link()) as agent:
        yield await Far(agent, driver, transport).connected()


def wish(it: Far, version: int, **wanted: Any) -> None:
    it.connection.say(down.Desired(HUB, version, {"hall.light": wanted}))


def wanted_of(it: Far) -> list[dict[str, Any]]:
    return [dict(command.wanted()) for _, command, _ in it.driver.sent]


def is_on(it: Far) -> Any:
    return it.agent.home.state("fake-1")["on_off"]["on"].value


async def results(it: Far, count: int) -> list[dict[str, Any]]:
    return [(await it.connection.content(MessageClass.RESULT))[1] for _ in range(count)]


async def test_of_two_wishes_the_later_is_how_it_becomes(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        it.report("on_off", on=False)
        wish(it, 1, on=True)
        wish(it, 2, on=False)
        await results(it, 2)
        assert wanted_of(it) == [{"on": True}, {"on": False}]
        assert is_on(it) is False


async def test_a_wish_does_not_take_the_place_of_a_command_for_what_is(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        it.report("on_off", on=False)
        it.connection.say(it.command("c1"))
        wish(it, 1, on=False)
        await results(it, 2)
        assert is_on(it) is False


async def test_what_is_only_remembered_may_be_otherwise(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        it.report("on_off", on=False)
        await asyncio.sleep(60)
    async with far(tmp_path) as it:
        wish(it, 1, on=False)
        (result,) = await results(it, 1)
        assert (result["outcome"], result["detail"]) == ("confirmed", "")
        assert wanted_of(it) == [{"on": False}]
        wish(it, 2, on=False)
        (result,) = await results(it, 1)
        assert (result["outcome"], result["detail"]) == ("confirmed", "it is so already")
        assert len(it.driver.sent) == 1


@pytest.mark.parametrize("presence", [Presence.ASLEEP, Presence.DEAD])
async def test_a_device_that_does_not_hear_may_have_another_word_waiting(tmp_path: Path, presence: Presence) -> None:
    async with far(tmp_path) as it:
        it.report("on_off", on=False)
        it.apply(DeviceChanged(replace(lamp(), presence=presence)))
        wish(it, 1, on=False)
        await results(it, 1)
        assert wanted_of(it) == [{"on": False}]


async def test_as_many_devices_as_a_wish_can_have_are_all_told_in_turns(tmp_path: Path) -> None:
    driver = FakeDriver([lamp(number, f"lamp {number}") for number in range(1, MANY + 1)])
    driver.answer_delay_s = 1.0
    async with far(tmp_path, driver) as it:
        it.connection.say(down.Desired(HUB, 1, {f"fake-{number}": {"on": True} for number in range(1, MANY + 1)}))
        assert len(driver.sent) == AT_ONCE_MAX
        assert Counter(result["outcome"] for result in await results(it, MANY)) == {"confirmed": MANY}
        assert len(driver.sent) == MANY


async def test_a_newer_version_takes_the_place_of_what_was_not_begun(tmp_path: Path) -> None:
    driver = FakeDriver([lamp(number, f"lamp {number}") for number in range(1, MANY + 1)])
    async with far(tmp_path, driver) as it:
        it.connection.say(down.Desired(HUB, 1, {f"fake-{number}": {"on": True} for number in range(1, MANY + 1)}))
        it.connection.say(down.Desired(HUB, 2, {f"fake-{MANY}": {"on": False}}))
        told = await results(it, AT_ONCE_MAX + 1)
        assert Counter(result["version"] for result in told) == {1: AT_ONCE_MAX, 2: 1}
        assert driver.sent[-1][0] == f"fake-{MANY}"
        assert dict(driver.sent[-1][1].wanted()) == {"on": False}
        assert len(driver.sent) == AT_ONCE_MAX + 1


async def test_who_answers_at_once_makes_room_at_once(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        it.connection.say(down.Desired(HUB, 1, {f"nobody {number}": {"on": True} for number in range(MANY)}))
        assert Counter(result["outcome"] for result in await results(it, MANY)) == {"refused": MANY}
        await asyncio.sleep(1)
        it.connection.ear.lost(DOWN)
        await it.connected(desired=1)
        assert it.hello.desired == 1


async def test_what_the_end_of_the_agent_interrupted_is_taken_up_again(tmp_path: Path) -> None:
    slow = FakeDriver()
    slow.answer_delay_s = 1000
    async with far(tmp_path, slow) as it:
        wish(it, 7, on=True)
        await asyncio.sleep(100)
        assert len(slow.sent) == 1
    async with far(tmp_path) as it:
        assert it.hello.desired == 0
        wish(it, 7, on=True)
        (result,) = await results(it, 1)
        assert (result["version"], result["outcome"]) == (7, "confirmed")
        await asyncio.sleep(1)
    async with far(tmp_path) as it:
        assert it.hello.desired == 7


async def test_a_wish_for_nobody_has_ended(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        it.connection.say(down.Desired(HUB, 3, {}))
        await asyncio.sleep(1)
    async with far(tmp_path) as it:
        assert it.hello.desired == 3
