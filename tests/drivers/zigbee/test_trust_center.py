"""A network that is closed for certain, however a pairing ends: its door, the keys to join with, those to ask for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from drivers.zigbee.ezsp.configuration import SetPolicy
from drivers.zigbee.ezsp.frame import Frame
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import DecisionId, PolicyId, TrustCenterDecision
from drivers.zigbee.pairing import KEY_S
from drivers.zigbee.trust_center import CLOSE_AGAIN_S, TrustCenter
from simulators.devices.switch import Switch
from simulators.zigbee.memory import WELL_KNOWN_KEY
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home


def is_open(home: ZigbeeHome) -> bool:
    chip = home.stick._chip
    assert chip is not None
    joins = chip.policy(PolicyId.TRUST_CENTER) & TrustCenterDecision.ALLOW_JOINS
    return bool(joins) or chip.permits_joining or bool(chip.transient_keys)


def trust_center_that_cannot(home: ZigbeeHome, times: int) -> TrustCenter:
    """The next so many attempts to close the network take too long."""
    assert home.driver.parts is not None
    trust_center = home.driver.parts.trust_center
    shut_door = trust_center.shut_door
    failed = 0

    async def shut_or_not(but_for: int | None = None) -> None:
        nonlocal failed
        failed += 1
        if failed <= times:
            await asyncio.sleep(1000)
        await shut_door(but_for)

    trust_center.shut_door = shut_or_not  # type: ignore[method-assign]  # a link on a bad day
    return trust_center


async def test_what_could_not_be_closed_is_closed_later() -> None:
    async with zigbee_home({}) as home:
        trust_center = trust_center_that_cannot(home, 5)
        steps = [step async for step in home.driver.pair({}, 5)]
        assert steps[-1].step == "timeout"
        assert is_open(home)
        await asyncio.sleep(2 * CLOSE_AGAIN_S)
        assert not is_open(home)
        assert trust_center.is_closed


async def test_why_the_network_cannot_be_closed_is_said_once_and_it_is_tried_until_it_can(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    async with zigbee_home({}) as home:
        carry_out, refused = home.stick._carry_out, 0

        def refusing(frame: Frame) -> None:
            nonlocal refused
            if frame.frame_id == SetPolicy.ID:
                refused += 1
                home.stick._refuse(frame, Status.NO_MORE_RESOURCE)
            else:
                carry_out(frame)

        steps = home.driver.pair({}, 5)
        assert (await anext(aiter(steps))).step == "ready"
        home.stick._carry_out = refusing  # type: ignore[method-assign]  # it takes no policies now
        assert [step async for step in steps][-1].step == "timeout"
        await asyncio.sleep(3600)
        assert refused > 3600 / CLOSE_AGAIN_S
        (said,) = [record for record in caplog.records if record.name == TrustCenter.__module__]
        assert said.levelname == "WARNING"
        assert "could not be closed yet: the stick does not take SetPolicy" in said.message
        home.stick._carry_out = carry_out  # type: ignore[method-assign]  # now it does
        await asyncio.sleep(CLOSE_AGAIN_S)
        assert not is_open(home)
        assert not gives_keys(home)


async def test_what_is_closed_late_does_not_close_the_next_pairing() -> None:
    async with zigbee_home({}) as home:
        trust_center_that_cannot(home, 3)
        assert [step async for step in home.driver.pair({}, 5)][-1].step == "timeout"
        home.place("b.light", Switch(), joined=False)
        home.loop.call_later(2 * CLOSE_AGAIN_S, home.network.press, "b.light")
        steps = [step async for step in home.driver.pair({}, 180)]
        assert steps[-1].step == "done"
        await asyncio.sleep(60)
        assert not is_open(home)


def transient_keys(home: ZigbeeHome) -> list[tuple[int, bytes]]:
    chip = home.stick._chip
    assert chip is not None
    return [(key.eui64, key.key) for key in chip.transient_keys]


def gives_keys(home: ZigbeeHome) -> bool:
    chip = home.stick._chip
    assert chip is not None
    return chip.policy(PolicyId.TC_KEY_REQUEST) != DecisionId.DENY_TC_KEY_REQUESTS


async def test_only_who_has_just_joined_keeps_the_key_that_it_joined_with_until_it_has_its_own() -> None:
    """It asks for its own with a message that the stick reads by that key (Base Device Behavior 16-02828-012 §10.2.5):
    cleared at once, the device would get no answer, and leave."""
    async with zigbee_home({}) as home:
        node = home.place("b.light", Switch(), joined=False)
        async for step in home.driver.pair({}, 60):
            if step.step == "ready":
                home.network.press("b.light")
            if step.step == "included":
                assert transient_keys(home) == [(node.eui64, WELL_KNOWN_KEY)]
                assert gives_keys(home)
        await asyncio.sleep(5)
        assert home.network.stations["b.light"].membership.link_key != WELL_KNOWN_KEY
        assert transient_keys(home) == []
        assert not gives_keys(home)


async def test_a_device_that_never_asks_for_a_key_leaves_none_behind() -> None:
    async with zigbee_home({}) as home:
        home.place("b.light", Switch(), joined=False)
        joining = home.network.joining
        joining._ask_for_link_key = lambda station: None  # type: ignore[method-assign]
        steps = await home.pair("b.light")
        assert steps[-1].step == "done"
        await asyncio.sleep(KEY_S + 5)
        assert transient_keys(home) == []
        assert not is_open(home)
        assert not gives_keys(home)


async def test_somebody_elses_key_does_not_end_the_time_of_who_has_just_joined() -> None:
    async with zigbee_home({"a.plug": Switch()}) as home:
        node = home.place("b.light", Switch(), joined=False)
        joining = home.network.joining
        asked = joining._ask_for_link_key
        joining._ask_for_link_key = lambda station: None  # type: ignore[method-assign]
        pairing = home.driver.pair({}, 60)
        assert isinstance(pairing, AsyncGenerator)
        async with aclosing(pairing) as steps:
            async for step in steps:
                if step.step == "ready":
                    home.network.press("b.light")
                    asked(home.network.stations["a.plug"])
                if step.step == "included":
                    asked(home.network.stations["a.plug"])
                    break
        await asyncio.sleep(1)
        assert transient_keys(home) == [(node.eui64, WELL_KNOWN_KEY)]
        assert gives_keys(home)
        await asyncio.sleep(KEY_S)
        assert transient_keys(home) == []
        assert not gives_keys(home)


@pytest.mark.parametrize("joined", [False, True])
async def test_a_driver_that_ends_in_the_middle_of_a_pairing_leaves_the_network_closed(joined: bool) -> None:
    home = ZigbeeHome()
    home.place("b.light", Switch(), joined=False)
    home.network.joining._ask_for_link_key = lambda station: None  # type: ignore[method-assign]
    async with home.running(30):
        steps = home.driver.pair({}, 300)
        assert (await anext(aiter(steps))).step == "ready"
        if joined:
            home.network.press("b.light")
            while (await anext(aiter(steps))).step != "included":
                pass
    assert not is_open(home)
    assert transient_keys(home) == []
    assert not gives_keys(home)
    await steps.aclose()  # type: ignore[attr-defined]  # it is a generator
    home.close()


async def test_a_process_that_was_killed_while_pairing_finds_the_network_open_and_closes_it_at_its_start() -> None:
    home = ZigbeeHome()
    home.place("b.light", Switch(), joined=False)
    async with home.running(30):
        trust_center = home.driver.the_trust_center()

        async def killed() -> None: ...

        trust_center.close_at_end = killed  # type: ignore[method-assign]  # nothing is done any more
        steps = home.driver.pair({}, 300)
        assert (await anext(aiter(steps))).step == "ready"
    assert is_open(home)
    async with home.running(5):
        await steps.aclose()  # type: ignore[attr-defined]  # it is a generator
        assert not is_open(home)
        assert not gives_keys(home)
        home.network.press("b.light")
        await asyncio.sleep(60)
        assert home.network.node_of("b.light") is None
    home.close()


async def test_a_pairing_ends_with_a_word_when_the_driver_does() -> None:
    home = ZigbeeHome()
    async with home.running(30):
        steps = home.driver.pair({}, 300)
        assert (await anext(aiter(steps))).step == "ready"
        began = home.loop.time()
    told = [step async for step in steps]
    assert [(step.step, step.ok) for step in told] == [("failed", False)]
    assert home.loop.time() - began < 30
    home.close()


@pytest.mark.parametrize("fault", ["unplugged", "restarted"])
async def test_a_pairing_ends_at_once_when_the_stick_goes_away_or_restarts(fault: str) -> None:
    async with zigbee_home({}) as home:
        steps = home.driver.pair({}, 300)
        assert (await anext(aiter(steps))).step == "ready"
        began = home.loop.time()
        if fault == "unplugged":
            home.cable.unplug()
            home.loop.call_later(10, home.cable.replug)
        else:
            home.stick.faults.resets = 1.0
        told = [step async for step in steps]
        assert [(step.step, step.ok) for step in told] == [("failed", False)]
        assert "start pairing again" in told[0].text
        assert home.loop.time() - began < 60
        await asyncio.sleep(60)
        assert not is_open(home)
        assert transient_keys(home) == []
        assert not gives_keys(home)


async def test_a_new_pairing_right_after_one_that_could_not_be_closed_keeps_its_own_door_and_keys() -> None:
    async with zigbee_home({}) as home:
        trust_center_that_cannot(home, 4)
        assert [step async for step in home.driver.pair({}, 5)][-1].step == "timeout"
        steps = home.driver.pair({}, 180)
        assert (await anext(aiter(steps))).step == "ready"
        await asyncio.sleep(2 * CLOSE_AGAIN_S)
        assert is_open(home)
        assert gives_keys(home)
        await steps.aclose()  # type: ignore[attr-defined]  # it is a generator
        await asyncio.sleep(2 * CLOSE_AGAIN_S)
        assert not is_open(home)
        assert not gives_keys(home)


async def test_touchlink_and_rejoining_with_the_key_that_everybody_knows_are_off_even_while_somebody_pairs() -> None:
    async with zigbee_home({}) as home:
        chip = home.stick._chip
        assert chip is not None
        steps = home.driver.pair({}, 60)
        assert (await anext(aiter(steps))).step == "ready"
        assert chip.policy(PolicyId.ZLL) == 0
        assert chip.policy(PolicyId.TC_REJOINS_USING_WELL_KNOWN_KEY) == 0
        assert not chip.policy(PolicyId.TRUST_CENTER) & TrustCenterDecision.SEND_KEY_IN_CLEAR
        await steps.aclose()  # type: ignore[attr-defined]  # it is a generator
        assert chip.policy(PolicyId.ZLL) == 0
