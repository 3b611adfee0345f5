"""A hub that shows what is not so, and a cloud that shows what the hub does not, are each found."""

import asyncio
from typing import Any

import pytest

from hubagent.agent import Agent
from hubagent.model.event import DeviceChanged, DeviceSilent, Event, StateReported
from hubagent.uplink.uplink import Uplink
from simulators.chaos.checks.picture import Picture
from simulators.site.site import Site
from tests.simulators.chaos.checks.watched import found, watched

LIGHT, DOOR = "studio.light", "studio.door"


async def test_a_home_that_was_in_trouble_is_shown_as_it_is() -> None:
    async with watched(Picture, seed=8) as (site, check):
        assert site.net is not None
        for fault in ("wire.lose", "stick.lost_callback", "air.loss"):
            heal = site.world.strike(fault, "zwave")
            await asyncio.sleep(60)
            heal()
        dead = site.world.strike("device.dead", LIGHT)
        site.hub.kill(2.0)
        site.net.freeze()
        await asyncio.sleep(300)
        dead()
        site.net.thaw()
        assert await found(check) == []


async def test_a_home_with_every_kind_of_device_on_both_radios_is_shown_as_it_is() -> None:
    async with watched(Picture, "demo", seed=5, still=True) as (site, check):
        for name in ("hall.door", "nursery.smoke", "porch.leak", "kitchen.motion"):
            attribute = {"door": "open", "smoke": "smoke", "leak": "wet", "motion": "occupied"}[name.split(".")[1]]
            site.world.do("set", name, f"{attribute}=true")
        assert await found(check) == []


async def test_a_device_without_power_is_to_be_called_dead() -> None:
    async with watched(Picture, still=True) as (site, check):
        site.world.strike("device.dead", LIGHT)
        assert await found(check) == []
    async with watched(Picture, still=True) as (site, check):
        _ignore(await site.hub.ready(), DeviceSilent, DeviceChanged)
        site.world.strike("device.dead", LIGHT)
        assert any("has no power, and is called ready" in problem for problem in await found(check))


async def test_a_hub_that_hears_nothing_of_a_change_is_found() -> None:
    async with watched(Picture, still=True) as (site, check):
        _ignore(await site.hub.ready(), StateReported)
        site.world.do("press", LIGHT)
        assert any(f"{LIGHT}.on is True" in problem for problem in await found(check))


async def test_a_hub_that_says_that_somebody_is_dead_who_is_not_is_found() -> None:
    async with watched(Picture, still=True) as (site, check):
        agent = await site.hub.ready()
        device = agent.home.named(LIGHT)
        assert device is not None
        check.healed()
        await asyncio.sleep(check.patience_s)
        agent.home.apply(DeviceSilent(device.id))
        assert any("is there, and is called dead" in problem for problem in check.end())


async def test_it_has_nothing_to_wait_for_where_all_is_right() -> None:
    async with watched(Picture, still=True) as (site, check):
        site.world.do("press", LIGHT)
        await asyncio.sleep(300)
        assert check.is_done(300)
        assert not check.is_done(60)


async def test_it_waits_for_a_device_that_is_not_called_dead_yet() -> None:
    async with watched(Picture, still=True) as (site, check):
        site.world.strike("device.dead", LIGHT)
        assert not check.is_done(300)
        await asyncio.sleep(check.patience_s)
        assert check.is_done(300)


async def test_it_waits_until_what_was_lost_is_read_anew_though_it_would_not_complain() -> None:
    async with watched(Picture, still=True) as (site, check):
        heal = site.world.strike("air.loss", "zwave", rate=1.0)
        site.world.do("press", LIGHT)
        await asyncio.sleep(300)
        heal()
        assert check.end() == []
        assert not check.is_done(300)
        await asyncio.sleep(check.patience_s)
        assert check.end() == []
        assert check.is_done(300)


async def test_a_hub_that_forgot_a_device_is_found() -> None:
    async with watched(Picture, still=True) as (site, check):
        agent = await site.hub.ready()
        device = agent.home.named(DOOR)
        assert device is not None
        agent.home._forget(device.id)
        assert any("the hub does not know it" in problem for problem in await found(check, 0))


async def test_a_hub_that_invents_a_value_is_found() -> None:
    async with watched(Picture, still=True) as (site, check):
        agent = await site.hub.ready()
        device = agent.home.named(DOOR)
        assert device is not None
        agent.home.apply(StateReported(device.id, "boolean_state", {"open": True}, 0.0))
        assert any(f"{DOOR}.open is False" in problem for problem in await found(check, 600))


async def test_a_cloud_that_is_not_told_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched(Picture, still=True) as (site, check):
        monkeypatch.setattr(Uplink, "_touch", lambda *_: None)
        site.world.do("press", LIGHT)
        problems = await found(check, 600)
        assert any(f"the cloud says {LIGHT}.on is False" in problem for problem in problems)


async def test_a_cloud_that_shows_what_the_hub_does_not_have_is_found() -> None:
    async with watched(Picture, still=True) as (site, check):
        shown = site.cloud_picture()
        ghost = {"id": "zwave-0-9", "name": "ghost", "state": "ready", "capabilities": {}}
        _show(site, {**shown, "zwave-0-9": ghost})
        [problem] = await found(check, 600)
        assert "the cloud shows ghost" in problem


async def test_a_hub_or_a_cloud_that_stays_away_is_found() -> None:
    async with watched(Picture, still=True) as (site, check):
        assert site.cloud is not None
        site.cloud.crash()
        assert any("the cloud is not up" in problem for problem in await found(check, 600))
        site.hub.kill(None)
        assert check.end() == ["the hub is not up"]


async def test_what_a_stuck_or_moving_device_shows_is_no_lie_of_the_hub() -> None:
    async with watched(Picture, "demo", still=True) as (site, check):
        stuck = site.world.strike("device.stuck", "nursery.climate")
        site.world.devices["nursery.climate"].device.act({"temperature": 35.0})
        site.world.do("set", "living.blind", "position=0")
        await asyncio.sleep(3)
        assert check.end() == []
        stuck()


def _ignore(agent: Agent, *kinds: type[Event]) -> None:
    """From now on its home takes no notice of such events."""
    for kind in kinds:
        agent.home._writers[kind] = lambda _event: None


def _show(site: Site, shown: dict[str, Any]) -> None:
    site.cloud_picture = lambda: shown  # type: ignore[method-assign]  # a cloud of its own ideas
