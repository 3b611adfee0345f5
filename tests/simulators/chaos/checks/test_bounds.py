"""What grows in an agent is found, wherever it is; an agent that lives its life does not grow."""

import asyncio
from dataclasses import replace

import pytest

from hubagent.model.event import DeviceChanged
from simulators.chaos.checks.bounds import ATTRIBUTES_MAX, FILLS_UP_PER_DEVICE, FIRST_EVERY_S, LARGEST, Bounds
from simulators.chaos.run import run
from simulators.site.site import Site
from tests.simulators.chaos.checks.watched import found, watched
from tests.simulators.chaos.test_run import KILL, LOSS, a_scenario

LONG_S = 24 * FIRST_EVERY_S


def hoard(site: Site, each: int) -> list[int]:
    """A list of the agent that gets so many more things a minute."""
    assert site.hub.agent is not None
    hoarded: list[int] = []
    site.hub.agent.home.hoarded = hoarded  # type: ignore[attr-defined]  # a bug to be found

    def more() -> None:
        hoarded.extend(range(each))
        if site.hub.running:
            site.world.loop.call_later(60.0, more)

    more()
    return hoarded


def learn(site: Site) -> None:
    """The hub gets to know what a device can do, as by a late interview."""
    assert site.hub.agent is not None
    home = site.hub.agent.home
    device = next(iter(home.devices.values()))
    home.apply(DeviceChanged(replace(device, capabilities=(*device.capabilities, "also_this"))))


@pytest.mark.parametrize("seed", [1, 2])
async def test_an_agent_among_people_in_a_home_in_trouble_does_not_grow(seed: int) -> None:
    async with watched(Bounds, seed=seed) as (site, check):
        heal = site.world.strike("air.loss", "zwave")
        site.hub.kill(2.0)
        await asyncio.sleep(600)
        heal()
        assert await found(check, LONG_S) == []


async def test_a_list_that_grows_for_ever_is_found() -> None:
    async with watched(Bounds, still=True) as (site, check):
        hoard(site, 3)
        [problem] = await found(check, LONG_S)
        assert problem.startswith("hubagent.home.Home.hoarded grows: ")


async def test_a_list_that_grew_once_is_no_fault() -> None:
    async with watched(Bounds, still=True) as (site, check):
        assert site.hub.agent is not None
        await asyncio.sleep(FIRST_EVERY_S)
        site.hub.agent.home.hoarded = list(range(1000))  # type: ignore[attr-defined]  # as a burst leaves it
        assert await found(check, LONG_S) == []


async def test_what_the_hub_holds_of_devices_that_it_gets_to_know_late_is_no_fault() -> None:
    async with watched(Bounds, still=True) as (site, check):
        await asyncio.sleep(LONG_S * 3 / 4 + FIRST_EVERY_S)
        agent = site.hub.agent
        assert agent is not None
        agent.home.hoarded = list(range(1000))  # type: ignore[attr-defined]  # what an interview leaves
        learn(site)
        assert await found(check, LONG_S / 4) == []


async def test_a_list_that_grows_since_the_hub_got_to_know_more_is_found() -> None:
    async with watched(Bounds, still=True) as (site, check):
        hoard(site, 3)
        await asyncio.sleep(LONG_S / 4)
        learn(site)
        [problem] = await found(check, LONG_S)
        assert problem.startswith("hubagent.home.Home.hoarded grows: ")


async def test_what_remembers_so_much_of_each_device_may_fill_up_and_not_more(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "hubagent.home.Home.hoarded"
    async with watched(Bounds, still=True) as (site, check):
        for each, problems in ((1e6, 0), (1, 1)):
            monkeypatch.setitem(FILLS_UP_PER_DEVICE, name, int(each))
            hoard(site, 3)
            assert len(await found(check, LONG_S)) == problems


async def test_no_device_has_more_attributes_than_the_uplink_may_remember_of_each() -> None:
    async with watched(Bounds, "demo", still=True) as (site, _check):
        assert site.hub.agent is not None
        home = site.hub.agent.home
        known = {device: sum(map(len, home.state(device).values())) for device in home.devices}
        # The outlets of a strip are the strip's.
        of_whole = [known[it] + sum(known[part.id] for part in home.parts(it)) for it in home.devices]
        assert 5 < max(of_whole) <= ATTRIBUTES_MAX


async def test_a_list_that_is_too_large_at_any_time_is_found() -> None:
    async with watched(Bounds, still=True) as (site, check):
        hoarded = hoard(site, LARGEST)
        await asyncio.sleep(2 * FIRST_EVERY_S)
        hoarded.clear()
        assert any("hubagent.home.Home.hoarded has " in problem for problem in await found(check, 0))


def test_it_changes_nothing() -> None:
    assert run(a_scenario(KILL, LOSS), checks=(Bounds,)).hash == run(a_scenario(KILL, LOSS), checks=()).hash
