"""Whether two runs of the same test were the same run, and if not, where they parted."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

import pytest

from simulators.testing.home_run import HomeRun

_SHOWN: Final = 160
_HINT: Final = """\
The simulation and the agent are the same with the same seed; what differs is in the test, or in a driver of yours: what
has no order (a set), the real clock, unseeded randomness. If PYTHONHASHSEED=0 mends it, it is the order of a set."""


@dataclass(frozen=True, slots=True)
class Outcome:
    hash: str
    """Of everything that crossed a seam."""
    ended: float
    """`loop.time()`."""


OUTCOME: Final[pytest.StashKey[Outcome]] = pytest.StashKey()
"""Of a test's last run."""


def outcome_of(run: HomeRun) -> Outcome:
    return Outcome("" if run.running is None else run.site.trace.hash, run.loop.time())


def difference(first: Outcome, second: Outcome, traces: tuple[Iterable[str], Iterable[str]]) -> str:
    """In words; empty where there is none. `traces` are the lines of both, which are only read where it is needed."""
    if first == second:
        return ""
    for number, (one, other) in enumerate(zip_longest(*traces), start=1):
        if one != other:
            return (
                f"the same seed was not the same run: the traces part at line {number}\n"
                f"  first:  {_line(one)}\n  second: {_line(other)}\n{_HINT}"
            )
    return f"the same seed was not the same run: it ended at {first.ended:.6f} s, and at {second.ended:.6f} s\n{_HINT}"


def _line(line: str | None) -> str:
    if line is None:
        return "(it was over)"
    line = line.rstrip("\n")
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."
