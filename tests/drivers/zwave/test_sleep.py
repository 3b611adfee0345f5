"""Sleeping nodes: what waits for them goes out when they wake, in order and first, and nobody who left is served."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from drivers.zwave.command_classes.command import Command as ZwaveCommand
from drivers.zwave.command_classes.thermostat_mode import ThermostatModeSet
from drivers.zwave.command_classes.thermostat_setpoint import ThermostatSetpointSet
from drivers.zwave.encapsulation.chain import unwrap
from hubagent.model.capabilities.fan_control import SetFanMode
from hubagent.model.capabilities.identify import IdentifyYourself
from hubagent.model.capabilities.thermostat import SetHeatingSetpoint, SetThermostatMode
from hubagent.model.capability import Command
from hubagent.model.device import Presence
from hubagent.model.event import Cause, CommandAnswered, DeviceJoined, DeviceLeft, Outcome
from simulators.devices.device import Battery
from simulators.devices.room_air import RoomAir
from simulators.devices.sensors import LeakSensor
from simulators.devices.thermostat import Thermostat
from tests.helpers.zwave_home import ZwaveHome

HOURS_4 = 4 * 3600


@asynccontextmanager
async def _with_a_sleeping_leak_sensor() -> AsyncIterator[ZwaveHome]:
    home = ZwaveHome()
    home.place("bath.leak", LeakSensor(battery=Battery()), wake_up_s=600)
    home.network.air.frame_s = 0.03
    async with home.running(settle_s=1500):
        assert home.device("bath.leak").presence is Presence.ASLEEP
        yield home
    home.cable.unplug()


@asynccontextmanager
async def _with_a_sleeping_thermostat() -> AsyncIterator[tuple[ZwaveHome, Thermostat]]:
    """It has not been asked for so long that it will be, when it wakes up."""
    home, thermostat = ZwaveHome(), Thermostat(RoomAir())
    thermostat.battery = Battery()
    home.place("hall.radiator", thermostat)
    home.network.air.frame_s = 0.03
    async with home.running(settle_s=1500):
        home.network.cut_power("hall.radiator")
        await asyncio.sleep(HOURS_4)
        home.network.restore_power("hall.radiator")
        assert home.device("hall.radiator").presence is Presence.ASLEEP
        yield home, thermostat
    home.cable.unplug()


def _send(home: ZwaveHome, name: str, *wishes: Command) -> list[CommandAnswered]:
    """Their first answers, as they come."""
    answers: list[CommandAnswered] = []
    for wish in wishes:
        home.driver.send(home.id_of(name), wish, Cause("test"), answers.append)
    return answers


def _last_answers(home: ZwaveHome) -> list[tuple[Outcome, Command]]:
    answers = [event for event in home.events if isinstance(event, CommandAnswered)]
    return [(answer.outcome, answer.command) for answer in answers if answer.outcome is not Outcome.WAITING]


def _commands(heard: list[bytes]) -> list[type[ZwaveCommand] | type]:
    return [type(unwrap(data)[0]) for data in heard]


def _wakes_for_a_word(home: ZwaveHome, name: str) -> None:
    """It says that it is awake, and hears nothing of what is said then."""
    home.nodes[name].wake()
    sleep = home.nodes[name].sleep
    assert sleep is not None
    sleep.fall_asleep()


@pytest.mark.parametrize("after_s", [0.1, 0.2, 0.3])
async def test_a_device_that_its_button_woke_and_then_excluded_does_not_come_back(after_s: float) -> None:
    async with _with_a_sleeping_leak_sensor() as home:
        device, before = home.id_of("bath.leak"), len(home.events)
        async for step in home.driver.unpair(None, {}, 60):
            if step.step == "ready":
                home.nodes["bath.leak"].wake()
                await asyncio.sleep(after_s)
                home.network.press("bath.leak")
        await asyncio.sleep(30)
        assert DeviceLeft(device) in home.events[before:]
        assert not [event for event in home.events[before:] if isinstance(event, DeviceJoined)]
        assert home.devices == {}


async def test_a_wish_under_way_to_a_device_that_leaves_is_answered() -> None:
    async with _with_a_sleeping_leak_sensor() as home:
        answers: list[CommandAnswered] = []
        async for step in home.driver.unpair(None, {}, 60):
            if step.step == "ready":
                _wakes_for_a_word(home, "bath.leak")
                await asyncio.sleep(0.1)
                answers = _send(home, "bath.leak", IdentifyYourself(4))
                home.network.press("bath.leak")
        await asyncio.sleep(60)
        assert [(answer.outcome, answer.detail) for answer in answers] == [
            (Outcome.FAILED, "the device left the network")
        ]
        assert _last_answers(home) == []


async def test_a_device_in_the_place_of_one_that_left_gets_none_of_its_wishes() -> None:
    async with _with_a_sleeping_leak_sensor() as home:
        home.place("bath.new", LeakSensor(battery=Battery()), included=False)
        _wakes_for_a_word(home, "bath.leak")
        await asyncio.sleep(0.1)
        _send(home, "bath.leak", IdentifyYourself(4))
        home.driver.forget(2)
        home.network.forget(2)
        home.network.admit("bath.new", 2)
        node = home.driver.add(2)
        home.driver.registry.announce(node)
        heard = home.listen_in("bath.new")
        home.driver.interviewing.begin(node)
        home.driver.woke_up(node)
        await asyncio.sleep(60)
        assert home.device("bath.new").presence is Presence.ASLEEP
        await asyncio.sleep(HOURS_4 + 600)
        assert heard
        assert IdentifyYourself(4) not in [command for _, command in _last_answers(home)]


async def test_all_that_waits_for_a_device_goes_before_what_the_driver_wants_to_know() -> None:
    async with _with_a_sleeping_thermostat() as (home, thermostat):
        answers = _send(home, "hall.radiator", SetThermostatMode("off"), SetHeatingSetpoint(25))
        assert [answer.outcome for answer in answers] == [Outcome.WAITING] * 2
        heard = home.listen_in("hall.radiator")
        home.nodes["hall.radiator"].wake()
        await asyncio.sleep(60)
        assert _commands(heard)[:2] == [ThermostatModeSet, ThermostatSetpointSet]
        assert thermostat.mode == "off"
        assert len(heard) > 4
        assert [outcome for outcome, _ in _last_answers(home)] == [Outcome.CONFIRMED] * 2
        assert home.device("hall.radiator").presence is Presence.ASLEEP


async def test_wishes_that_a_device_did_not_hear_go_out_in_their_order_when_it_wakes_again() -> None:
    async with _with_a_sleeping_thermostat() as (home, _):
        _send(home, "hall.radiator", SetThermostatMode("off"), SetHeatingSetpoint(25))
        heard = home.listen_in("hall.radiator")
        for _attempt in range(3):
            _wakes_for_a_word(home, "hall.radiator")
            await asyncio.sleep(30)
        assert heard == []
        home.nodes["hall.radiator"].wake()
        await asyncio.sleep(30)
        assert _commands(heard)[:2] == [ThermostatModeSet, ThermostatSetpointSet]


async def test_a_device_that_hears_nothing_after_all_is_not_told_all_that_waits_in_vain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For each the stick would look for it a second or more, and a lamp wait."""
    async with _with_a_sleeping_thermostat() as (home, _):
        wishes = (SetThermostatMode("off"), SetHeatingSetpoint(25), SetFanMode("high"), IdentifyYourself(4))
        answers = _send(home, "hall.radiator", *wishes)
        assert [answer.outcome for answer in answers] == [Outcome.WAITING] * 4
        sent: list[int] = []
        transmit = home.network.transmit

        def counted(node_id: int, *what: Any) -> asyncio.TimerHandle:
            sent.append(node_id)
            return transmit(node_id, *what)

        monkeypatch.setattr(home.network, "transmit", counted)
        _wakes_for_a_word(home, "hall.radiator")
        await asyncio.sleep(60)
        # The one that failed, the one in line behind it, and the driver's own question.
        assert len(sent) <= 3
        home.nodes["hall.radiator"].wake()
        await asyncio.sleep(60)
        assert [outcome for outcome, _ in _last_answers(home)] == [Outcome.CONFIRMED] * 4
