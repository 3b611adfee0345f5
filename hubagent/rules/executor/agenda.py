"""What is wanted now and later: effects, deadlines, and what people may ask about afterwards."""

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from hubagent.rules.executor.effects import Effect, Forget, Keep, Sync, Traced
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
        self.careful = False
        """Something is to be looked at before a command is sent, whatever the rule."""
        self.durable = False
        """A deadline or the like set off what is done now, and nobody waits for it: it is on disk as begun before."""
        self.behind: list[Effect] = []
        """What may wait until everything that a report set off is sent."""
        self._aside = self.behind
        """Where records and traces go."""
        self._syncs = False
        self.timers = Timers()
        self.dull: deque[Dull] = deque(maxlen=DULL_MAX)
        self._kept: set[str] = set()

    def take_behind(self) -> list[Effect]:
        taken, self.behind = self.behind, []
        self._aside = self.behind
        if self._syncs:
            self._syncs = False
            taken.append(Sync())
        return taken

    def begin_durable(self) -> None:
        """From now on everything stays in its order: what is kept before what is done."""
        self.effects += self.take_behind()
        self._aside = self.effects
        self.durable = self.careful = True

    def end_durable(self) -> None:
        self._aside = self.behind
        self.durable = self.careful = False

    def keep(self, key: str, record: Mapping[str, Any]) -> None:
        self._kept.add(key)
        self._aside.append(Keep(key, record))

    def forget(self, key: str) -> None:
        if key in self._kept:
            self._kept.discard(key)
            self._aside.append(Forget(key))

    def sync(self) -> None:
        """What was kept is on disk before anything more is done; where somebody waits for that, behind it."""
        if self.durable:
            self.effects.append(Sync())
        else:
            self._syncs = True

    def known_kept(self, key: str) -> None:
        """It was kept before the start."""
        self._kept.add(key)

    def trace(self, kind: str, rule: str, run: int, about: str, detail: object = "", cause: int = 0) -> None:
        self._aside.append(Traced(kind, self.at, rule, run, about, detail, cause))

    def at_wall(self, moment: float) -> float:
        """When that is on the loop's clock, if the wall's goes on as it does."""
        return self.now + max(0.0, moment - self.at)

    def due_at(self, key: Hashable) -> float | None:
        """When that deadline is, as the wall's clock shows now; None where there is none."""
        when = self.timers.when(key)
        return None if when is None else self.at + when - self.now
