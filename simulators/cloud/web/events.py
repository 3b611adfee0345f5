"""What one listener hears of one hub.

A stream begins with a snapshot, and so does everything after a gap: a listener that reads too slowly loses the events
that its bounded queue has no room for, and gets a new snapshot instead.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final

from simulators.cloud.items import ANEW, Changed
from simulators.web.events import Named

QUEUE_MAX: Final = 256


class HubListener:
    """One stream's bounded queue."""

    def __init__(self, hub: str, snapshot: Callable[[], Mapping[str, Any]]) -> None:
        self._hub = hub
        self._snapshot = snapshot
        self._events: deque[Changed] = deque()
        self._overrun = True
        """Whether a snapshot is due: at the beginning, and whenever something was lost."""
        self.woken = asyncio.Event()
        self.woken.set()

    def hear(self, change: Changed) -> None:
        if change.what == ANEW:
            self._begin_anew()
        elif change.hub == self._hub:
            self._note(change)

    def take(self) -> list[Named]:
        taken = list(self._events)
        self._events.clear()
        self.woken.clear()
        if self._overrun:
            self._overrun = False
            return [("snapshot", self._snapshot())]
        return [(change.what, change.view) for change in taken]

    def _note(self, change: Changed) -> None:
        if not self._overrun:
            self._events.append(change)
        self.woken.set()
        if len(self._events) > QUEUE_MAX:
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._events.clear()
        self._overrun = True
        self.woken.set()
