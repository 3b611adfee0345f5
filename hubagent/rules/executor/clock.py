"""The wall's clock may be set while rules wait: what counts real time goes on as if it had always been right.

Before it is set it shows 1970. What was written down by a clock that was set, and is taken up by one that is not,
counts for now as if the hub had been off for no time; when the clock is set it is judged by when it was due.
"""

from collections.abc import Callable
from typing import Final

from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.missed import CLOCK_SET_FROM

STEP_S: Final = 1.0

Stepped = Callable[[float], None]
"""Called with the seconds by which the clock was put forward; it shows the new time already."""


def is_set(at: float) -> bool:
    return at >= CLOCK_SET_FROM


def same_clock(one: float, other: float) -> bool:
    """Both moments are of a clock that was set, or both of one that was not."""
    return is_set(one) is is_set(other)


class Clock:
    def __init__(self, agenda: Agenda, listeners: tuple[Stepped, ...]) -> None:
        self._agenda = agenda
        self._listeners = listeners
        self._shift: float | None = None
        """The wall's clock less the loop's."""

    def look(self) -> None:
        """Whether it was set since the last time."""
        shift = self._agenda.at - self._agenda.now
        stepped_s = 0.0 if self._shift is None else shift - self._shift
        if self._shift is None or abs(stepped_s) > STEP_S:
            self._shift = shift
        if abs(stepped_s) > STEP_S:
            for listener in self._listeners:
                listener(stepped_s)
