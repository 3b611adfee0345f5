"""Looking for planted bugs: the first seed in which a check complains, and the smallest run in which it still does.

Only the check that is to find it is asked, which makes runs short: a check that is patient waits for hours to have
healed. So no more is claimed than that this check finds it.
"""

from dataclasses import replace
from typing import Final

import pytest

from simulators.chaos.asked import Asked, answer
from simulators.chaos.scenario import Scenario
from simulators.chaos.shrink import Shrunk, shrink
from simulators.chaos.verdict import Problem, Verdict
from tests.seeds.planted.planted import Planted

WITHIN: Final = 50
"""A bug is found in one of so many seeds, from 0 on."""

RUNS_MAX: Final = 60
"""Of one shrinking: enough for a few faults, though not always for the fewest devices."""


def complaints(planted: Planted, verdict: Verdict) -> list[Problem]:
    """Those that are about the bug."""
    return [it for it in verdict.problems if it.check == planted.check and planted.words in it.text]


def drawn(planted: Planted, seed: int) -> Verdict:
    """What becomes of that seed's run, with whatever is planted at the moment."""
    return answer(Asked(Scenario(seed=seed), checks=(planted.check,)))


def given(planted: Planted, scenario: Scenario) -> Verdict:
    """Likewise of a run with faults of its own; what is not about the bug is left out."""
    verdict = answer(Asked(scenario, None, (planted.check,)))
    return replace(verdict, problems=tuple(complaints(planted, verdict)))


def first_that_finds(planted: Planted, begin: int = 0) -> Verdict | None:
    """None where no seed does."""
    with pytest.MonkeyPatch.context() as patch:
        planted.bug(patch)
        for seed in range(begin, WITHIN):
            verdict = drawn(planted, seed)
            if complaints(planted, verdict):
                return verdict
    return None


def shrunk(planted: Planted, found: Verdict) -> Shrunk:
    mine = replace(found, problems=tuple(complaints(planted, found)))
    with pytest.MonkeyPatch.context() as patch:
        planted.bug(patch)
        return shrink(mine, lambda scenario: given(planted, scenario), RUNS_MAX)
