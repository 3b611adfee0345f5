"""One unit of work: a seed of a range, its faults drawn here or given; and its answer. What a worker anywhere takes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from simulators.chaos.checks.table import CHECKS
from simulators.chaos.plan import Targets, draw, targets_of
from simulators.chaos.run import Checks, run
from simulators.chaos.scenario import Scenario, scenario_of
from simulators.chaos.table import FAULTS
from simulators.chaos.verdict import Problem, Verdict

TWICE: Final = "determinism"
"""The name by which it is complained that one seed was two runs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`names` are the kinds that are drawn from; None: the scenario's faults are given."""

    scenario: Scenario
    names: tuple[str, ...] | None = tuple(FAULTS)
    checks: tuple[str, ...] = ()
    """Only these; none: all."""
    twice: bool = False
    """Run it twice, and compare."""

    def to_json(self) -> dict[str, Any]:
        names = None if self.names is None else list(self.names)
        return {
            "scenario": self.scenario.to_json(),
            "names": names,
            "checks": list(self.checks),
            "twice": self.twice,
        }


def asked_of(told: Mapping[str, Any]) -> Asked:
    names = None if told["names"] is None else tuple(told["names"])
    return Asked(scenario_of(told["scenario"]), names, tuple(told["checks"]), told["twice"])


def answer(asked: Asked) -> Verdict:
    """Draw its faults and run it."""
    scenario = asked.scenario
    if asked.names is not None:
        targets = _targets(scenario.home, scenario.without, broker=scenario.broker)
        scenario = replace(scenario, faults=draw(scenario, targets, asked.names))
    verdict = run(scenario, checks=chosen(asked.checks))
    if asked.twice:
        again = run(scenario, checks=chosen(asked.checks))
        if (again.hash, again.steps) != (verdict.hash, verdict.steps):
            text = f"the same seed was {verdict.hash} in {verdict.steps} steps, and {again.hash} in {again.steps}"
            verdict = replace(verdict, problems=(*verdict.problems, Problem(TWICE, text)))
    return verdict


def answer_json(told: Mapping[str, Any]) -> dict[str, Any]:
    """`answer`, between processes."""
    return answer(asked_of(told)).to_json()


def chosen(names: tuple[str, ...]) -> Checks:
    return tuple(check for check in CHECKS if not names or check.name in names)


@lru_cache(maxsize=32)
def _targets(home: str, without: tuple[str, ...], *, broker: bool) -> Targets:
    return targets_of(Scenario(home, without=without).plan(), broker=broker)
