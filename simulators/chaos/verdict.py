"""What became of one run; a line of JSON where runs are spread over processes and machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulators.chaos.scenario import Scenario, scenario_of


@dataclass(frozen=True, slots=True)
class Problem:
    """`check` is the name of who found it."""

    check: str
    text: str

    def __str__(self) -> str:
        return f"{self.check}: {self.text}"


@dataclass(frozen=True, slots=True)
class Verdict:
    scenario: Scenario
    problems: tuple[Problem, ...]
    hash: str
    """Of all that crossed a seam: two runs with the same one were the same run."""
    steps: int
    virtual_s: float
    lives: int
    """How many processes the hub had."""
    remarks: tuple[str, ...] = ()
    """What whoever asked for it should know, and is nobody's failure."""
    log: Sequence[str] = field(default=(), compare=False)
    """The latest lines, each with its time."""

    @property
    def ok(self) -> bool:
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        return {
            "v": 1,
            "seed": self.scenario.seed,
            "ok": self.ok,
            "hash": self.hash,
            "problems": [{"check": it.check, "text": it.text} for it in self.problems],
            "steps": self.steps,
            "virtual_s": round(self.virtual_s, 3),
            "lives": self.lives,
            "remarks": list(self.remarks),
            "scenario": self.scenario.to_json(),
            "replay": self.scenario.command(),
        }


def verdict_of(told: Mapping[str, Any]) -> Verdict:
    """As `to_json` says it."""
    problems = tuple(Problem(it["check"], it["text"]) for it in told["problems"])
    return Verdict(
        scenario_of(told["scenario"]),
        problems,
        told["hash"],
        told["steps"],
        told["virtual_s"],
        told["lives"],
        tuple(told["remarks"]),
    )
