"""How long until a fleet is back that lost its broker at one moment: a model (`simulators.herd`).

Three ways to come back: as clients without jitter do; with the hub's jitter, without a word of the cloud; and with the
spread that a cloud tells its hubs, who cannot know how many they are.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from simulators.herd import BROKERS, Broker, Herd, Return, come_back, told_spread_s

SEED: Final = 1
FLEETS: Final = (
    (500, "mosquitto"),
    (10_000, "mosquitto"),
    (1_000_000, "emqx"),
    (1_000_000, "tbmq"),
    (1_000_000, "aws"),
    (1_000_000, "hivemq"),
)
FEW: Final = FLEETS[:2]
"""Where a short run only shows that it works."""


@dataclass(frozen=True, slots=True)
class HerdCase:
    broker: Broker
    way: str
    herd: Herd
    outcome: Return


def measure_herd(tell: Callable[[str], None], *, brief: bool = False) -> list[HerdCase]:
    cases = []
    for hubs, name in FEW if brief else FLEETS:
        broker = BROKERS[name]
        tell(f"{hubs:,} hubs return at once to {broker.name}")
        for way, herd in _ways(hubs, broker).items():
            rng = random.Random(SEED)  # noqa: S311 - a simulation's
            cases.append(HerdCase(broker, way, herd, come_back(herd, broker, rng)))
    return cases


def _ways(hubs: int, broker: Broker) -> dict[str, Herd]:
    return {
        "no jitter": Herd(hubs, None, jitter=False),
        "full jitter": Herd(hubs, None),
        "told to spread": Herd(hubs, told_spread_s(hubs, broker)),
    }


HEAD: Final = (
    "hubs",
    "broker",
    "lets in/s",
    "way back",
    "spread s",
    "p50 s",
    "p99 s",
    "all s",
    "peak attempts/s",
    "refused",
    "wasted handshakes",
)


def table(cases: Sequence[HerdCase]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Seconds from the moment the broker was there again."""
    return HEAD, [_row(case) for case in cases]


def view(cases: Sequence[HerdCase]) -> list[dict[str, object]]:
    """Null where a part of the hubs was not back within four hours."""
    return [
        {
            "hubs": case.herd.hubs,
            "broker": case.broker.name,
            "source": case.broker.source,
            "per_s": round(case.broker.per_s, 1),
            "way": case.way,
            "spread_s": case.herd.spread_s,
            **{f"{name}_s": case.outcome.back_s(case.herd.hubs, part) for name, part in _PARTS.items()},
            "peak_attempts_per_s": case.outcome.peak_per_s,
            "refused": case.outcome.refused,
            "wasted_handshakes": case.outcome.wasted,
        }
        for case in cases
    ]


_PARTS: Final = {"p50": 0.5, "p99": 0.99, "all": 1.0}


def _row(case: HerdCase) -> list[str]:
    return [
        f"{case.herd.hubs:,}",
        case.broker.name,
        f"{case.broker.per_s:,.0f}",
        case.way,
        "" if case.herd.spread_s is None else f"{case.herd.spread_s:,.1f}",
        *(_seconds(case.outcome.back_s(case.herd.hubs, part)) for part in _PARTS.values()),
        f"{case.outcome.peak_per_s:,}",
        f"{case.outcome.refused:,}",
        f"{case.outcome.wasted:,}",
    ]


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"
