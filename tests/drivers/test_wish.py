"""Which of two wishes makes the other pointless, and that nobody waits long for one that is."""

import asyncio

import pytest

from drivers.wish import SETTLE_S, Wish
from hubagent.model.capabilities.door_lock import SetUserCode
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capability import Command
from hubagent.model.event import Cause


class _Plan:
    readback = ()
    transition_s = 0.0
    confirms = None


def a_wish(command: Command, device: str = "a", number: int | None = None) -> Wish[_Plan]:
    return Wish(device, command, Cause("test"), _Plan(), lambda _answer: None, number)


def test_the_older_gives_way_to_the_newer_and_not_the_other_way_round() -> None:
    older, newer = a_wish(SwitchOnOff(True)), a_wish(SwitchOnOff(False))
    assert newer.replaces(older)
    assert not older.replaces(newer)
    assert not a_wish(SwitchOnOff(False), "b").replaces(older)
    # Tried again, it is as old as it was.
    assert not a_wish(SwitchOnOff(True), number=older.number).replaces(newer)


def test_of_two_that_wait_the_same_wish_is_needed_once_and_codes_of_two_users_both() -> None:
    one, other, again = (a_wish(SetUserCode(user, "1234")) for user in (1, 2, 1))
    assert again.stands_for(one)
    assert not again.replaces(one)
    assert not again.stands_for(other)
    assert not one.stands_for(again)


async def test_a_wait_ends_soon_after_the_wish_was_overtaken_and_so_does_a_later_one() -> None:
    loop, wish = asyncio.get_running_loop(), a_wish(SwitchOnOff(True))
    begun = loop.time()
    loop.call_later(10, wish.overtake)
    with pytest.raises(TimeoutError):
        await wish._wait(loop.create_future(), 60)
    assert loop.time() - begun == pytest.approx(10 + SETTLE_S)
    with pytest.raises(TimeoutError):
        await wish._wait(loop.create_future(), 60)
    assert loop.time() - begun == pytest.approx(10 + SETTLE_S)


async def test_a_wait_that_would_have_ended_before_is_not_made_longer() -> None:
    loop, wish = asyncio.get_running_loop(), a_wish(SwitchOnOff(True))
    loop.call_later(0.9, wish.overtake)
    begun = loop.time()
    with pytest.raises(TimeoutError):
        await wish._wait(loop.create_future(), 1.0)
    assert loop.time() - begun == pytest.approx(1.0)


async def test_a_report_that_is_on_its_way_confirms_it_all_the_same() -> None:
    loop, wish = asyncio.get_running_loop(), a_wish(SwitchOnOff(True))
    loop.call_later(1.0, wish.overtake)
    loop.call_later(1.0 + SETTLE_S / 2, wish.reported, {"on": True})
    assert await wish._came_true(60)
