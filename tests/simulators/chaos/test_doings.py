"""What people do: drawn by seed, whatever goes wrong, and possible where the home has what it takes."""

import asyncio
from itertools import pairwise

import pytest

from simulators.chaos.doings import EVERY_S, SECOND_THOUGHTS_S, Doing, do, draw_doings
from simulators.chaos.scenario import Scenario
from simulators.site.site import Site
from tests.helpers.a_site import a_site


def test_they_follow_from_the_seed_and_a_longer_run_begins_as_the_shorter_one() -> None:
    plan = Scenario().plan()
    doings = draw_doings(Scenario(seed=3), plan)
    assert doings == draw_doings(Scenario(seed=3), plan)
    assert doings != draw_doings(Scenario(seed=4), plan)
    shorter = draw_doings(Scenario(seed=3, seconds=600.0), plan)
    assert shorter == doings[: len(shorter)]
    assert len(doings) == pytest.approx(3600 / EVERY_S, rel=0.4)


def test_people_do_all_kinds_of_things() -> None:
    plan = Scenario().plan()
    doings = [it for seed in range(20) for it in draw_doings(Scenario(seed=seed), plan)]
    assert {it.how for it in doings} == {"hand", "api", "cloud"}
    assert {it.device for it in doings} == {it.name for it in plan.device if it.kind != "climate"}


def test_some_wish_for_the_opposite_before_it_is_done() -> None:
    plan = Scenario().plan()
    doings = [it for seed in range(20) for it in draw_doings(Scenario(seed=seed), plan) if it.how == "api"]
    second = [
        (one, other)
        for one, other in pairwise(doings)
        if one.device == other.device and 0 < other.at_s - one.at_s <= SECOND_THOUGHTS_S[1]
    ]
    assert 0.1 < len(second) / len(doings) < 0.4
    # Somebody else may wish the same meanwhile.
    assert sum(one.wanted != other.wanted for one, other in second) > 0.9 * len(second)


def test_nobody_does_nothing() -> None:
    assert draw_doings(Scenario(people=False), Scenario().plan()) == []


@pytest.mark.parametrize("how", ["api", "cloud"])
async def test_a_wish_and_a_command_reach_the_lamp(how: str) -> None:
    async with a_site(still=True) as site:
        await site.settle()
        await asyncio.sleep(5)
        do(site, Doing(0, how, "studio.light", wanted={"on": True}, expires_in_s=30.0))
        await asyncio.sleep(2)
        assert _is_on(site)


@pytest.mark.parametrize("how", ["api", "cloud"])
async def test_what_nobody_is_there_for_is_not_done(how: str) -> None:
    async with a_site(still=True) as site:
        await site.settle()
        await asyncio.sleep(5)
        assert site.cloud is not None
        site.hub.kill(None)
        site.cloud.crash()
        do(site, Doing(0, how, "studio.light", wanted={"on": True}, expires_in_s=30.0))
        do(site, Doing(0, how, "no.such", wanted={"on": True}, expires_in_s=30.0))
        await asyncio.sleep(2)
        assert not _is_on(site)


async def test_a_wish_that_is_refused_harms_nobody() -> None:
    async with a_site(still=True) as site:
        await site.settle()
        do(site, Doing(0, "api", "no.such", wanted={"on": True}))
        do(site, Doing(0, "api", "studio.light", wanted={"locked": True}))
        await asyncio.sleep(1)
        assert site.hub.crashes == []


def _is_on(site: Site) -> object:
    return next(it["state"]["on"] for it in site.world.state() if it["name"] == "studio.light")
