"""How often one that sleeps fetches its messages: seldom, and often while it expects some."""

import asyncio
from typing import Final

from simulators.devices.cells import ASLEEP_MA, POLL_MAH, WAKE_MAH
from simulators.devices.device import Battery

LONG_POLL_S: Final = 5.0
SHORT_POLL_S: Final = 0.5
"""ZCL8, 3.16: LongPollInterval and ShortPollInterval from the factory."""


ANSWER_POLLS_S: Final = 3.0
ANSWER_POLL_S: Final = 0.25
"""One that sent something polls so often, for so long (`mailbox`): an answer may come."""
_ASLEEP_FOR_GOOD_S: Final = 86_400.0


class Sleep:
    """It costs charge: each poll, which is not played but counted."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, long_poll_s: float = LONG_POLL_S) -> None:
        self.short_poll_s = min(SHORT_POLL_S, long_poll_s)
        self._long_poll_s = long_poll_s
        self._loop = loop
        self._battery: Battery | None = None
        self._fast_until = 0.0
        self._answers_until = 0.0
        self._awake_s: float | None = None

    def runs_on(self, battery: Battery) -> None:
        self._battery = battery
        self._draw()

    @property
    def long_poll_s(self) -> float:
        return self._long_poll_s

    @long_poll_s.setter
    def long_poll_s(self, seconds: float) -> None:
        self._long_poll_s = seconds
        self._draw()

    @property
    def awake_s(self) -> float | None:
        """So long it listens after it woke, and not before it wakes again. None: it polls as it should."""
        return self._awake_s

    @awake_s.setter
    def awake_s(self, seconds: float | None) -> None:
        self._awake_s = seconds
        if seconds is not None:
            self._fast_until = min(self._fast_until, self._loop.time() + seconds)
        self._draw()

    @property
    def fast(self) -> bool:
        return self._loop.time() < self._fast_until

    @property
    def interval_s(self) -> float:
        if self.fast:
            return self.short_poll_s if self._awake_s is None else min(self.short_poll_s, self._awake_s / 3)
        return self._long_poll_s if self._awake_s is None else _ASLEEP_FOR_GOOD_S

    def poll_fast(self, seconds: float) -> None:
        """For so long at least."""
        now = self._loop.time()
        until = now + (seconds if self._awake_s is None else min(seconds, self._awake_s))
        self._spend_polls(until - max(now, self._fast_until), self.short_poll_s)
        self._fast_until = max(self._fast_until, until)

    def poll_for_answers(self) -> None:
        """It sent something."""
        now = self._loop.time()
        self._spend_polls(now + ANSWER_POLLS_S - max(now, self._answers_until), ANSWER_POLL_S)
        self._answers_until = now + ANSWER_POLLS_S

    def slow_down(self) -> None:
        self._fast_until = 0.0

    def _spend_polls(self, seconds: float, apart_s: float) -> None:
        if self._battery is not None and seconds > 0:
            self._battery.spend(WAKE_MAH + seconds / apart_s * POLL_MAH)

    def _draw(self) -> None:
        if self._battery is not None:
            polls_an_hour = 3600 / self._long_poll_s if self._awake_s is None else 0.0
            self._battery.draw(ASLEEP_MA + polls_an_hour * POLL_MAH)
