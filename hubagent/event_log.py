"""The last things that happened, numbered, for everybody who follows at his own pace.

There is one ring for all. Who reads too slowly loses the oldest, and is told how many; nobody else waits for him.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hubagent.home import Previous
from hubagent.model.event import Event
from hubagent.pairing import PairingProgressed

ENTRIES_MAX = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    """Counted from 1 since the agent started."""
    at: float
    """Unix seconds."""
    event: Event | PairingProgressed


@dataclass(frozen=True, slots=True)
class Page:
    """What followed a number. `lost` entries between it and the first of these are gone; `following` is the next."""

    entries: list[Entry]
    lost: int
    following: int


class EventLog:
    def __init__(self, wall: Callable[[], float], entries_max: int = ENTRIES_MAX) -> None:
        self._wall = wall
        self._entries: deque[Entry] = deque(maxlen=entries_max)
        self._following = 1
        self._wake: list[Callable[[], None]] = []

    @property
    def following(self) -> int:
        """The number that the next entry will have."""
        return self._following

    def hear(self, event: Event, _previous: Previous) -> None:
        """Listen to a home."""
        self.append(event)

    def append(self, event: Event | PairingProgressed) -> None:
        self._entries.append(Entry(self._following, self._wall(), event))
        self._following += 1
        for wake in self._wake:
            wake()

    def since(self, number: int, most: int) -> Page:
        """At most `most` entries from `number` on, the oldest first."""
        oldest = self._following - len(self._entries)
        start = min(max(number, oldest), self._following)
        entries = [
            self._entries[index] for index in range(start - oldest, min(start - oldest + most, len(self._entries)))
        ]
        return Page(entries, lost=max(0, oldest - max(number, 1)), following=start + len(entries))

    def on_entry(self, wake: Callable[[], None]) -> None:
        """Call `wake` at each entry; it must not block."""
        self._wake.append(wake)
