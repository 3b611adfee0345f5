"""Somebody who spins is found; a home in trouble and one of every kind of device do not spin."""

import asyncio

import pytest

from hubagent.uplink.session.backoff import FullJitter
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


async def test_a_hub_that_comes_back_to_its_cloud_without_a_pause_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FullJitter, "next_delay_s", lambda *_: 0.0)
    async with watched(Steps, still=True) as (site, check):
        assert site.net is not None
        site.weather.refusing = True
        site.net.cut()
        await asyncio.sleep(60)
        site.weather.refusing = False
        [problem] = await found(check, WINDOW_S)
        assert "to reach its cloud" in problem


async def test_a_hub_that_starts_and_is_thrown_out_again_and_again_is_patient() -> None:
    async with watched(Steps, still=True) as (site, check):
        assert site.net is not None
        for number in range(60):
            await asyncio.sleep(10)
            site.net.cut()
            if number % 3 == 0:
                site.hub.kill(1.0)
        assert site.net.knocks > 40
        assert await found(check, WINDOW_S) == []


def test_it_changes_nothing() -> None:
    assert run(a_scenario(KILL, LOSS), checks=(Steps,)).hash == run(a_scenario(KILL, LOSS), checks=()).hash
