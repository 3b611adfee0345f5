"""Deadlines by what they are for; setting one again replaces it."""

import heapq
from collections.abc import Callable, Hashable
from typing import Final

TIMERS_MAX: Final = 20_000

Act = Callable[[float], None]
"""Called with the present time."""


class Timers:
    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Hashable]] = []
        self._set: dict[Hashable, tuple[int, Act]] = {}
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
        self._set[key] = (self._number, act)
        heapq.heappush(self._heap, (when, self._number, key))
        return True

    def cancel(self, key: Hashable) -> None:
        self._set.pop(key, None)
        if not self._set:
            self._heap.clear()

    def next(self) -> float | None:
        while self._heap and not self._is_live(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: float) -> list[Act]:
        """What is due, in order; each is taken out."""
        found: list[Act] = []
        while self._heap and self._heap[0][0] <= now:
            entry = heapq.heappop(self._heap)
            if self._is_live(entry):
                found.append(self._set.pop(entry[2])[1])
        return found

    def _is_live(self, entry: tuple[float, int, Hashable]) -> bool:
        known = self._set.get(entry[2])
        return known is not None and known[0] == entry[1]
