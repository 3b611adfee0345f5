"""The herd: a fleet that lost its broker at one moment and returns, against what the broker lets in.

A model, not a network: time goes in steps, hubs that are alike are a number, and what each waits is drawn as the hub's
own back-off has it. Only the way back to a connection is in it: what hubs say once they are back is not.
"""

import random
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from hubagent.uplink.message.down import SPREAD_MAX_S
from hubagent.uplink.session.backoff import FullJitter
from hubagent.uplink.transports.port import CONNECT_TIMEOUT_S

STEP_S: Final = 0.05
OUTAGE_S: Final = 5.0
"""How long a broker takes to start again; until then there is nobody to connect to."""
GIVEN_UP_S: Final = 4 * 3600.0
"""A herd that is not back by then is said not to come back."""
_CROWD: Final = 64
"""Where so many are drawn to each step, chance makes no difference, and only time."""
_LEVELS: Final = 24
"""Attempts after which the bound of the delay does not grow any more."""


@dataclass(frozen=True, slots=True)
class Broker:
    """What a broker, or a cluster of them, lets in."""

    name: str
    per_s: float
    """Connections that it completes, handshake included."""
    waiting_max: int
    """Connections that may wait for their turn; more are turned away. 0: whoever is too many is refused at once."""
    source: str
    """Who says so."""


@dataclass(frozen=True, slots=True)
class Herd:
    hubs: int
    spread_s: float | None
    """As the cloud's Welcome said it; None: never heard one."""
    jitter: bool = True
    """False: each hub waits the whole bound, as clients without jitter do."""


@dataclass(slots=True)
class Return:
    """How it went."""

    back: Counter[int] = field(default_factory=Counter)
    """By step, how many hubs were let in."""
    attempts: Counter[int] = field(default_factory=Counter)
    """By step, how many tried, after the broker was there again."""
    refused: int = 0
    """Attempts that came to nothing though the broker was there: turned away, or waited for too long."""
    wasted: int = 0
    """Handshakes that the broker made for hubs that had gone."""

    def back_s(self, hubs: int, part: float) -> float | None:
        """When, after the broker was there again, so many of the hubs were connected; None: not within GIVEN_UP_S."""
        wanted, so_far = hubs * part, 0
        for step in sorted(self.back):
            so_far += self.back[step]
            if so_far >= wanted:
                return (step + 1) * STEP_S - OUTAGE_S
        return None

    @property
    def peak_per_s(self) -> int:
        """The most attempts within one second."""
        per_s = round(1 / STEP_S)
        seconds: Counter[int] = Counter()
        for step, count in self.attempts.items():
            seconds[step // per_s] += count
        return max(seconds.values(), default=0)


def told_spread_s(hubs: int, broker: Broker) -> float:
    """What a cloud says that knows how many hubs it has and how many can come back in a second."""
    return min(hubs / broker.per_s, SPREAD_MAX_S)


def come_back(herd: Herd, broker: Broker, rng: random.Random) -> Return:
    """All hubs lose their connections at the same moment."""
    model = _Model(herd, broker, rng)
    model.run()
    return model.outcome


BROKERS: Final = {
    "mosquitto": Broker(
        "mosquitto, 2 cores", 300.0, 100_000, "300 to 830 connections a second with mutual TLS, measured; the least"
    ),
    "emqx": Broker(
        "EMQX, 3 listeners",
        3 * 1000.0,
        3 * 1024,
        "docs.emqx.com, Rate Limit: max_conn_rate 1000/s a listener in its example, the rest waits; backlog 1024",
    ),
    "tbmq": Broker(
        "TBMQ, 3 nodes",
        3 * 22_000 / 25,
        4096,
        "tbmq.io, 100M connections test: 22,000 connections a second on 25 nodes; the line is the kernel's (somaxconn)",
    ),
    "aws": Broker(
        "AWS IoT Core", 500.0, 0, "AWS General Reference, AWS IoT Core quotas: 500 connects a second and account"
    ),
    "hivemq": Broker(
        "HiveMQ, its largest cluster",
        200e6 / (37 * 60),
        0,
        "hivemq.com, 200 million connections in 37 minutes; too many are disconnected (Connect Overload Protection)",
    ),
}


@dataclass(slots=True)
class _Waiting:
    """Hubs that came in one step, and wait for their turn."""

    since: int
    levels: Counter[int]
    """By how many attempts they have made."""
    count: int
    gone: bool = False
    """Their time was over; the broker does not know it."""


class _Model:
    def __init__(self, herd: Herd, broker: Broker, rng: random.Random) -> None:
        self._herd = herd
        self._broker = broker
        self._rng = rng
        self._bounds = _bounds_s(herd.spread_s, rng)
        self._due: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._line: deque[_Waiting] = deque()
        self._in_line = 0
        self._credit = 0.0
        self._patience = round(CONNECT_TIMEOUT_S / STEP_S)
        self.outcome = Return()

    def run(self) -> None:
        self._plan(0, {0: self._herd.hubs})
        outage, end = round(OUTAGE_S / STEP_S), round(GIVEN_UP_S / STEP_S)
        left = self._herd.hubs
        for step in range(end):
            came = self._due.pop(step, Counter())
            if step < outage:
                self._plan(step, _one_more(came))
                continue
            if came:
                self.outcome.attempts[step] += came.total()
            left -= self._serve(step, came)
            if left == 0:
                return

    def _plan(self, step: int, levels: Mapping[int, int]) -> None:
        """So many of each level try again after what they wait."""
        for level, count in levels.items():
            bound = self._bounds[min(level, _LEVELS - 1)] / STEP_S
            if not self._herd.jitter:
                self._due[step + max(1, round(bound))][level] += count
                continue
            for wait, hubs in _draw(count, bound, self._rng).items():
                self._due[step + 1 + wait][level] += hubs

    def _serve(self, step: int, came: Counter[int]) -> int:
        """How many are connected now."""
        self._credit = min(self._credit + self._broker.per_s * STEP_S, self._broker.per_s)
        if self._broker.waiting_max:
            return self._serve_in_line(step, came)
        places = int(self._credit)
        admitted, refused = _split(came, places)
        self._credit -= admitted
        self._lost(step, refused)
        return self._admit(step, admitted)

    def _serve_in_line(self, step: int, came: Counter[int]) -> int:
        self._leave_line(step)
        if came:
            waits, turned_away = _split_levels(came, self._broker.waiting_max - self._in_line)
            self._lost(step, turned_away)
            if waits:
                self._line.append(_Waiting(step, waits, waits.total()))
                self._in_line += waits.total()
        connected = 0
        while self._line and self._credit >= 1:
            first = self._line[0]
            served = min(first.count, int(self._credit))
            self._credit -= served
            self._in_line -= served
            first.count -= served
            if first.gone:
                self.outcome.wasted += served
            else:
                connected += served
            if not first.count:
                self._line.popleft()
        if not self._line:
            # What nobody needed cannot be saved up: a handshake takes its time.
            self._credit = min(self._credit, self._broker.per_s * STEP_S)
        return self._admit(step, connected)

    def _leave_line(self, step: int) -> None:
        """Those who have waited as long as a hub waits; in line they stay, since nobody has looked at them."""
        for waiting in self._line:
            if step - waiting.since < self._patience:
                break
            if not waiting.gone:
                waiting.gone = True
                _, left = _split(waiting.levels, waiting.levels.total() - waiting.count)
                self._lost(step, left)

    def _lost(self, step: int, levels: Counter[int]) -> None:
        if levels:
            self.outcome.refused += levels.total()
            self._plan(step, _one_more(levels))

    def _admit(self, step: int, count: int) -> int:
        if count:
            self.outcome.back[step] += count
        return count


def _bounds_s(spread_s: float | None, rng: random.Random) -> list[float]:
    """The bound of each further delay, as the hub's back-off has it."""
    backoff = FullJitter(rng)
    if spread_s is not None:
        backoff.spread_s = spread_s
    bounds = []
    for _ in range(_LEVELS):
        bounds.append(backoff.bound_s)
        backoff.next_delay_s()
    assert all(before <= after for before, after in pairwise(bounds))
    return bounds


def _draw(count: int, bound: float, rng: random.Random) -> Counter[int]:
    """How many wait how many steps, each drawn evenly from zero to `bound`."""
    steps = int(bound)
    each, rest = divmod(count, steps) if steps else (0, count)
    drawn = Counter(dict.fromkeys(range(steps), each)) if each >= _CROWD else Counter()
    for _ in range(rest if drawn else count):
        drawn[int(rng.random() * bound)] += 1
    return drawn


def _one_more(levels: Mapping[int, int]) -> Counter[int]:
    return Counter({level + 1: count for level, count in levels.items()})


def _split(levels: Counter[int], places: int) -> tuple[int, Counter[int]]:
    """How many find a place, and who does not."""
    placed, rest = _split_levels(levels, places)
    return placed.total(), rest


def _split_levels(levels: Counter[int], places: int) -> tuple[Counter[int], Counter[int]]:
    """Places go to each level by how many it is of."""
    total = levels.total()
    if places >= total:
        return levels, Counter()
    placed: Counter[int] = Counter()
    given = seen = 0
    for level in sorted(levels):
        seen += levels[level]
        share = max(places, 0) * seen // total - given
        if share:
            placed[level] = share
            given += share
    return placed, levels - placed
