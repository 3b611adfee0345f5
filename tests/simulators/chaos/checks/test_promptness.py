"""A slow start and slow commands are found in a home that is well, and excused where a fault is on."""

import asyncio
from typing import Any

import pytest

from hubagent.agent import Radio
from hubagent.wishes import Wishes
from simulators.chaos.checks.promptness import CALM_S, Promptness
from simulators.chaos.fault import parse_fault
from simulators.chaos.run import run
from simulators.site.hub import HUB, Hub
from simulators.site.site import Site
from tests.simulators.chaos.checks.watched import found, watched
from tests.simulators.chaos.test_run import KILL, LOSS, a_scenario

LOSS_NOW = parse_fault("air.loss@0-60:on=zwave", 0)
UPLINK_NOW = parse_fault("uplink.reset@0-60:on=net", 0)


@pytest.fixture
def slow_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    send = Radio.send

    def later(self: Radio, *told: Any) -> None:
        asyncio.get_running_loop().call_later(3.0, send, self, *told)

    monkeypatch.setattr(Radio, "send", later)


async def switch(site: Site) -> None:
    assert site.cloud is not None
    assert site.cloud.service is not None
    for number in range(6):
        site.cloud.service.command(HUB, "studio.light", {"on": number % 2 == 0}, 30.0)
        await asyncio.sleep(10)


def start_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = Hub.is_ready

    def later(self: Hub, *told: Any) -> None:
        asyncio.get_running_loop().call_later(12.0, ready, self, *told)

    monkeypatch.setattr(Hub, "is_ready", later)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_home_that_is_well_is_quick(seed: int) -> None:
    async with watched(Promptness, seed=seed, still=True) as (site, check):
        await switch(site)
        site.hub.kill(2.0)
        await asyncio.sleep(60)
        assert await found(check) == []
        assert check.counted == 6


async def test_what_comes_of_a_later_command_makes_no_earlier_one_slow() -> None:
    """A word that was not understood is not answered for long, and the opposite has been asked for since."""
    async with watched(Promptness, home="demo", still=True) as (site, check):
        agent = await site.hub.ready()
        wishes = Wishes(agent.home, agent.automation, agent.send, "api")
        wishes.set("living.blind", {"position": 100}, lambda _: None)
        await asyncio.sleep(60)
        heal = site.world.strike("air.no_answer", "living.blind")
        wishes.set("living.blind", {"position": 0}, lambda _: None)
        await asyncio.sleep(2)
        heal()
        for position in (100, 0, 100, 0, 100, 0):
            await asyncio.sleep(3)
            wishes.set("living.blind", {"position": position}, lambda _: None)
        assert await found(check, 60.0) == []


async def test_slow_commands_are_found(slow_commands: None) -> None:
    async with watched(Promptness, still=True) as (site, check):
        await switch(site)
        [problem] = await found(check)
        assert "6 of 6 commands took 2 s or more" in problem


async def test_slow_commands_are_excused_while_a_fault_is_on_and_shortly_after(slow_commands: None) -> None:
    async with watched(Promptness, still=True) as (site, check):
        check.struck(LOSS_NOW)
        await switch(site)
        check.ended(LOSS_NOW)
        await asyncio.sleep(CALM_S / 4)
        await switch(site)
        assert await found(check) == []
        await asyncio.sleep(CALM_S)
        check.struck(UPLINK_NOW)
        await switch(site)
        assert len(check.end()) == 1


async def test_a_slow_start_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched(Promptness, still=True) as (site, check):
        start_slowly(monkeypatch)
        site.hub.kill(2.0)
        [problem] = await found(check)
        assert "life 2 took 1" in problem


async def test_a_slow_start_is_excused_while_a_fault_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched(Promptness, still=True) as (site, check):
        start_slowly(monkeypatch)
        check.struck(LOSS_NOW)
        site.hub.kill(2.0)
        assert await found(check) == []


def test_it_changes_nothing() -> None:
    assert run(a_scenario(KILL, LOSS), checks=(Promptness,)).hash == run(a_scenario(KILL, LOSS), checks=()).hash
