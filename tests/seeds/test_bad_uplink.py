"""A hub and its cloud under everything that goes wrong between them, and at either end.

How many there are, and how one runs again, says `tests.helpers.seeds`.
"""

import pytest

from simulators.virtual_time import run_virtual
from tests.helpers.seeds import BLOCKS, replayable, seeds_of
from tests.helpers.uplink_world import World

SEEDS = 200
"""Runs, where HUBAGENT_SEEDS does not say otherwise."""


def run(seed: int) -> list[str]:
    async def main() -> list[str]:
        return await World(seed).run()

    return run_virtual(main, seed=seed)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_nothing_is_lost_nothing_counts_twice_and_the_cloud_shows_what_is(block: int) -> None:
    for seed in seeds_of(block, SEEDS):
        with replayable(seed, __file__):
            problems = run(seed)
            assert not problems, "; ".join(problems)
