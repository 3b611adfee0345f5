"""A task, an exception and a coroutine that nobody sees to are each found."""

import asyncio
import warnings

import pytest

from simulators.chaos.checks.check import Check
from simulators.chaos.checks.leftovers import Leftovers
from simulators.chaos.run import run
from tests.simulators.chaos.checks.watched import found, watched
from tests.simulators.chaos.test_run import KILL, LOSS, a_scenario


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_home_that_was_in_trouble_leaves_nothing(seed: int) -> None:
    async with watched(Leftovers, seed=seed) as (site, check):
        heal = site.world.strike("wire.lose", "zwave")
        site.hub.kill(2.0)
        await asyncio.sleep(120)
        heal()
        assert await found(check) == []


async def test_a_task_that_outlives_what_it_was_for_is_found() -> None:
    async with watched(Leftovers, still=True) as (site, check):
        stray = site.world.loop.create_task(asyncio.sleep(1e6), name="stray 7")
        [problem] = await found(check)
        stray.cancel()
        assert "1 tasks too many" in problem
        assert "stray 7" in problem


async def test_an_exception_that_nobody_looks_at_is_found() -> None:
    async with watched(Leftovers, still=True) as (site, check):
        lost = site.world.loop.create_future()
        lost.set_exception(ValueError("unseen"))
        [problem] = await found(check)
        assert problem == "never retrieved: ValueError('unseen')"
        lost.exception()


async def test_a_coroutine_that_nobody_awaits_is_found() -> None:
    async def forgotten() -> None: ...

    async with watched(Leftovers, still=True) as (_, check):
        forgotten()  # type: ignore[unused-coroutine]  # the bug to be found
        [problem] = await found(check)
        assert "forgotten' was never awaited" in problem


async def test_what_it_took_from_the_process_it_gives_back() -> None:
    shown = warnings.showwarning
    async with watched(Leftovers, still=True):
        assert warnings.showwarning is not shown
    assert warnings.showwarning is shown


def test_it_changes_nothing() -> None:
    class AsLong(Check):
        name = "as_long"
        patience_s = Leftovers.patience_s

    assert run(a_scenario(KILL, LOSS), checks=(Leftovers,)).hash == run(a_scenario(KILL, LOSS), checks=(AsLong,)).hash
