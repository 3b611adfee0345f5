"""What happens when a rule is set off while runs of it go on: the one table of run modes."""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from hubagent.rules.rule import RunMode


class Verdict(Enum):
    BEGIN = auto()
    REPLACE = auto()
    """The runs that go on end, and the new one begins."""
    QUEUE = auto()
    BLOCK = auto()


Judge = Callable[[int, int, int], Verdict]
"""Of how many go on, how many are queued, and how many may."""

TABLE: Final[Mapping[RunMode, Judge]] = {
    RunMode.SINGLE: lambda going, _queued, _most: Verdict.BLOCK if going else Verdict.BEGIN,
    RunMode.RESTART: lambda going, _queued, _most: Verdict.REPLACE if going else Verdict.BEGIN,
    RunMode.QUEUED: lambda going, queued, most: (
        Verdict.BEGIN if not going + queued else Verdict.QUEUE if queued < most else Verdict.BLOCK
    ),
    RunMode.PARALLEL: lambda going, _queued, most: Verdict.BEGIN if going < most else Verdict.BLOCK,
}

WHY_BLOCKED: Final[Mapping[RunMode, str]] = {
    RunMode.SINGLE: "it runs already",
    RunMode.QUEUED: "{most} runs wait for their turn already",
    RunMode.PARALLEL: "it runs {most} times already",
}
