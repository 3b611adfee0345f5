"""Bugs that a Zigbee driver may have, planted into ours: the seeded runs must find each of them.

`first` is a seed that has found it; from there on it is looked for in `WITHIN` runs, and mostly found in the first.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from drivers.zigbee.arrivals import Arrivals
from drivers.zigbee.ash import Data
from drivers.zigbee.ash_link import AshLink
from drivers.zigbee.delivery import Delivery
from drivers.zigbee.driver import ZigbeeDriver
from drivers.zigbee.exchange import Call
from drivers.zigbee.exchange_machine import Exchanges
from drivers.zigbee.flights import Flights
from drivers.zigbee.interviewing import Interviewing
from drivers.zigbee.looking import Looking
from drivers.zigbee.radio import ACKNOWLEDGED, Radio
from drivers.zigbee.sleepers import Sleepers
from hubagent.model.capability import Command
from hubagent.model.device import DeviceId
from hubagent.model.event import Outcome, StateReported
from simulators.virtual_time import run_virtual
from tests.helpers.bad_zigbee_home import run_bad_home
from tests.seeds.test_bad_ash_wire import _run_exchanges, _run_links, _run_misbehaviour

WITHIN: Final = 12

Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Planted:
    bug: Callable[[Patch], None]
    complaint: str
    first: int


# --- in whole homes


def taken_is_arrived(patch: Patch) -> None:
    """What the stick has taken counts as acknowledged by the device."""

    def expect_word(self: Radio, message: Any) -> None:
        for tag in [tag for tag, known in self._under_way.items() if known is message]:
            self._end(tag, ACKNOWLEDGED)

    patch.setattr(Radio, "_expect_word", expect_word)


def arrived_is_confirmed(patch: Patch) -> None:
    """Who acknowledges a command is not asked what came of it."""

    async def check(self: Delivery, _: Any, **_how: Any) -> None:
        self.answer(Outcome.CONFIRMED)

    patch.setattr(Delivery, "_check", check)


def wished_is_so(patch: Patch) -> None:
    """A state is taken from the wish."""
    send = ZigbeeDriver.send

    def hopeful(self: ZigbeeDriver, device: DeviceId, command: Command, *rest: Any) -> None:
        send(self, device, command, *rest)
        if command.wanted() and device in self.registry.devices:
            self.report(StateReported(device, command.CAPABILITY.name, command.wanted(), 0.0))

    patch.setattr(ZigbeeDriver, "send", hopeful)


def older_after_newer(patch: Patch) -> None:
    """What was wished before and did not arrive is sent again."""
    patch.setattr(Delivery, "replaces", lambda *_: False)


def only_announcements(patch: Patch) -> None:
    """Whoever moved, and whose announcement was lost, is not noticed by what else it says, and not looked for."""

    async def look_for(*_: Any) -> None:
        pass

    patch.setattr(Looking, "look_for", look_for)
    for name in ("stranger", "_rejoined", "found"):
        patch.setattr(Arrivals, name, lambda *_: None)


def nothing_in_doubt(patch: Patch) -> None:
    """What was known before the stick went away is taken to be still so."""
    patch.setattr(Interviewing, "doubt", lambda *_: None)


def sleepers_forgotten(patch: Patch) -> None:
    """What waits for a device that sleeps does not go out when it is heard."""
    patch.setattr(Sleepers, "heard", lambda *_: None)


HOMES: Final = (
    Planted(taken_is_arrived, "is called ready, but is dead", 2),
    Planted(arrived_is_confirmed, "and never came true", 1),
    Planted(wished_is_so, "and was not", 0),
    Planted(older_after_newer, "was sent at", 10),
    Planted(only_announcements, "is taken to be at", 6),
    Planted(nothing_in_doubt, "reported is", 6),
    Planted(sleepers_forgotten, "wishes kept for sleepers", 10),
)


@pytest.mark.parametrize("planted", HOMES, ids=lambda planted: planted.bug.__name__)
def test_a_bad_home_finds(planted: Planted, monkeypatch: Patch) -> None:
    planted.bug(monkeypatch)
    seeds = range(planted.first, planted.first + WITHIN)
    assert any(planted.complaint in problem for seed in seeds for problem in run_bad_home(seed)[0])


# --- between host and stick


def repeats_are_new(patch: Patch) -> None:
    """A DATA frame that comes again is received again."""
    take_data = AshLink._take_data

    def gullible(self: AshLink, frame: Data, now: float) -> None:
        take_data(self, replace(frame, number=self._expected) if frame.retransmitted else frame, now)

    patch.setattr(AshLink, "_take_data", gullible)


def any_response_answers(patch: Patch) -> None:
    """Responses are taken in the order of the commands, whatever number they have."""

    def answered(self: Flights, *_: Any) -> Call | None:
        return self._flights.pop(next(iter(self._flights))).call if self._flights else None

    patch.setattr(Flights, "answered", answered)


def sent_again_after_silence(patch: Patch) -> None:
    """A command whose response did not come is sent once more: it may have been carried out."""
    missing = Exchanges._response_missing

    def stubborn(self: Exchanges, call: Call, now: float) -> None:
        if call is self._alive:
            missing(self, call, now)
        else:
            self._enqueue(call, now)

    patch.setattr(Exchanges, "_response_missing", stubborn)


def sent_again_after_restart(patch: Patch) -> None:
    """What was under way when the stick went away is sent once more when it is back."""

    def end_flights(self: Exchanges, _: Any) -> None:
        for call in self._flights.end():
            if call is not self._alive:
                self._enqueue(call, 0.0)

    patch.setattr(Exchanges, "_end_flights", end_flights)


Run = Callable[[int], Awaitable[None]]

WIRES: Final = (
    (_run_links, Planted(repeats_are_new, "other payloads arrived at the host", 2)),
    (_run_misbehaviour, Planted(any_response_answers, "got another's answer", 8)),
    (_run_exchanges, Planted(sent_again_after_silence, "was executed 2 times", 14)),
    (_run_misbehaviour, Planted(sent_again_after_restart, "was executed 2 times", 14)),
)


@pytest.mark.parametrize(("run", "planted"), WIRES, ids=lambda it: getattr(getattr(it, "bug", it), "__name__", None))
def test_a_bad_wire_finds(run: Any, planted: Planted, monkeypatch: Patch) -> None:
    planted.bug(monkeypatch)
    found = []
    for seed in range(planted.first, planted.first + WITHIN):
        try:
            run_virtual(lambda seed=seed: run(seed))  # type: ignore[misc]
        except AssertionError as error:
            found.append(str(error))
        if any(planted.complaint in text for text in found):
            return
    pytest.fail(f"not found; only {found}")
