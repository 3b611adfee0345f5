"""From a run that fails to the smallest one that fails alike: the fewest faults, the shortest time, nobody at home.

Alike means that the same check complains: what it says may change with each fault that is left out. Everything is
tried in one order, so that the same run shrinks to the same one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from simulators.chaos.fault import Fault, rounded
from simulators.chaos.fewest import fewest
from simulators.chaos.scenario import Scenario
from simulators.chaos.table import FAULTS
from simulators.chaos.verdict import Verdict
from simulators.fault_kind import Ends

RUNS_MAX: Final = 200
SHORTEST_S: Final = 0.5
"""No fault is made shorter than this, nor a run than some of them."""
_AFTER_S: Final = 1.0
"""A run goes on for so long after its last fault, before all is well."""


class _Enough(Exception):
    """As many runs as there may be."""


@dataclass(frozen=True, slots=True)
class Shrunk:
    scenario: Scenario
    verdict: Verdict
    runs: int
    """That it took."""
    done: bool
    """False: there was more to try than there may be runs."""


def shrink(failed: Verdict, judge: Callable[[Scenario], Verdict], runs_max: int = RUNS_MAX) -> Shrunk:
    """`judge` runs a scenario. `failed` has a problem; the first one's check is the one that must complain."""
    shrinking = _Shrinking(failed, judge, runs_max)
    try:
        for step in (
            shrinking.fewer_faults,
            shrinking.nobody,
            shrinking.sooner,
            shrinking.shorter,
            shrinking.narrower,
            shrinking.fewer_faults,
            shrinking.fewer_devices,
            shrinking.shorter,
        ):
            step()
    except _Enough:
        return Shrunk(shrinking.best, shrinking.verdict, shrinking.runs, done=False)
    return Shrunk(shrinking.best, shrinking.verdict, shrinking.runs, done=True)


class _Shrinking:
    def __init__(self, failed: Verdict, judge: Callable[[Scenario], Verdict], runs_max: int) -> None:
        self.best = failed.scenario
        self.verdict = failed
        self.runs = 0
        self._check = failed.problems[0].check
        self._judge = judge
        self._runs_max = runs_max
        self._known: dict[str, Verdict] = {failed.scenario.command(): failed}

    def fewer_faults(self) -> None:
        before = self.best
        fewest(before.faults, lambda faults: self._fails(replace(before, faults=faults)))

    def nobody(self) -> None:
        self._fails(replace(self.best, people=False))

    def sooner(self) -> None:
        """All faults begin earlier, with the pauses that they had; then with shorter ones."""
        while self._earlier(0.5) or self._earlier(0.1):
            pass
        for place in range(1, len(self.best.faults)):
            while self._closer(place):
                pass

    def shorter(self) -> None:
        """It ends after its last fault."""
        ends = max((fault.end_s for fault in self.best.faults), default=0.0)
        for seconds in (ends + _AFTER_S, ends + (self.best.seconds - ends) / 8, ends + (self.best.seconds - ends) / 2):
            if seconds < self.best.seconds and self._fails(replace(self.best, seconds=_round(seconds))):
                return

    def narrower(self) -> None:
        for place in range(len(self.best.faults)):
            while any(self._fails(self._with(place, fault)) for fault in _narrower(self.best.faults[place])):
                pass

    def fewer_devices(self) -> None:
        struck = {fault.target for fault in self.best.faults}
        names = [it.name for it in self.best.plan().device if it.name not in struck]
        before = self.best
        already = before.without
        fewest(names, lambda left: self._fails(replace(before, without=(*already, *_others(names, left)))))

    def _earlier(self, share: float) -> bool:
        """The first fault begins at less than it did, and all that follows so much earlier."""
        faults = self.best.faults
        if not faults or faults[0].start_s < SHORTEST_S:
            return False
        by = faults[0].start_s * (1 - share) if faults[0].start_s > 2 * SHORTEST_S else faults[0].start_s
        moved = tuple(_moved(fault, -by) for fault in faults)
        return self._fails(replace(self.best, faults=moved, seconds=_round(max(1.0, self.best.seconds - by))))

    def _closer(self, place: int) -> bool:
        """That fault, and all that follows it, to half the pause before it."""
        faults = self.best.faults
        pause = faults[place].start_s - faults[place - 1].start_s
        if pause < 2 * SHORTEST_S:
            return False
        by = pause / 2
        moved = (*faults[:place], *(_moved(fault, -by) for fault in faults[place:]))
        return self._fails(replace(self.best, faults=moved, seconds=_round(max(1.0, self.best.seconds - by))))

    def _with(self, place: int, fault: Fault) -> Scenario:
        faults = self.best.faults
        return replace(self.best, faults=(*faults[:place], fault, *faults[place + 1 :]))

    def _fails(self, scenario: Scenario) -> bool:
        """Alike; and then it is the best so far."""
        key = scenario.command()
        if key not in self._known:
            if self.runs >= self._runs_max:
                raise _Enough
            self.runs += 1
            self._known[key] = self._judge(scenario)
        verdict = self._known[key]
        if not any(problem.check == self._check for problem in verdict.problems):
            return False
        self.best, self.verdict = scenario, verdict
        return True


def _others(names: list[str], left: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in left)


def _narrower(fault: Fault) -> Iterator[Fault]:
    """It lasts half as long: the first half, or the second."""
    length = fault.end_s - fault.start_s
    if length < 2 * SHORTEST_S or FAULTS[fault.name].ends is Ends.AT_ONCE:
        return
    options = fault.options
    if FAULTS[fault.name].ends is Ends.BY_ITSELF and "seconds" in FAULTS[fault.name].options:
        options = {**options, "seconds": _round(length / 2)}
    yield replace(fault, end_s=_round(fault.start_s + length / 2), options=options)
    yield replace(fault, start_s=_round(fault.start_s + length / 2), options=options)


def _moved(fault: Fault, by: float) -> Fault:
    start = _round(max(0.0, fault.start_s + by))
    return replace(fault, start_s=start, end_s=max(start, _round(start + fault.end_s - fault.start_s)))


def _round(seconds: float) -> float:
    value = rounded(seconds)
    assert isinstance(value, float)
    return value
