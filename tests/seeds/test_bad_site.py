"""A whole home, its hub and its cloud for an hour each, under every fault that a seed draws; and what stays true.

How many seeds there are, and how one runs again, says `tests.helpers.seeds`; `hubagent sim chaos --seed N` does it as
well, and makes what fails small. A seed takes two seconds, all of them seven minutes of one core.
"""

import pytest

from simulators.chaos.asked import Asked, answer
from simulators.chaos.scenario import Scenario
from simulators.chaos.verdict import Verdict
from tests.helpers.seeds import BLOCKS, replayable, seeds_of

SEEDS = 200
"""Runs, where HUBAGENT_SEEDS does not say otherwise."""


@pytest.mark.parametrize("block", range(BLOCKS))
def test_whatever_goes_wrong_for_an_hour_nothing_stays_wrong(block: int) -> None:
    for seed in seeds_of(block, SEEDS):
        with replayable(seed, __file__):
            verdict = answer(Asked(Scenario(seed=seed)))
            assert verdict.ok, _told(verdict)


def _told(verdict: Verdict) -> str:
    problems = map(str, verdict.problems)
    return "\n".join([f"seed {verdict.scenario.seed}:", *problems, verdict.scenario.command()])
