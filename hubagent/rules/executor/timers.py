"""Deadlines by what they are for; setting one again replaces it."""

import heapq
from collections.abc import Callable, Hashable, Iterator
from typing import Final

TIMERS_MAX: Final = 20_000
DEAD_MAX: Final = 100
"""Entries that were cancelled or set again and not yet taken out, beside as many as there are live ones."""

Act = Callable[[float], None]
"""Called with the present time."""


class Timers:
    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Hashable]] = []
        self._set: dict[Hashable, tuple[int, float, Act]] = {}
        self._number = 0

    def __len__(self) -> int:
        return len(self._set)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._set

    def set(self, key: Hashable, when: float, act: Act) -> bool:
        """False where there are too many already."""
        if key not in self._set and len(self._set) >= TIMERS_MAX:
            return False
        self._number += 1
        self._set[key] = (self._number, when, act)
        heapq.heappush(self._heap, (when, self._number, key))
        if len(self._heap) > 2 * len(self._set) + DEAD_MAX:
            self._heap = [entry for entry in self._heap if self._is_live(entry)]
            heapq.heapify(self._heap)
        return True

    def cancel(self, key: Hashable) -> None:
        self._set.pop(key, None)
        if not self._set:
            self._heap.clear()

    def when(self, key: Hashable) -> float | None:
        """None where it is not set."""
        known = self._set.get(key)
        return None if known is None else known[1]

    def next(self) -> float | None:
        while self._heap and not self._is_live(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: float) -> Iterator[Act]:
        """What is due, in order; each is taken out when it is its turn, if none before it has cancelled it.

        What is set meanwhile, to be done now, comes the next time.
        """
        last = self._number
        while (when := self.next()) is not None and when <= now and self._heap[0][1] <= last:
            key = heapq.heappop(self._heap)[2]
            yield self._set.pop(key)[2]

    def _is_live(self, entry: tuple[float, int, Hashable]) -> bool:
        known = self._set.get(entry[2])
        return known is not None and known[0] == entry[1]
