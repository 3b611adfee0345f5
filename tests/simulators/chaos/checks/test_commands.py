"""Commands that are done twice, late, by nobody's wish or never, and answers that are not true, are each found."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from drivers.wish import Wish
from drivers.zwave.driver import ZwaveDriver
from hubagent.agent import Radio
from hubagent.model.event import CommandAnswered, Outcome
from hubagent.uplink.session.commands import Commands as HubCommands
from hubagent.wishes import Wishes
from simulators.chaos.checks.commands import ANSWERED_S, HOLDS_UP, Commands
from simulators.chaos.fault import Fault
from simulators.devices.dimmer import Dimmer
from simulators.devices.switch import Switch
from simulators.site.hub import HUB
from simulators.site.site import Site
from tests.simulators.chaos.checks.watched import found, watched

LIGHT = "studio.light"


def command(site: Site, expires_in_s: float = 30.0, **wanted: Any) -> None:
    assert site.cloud is not None
    assert site.cloud.service is not None
    site.cloud.service.command(HUB, LIGHT, wanted, expires_in_s)


def light(site: Site) -> Switch:
    device = site.world.devices[LIGHT].device
    assert isinstance(device, Switch)
    return device


async def test_commands_of_rules_and_the_cloud_among_hands_kills_and_bad_manners_are_all_well() -> None:
    async with watched(Commands, seed=6) as (site, check):
        assert site.cloud is not None
        site.cloud.manners.doubled = 0.5
        for number in range(20):
            command(site, on=number % 2 == 0)
            await asyncio.sleep(3)
            site.world.do("press", LIGHT)
            await asyncio.sleep(2)
            site.cloud.say_something_old()
            if number % 5 == 4:
                site.hub.kill(2.0)
                await asyncio.sleep(10)
        assert await found(check) == []


@pytest.mark.parametrize("home", ["demo"])
async def test_a_home_with_every_kind_of_device_is_well(home: str) -> None:
    async with watched(Commands, home, seed=2) as (site, check):
        assert site.cloud is not None
        assert site.cloud.service is not None
        for device, attribute, value in (
            ("hall.light", "level", 37),
            ("study.lamp", "level", 38),
            ("living.blind", "position", 33),
            ("study.blind", "position", 34),
            ("hall.lock", "locked", True),
            ("porch.lock", "locked", True),
            ("living.heating", "heating_setpoint", 19.5),
            ("study.heating", "mode", "off"),
            ("living.media/2", "on", True),
            ("porch.sockets", "on", True),
            ("hall.siren", "on", True),
            ("study.plug", "on", False),
        ):
            site.cloud.service.command(HUB, device, {attribute: value})
            await asyncio.sleep(5)
        assert await found(check) == []


async def test_an_agent_that_does_a_doubled_command_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(self: HubCommands, wished: Any, cloud_now: float) -> None:
        self._check_time(wished, cloud_now)

    monkeypatch.setattr(HubCommands, "take", forgetful)
    async with watched(Commands, still=True) as (site, check):
        assert site.cloud is not None
        site.cloud.manners.doubled = 1.0
        command(site, on=True)
        await asyncio.sleep(5)
        assert any("once more than the cloud asked for" in problem for problem in await found(check))


async def test_an_agent_that_does_what_has_expired_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HubCommands, "_check_time", lambda *_: None)
    async with watched(Commands, still=True, broker=True) as (site, check):
        assert site.net is not None
        site.net.freeze()
        command(site, on=True, expires_in_s=1.0)
        await asyncio.sleep(8)
        site.net.thaw()
        await asyncio.sleep(5)
        assert any("late" in problem for problem in await found(check))


async def test_of_two_that_want_the_same_the_one_that_is_over_is_not_taken_for_the_one_that_is_done() -> None:
    async with watched(Commands, still=True) as (site, check):
        site.hub.kill(200.0)
        # The cloud knows that it is away.
        await asyncio.sleep(198)
        command(site, 600.0, on=True)
        command(site, 1.0, on=True)
        assert await found(check) == []


async def test_of_two_that_want_the_same_the_one_that_was_lost_on_its_way_is_not_taken_for_the_one_that_is_done() -> (
    None
):
    async with watched(Commands, still=True, broker=True) as (site, check):
        assert site.net is not None
        assert site.cloud is not None
        site.net.freeze()
        command(site, 600.0, on=True)
        site.hub.kill(10.0)
        await asyncio.sleep(5)
        site.net.thaw()
        await asyncio.sleep(60)
        command(site, on=True)
        await asyncio.sleep(700)
        rows = site.cloud.databases[-1].execute("SELECT expires - issued, state FROM commands").fetchall()
        assert rows == [(600.0, "unknown"), (30.0, "done")]
        assert await found(check) == []


async def test_what_a_hand_has_just_begun_may_be_confirmed() -> None:
    """A dimmer on its way says at once that it is off, and has not arrived."""
    async with watched(Commands, home="demo", still=True) as (site, check):
        lamp = site.world.devices["study.lamp"].device
        assert isinstance(lamp, Dimmer)
        agent = await site.hub.ready()
        wishes = Wishes(agent.home, agent.automation, agent.send, "api")
        wishes.set("study.lamp", {"on": True}, lambda _: None)
        await asyncio.sleep(5)
        lamp.press()
        await asyncio.sleep(lamp.ramp_s * 0.8)
        assert lamp.moving
        answers: list[Outcome] = []
        wishes.set("study.lamp", {"on": False}, lambda told: answers.extend(it.outcome for it in told))
        await asyncio.sleep(5)
        assert answers == [Outcome.CONFIRMED]
        assert await found(check) == []


async def test_a_command_that_nobody_gave_is_found() -> None:
    async with watched(Commands, still=True) as (site, check):
        agent = await site.hub.ready()
        assert agent.uplink is not None
        agent.uplink._wishes.set(LIGHT, {"on": True}, lambda _: None)
        await asyncio.sleep(5)
        assert any("asked for no such thing" in problem for problem in await found(check))


async def test_a_driver_that_says_a_command_once_more_when_it_was_confirmed_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send: Callable[..., None] = ZwaveDriver.send

    def again(self: ZwaveDriver, *what: Any) -> None:
        send(self, *what)
        asyncio.get_running_loop().call_later(20, lambda: send(self, *what[:3], lambda _: None))

    monkeypatch.setattr(ZwaveDriver, "send", again)
    async with watched(Commands, still=True) as (site, check):
        command(site, on=True)
        await asyncio.sleep(10)
        light(site).switch(False)
        await asyncio.sleep(20)
        assert light(site).on
        assert any("had its effect again" in problem for problem in await found(check))


@pytest.mark.parametrize("planted", [False, True])
async def test_a_driver_whose_stick_says_an_older_command_again_after_a_newer_one_is_found(
    planted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if planted:
        monkeypatch.setattr(Wish, "replaces", lambda _self, _older: False)
    async with watched(Commands, "flat", seed=3, still=True) as (site, check):
        agent = await site.hub.ready()
        lamp = site.world.devices["living.lamp"]
        assert lamp.dongle is not None
        assert lamp.dongle.name == "zigbee"
        for _ in range(6):
            heal = site.world.strike("air.loss", "zigbee", rate=1.0)
            Wishes(agent.home, agent.automation, agent.send, "api").set("living.lamp", {"on": True}, lambda _: None)
            await asyncio.sleep(0.1)
            heal()
            Wishes(agent.home, agent.automation, agent.send, "api").set("living.lamp", {"on": False}, lambda _: None)
            await asyncio.sleep(60)
        problems = await found(check)
        assert any("an older command was done after a newer one" in problem for problem in problems) is planted
        assert planted or problems == []


@pytest.mark.parametrize("struck", [False, True])
async def test_what_is_so_while_older_and_newer_both_wait_for_the_air_may_be_called_so(struck: bool) -> None:
    """It is off; on and off both wait; its report says that it is off, and then it hears both in their order."""
    async with watched(Commands, "flat", still=True) as (site, check):
        agent = await site.hub.ready()
        wishes = Wishes(agent.home, agent.automation, agent.send, "api")
        wishes.set("living.lamp", {"on": False}, lambda _: None)
        await asyncio.sleep(20)
        fault = Fault(HOLDS_UP, 0, 0.0, 60.0, "zigbee")
        heal = site.world.strike(HOLDS_UP, "zigbee", rate=1.0, up_to=10.0)
        if struck:
            check.struck(fault)
        answers: list[Outcome] = []
        wishes.set("living.lamp", {"on": True}, lambda _: None)
        await asyncio.sleep(0.5)
        wishes.set("living.lamp", {"on": False}, lambda told: answers.extend(it.outcome for it in told))
        heal()
        told = site.world.strike("device.report_storm", "living.lamp", per_s=5)
        await asyncio.sleep(5)
        told()
        assert answers == [Outcome.CONFIRMED]
        await asyncio.sleep(60)
        check.ended(fault)
        problems = await found(check)
        assert any("an older command was done after a newer one" in problem for problem in problems) is not struck
        assert not struck or problems == []


async def test_a_device_that_is_told_what_nobody_wants_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    switch = Switch.switch
    monkeypatch.setattr(Switch, "switch", lambda self, on: switch(self, on=not on))
    async with watched(Commands, still=True) as (site, check):
        command(site, on=False)
        await asyncio.sleep(5)
        assert any("nobody had asked for this" in problem for problem in await found(check))


async def test_a_driver_that_confirms_what_is_not_so_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Switch, "switch", lambda _self, _on: None)
    monkeypatch.setattr(Radio, "send", _confirms)
    async with watched(Commands, still=True) as (site, check):
        command(site, on=True)
        await asyncio.sleep(5)
        assert any("never so" in problem for problem in await found(check))


async def test_a_driver_that_never_answers_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched(Commands, still=True) as (site, check):
        monkeypatch.setattr(ZwaveDriver, "send", lambda *_: None)
        command(site, on=True)
        problems = await found(check)
        assert any("was not answered in" in problem for problem in problems)
        assert any(str(int(ANSWERED_S))[:1] in problem for problem in problems)


@pytest.mark.parametrize(
    ("state", "complaint"),
    [("sent", "is still called sent"), ("expired", "is called expired (confirmed), and was carried")],
)
async def test_a_cloud_that_has_a_wrong_idea_of_a_command_is_found(state: str, complaint: str) -> None:
    async with watched(Commands, still=True) as (site, check):
        assert site.cloud is not None
        command(site, on=True)
        await asyncio.sleep(150)
        site.cloud.databases[-1].execute("UPDATE commands SET state = ?", (state,))
        assert any(complaint in problem for problem in await found(check, 0))


async def test_a_command_that_is_called_confirmed_and_never_left_the_hub_is_found() -> None:
    async with watched(Commands, still=True) as (site, check):
        assert site.cloud is not None
        site.hub.kill(None)
        command(site, 5.0, on=True)
        await asyncio.sleep(30)
        site.hub.power_on()
        site.cloud.databases[-1].execute("UPDATE commands SET state = 'done', outcome = 'confirmed'")
        assert any("was never sent" in problem for problem in await found(check))


def _confirms(self: Radio, device: str, wanted: Any, cause: Any, answered: Callable[[CommandAnswered], None]) -> None:
    del self
    answered(CommandAnswered(device, wanted, cause, Outcome.CONFIRMED))
