"""How well the present state of one node is known: when it was read, whether something may have changed unseen since,
and which questions it has not answered.

It asks nothing and has no clock: `interviewing` does the reading, and says what came of it.
"""

from dataclasses import dataclass, field
from typing import Final

from drivers.zwave.command_classes.command import Command

UNANSWERED_MAX: Final = 3
"""Readings in a row without answer after which a question is one of those that the device does not answer: then it is
asked as often as the others, and no oftener."""
UNANSWERED_AGAIN_S: Final = 300.0
"""Until then, how soon it is asked again: the answer may have been lost on the way."""

UNSETTLED_AGAIN_S: Final = 60.0
UNSETTLED_AGAIN_MAX_S: Final = 4 * 3600.0
"""How soon a state is read again that was doubted whenever it was read; four times as late each time that ends so too,
for a device may say at each question that something changed."""

Asked = tuple[int, Command]
"""A Get, and the end point that it is for."""


@dataclass(slots=True)
class Freshness:
    read_at: float | None = None
    """When the last reading of everything began; None where something may have changed unseen since."""
    doubts: int = 0
    """How often that was so."""
    _unanswered: dict[Asked, int] = field(default_factory=dict)
    """How often in a row each question went without answer."""
    _silent_at: float = 0.0
    _pause_s: float = 0.0
    """Until it is read again where the last readings did not settle how it is; 0 where they did."""
    _unsettled_at: float = 0.0

    def doubt(self) -> None:
        """Something may have changed unseen."""
        self.read_at = None
        self.doubts += 1

    def is_old(self, now: float, fresh_s: float) -> bool:
        """Whether everything has to be read (again)."""
        return self.read_at is None or now - self.read_at >= min(fresh_s, self._pause_s or fresh_s)

    def settled(self, began_at: float) -> None:
        """Everything was read, and nothing doubted meanwhile."""
        self.read_at = began_at
        self._pause_s = 0.0

    def unsettled(self, now: float) -> None:
        """It was read several times in a row, and doubted meanwhile each time."""
        if now - self._unsettled_at >= self._pause_s:
            self._pause_s = min(max(UNSETTLED_AGAIN_S, 4 * self._pause_s), UNSETTLED_AGAIN_MAX_S)
        self.read_at = self._unsettled_at = now

    def is_owed(self, now: float) -> bool:
        """Whether it is time to ask again what was not answered."""
        return now - self._silent_at >= UNANSWERED_AGAIN_S and bool(self.owed())

    def owed(self) -> tuple[Asked, ...]:
        """What was not answered, and may be."""
        return tuple(question for question, times in self._unanswered.items() if times < UNANSWERED_MAX)

    def answered(self, question: Asked) -> None:
        self._unanswered.pop(question, None)

    def unanswered(self, question: Asked, now: float) -> None:
        self._unanswered[question] = min(self._unanswered.get(question, 0) + 1, UNANSWERED_MAX)
        self._silent_at = now
