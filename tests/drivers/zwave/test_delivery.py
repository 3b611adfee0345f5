"""What a node says of a supervised command, and what the home is told that came of it."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import pytest

from drivers.wish import OVERTAKEN
from drivers.zwave.command_classes.supervision import SESSION_MAX, SupervisionReport, SupervisionStatus
from drivers.zwave.delivery import BUSY_PAUSES_S, REPORTS_MAX, SUPERVISION_S
from drivers.zwave.encapsulation.chain import unwrap, wrap
from hubagent.model.capabilities.door_lock import SetUserCode
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capability import Command
from hubagent.model.event import Cause, CommandAnswered, Outcome
from simulators.devices.dimmer import Dimmer
from simulators.devices.lock import Lock
from simulators.devices.switch import Switch
from simulators.zwave.network import Delivery
from simulators.zwave.network import Outcome as Fate
from tests.helpers.zwave_home import ZwaveHome, zwave_home

RESERVED = 0x7F
CODE = SetUserCode(1, "1234")


def says(home: ZwaveHome, name: str, statuses: Iterable[int], *, of_its_own: bool = False) -> list[int]:
    """The device says this of each supervised command, and only carries out those that come after.

    With `of_its_own` it carries out each, and says that as well, a moment later. Given are the sessions that it heard.
    """
    node, left, sessions = home.nodes[name], list(statuses), list[int]()
    receive = node.receive

    def heard(data: bytes) -> None:
        _, envelope = unwrap(data)
        if envelope.supervision is not None:
            sessions.append(envelope.supervision.session)
            if left:
                report = wrap(SupervisionReport(sessions[-1], left.pop(0)), replace(envelope, supervision=None))
                assert node.node_id is not None
                home.loop.call_later(0.01, home.stick.command_received, node.node_id, report)
                if of_its_own:
                    home.loop.call_later(0.5, receive, data)
                return
        receive(data)

    node.receive = heard  # type: ignore[method-assign]  # a device that has something else to do
    return sessions


def send(home: ZwaveHome, name: str, command: Command) -> asyncio.Future[CommandAnswered]:
    answer: asyncio.Future[CommandAnswered] = home.loop.create_future()
    home.driver.send(home.id_of(name), command, Cause("test"), answer.set_result)
    return answer


async def test_a_device_that_is_busy_is_told_again_under_another_session() -> None:
    lock = Lock(asyncio.get_running_loop())
    async with zwave_home({"hall.lock": lock}, settle_s=300) as home:
        sessions = says(home, "hall.lock", [SupervisionStatus.BUSY] * 2)
        assert (await send(home, "hall.lock", CODE)).outcome is Outcome.CONFIRMED
        assert lock.codes[1].digits == "1234"
        assert len(sessions) == len(set(sessions)) == 3
        assert not home.driver.registry.nodes[2].supervisions


async def test_a_device_that_stays_busy_has_refused() -> None:
    lock = Lock(asyncio.get_running_loop())
    async with zwave_home({"hall.lock": lock}, settle_s=300) as home:
        sessions = says(home, "hall.lock", [SupervisionStatus.BUSY] * 20)
        began_at = home.loop.time()
        answer = await send(home, "hall.lock", CODE)
        assert answer.outcome is Outcome.REFUSED
        assert "busy" in answer.detail
        assert lock.codes == {}
        assert len(sessions) == 1 + len(BUSY_PAUSES_S)
        # Each word to it takes a beam of a second.
        assert home.loop.time() - began_at == pytest.approx(sum(BUSY_PAUSES_S), abs=3)


async def test_what_a_busy_device_was_told_is_not_said_after_a_newer_command() -> None:
    async with zwave_home({"hall.light": Dimmer(asyncio.get_running_loop())}) as home:
        sessions = says(home, "hall.light", [SupervisionStatus.BUSY])
        older = send(home, "hall.light", MoveToLevel(20, 0))
        await asyncio.sleep(0.5)
        assert (await send(home, "hall.light", MoveToLevel(80, 0))).outcome is Outcome.CONFIRMED
        assert (await older).detail == OVERTAKEN
        await asyncio.sleep(60)
        assert len(sessions) == 2
        assert home.state("hall.light")["level"] == 80


async def test_a_busy_device_that_misses_the_next_word_is_told_that_again() -> None:
    light = Switch()
    async with zwave_home({"hall.light": light}) as home:
        says(home, "hall.light", [SupervisionStatus.BUSY])
        fate_of, lost = home.network._fate, list[int]()

        def lost_once(node_id: int) -> tuple[Delivery, float]:
            home.network._fate = fate_of  # type: ignore[method-assign]
            lost.append(node_id)
            return Delivery(Fate.NOT_ACKNOWLEDGED, 3), 1.0

        home.loop.call_later(0.5, setattr, home.network, "_fate", lost_once)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        assert lost == [2]
        assert light.on


async def test_a_busy_device_that_loses_its_power_is_unreachable() -> None:
    async with zwave_home({"hall.light": Switch()}) as home:
        says(home, "hall.light", [SupervisionStatus.BUSY])
        home.loop.call_later(0.5, home.network.cut_power, "hall.light")
        assert (await home.set("hall.light", on=True)).outcome is Outcome.UNREACHABLE


async def test_a_busy_device_that_does_it_all_the_same_has_done_it() -> None:
    light = Switch()
    async with zwave_home({"hall.light": light}) as home:
        sessions = says(home, "hall.light", [SupervisionStatus.BUSY])
        home.loop.call_later(0.5, light.switch, True)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        assert len(sessions) == 1


async def test_a_reserved_status_says_nothing_and_the_next_one_counts() -> None:
    lock = Lock(asyncio.get_running_loop())
    async with zwave_home({"hall.lock": lock}, settle_s=300) as home:
        sessions = says(home, "hall.lock", [RESERVED], of_its_own=True)
        assert (await send(home, "hall.lock", CODE)).outcome is Outcome.CONFIRMED
        assert len(sessions) == 1


async def test_a_device_that_says_nothing_but_reserved_statuses_is_not_waited_for_any_longer() -> None:
    async with zwave_home({"hall.lock": Lock(asyncio.get_running_loop())}, settle_s=300) as home:
        assert (await send(home, "hall.lock", CODE)).outcome is Outcome.CONFIRMED
        session = home.driver.registry.nodes[2].session + 1 & SESSION_MAX
        sessions = says(home, "hall.lock", [RESERVED])
        for number in range(1, REPORTS_MAX):
            report = wrap(SupervisionReport(session, RESERVED))
            home.loop.call_later(number, home.stick.command_received, 2, report)
        began_at = home.loop.time()
        assert (await send(home, "hall.lock", SetUserCode(2, "5678"))).outcome is Outcome.DELIVERED
        assert home.loop.time() - began_at == pytest.approx(SUPERVISION_S, abs=2)
        assert sessions == [session]
