"""A bounded queue with levels: the lower goes first, and first come, first served within one. Knows no time passing."""

import math
from collections import deque
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class CallQueue(Generic[_Item]):
    """Items, each with the moment from which its waiting counts. Levels are 0 to `levels` - 1."""

    def __init__(self, levels: int, maximum: int) -> None:
        self._levels: tuple[deque[tuple[_Item, float]], ...] = tuple(deque() for _ in range(levels))
        self._maximum = maximum
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def put(self, item: _Item, level: int, since: float) -> _Item | None:
        """Returns who had to go if the queue is full: the newest of the lowest rank, `item` included."""
        loser = None
        if self._length >= self._maximum:
            lowest = next(number for number in reversed(range(len(self._levels))) if self._levels[number])
            if lowest <= level:
                return item
            loser = self._levels[lowest].pop()[0]
            self._length -= 1
        self._levels[level].append((item, since))
        self._length += 1
        return loser

    def put_back(self, item: _Item, level: int, since: float) -> None:
        """In front of its level. Whoever was taken has a place, even in a full queue."""
        self._levels[level].appendleft((item, since))
        self._length += 1

    def take(self, levels: int) -> _Item | None:
        """The next one of the first so many levels."""
        if self._length:
            for level in self._levels[:levels]:
                if level:
                    self._length -= 1
                    return level.popleft()[0]
        return None

    def remove(self, item: _Item, level: int) -> bool:
        for entry in self._levels[level]:
            if entry[0] is item:
                self._levels[level].remove(entry)
                self._length -= 1
                return True
        return False

    def waiting_since(self, level: int) -> float | None:
        """The longest wait in the level began then."""
        return self._levels[level][0][1] if self._levels[level] else None

    def take_all(self, level: int) -> list[_Item]:
        return self.take_expired(level, math.inf, 0.0)

    def take_expired(self, level: int, now: float, patience_s: float) -> list[_Item]:
        """Those of a level that have been waiting for so long."""
        taken = []
        entries = self._levels[level]
        while entries and entries[0][1] + patience_s <= now:
            taken.append(entries.popleft()[0])
        self._length -= len(taken)
        return taken
