"""Hello until a Welcome comes, and again whenever it is in doubt what the cloud has.

Two waits grow. An answer that does not come is waited for ever longer, because the cloud behind a broker may be away
for hours. And a doubt that no answer ends (the cloud welcomes, and then does not acknowledge) is told of ever later.
"""

import random
from enum import Enum
from typing import Final

ASK_S: Final = 5.0
"""So long an answer is waited for at first, a quarter more or less."""
ASK_MAX_S: Final = 60.0
AGAIN_S: Final = 3600.0
"""So often it is said where there is no doubt: clocks drift apart, and a wish may have been lost on its way."""
LATE_S: Final = 2.0
"""A Welcome that was longer under way says too little about the time: it is asked for once more."""


class Answer(Enum):
    """What a Welcome is."""

    NONE = "nothing was asked, or it answers an earlier Hello"
    LATE = "it was long under way: another one is asked for"
    TAKEN = "it counts"


class Greeting:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.number = 0
        """Of the last Hello of this start of the agent."""
        self.asked_at = float("-inf")
        self.due_at: float | None = None
        """When the next Hello is to be said."""
        self.answer_by: float | None = None
        """Until when an answer is waited for."""
        self._wait_s = ASK_S
        self._doubts = 0
        """Since the cloud last said something that helped."""
        self._was_late = False

    def begin(self, now: float) -> None:
        """There is a new connection."""
        self.asked_at = float("-inf")
        self.due_at = now
        self.answer_by = None
        self._wait_s = ASK_S
        self._doubts = 0
        self._was_late = False

    def said(self, now: float) -> None:
        """A Hello has left, with `number` + 1."""
        self.number += 1
        self.asked_at = now
        self.due_at = None
        # Not all hubs at the same moment, when the cloud behind a broker comes back to all of them.
        self.answer_by = now + self._around(self._wait_s)
        self._wait_s = min(2 * self._wait_s, ASK_MAX_S)

    def doubt(self, now: float) -> None:
        """The cloud is to be asked: as soon as it was not asked for a while."""
        if self.answer_by is not None:
            return
        at = max(now, self.asked_at + min(ASK_S * 2.0 ** min(self._doubts, 10), ASK_MAX_S))
        if self.due_at is None or at < self.due_at:
            self.due_at = at
            self._doubts += 1

    def in_vain(self, now: float) -> bool:
        """Whether an answer was waited for in vain; then it is asked for again."""
        if self.answer_by is None or now < self.answer_by:
            return False
        self.answer_by = None
        self.due_at = now
        return True

    def helped(self) -> None:
        """Something arrived: the next doubt is a new one."""
        self._doubts = 0

    def answered(self, number: int, now: float) -> Answer:
        if self.answer_by is None or number != self.number:
            return Answer.NONE
        self.answer_by = None
        if now - self.asked_at > LATE_S and not self._was_late:
            self._was_late = True
            self.due_at = now
            return Answer.LATE
        self._was_late = False
        self._wait_s = ASK_S
        self.due_at = now + self._around(AGAIN_S)
        return Answer.TAKEN

    def _around(self, seconds: float) -> float:
        return seconds * self._rng.uniform(0.75, 1.25)
