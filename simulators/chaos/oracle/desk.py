"""What all parts of the oracle share: what time it is, what is due, what was done, and what changed when."""

from collections.abc import Callable, Hashable
from typing import Any, Final

CLOCK_SET_FROM: Final = 1735689600.0
"""RULES.md, Time: a clock that shows something before 2025 does not know the time."""
EARLY_S: Final = 1e-5
"""Moments that were worked out in Unix seconds are no more exact than this."""

Did = tuple[Any, ...]
"""What rules did: ("fired", rule), ("send", rule, device, attribute, value), ("notify", rule, whom, text),
("mode", mode), ("variable", name, value), ("call", method, address, body)."""


class Desk:
    def __init__(self, clock_set_from: float = CLOCK_SET_FROM) -> None:
        self._clock_set_from = clock_set_from
        self.now = 0.0
        """The loop's time."""
        self.wall = 0.0
        """What the hub's clock shows, in Unix seconds."""
        self.did: list[Did] = []
        self.touched: dict[Hashable, float] = {}
        """What has to outlive a restart, and when it changed last."""
        self.by_safety: dict[tuple[str, str], Any] = {}
        """What rules for safety wished because of what happens now."""
        self._due: dict[Hashable, tuple[float, int, Callable[[], None]]] = {}
        self._number = 0

    def begin(self, now: float, wall: float) -> None:
        self.now, self.wall = now, wall
        self.by_safety = {}

    def touch(self, *key: Hashable) -> None:
        self.touched[key] = self.now

    def at(self, key: Hashable, due: float, act: Callable[[], None]) -> None:
        self._number += 1
        self._due[key] = (due, self._number, act)

    def at_wall(self, key: Hashable, moment: float, act: Callable[[], None]) -> None:
        """When the clock shows that, if it goes on as it does."""
        self.at(key, self.now + max(0.0, moment - self.wall), act)

    def due(self, key: Hashable) -> float | None:
        found = self._due.get(key)
        return None if found is None else found[0]

    def cancel(self, *keys: Hashable) -> None:
        for key in keys:
            self._due.pop(key, None)

    def clear(self) -> None:
        self._due.clear()

    def next(self) -> float | None:
        return min((due for due, _, _ in self._due.values()), default=None)

    def do_what_is_due(self) -> None:
        """In order; what is set meanwhile has its turn the next time."""
        batch = (
            sorted((due, number, key) for key, (due, number, _) in self._due.items() if due <= self.now + EARLY_S)
            if self._due
            else []
        )
        for _, number, key in batch:
            entry = self._due.get(key)
            if entry is not None and entry[1] == number:
                del self._due[key]
                entry[2]()
                self.by_safety = {}

    # --- whether the clock knows the time

    def is_set(self, wall: float) -> bool:
        return wall >= self._clock_set_from

    def same_clock(self, one: float, other: float) -> bool:
        """Both are of a clock that was set, or both of one that was not."""
        return self.is_set(one) is self.is_set(other)
