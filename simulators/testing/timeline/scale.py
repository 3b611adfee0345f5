"""Where on the picture a moment is.

A test is a few milliseconds in which everything happens, and hours in between in which nothing does. So the axis goes
by what happens: a gap is as wide as the logarithm of its length, and the long ones say how long they are. A run in
which something happens all the time has an even axis.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

MOMENTS_MAX: Final = 400
"""Beyond it the axis is even."""
WIDTH_MIN: Final = 880.0
WIDTH_MAX: Final = 2600.0
_SAME_S: Final = 0.0005
"""Moments so close to one another are one."""
_NARROWEST: Final = 9.0
_A_DECADE: Final = 15.0
"""Pixels that ten times the time are wider."""
_LONG_S: Final = 5.0
"""A gap that says how long it is."""
_LABEL: Final = 76.0
_STEPS_S: Final = (
    *(0.001 * it for it in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0),
    *(3600.0 * it for it in (1, 2, 3, 6, 12, 24, 48, 96, 168)),
)


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    """Seconds."""
    x: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Time in which nothing happens."""

    begin_x: float
    end_x: float
    seconds: float


class Scale(Protocol):
    width: float

    def x(self, at: float) -> float: ...

    def ticks(self) -> list[Tick]:
        """Moments to be named, far enough from one another."""
        ...

    def gaps(self) -> list[Gap]:
        """Stretches that are much longer than they look."""
        ...


def scale_for(begin: float, end: float, moments: Iterable[float], unix: Callable[[float], float]) -> Scale:
    """`unix` makes moments of a clock of them: even ticks are at its full minutes and hours."""
    end = max(end, begin + 0.001)
    known = [begin]
    for moment in sorted(moments):
        if known[-1] + _SAME_S < moment < end - _SAME_S:
            known.append(moment)
    known.append(end)
    return Even(begin, end, unix) if len(known) > MOMENTS_MAX else ByGaps(known)


class ByGaps:
    def __init__(self, moments: list[float]) -> None:
        self._moments = moments
        widths = [_wide(after - before) for before, after in pairwise(moments)]
        total = sum(widths)
        stretched = min(max(total, WIDTH_MIN), WIDTH_MAX) / total
        self._xs = [0.0]
        for width in widths:
            self._xs.append(self._xs[-1] + width * stretched)
        self.width = self._xs[-1]

    def x(self, at: float) -> float:
        index = min(max(bisect_right(self._moments, at) - 1, 0), len(self._moments) - 2)
        before, after = self._moments[index], self._moments[index + 1]
        share = min(max((at - before) / (after - before), 0.0), 1.0)
        return self._xs[index] + (self._xs[index + 1] - self._xs[index]) * share

    def ticks(self) -> list[Tick]:
        """What comes after a long gap is named rather than what follows soon after."""
        gaps = [math.inf, *(after - before for before, after in pairwise(self._moments))]
        order = sorted(range(len(self._moments)), key=lambda it: (-min(gaps[it], 3600.0), it))
        chosen: list[Tick] = []
        for index in order:
            x = self._xs[index]
            if all(abs(x - tick.x) >= _LABEL for tick in chosen):
                chosen.append(Tick(self._moments[index], x))
        return sorted(chosen, key=lambda tick: tick.x)

    def gaps(self) -> list[Gap]:
        places = pairwise(zip(self._moments, self._xs, strict=True))
        return [Gap(x, next_x, after - before) for (before, x), (after, next_x) in places if after - before >= _LONG_S]


class Even:
    def __init__(self, begin: float, end: float, unix: Callable[[float], float]) -> None:
        self.width = (WIDTH_MIN + WIDTH_MAX) / 2
        self._begin = begin
        self._end = end
        self._unix = unix

    def x(self, at: float) -> float:
        return min(max((at - self._begin) / (self._end - self._begin), 0.0), 1.0) * self.width

    def ticks(self) -> list[Tick]:
        most = self.width / (_LABEL * 1.3)
        step = next((it for it in _STEPS_S if (self._end - self._begin) / it <= most), _STEPS_S[-1])
        offset = self._unix(0.0)
        number = math.ceil((self._begin + offset) / step)
        ticks = []
        while (at := number * step - offset) <= self._end:
            ticks.append(Tick(at, self.x(at)))
            number += 1
        return ticks

    def gaps(self) -> list[Gap]:
        return []


def _wide(seconds: float) -> float:
    return _NARROWEST + _A_DECADE * math.log10(1 + seconds / 0.01)
