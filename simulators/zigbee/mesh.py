"""Who hears whom, and over whom a message travels: places by seed, routes by the fewest hops.

How well two hear each other follows from how far apart they are. Where a home has a floor plan that is what its walls
and metres weaken; without, every device stands somewhere in a square with the coordinator in its middle, wherever the
seed and its name say, so that one more device moves none of the others.
"""

import heapq
import random
from collections.abc import Iterable
from functools import cache
from typing import Final

from simulators.building import Links, Spot

COORDINATOR_NAME: Final = ""
REACH: Final = 0.45
"""Of the square's side: as far as two nodes hear each other well enough to talk."""
LQI_MAX: Final = 255
LQI_MIN: Final = 20
_LQI_AT_REACH: Final = 110
_RSSI_NEAR_DBM: Final = -38
_RSSI_AT_REACH_DBM: Final = -82
RSSI_MIN_DBM: Final = -95
_RSSI_JITTER_DB: Final = 3
_FAR_HOP: Final = 10
"""A hop that should not be, in hops: taken only where there is no other way, so that nobody is out of the world."""
_HOPELESS_HOP: Final = 500
"""One over which hardly anything comes; taken likewise."""
_SHUNNED_HOP: Final = 1000


class Mesh:
    def __init__(self, seed: int, links: Links | None = None) -> None:
        self.shunned: set[frozenset[str]] = set()
        """Pairs that have found out that they do not understand each other."""
        self._seed = seed
        self._links = links
        self.place_of = cache(self._place_of)

    @property
    def even(self) -> bool:
        """No link loses more than the others."""
        return self._links is None

    def loss(self, one: str, other: str) -> float:
        """The chance that one transmission between the two is lost for want of strength."""
        return 0.0 if self._links is None else self._links.loss(one, other)

    def put(self, name: str, spot: Spot | None) -> None:
        """There it stands, if anybody knows; before anybody asks."""
        if self._links is not None and spot is not None:
            self._links.put(name, spot)

    def lqi(self, one: str, other: str) -> int:
        """How good the link between two is, 0 to 255; the same in both directions."""
        near = 1 - self._distance(one, other) / REACH
        return max(LQI_MIN, min(LQI_MAX, round(_LQI_AT_REACH + near * (LQI_MAX - _LQI_AT_REACH))))

    def rssi_dbm(self, one: str, other: str, rng: random.Random) -> int:
        """As one message between the two is heard; no two are heard the same."""
        near = 1 - self._distance(one, other) / REACH
        dbm = _RSSI_AT_REACH_DBM + near * (_RSSI_NEAR_DBM - _RSSI_AT_REACH_DBM)
        return max(RSSI_MIN_DBM, round(dbm) + rng.randint(-_RSSI_JITTER_DB, _RSSI_JITTER_DB))

    def in_reach(self, one: str, other: str) -> bool:
        return self._distance(one, other) <= REACH

    def nearest(self, one: str, others: Iterable[str]) -> str | None:
        """The one that it hears best, by the name where two are equal."""

        def order(other: str) -> tuple[bool, float, str]:
            return frozenset((one, other)) in self.shunned, self._distance(one, other), other

        return min(others, key=order, default=None)

    def routes(self, routers: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """From the coordinator to each of `routers`: the hops, its own name last."""
        left = set(routers) - {COORDINATOR_NAME}
        found: dict[str, tuple[str, ...]] = {}
        waiting: list[tuple[float, str, tuple[str, ...]]] = [(0.0, COORDINATOR_NAME, ())]
        while waiting and (left or not found):
            cost, name, hops = heapq.heappop(waiting)
            if name in found:
                continue
            found[name] = hops
            left.discard(name)
            for other in sorted(left):
                step = cost + self._hop_cost(name, other)
                heapq.heappush(waiting, (step, other, (*hops, other)))
        return found

    def _hop_cost(self, one: str, other: str) -> float:
        distance = self._distance(one, other)
        if self.shunned and frozenset((one, other)) in self.shunned:
            return _SHUNNED_HOP + distance
        if self._links is not None:
            # By how often a frame must be sent until it is there; what is weak has a price, too.
            kept = 1 - self._links.loss(one, other)
            sent = _HOPELESS_HOP if kept * _HOPELESS_HOP < 1 else 1 / kept
            return sent + (0.0 if distance <= REACH else 1.0) + distance / 100
        # The length decides between two ways of as many hops.
        return (1.0 if distance <= REACH else _FAR_HOP) + distance / 100

    def _distance(self, one: str, other: str) -> float:
        if self._links is not None:
            # Such that LQI, RSSI and reach are what the strength of the signal makes them.
            rssi_dbm = self._links.rssi_dbm(one, other)
            return REACH * (_RSSI_NEAR_DBM - rssi_dbm) / (_RSSI_NEAR_DBM - _RSSI_AT_REACH_DBM)
        (x1, y1), (x2, y2) = self.place_of(one), self.place_of(other)
        return float(((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5)

    def _place_of(self, name: str) -> tuple[float, float]:
        if name == COORDINATOR_NAME:
            return 0.5, 0.5
        rng = random.Random(f"{self._seed}:{name}")  # noqa: S311 - a simulation's
        return rng.random(), rng.random()
