"""Which faults a run has, drawn by its seed before it begins.

Each seed has a few kinds of faults only, some often and some seldom: where everything goes wrong at once, little ever
gets far enough to go wrong in an interesting way (swarm testing, Groce et al. 2012). Each fault is drawn from a random
stream of its own, so that one can be left out and the others stay what they are.
"""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from simulators.chaos.calendar import DATES
from simulators.chaos.fault import Fault, rounded
from simulators.chaos.scenario import Scenario
from simulators.chaos.table import FAULTS, targets_in
from simulators.fault_kind import Ends, FaultKind, Value, number
from simulators.home import HomePlan
from simulators.scratch import scratch_disk
from simulators.site.site import Setting, running_site
from simulators.virtual_time import run_virtual

FAULTS_MAX: Final = 60
"""Of one plan."""
SHARES: Final = (0.02, 0.05, 0.1, 0.2)
"""Of all kinds that a plan has: one of these."""
PER_HOUR: Final = (1, 1, 1, 2, 4, 8)
"""How often a kind strikes; one of these for each."""
LONGEST_SHARE: Final = 0.4
"""Of the run, that one fault lasts at most."""
_DATES: Final = frozenset(f"clock.{date}" for date in DATES)
Targets = Mapping[str, Sequence[str]]
"""By the fault's name: what it can strike in a home."""


def targets_of(home: HomePlan, *, broker: bool) -> Targets:
    """What each fault can strike in that home."""

    async def ask() -> Targets:
        # A site that is built and never lives: the kinds themselves know best what they can strike.
        with scratch_disk("hubagent-chaos-") as folder:
            async with running_site(Setting(home, folder, broker=broker, still=True), power=False) as site:
                return targets_in(site)

    return run_virtual(ask)


def draw(scenario: Scenario, targets: Targets, names: Iterable[str] | None = None) -> tuple[Fault, ...]:
    """The faults of that seed, in the order in which they start; `names` are those that there may be (None: all)."""
    allowed = tuple(FAULTS) if names is None else tuple(names)
    share = scenario.rng("faults").choice(SHARES)
    faults: list[Fault] = []
    for name in allowed:
        rng = scenario.rng(f"fault:{name}")
        here, how_often = rng.random() < share, rng.choice(PER_HOUR)
        if name in targets and here:
            faults += _of_kind(scenario, name, targets[name], how_often)
    faults.sort(key=lambda fault: fault.start_s)
    return tuple(replace(it, number=number) for number, it in enumerate(_one_date(faults)[:FAULTS_MAX]))


def _of_kind(scenario: Scenario, name: str, targets: Sequence[str], per_hour: int) -> list[Fault]:
    count = 1 if name in _DATES else max(1, round(per_hour * scenario.seconds / 3600.0))
    return [
        drawn(name, n, targets, scenario.seconds, scenario.rng(f"fault:{name}:{n}"))
        for n in range(min(count, FAULTS_MAX))
    ]


def drawn(name: str, place: int, targets: Sequence[str], seconds: float, rng: random.Random) -> Fault:
    """One fault, all of it within that time."""
    kind = FAULTS[name]
    target = rng.choice(targets)
    options = {key: rounded(value) for key, value in kind.draw(rng).items()}
    most = LONGEST_SHARE * seconds
    length, options = _length(kind, options, most, rng)
    start = rounded(rng.uniform(0, max(0.0, seconds - length)))
    assert isinstance(start, float)
    unusual = {key: value for key, value in options.items() if value != kind.options[key].usual}
    end = rounded(min(start + length, seconds))
    assert isinstance(end, float)
    return Fault(name, place, start, max(start, end), target, unusual)


def _length(
    kind: FaultKind[Any], options: dict[str, Value], most: float, rng: random.Random
) -> tuple[float, dict[str, Value]]:
    """For how long it lasts, and its options, which may say so themselves."""
    if kind.ends is Ends.AT_ONCE:
        return 0.0, options
    if kind.ends is Ends.BY_ITSELF and not options.get("rate"):
        seconds = rounded(min(number(options, "seconds"), most))
        assert isinstance(seconds, float)
        return seconds, {**options, "seconds": seconds}
    least, longest = kind.lasts_s
    # As often short as long, whatever the range.
    return min(most, math.exp(rng.uniform(math.log(least), math.log(max(least, longest))))), options


def _one_date(faults: list[Fault]) -> tuple[Fault, ...]:
    """A run begins at one date only."""
    dates = [fault for fault in faults if fault.name in _DATES]
    return tuple(fault for fault in faults if fault.name not in _DATES or fault is dates[0])
