"""The far side of a measurement: a stick with its nodes, scripted, that asks the clock when bytes leave and arrive.

It is no simulation. Every subject gets the same bytes in the same order, and what it asks meanwhile gets an answer. The
next report is due when all of that is over and the subject has been quiet for a while. It blocks: nothing else of ours
may run while it measures. What is said, and in which frames, is each radio's.
"""

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from simulators.bench.wire import Wire

SILENCE_S: Final = 10.0
"""A subject that says nothing for so long is deemed broken."""


class NoReaction(Exception):
    """A subject did not do what it is measured at."""


@dataclass(frozen=True, slots=True)
class Reaction:
    ns: int
    """From before the report was written until the whole command was read."""
    command: bytes
    """The frame that the subject wrote."""


@dataclass(frozen=True, slots=True)
class Burst:
    """Many reports, and among them that of motion."""

    command_ns: int
    """From before that report was written until the whole command was read."""
    whole_ns: int
    """From before the first report was written until then."""


class FarSide(ABC):
    """`window` frames may be on their way without an acknowledgement in a flood; else each waits for that of the one
    before, as there is some air between two of them."""

    window = 1

    def __init__(self, wire: Wire, clock_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        self._wire = wire
        self._clock_ns = clock_ns
        self._answers: deque[bytes] = deque()
        """To the subject's requests; they go before everything else."""
        self._to_write: deque[bytes] = deque()
        self._unacked = 0
        self._window = 1
        self._switched: tuple[bool, bytes] | None = None
        """What the lamp was told, and the frame that told it."""
        self._motion: bytes | None = None
        self._motion_at: int | None = None

    def react(self, occupied: bool) -> Reaction:
        """Report that the room is occupied, or clear; the time until the lamp is switched. Raises NoReaction."""
        frame = self._framed(self._motion_report(occupied))
        self._unacked += 1
        self._switched = None
        began = self._clock_ns()
        self._wire.write(frame)
        ended = self._wait_for_switch(occupied)
        assert self._switched is not None
        return Reaction(ended - began, self._switched[1])

    def flood(self, before: Sequence[bytes], occupied: bool, after: Sequence[bytes] = ()) -> Burst:
        """Write all these reports as fast as they are taken, and that of motion between them. Raises NoReaction.

        Where it comes last, all are handled when the lamp is switched, as they are handled in their order.
        """
        self._window = self.window
        self._switched = None
        self._motion = self._motion_report(occupied)
        began = self._clock_ns()
        self._put((*before, self._motion, *after))
        ended = self._wait_for_switch(occupied)
        self._motion = None
        assert self._motion_at is not None
        return Burst(ended - self._motion_at, ended - began)

    def settle(self, quiet_s: float = 0.0) -> None:
        """Bring everything under way to its end, and wait until nothing more comes for so long. Raises NoReaction."""
        while True:
            data = self._wire.read(SILENCE_S if self._busy else quiet_s)
            if data:
                self._take(data)
            elif self._busy:
                raise NoReaction("it does not acknowledge a frame")
            else:
                self._window = 1
                return

    def now_ns(self) -> int:
        return self._clock_ns()

    @property
    def _busy(self) -> bool:
        return bool(self._unacked or self._to_write or self._answers)

    def _wait_for_switch(self, on: bool) -> int:
        while self._switched is None:
            data = self._wire.read(SILENCE_S)
            at = self._clock_ns()
            if not data:
                raise NoReaction(f"the lamp was not switched within {SILENCE_S:g} s of the report")
            self._take(data)
        if self._switched[0] is not on:
            raise NoReaction("the lamp was switched the other way")
        return at

    def _put(self, items: Iterable[bytes]) -> None:
        self._to_write.extend(items)
        self._write_next()

    def _write_next(self) -> None:
        """As many as may go, in one piece."""
        frames = []
        while (self._answers or self._to_write) and self._unacked < self._window:
            item = self._answers.popleft() if self._answers else self._to_write.popleft()
            self._unacked += 1
            frames.append(self._framed(item))
            if item is self._motion:
                self._motion_at = self._clock_ns()
        if frames:
            self._wire.write(b"".join(frames))

    @abstractmethod
    def lamp_reports(self, count: int) -> list[bytes]:
        """What the lamp is, so many times: reports that no rule waits for."""

    def reports_of_others(self) -> list[bytes]:
        """One of every other device."""
        return []

    @abstractmethod
    def _motion_report(self, occupied: bool) -> bytes:
        """That with which every measurement begins."""

    @abstractmethod
    def _framed(self, item: bytes) -> bytes:
        """An answer or a report as it is written next."""

    @abstractmethod
    def _take(self, data: bytes) -> None:
        """What the subject wrote."""
