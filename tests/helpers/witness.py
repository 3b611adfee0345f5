"""What a run of a home in which everything goes wrong is held to, whatever the radio.

What was wished and answered, what was really so at which time, and what was reported.

It stands outside the driver: it sees answers, events and the devices themselves.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId
from hubagent.model.driver import Driver
from hubagent.model.event import Cause, CommandAnswered, Event, Outcome

ANSWERED_S: Final = 600.0
"""Within this time every wish has its answer, whatever happens."""
TOLERANCE: Final = 1.5
"""Of levels, in percent."""
STALE_S: Final = 60.0
"""What a device says arrives within that time, or not at all: bad air and a bad wire hold it up for some seconds."""
_WISH: Final = "wish "


@dataclass(slots=True)
class Wish:
    number: int
    name: str
    command: Command
    sent_at: float
    answers: list[tuple[float, Outcome]] = field(default_factory=list)
    """What the caller was told, at which time."""
    later: list[tuple[float, Outcome]] = field(default_factory=list)
    """What the home was told, of a wish that had to wait."""

    def __str__(self) -> str:
        return f"wish {self.number}, {self.command} for {self.name} at {self.sent_at:.3f} s"


class Witness:
    """`truth` says what is the case now, by device."""

    def __init__(self, truth: Callable[[], Mapping[str, Mapping[str, Value]]], tolerance: float = TOLERANCE) -> None:
        self._tolerance = tolerance
        self.wishes: list[Wish] = []
        self._loop = asyncio.get_running_loop()
        self._truth = truth
        self._digest = hashlib.sha256()
        self._history: dict[str, list[tuple[float, Value]]] = {}
        self.invented: list[str] = []
        """What was reported, and was not so."""

    @property
    def trace(self) -> str:
        """A digest of all that was reported."""
        return self._digest.hexdigest()

    def remember(self) -> None:
        """Something may have changed."""
        for name, values in self._truth().items():
            for attribute, value in values.items():
                self._history.setdefault(f"{name}.{attribute}", []).append((self._loop.time(), value))

    def send(self, driver: Driver, device: DeviceId, name: str, command: Command) -> None:
        wish = Wish(len(self.wishes), name, command, self._loop.time())
        self.wishes.append(wish)

        def answered(answer: CommandAnswered) -> None:
            self.remember()
            wish.answers.append((self._loop.time(), answer.outcome))

        driver.send(device, command, Cause(f"{_WISH}{wish.number}"), answered)

    def reported(self, event: Event) -> None:
        self._digest.update(f"{self._loop.time():.6f} {event!r}\n".encode())
        if isinstance(event, CommandAnswered) and event.cause.who.startswith(_WISH):
            self.remember()
            wish = self.wishes[int(event.cause.who.removeprefix(_WISH))]
            wish.later.append((self._loop.time(), event.outcome))

    # --- what must be true

    def state_reported(self, name: str, values: Mapping[str, Value]) -> None:
        """A state is what a device says it is: it was so a moment ago, if it is not so now."""
        now = self._loop.time()
        for attribute, value in values.items():
            what = f"{name}.{attribute}"
            if what in self._history and not self._ever(what, value, now - STALE_S, now):
                self.invented.append(f"{what} was reported to be {value} at {now:.3f} s, and was not")

    def wrong_answers(self, came_true: Callable[[Wish, float], bool]) -> list[str]:
        """Of each wish exactly one answer in time, and if it had to wait one end; confirmed only where it came true."""
        return [problem for wish in self.wishes for problem in self._wrong_with(wish, came_true)]

    def came_true(self, wish: Wish, until: float) -> bool:
        """Whether what was wished was the case at any moment since."""
        return all(
            self._ever(f"{wish.name}.{attribute}", value, wish.sent_at, until)
            for attribute, value in wish.command.wanted().items()
        )

    def _wrong_with(self, wish: Wish, came_true: Callable[[Wish, float], bool]) -> list[str]:
        if len(wish.answers) != 1:
            return [f"{wish} was answered {len(wish.answers)} times: {wish.answers}"]
        problems = []
        at, outcome = wish.answers[0]
        ends = [(later, end) for later, end in wish.later if end is not Outcome.WAITING]
        if len(ends) != (outcome is Outcome.WAITING):
            problems.append(f"{wish} was answered {outcome.value}, and the home was told {wish.later}")
        if at - wish.sent_at > ANSWERED_S:
            problems.append(f"{wish} was answered after {at - wish.sent_at:.1f} s")
        for when, end in [(at, outcome), *ends]:
            if end is Outcome.CONFIRMED and not came_true(wish, when):
                problems.append(f"{wish} was confirmed at {when:.3f} s and never came true")
        return problems

    def _ever(self, what: str, wanted: Value, since: float, until: float) -> bool:
        """Whether it was `wanted` at any moment from `since` to `until`."""
        for at, value in reversed(self._history[what]):
            if at <= until and same(wanted, value, self._tolerance):
                return True
            if at <= since:
                break
        return False


def same(reported: Value, true: Value, tolerance: float = TOLERANCE) -> bool:
    if isinstance(true, float) and isinstance(reported, int | float):
        return abs(reported - true) <= tolerance
    return reported == true
