"""How often a rule may run: what its `limit` says, and what no rule may exceed, whatever it says."""

from collections import deque
from typing import Final

from hubagent.rules.rule import Limit

STORM: Final = Limit(1000, 10.0)
"""A rule that runs more often than this is held: no radio carries that many commands, and others wait for it."""

CHAINED: Final = Limit(2000, 10.0)
"""Runs of all rules together that other runs set off: a few rules that each set off many do not go on for hours."""


class Window:
    """The moments of the last runs, in seconds of one clock."""

    def __init__(self, limit: Limit, moments: list[float] | None = None) -> None:
        self._limit = limit
        self._moments: deque[float] = deque(moments or (), maxlen=limit.runs)
        self._told: float | None = None

    def take(self, at: float) -> bool:
        """Whether one more may run now; counts it if so."""
        moments = self._moments
        # A clock that was set back makes moments of the future, which mean nothing.
        if len(moments) == self._limit.runs and 0 <= at - moments[0] < self._limit.seconds:
            return False
        moments.append(at)
        return True

    def to_tell(self) -> bool:
        """Whether it was not said yet that it is full; once for as long as it is."""
        told, self._told = self._told, self._moments[0]
        return told != self._told

    def record(self) -> dict[str, list[float]]:
        return {"at": list(self._moments)}
