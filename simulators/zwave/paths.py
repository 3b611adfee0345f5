"""How a frame gets from the stick to a node and back: over which repeaters, in how many attempts, and who knows of it.

SDS13782: a frame that is not acknowledged is sent up to three times, then other routes are tried, of four repeaters at
most; the one that worked last is tried first. Where nothing is known of places everybody hears everybody.
"""

import heapq
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from simulators.building import Links
from simulators.rough_air import STICK, RoughAir

ATTEMPTS: Final = 3
REPEATERS_MAX: Final = 4
WAYS_MAX: Final = 3
_REPEATING_COSTS: Final = 0.5
"""In attempts: a way with fewer repeaters is better, unless it is lossy."""
_HARDLY_HEARD: Final = 0.9


@dataclass(frozen=True, slots=True)
class Trip:
    """What became of one frame."""

    arrived: bool
    acknowledged: bool
    """Its sender knows."""
    frames: int
    """Sent on the way, all attempts counted."""
    repeaters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    cost: float
    repeaters: tuple[str, ...]

    def over(self, name: str) -> tuple[str, ...]:
        """The repeaters of who is behind the one at its end."""
        return self.repeaters if name == STICK else (*self.repeaters, name)


class Paths:
    """`repeaters` gives the devices that may pass frames on now."""

    def __init__(
        self, rng: random.Random, rough: RoughAir, links: Links | None, repeaters: Callable[[], Iterable[str]]
    ) -> None:
        self.rough = rough
        self.links = links
        self._rng = rng
        self._repeaters = repeaters
        self._known: list[str] | None = None
        """Who passes frames on; None: to be asked again."""
        self._reached: dict[str, _Way] = {}
        self._best_ways: dict[str, tuple[str, ...]] = {}
        self._worked: dict[str, tuple[str, ...]] = {}

    def changed(self) -> None:
        """Somebody came, went, or got or lost its power."""
        self._known = None
        self._best_ways.clear()

    def hear_each_other(self, one: str, other: str) -> bool:
        if self.rough.is_broken(one, other):
            return False
        return self.links is None or self.links.loss(one, other) < _HARDLY_HEARD

    def repeaters_of(self, device: str) -> tuple[str, ...]:
        """Of the way that worked last, or else is the best."""
        return self._worked.get(device) or self._best(device)

    def trip(self, device: str, loss: float, *, out: bool) -> Trip:
        """One frame, from the stick where it goes `out`. `loss` is the chance that any attempt is lost."""
        if self.links is None and self.rough.even:
            return self._direct(loss)
        frames, arrived = 0, False
        for repeaters in self._ways(device):
            trip = self._over((STICK, *repeaters, device), loss, out=out)
            frames += trip.frames
            arrived = arrived or trip.arrived
            if trip.acknowledged:
                self._worked[device] = repeaters
                return Trip(True, True, frames, repeaters)
        self._worked.pop(device, None)
        return Trip(arrived, False, frames)

    # --- inside

    def _direct(self, loss: float) -> Trip:
        attempts = 1
        if loss:
            lost = (attempt for attempt in range(1, ATTEMPTS + 1) if self._rng.random() >= loss)
            attempts = next(lost, 0)
        return Trip(attempts > 0, attempts > 0, attempts or ATTEMPTS)

    def _ways(self, device: str) -> Iterator[tuple[str, ...]]:
        """The last that worked, else the best; straight; and by way of somebody else."""
        return islice(self._fitting(device), WAYS_MAX)

    def _fitting(self, device: str) -> Iterator[tuple[str, ...]]:
        """Each of them once."""
        given: list[tuple[str, ...]] = []
        for way in (self._worked.get(device), self._best(device), ()):
            if way is not None and way not in given and device not in way:
                given.append(way)
                yield way
        for other in self._passing_on():
            if other != device and (other,) not in given and self._helps(other, device):
                yield (other,)

    def _passing_on(self) -> list[str]:
        if self._known is None:
            self._known = sorted(self._repeaters())
            self._reached = {} if self.links is None else self._reach(self.links, self._known)
        return self._known

    def _helps(self, repeater: str, device: str) -> bool:
        return self.hear_each_other(STICK, repeater) and self.hear_each_other(repeater, device)

    def _over(self, stations: tuple[str, ...], loss: float, *, out: bool) -> Trip:
        way = stations if out else stations[::-1]
        frames, acknowledged = 0, True
        for sender, hearer in pairwise(way):
            attempts = None if self.rough.deaf(sender, hearer) else self._attempts(self._loss(sender, hearer, loss))
            if attempts is None:
                return Trip(False, False, frames + ATTEMPTS)
            unheard = self.rough.deaf(hearer, sender)
            frames += ATTEMPTS if unheard else attempts
            acknowledged = acknowledged and not unheard
        return Trip(True, acknowledged, frames)

    def _loss(self, sender: str, hearer: str, loss: float) -> float:
        if self.links is not None:
            loss = 1 - (1 - loss) * (1 - self.links.loss(sender, hearer))
        return self.rough.worse(loss, sender, hearer)

    def _attempts(self, loss: float) -> int | None:
        return next((it for it in range(1, ATTEMPTS + 1) if not self.rough.strikes("loss", loss)), None)

    def _best(self, device: str) -> tuple[str, ...]:
        """Of what places tell; straight, where they tell nothing."""
        links = self.links
        if links is None:
            return ()
        self._passing_on()
        if device not in self._best_ways:
            ways = (
                (way.cost + _cost(links, name, device), way.over(name))
                for name, way in self._reached.items()
                if name != device and device not in way.repeaters and self.hear_each_other(name, device)
            )
            fitting = ((cost, over) for cost, over in ways if len(over) <= REPEATERS_MAX)
            self._best_ways[device] = min(fitting, default=(0.0, ()))[1]
        return self._best_ways[device]

    def _reach(self, links: Links, left: list[str]) -> dict[str, _Way]:
        """Dijkstra's: the best way to each that may pass frames on, and to the stick itself."""
        reached: dict[str, _Way] = {}
        waiting: list[tuple[float, str, tuple[str, ...]]] = [(0.0, STICK, ())]
        while waiting:
            cost, name, repeaters = heapq.heappop(waiting)
            if name in reached:
                continue
            reached[name] = way = _Way(cost, repeaters)
            for other in left:
                if other not in reached and self.hear_each_other(name, other):
                    heapq.heappush(waiting, (cost + _cost(links, name, other), other, way.over(name)))
        return reached


def _cost(links: Links, one: str, other: str) -> float:
    return _REPEATING_COSTS + 1 / max(0.01, 1 - links.loss(one, other))
