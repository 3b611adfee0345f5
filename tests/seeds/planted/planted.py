"""One planted bug and who is to find it; and what was found, which `python -m tests.seeds.planted` writes down."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from simulators.chaos.scenario import Scenario, scenario_of

FILE: Final = Path(__file__).with_name("found.json")


@dataclass(frozen=True, slots=True)
class Planted:
    bug: Callable[[pytest.MonkeyPatch], None]
    check: str
    """Who is to find it."""
    words: str
    """That its complaint has; without them it may be about something else."""

    @property
    def name(self) -> str:
        return self.bug.__name__


@dataclass(frozen=True, slots=True)
class Found:
    seed: int
    """The first that finds it."""
    faults: int
    """That were drawn for it."""
    runs: int
    """That the shrinking took."""
    shrunk: Scenario

    def to_json(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "faults": self.faults,
            "runs": self.runs,
            "shrunk": self.shrunk.to_json(),
        }


def found_before() -> dict[str, Found]:
    """By the bug's name."""
    if not FILE.exists():
        return {}
    told: Mapping[str, Mapping[str, Any]] = json.loads(FILE.read_text())
    return {name: Found(it["seed"], it["faults"], it["runs"], scenario_of(it["shrunk"])) for name, it in told.items()}


def write(found: Mapping[str, Found]) -> None:
    told = {name: it.to_json() for name, it in found.items()}
    FILE.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
