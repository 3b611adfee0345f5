"""What is read again, how often, and what another interview leaves as it was."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from drivers.zwave.exchange import Priority
from drivers.zwave.interview.freshness import UNANSWERED_AGAIN_S, UNANSWERED_MAX, UNSETTLED_AGAIN_S
from drivers.zwave.interviewing import FRESH_S, INTERVIEWS_MAX
from drivers.zwave.node import Node
from drivers.zwave.radio import QUESTIONS
from hubagent.model.device import Presence
from hubagent.model.event import DeviceLeft, DriverCondition, DriverStatus
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.switch import PowerStrip, Switch
from tests.drivers.zwave.test_faults import OddNode, OldDevice, an_odd_home
from tests.helpers.zwave_home import ZwaveHome, zwave_home

ROUND_S = 90.0
"""By then whoever sees to stale states has been round."""


@contextmanager
def unanswered(home: ZwaveHome, name: str, *questions: str) -> Iterator[None]:
    """What the device answers to these is lost on the air; the questions themselves arrive."""
    node, lost = home.nodes[name], {bytes.fromhex(question) for question in questions}
    receive = node.receive
    node.receive = lambda data: None if data in lost else receive(data)  # type: ignore[method-assign]  # a bad place
    try:
        yield
    finally:
        node.receive = receive  # type: ignore[method-assign]


def left(home: ZwaveHome) -> list[str]:
    return [event.device for event in home.events if isinstance(event, DeviceLeft)]


async def ready(home: ZwaveHome) -> None:
    """Wait until the stick is back."""
    while [it for it in home.events if isinstance(it, DriverStatus)][-1].condition is not DriverCondition.READY:
        home._news.clear()
        await home._news.wait()


# A change while the state is being read


class OldLock(OddNode):
    """It says that somebody turned its bolt, by hand, and not which way."""

    def __init__(self) -> None:
        super().__init__(self._answers, command_classes=(0x62, 0x71, 0x80, 0x85), flirs=1000, listening=False)
        self.state = 0x00
        self.asked = 0

    def _answers(self, data: bytes) -> bytes | None:
        self.asked += 1
        return {
            bytes.fromhex("6202"): bytes.fromhex(f"6203{self.state:02x}00000000"),
            bytes.fromhex("8002"): bytes.fromhex("800364"),
        }.get(data)

    def is_turned(self, state: int) -> None:
        self.state = state
        assert self._radio is not None
        self._radio.send(bytes.fromhex("71051501"))


async def test_a_lock_that_is_opened_again_while_it_is_read_is_shown_open() -> None:
    lock = OldLock()
    async with an_odd_home(lock, settle_s=1200) as home:
        device = next(device.id for device in home.devices.values() if device.address == 2)
        lock.is_turned(0xFF)
        await asyncio.sleep(0.35)
        # Its bolt has been read, and its battery not yet.
        assert home.states[device]["locked"] is True
        lock.is_turned(0x00)
        await asyncio.sleep(10)
        assert home.states[device]["locked"] is False


async def test_somebody_who_plays_with_a_lock_for_a_while_leaves_it_shown_as_it_is() -> None:
    lock = OldLock()
    async with an_odd_home(lock, settle_s=1200) as home:
        device = next(device.id for device in home.devices.values() if device.address == 2)
        for number in range(40):
            lock.is_turned(0xFF if number % 2 == 0 else 0x00)
            await asyncio.sleep(0.37)
        lock.is_turned(0xFF)
        await asyncio.sleep(UNSETTLED_AGAIN_S + ROUND_S)
        assert home.states[device]["locked"] is True


@pytest.mark.parametrize("after_s", [0.35, 0.5])
async def test_what_changed_while_the_stick_was_away_is_known_soon_also_where_it_was_read_just_then(
    after_s: float,
) -> None:
    plugs = {f"hall.plug_{number}": MeteringPlug(asyncio.get_running_loop(), load_w=60) for number in range(5)}
    async with zwave_home(plugs, settle_s=120) as home:
        home.network.air.frame_s = 0.03
        home.cable.unplug()
        await asyncio.sleep(5)
        home.cable.replug()
        await ready(home)
        await asyncio.sleep(after_s)
        # Each of them is being read now, and the plug is loose.
        home.cable.unplug()
        await asyncio.sleep(2)
        for plug in plugs.values():
            plug.switch(not plug.on)
        # They say so, to nobody.
        await asyncio.sleep(2)
        home.cable.replug()
        await asyncio.sleep(60)
        shown = {name: float(home.state(name)["power"] or 0) > 1 for name in plugs}
        assert shown == {name: plug.on for name, plug in plugs.items()}


async def test_what_changes_in_the_moment_in_which_a_reading_ends_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    device = OldDevice("2502", "2503{:02x}", command_classes=(0x25, 0x82, 0x85))
    async with an_odd_home(device, settle_s=1230) as home:
        known = next(device.id for device in home.devices.values() if device.address == 2)
        refresh = home.driver.interviewing.refresh

        def changes() -> None:
            device.state = 0xFF
            home.driver.command_received(2, bytes.fromhex("8201"), home.loop.time())

        async def refreshed(node: Node, priority: Priority) -> None:
            await refresh(node, priority)
            if device.state == 0x00:
                home.loop.call_soon(changes)

        monkeypatch.setattr(home.driver.interviewing, "refresh", refreshed)
        device.says("8201")
        await asyncio.sleep(10)
        assert home.states[known] == {"on": True}


class Restless(OldDevice):
    """It says that it changed whenever it is asked."""

    def __init__(self) -> None:
        super().__init__("2502", "2503{:02x}", command_classes=(0x25, 0x82, 0x85))
        self.asked = 0

    def _state(self, data: bytes) -> bytes | None:
        if data == bytes.fromhex("2502"):
            self.asked += 1
            self.says("8201")
        return super()._state(data)


async def test_a_device_that_says_at_each_reading_that_it_changed_is_not_read_for_ever() -> None:
    device = Restless()
    async with an_odd_home(device, settle_s=1800):
        asked = device.asked
        device.says("8201")
        await asyncio.sleep(10 * FRESH_S)
        assert device.asked - asked <= 50


async def test_a_device_that_is_asked_for_its_information_is_not_interviewed_for_ever() -> None:
    """It knows nobody to report to, so that its information, when it sends it by itself, says that it changed."""
    heard: list[bytes] = []

    def answer(data: bytes) -> bytes | None:
        heard.append(data)
        return bytes.fromhex("250300") if data == bytes.fromhex("2502") else None

    node = OddNode(answer, command_classes=(0x25, 0x72))
    async with an_odd_home(node, settle_s=1800) as home:
        device = next(device.id for device in home.devices.values() if device.address == 2)
        heard.clear()
        await home.driver.act("interview", device, {})
        await asyncio.sleep(1800)
        assert len(heard) < 10


# What is not answered


async def test_a_state_whose_report_was_lost_is_read_again_soon() -> None:
    light = Switch()
    async with zwave_home({"hall.light": light}, settle_s=300) as home:
        home.cable.unplug()
        light.switch(True)
        await asyncio.sleep(2)
        with unanswered(home, "hall.light", "2502"):
            home.cable.replug()
            await asyncio.sleep(20)
        await home.reports("hall.light", within_s=UNANSWERED_AGAIN_S + ROUND_S, on=True)


def two_classes(silent: Callable[[], str]) -> tuple[OddNode, list[str]]:
    """A switch with a battery, of which only what `silent` names is not answered."""
    heard: list[str] = []
    reports = {"2502": "2503ff", "8002": "800364"}

    def answer(data: bytes) -> bytes | None:
        heard.append(data.hex())
        report = reports.get(data.hex())
        return None if report is None or data.hex() == silent() else bytes.fromhex(report)

    return OddNode(answer, command_classes=(0x25, 0x80, 0x85)), heard


async def test_a_question_that_a_device_never_answers_is_asked_a_few_times_and_then_by_the_clock() -> None:
    node, heard = two_classes(lambda: "8002")
    async with an_odd_home(node, settle_s=10) as home:
        await asyncio.sleep(FRESH_S - 600)
        assert heard.count("8002") == UNANSWERED_MAX * QUESTIONS
        # Only what is not known is asked again.
        assert heard.count("2502") == 1
        heard.clear()
        await asyncio.sleep(10 * FRESH_S)
        assert heard.count("2502") in (9, 10)
        assert heard.count("8002") == heard.count("2502") * QUESTIONS
        assert next(it for it in home.devices.values() if it.address == 2).presence is Presence.READY


async def test_a_device_that_never_answers_one_question_is_soon_asked_another_one_again() -> None:
    silent = ["8002"]
    node, heard = two_classes(lambda: silent[0])
    async with an_odd_home(node, settle_s=1800) as home:
        silent[0] = "2502"
        home.cable.unplug()
        home.cable.replug()
        await asyncio.sleep(20)
        silent[0] = "8002"
        heard.clear()
        await asyncio.sleep(UNANSWERED_AGAIN_S + ROUND_S)
        assert "2502" in heard


# Another interview


@asynccontextmanager
async def a_strip_interviewed_again(wished: bool, *lost: str) -> AsyncIterator[ZwaveHome]:
    """A strip of two outlets, by the time when it has been interviewed once more and `lost` was not answered."""
    async with zwave_home({"desk.strip": PowerStrip(2)}, settle_s=300) as home:
        record = home.driver.registry.nodes[2].record
        assert record.unanswered == 0
        with unanswered(home, "desk.strip", *lost):
            if wished:
                await home.driver.act("interview", home.id_of("desk.strip"), {})
            else:
                # As on bad air at its first interview.
                record.unanswered = len(lost) + 1
                await asyncio.sleep(UNANSWERED_AGAIN_S + 2 * ROUND_S)
        assert home.driver.registry.nodes[2].record is not record
        yield home


@pytest.mark.parametrize("wished", [True, False])
@pytest.mark.parametrize("lost", ["6007", "600902", "861360"])
async def test_another_interview_in_which_an_answer_is_lost_takes_no_part_away(wished: bool, lost: str) -> None:
    """How many end points there are, what the second one is, which version Multi Channel has."""
    async with a_strip_interviewed_again(wished, lost) as home:
        assert left(home) == []
        for outlet in (1, 2):
            assert home.device(f"desk.strip/{outlet}").capabilities == ("on_off",)
        await asyncio.sleep(INTERVIEWS_MAX * (UNANSWERED_AGAIN_S + ROUND_S))
        assert left(home) == []


async def test_an_outlet_that_an_update_took_away_leaves_although_something_else_was_not_answered() -> None:
    strip = PowerStrip(2)
    async with zwave_home({"desk.strip": strip}, settle_s=300) as home:
        gone = home.id_of("desk.strip/2")
        node: Any = home.nodes["desk.strip"]
        # Multi Channel: Z-Wave specifications, End Point Report 08 and what an end point says it has.
        multi_channel = node.root.reactions[0x60]
        multi_channel._channels = multi_channel._channels[:1]
        with unanswered(home, "desk.strip", "7204"):
            await home.driver.act("interview", home.id_of("desk.strip"), {})
        assert left(home) == [gone]
        assert home.device("desk.strip/1").capabilities == ("on_off",)
