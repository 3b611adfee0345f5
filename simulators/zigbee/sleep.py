"""How often one that sleeps fetches its messages: seldom, and often while it expects some."""

import asyncio
from typing import Final

LONG_POLL_S: Final = 5.0
SHORT_POLL_S: Final = 0.5
"""ZCL8, 3.16: LongPollInterval and ShortPollInterval from the factory."""


class Sleep:
    def __init__(self, loop: asyncio.AbstractEventLoop, *, long_poll_s: float = LONG_POLL_S) -> None:
        self.long_poll_s = long_poll_s
        self.short_poll_s = min(SHORT_POLL_S, long_poll_s)
        self._loop = loop
        self._fast_until = 0.0

    @property
    def fast(self) -> bool:
        return self._loop.time() < self._fast_until

    @property
    def interval_s(self) -> float:
        return self.short_poll_s if self.fast else self.long_poll_s

    def poll_fast(self, seconds: float) -> None:
        """For so long at least."""
        self._fast_until = max(self._fast_until, self._loop.time() + seconds)

    def slow_down(self) -> None:
        self._fast_until = 0.0
