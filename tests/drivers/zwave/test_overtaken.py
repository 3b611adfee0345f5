"""A wish that a newer one for the same thing follows before it has come true."""

import asyncio

import pytest

from drivers.zwave.command_classes.switch_binary import SwitchBinaryGet, SwitchBinarySet
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.window_covering import GoToPosition, StopMoving
from hubagent.model.capability import Command
from hubagent.model.event import Cause, CommandAnswered, Outcome
from simulators.devices.blind import Blind
from simulators.devices.dimmer import Dimmer
from simulators.devices.switch import Switch
from simulators.zwave.network import Delivery
from simulators.zwave.network import Outcome as Fate
from tests.helpers.zwave_home import ZwaveHome, zwave_home


def sent(home: ZwaveHome, name: str, command: Command) -> list[tuple[float, CommandAnswered]]:
    """Its answers, with when they came."""
    answers: list[tuple[float, CommandAnswered]] = []
    begun = home.loop.time()
    home.driver.send(
        home.id_of(name), command, Cause("test"), lambda it: answers.append((home.loop.time() - begun, it))
    )
    return answers


async def test_what_did_not_arrive_is_not_said_again_after_a_newer_wish() -> None:
    async with zwave_home({"hall.light": Switch()}) as home:
        fate_of = home.network._fate

        def lost_once(_node_id: int) -> tuple[Delivery, float]:
            home.network._fate = fate_of  # type: ignore[method-assign]
            return Delivery(Fate.NOT_ACKNOWLEDGED, 3), 1.0

        home.network._fate = lost_once  # type: ignore[method-assign,assignment]
        on = sent(home, "hall.light", SwitchOnOff(True))
        await asyncio.sleep(0.1)
        off = sent(home, "hall.light", SwitchOnOff(False))
        await asyncio.sleep(30)
        assert [it.outcome for _, it in off] == [Outcome.CONFIRMED]
        assert [it.outcome for _, it in on] == [Outcome.FAILED]
        assert "a newer command took its place" in on[0][1].detail
        assert home.state("hall.light")["on"] is False


async def test_what_was_asked_for_when_a_newer_wish_came_is_not_said_again_after_it() -> None:
    async with zwave_home({"hall.light": Switch()}) as home:
        heard = home.listen_in("hall.light")
        home.nodes["hall.light"].health.answers_after_s = 28.0
        on = sent(home, "hall.light", SwitchOnOff(True))
        await asyncio.sleep(3)
        asked = [data for data in heard if data == SwitchBinaryGet().to_bytes()]
        assert asked
        assert not on
        off = sent(home, "hall.light", SwitchOnOff(False))
        await asyncio.sleep(60)
        said = [data[-1] for data in heard if SwitchBinarySet(False).to_bytes()[:2] in data]
        assert said[0] == 0xFF
        assert set(said[1:]) == {0}
        assert on[0][1].outcome is Outcome.FAILED
        assert off[0][1].outcome is Outcome.CONFIRMED
        assert home.state("hall.light")["on"] is False


@pytest.mark.parametrize("newer", [GoToPosition(100), StopMoving()])
async def test_a_blind_on_its_way_that_is_told_otherwise_has_not_refused(newer: Command) -> None:
    blind = Blind(asyncio.get_running_loop())
    async with zwave_home({"hall.blind": blind}) as home:
        down = sent(home, "hall.blind", GoToPosition(0))
        await asyncio.sleep(5)
        assert not down
        other = sent(home, "hall.blind", newer)
        await asyncio.sleep(120)
        [(after_s, answer)] = down
        assert answer.outcome is Outcome.FAILED
        assert answer.detail == "a newer command took its place before it had come true"
        assert 5 <= after_s < 6
        assert [it.outcome for _, it in other] == [Outcome.CONFIRMED]


async def test_the_same_wish_again_takes_nobodys_place() -> None:
    async with zwave_home({"hall.light": Dimmer(asyncio.get_running_loop())}) as home:
        both = [sent(home, "hall.light", MoveToLevel(60, 2)) for _ in range(2)]
        await asyncio.sleep(30)
        assert [[it.outcome for _, it in answers] for answers in both] == [[Outcome.CONFIRMED]] * 2


async def test_what_came_true_before_the_newer_wish_was_heard_is_confirmed() -> None:
    async with zwave_home({"hall.light": Switch()}) as home:
        on = sent(home, "hall.light", SwitchOnOff(True))
        await asyncio.sleep(0.03)
        off = sent(home, "hall.light", SwitchOnOff(False))
        await asyncio.sleep(30)
        assert [it.outcome for _, it in (*on, *off)] == [Outcome.CONFIRMED] * 2
