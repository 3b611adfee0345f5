"""Cells that run down: by what is taken out of them, and by themselves.

No timer counts: what is used is taken off when it is used, what seeps away is computed when somebody looks. Charges of
activities are those of a sensor with a chip of today: some 25 mA while its radio is on (Silicon Labs TG-APP-ETRX3Power
and its EFR32 data sheets), a few microamperes asleep.
"""

import asyncio
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simulators.device_memory import Kept
from simulators.devices.device import Battery

YEAR_S: Final = 365.25 * 86_400
_MAS: Final = 1 / 3600
"""Milliampere seconds in mAh."""
WAKE_MAH: Final = 5.0 * 0.01 * _MAS
"""From sleep to running: oscillator and firmware, 5 mA for 10 ms."""
POLL_MAH: Final = 25.0 * 0.008 * _MAS
"""A child asks its parent whether there is something for it: 8 ms of radio."""
FRAME_MAH: Final = 30.0 * 0.012 * _MAS
"""A frame sent and its acknowledgement heard, or the other way round."""
LISTEN_MA: Final = 12.0
"""Awake, with its receiver on."""
BEAM_MA: Final = 0.015
"""On the average, of one that listens for a beam every second."""
ASLEEP_MA: Final = 0.003


@dataclass(frozen=True, slots=True)
class Cell:
    """What a kind of device has in it."""

    mah: float
    lost_a_year: float = 0.01
    """By itself, as a part of what is left; lithium loses 1 %, alkaline 2.5 %."""


AA_ALKALINE: Final = 0.025
CELLS: Final = {
    "lock": Cell(2600, AA_ALKALINE),  # 4 AA
    "motion": Cell(1500),  # CR123A
    "door": Cell(850),  # CR2
    "climate": Cell(1000),  # CR2477
    "leak": Cell(1100, AA_ALKALINE),  # 2 AAA
    "smoke": Cell(1500),  # CR123A
    "remote": Cell(600),  # CR2450
}
"""By kind."""
ANY: Final = Cell(1000)


class Cells(Battery):
    """Below WEAK per cent frames are lost, more and more often; at 0 it is empty.

    Whoever `watch`es hears when one of the steps is passed at which a device says something of its battery; whoever
    `watch`es for emptiness, when it is empty and when it is not any more.
    """

    WEAK = 3.0
    STEP = 5.0
    """Per cent; below LOW one counts each."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, cell: Cell = ANY, rng: random.Random | None = None, level: float = 100.0
    ) -> None:
        self._loop = loop
        self._cell = cell
        self._rng = rng or random.Random("cells")  # noqa: S311 - a simulation's
        self._watchers: list[Callable[[], None]] = []
        self._empty_watchers: list[Callable[[bool], None]] = []
        self._was_empty = False
        self._steady_ma = ASLEEP_MA
        self._left_mah = cell.mah
        self._at = loop.time()
        self._step = self._step_of(level)
        super().__init__(level)

    @property
    def level(self) -> float:
        return 100.0 * self._now_mah() / self._cell.mah

    @level.setter
    def level(self, percent: float) -> None:
        self._left_mah, self._at = percent / 100 * self._cell.mah, self._loop.time()
        # Whoever exchanges it says so; only what happens by itself is told.
        self._step = self._step_of(percent)
        self._look_whether_empty()

    @property
    def empty(self) -> bool:
        return self._now_mah() <= 0

    def spend(self, mah: float) -> None:
        self._left_mah, self._at = max(0.0, self._now_mah() - mah), self._loop.time()
        self._look()

    def draw(self, milliamperes: float) -> None:
        """From now on so much all the time, for what the device does again and again."""
        self._left_mah, self._at = self._now_mah(), self._loop.time()
        self._steady_ma = milliamperes

    def fails(self) -> bool:
        level = self.level
        return level < self.WEAK and self._rng.random() >= level / self.WEAK

    def watch(self, watcher: Callable[[], None]) -> None:
        self._watchers.append(watcher)

    def watch_empty(self, watcher: Callable[[bool], None]) -> None:
        self._empty_watchers.append(watcher)

    def kept(self) -> Kept:
        return {"mah": round(self._now_mah(), 3)}

    def restore(self, kept: Kept) -> None:
        self._left_mah, self._at = min(self._cell.mah, max(0.0, float(kept["mah"]))), self._loop.time()
        self._step = self._step_of(self.level)

    def _now_mah(self) -> float:
        hours = (self._loop.time() - self._at) / 3600
        seeped = self._left_mah * self._cell.lost_a_year * hours * 3600 / YEAR_S
        return max(0.0, self._left_mah - seeped - self._steady_ma * hours)

    def _step_of(self, level: float) -> int:
        """Counted from 0, empty; 1 % to LOW, then STEP."""
        if level <= self.LOW:
            return math.ceil(level)
        return self.LOW + math.ceil((level - self.LOW) / self.STEP)

    def _look(self) -> None:
        """Right after something was taken out."""
        step = self._step_of(100.0 * self._left_mah / self._cell.mah)
        if step != self._step:
            self._step = step
            # Not within what was being sent.
            for watcher in self._watchers:
                self._loop.call_soon(watcher)
        self._look_whether_empty()

    def _look_whether_empty(self) -> None:
        empty = self._left_mah <= 0
        if empty != self._was_empty:
            self._was_empty = empty
            for watcher in self._empty_watchers:
                self._loop.call_soon(watcher, empty)
