"""Somebody who spins is found; a home in trouble and one of every kind of device do not spin."""

import asyncio

import pytest

from simulators.chaos.checks.steps import WINDOW_S, Steps
from simulators.chaos.run import run
from tests.simulators.chaos.checks.watched import found, watched
from tests.simulators.chaos.test_run import KILL, LOSS, a_scenario


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_home_in_which_a_storm_goes_on_takes_no_step_too_many(seed: int) -> None:
    async with watched(Steps, "demo", seed=seed) as (site, check):
        heal = site.world.strike("air.loss", "zwave")
        site.hub.kill(2.0)
        await asyncio.sleep(WINDOW_S)
        heal()
        assert await found(check, 2 * WINDOW_S) == []


async def test_somebody_who_is_busy_going_nowhere_is_found() -> None:
    async with watched(Steps, still=True) as (site, check):
        loop = site.world.loop
        going = True

        def spin() -> None:
            if going:
                loop.call_later(0.005, spin)

        spin()
        problems = await found(check, WINDOW_S + 1)
        going = False
        assert len(problems) == 1
        assert "steps from" in problems[0]


def test_it_changes_nothing() -> None:
    assert run(a_scenario(KILL, LOSS), checks=(Steps,)).hash == run(a_scenario(KILL, LOSS), checks=()).hash
