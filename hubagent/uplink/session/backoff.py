"""When to try again: full jitter, so that a fleet that was cut off together does not return together.

"Full jitter": the delay is drawn evenly from zero to a bound that doubles (Brooker, "Exponential Backoff And Jitter",
AWS Architecture Blog, 2015). A broker that restarts is back within a second or so, hence the bound stays at first.
"""

import random
from typing import Final

SPREAD_S: Final = 1.0
"""Until the cloud says how many hubs there are to spread."""
STEADY_ATTEMPTS: Final = 3
"""So many attempts before the bound doubles."""
CAP_S: Final = 120.0
STABLE_S: Final = 60.0
"""A connection that lasted so long was a good one; one that breaks sooner makes the next wait longer."""
RETRY_AFTER_MAX_S: Final = 3600.0
"""Whoever says more would have the hub away for days by one mistake."""
_DOUBLINGS_MAX: Final = 16


class FullJitter:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._attempts = 0
        self.spread_s = SPREAD_S

    def next_delay_s(self, retry_after_s: float | None = None) -> float:
        """Seconds until the next attempt; not before `retry_after_s`, where the other side asked for that."""
        bound_s = self.bound_s
        self._attempts += 1
        if retry_after_s is not None:
            # Everybody was told the same: the jitter comes on top of it.
            return min(retry_after_s, RETRY_AFTER_MAX_S) + self._rng.uniform(0, max(bound_s, self.spread_s))
        return self._rng.uniform(0, bound_s)

    @property
    def bound_s(self) -> float:
        doublings = min(max(self._attempts - STEADY_ATTEMPTS + 1, 0), _DOUBLINGS_MAX)
        return min(self.spread_s * float(1 << doublings), max(CAP_S, self.spread_s))

    def lasted(self, seconds: float) -> None:
        """A connection ended after so long."""
        if seconds >= STABLE_S:
            self._attempts = 0
