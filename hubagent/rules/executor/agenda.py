"""What is wanted now and later: effects, deadlines, and what people may ask about afterwards."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final

from hubagent.rules.executor.effects import Effect, Forget, Keep, Traced
from hubagent.rules.executor.timers import Timers

DULL_MAX: Final = 2000
"""Runs that came to nothing because a condition did not hold: many, and kept apart, so that they push nothing out."""

Dull = tuple[float, str, str, object]
"""When (Unix seconds), which rule, what set it off, with which value."""


class Agenda:
    def __init__(self, wall: Callable[[], float]) -> None:
        self.wall = wall
        self.now = 0.0
        """The present item's, in seconds of the loop's clock."""
        self.at = 0.0
        """The same in Unix seconds: read once for each item."""
        self.effects: list[Effect] = []
        self.timers = Timers()
        self.dull: deque[Dull] = deque(maxlen=DULL_MAX)
        self._kept: set[str] = set()

    def keep(self, key: str, record: Mapping[str, Any]) -> None:
        self._kept.add(key)
        self.effects.append(Keep(key, record))

    def forget(self, key: str) -> None:
        if key in self._kept:
            self._kept.discard(key)
            self.effects.append(Forget(key))

    def known_kept(self, key: str) -> None:
        """It was kept before the start."""
        self._kept.add(key)

    def trace(self, kind: str, rule: str, run: int, about: str, detail: object = "", cause: int = 0) -> None:
        self.effects.append(Traced(kind, self.at, rule, run, about, detail, cause))

    def at_wall(self, moment: float) -> float:
        """When that is on the loop's clock, if the wall's goes on as it does."""
        return self.now + max(0.0, moment - self.at)
