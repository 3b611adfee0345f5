"""The real zigbee2mqtt takes the simulated Zigbee dongle, and every simulated device behind it, for real ones.

One zigbee2mqtt serves all tests here: it takes seconds to start, and is meant to run for long. Its database does not
have our devices; so it makes up what they are from their clusters alone, which is a test of these.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
import pytest_asyncio

from simulators.cable import PtyCable
from simulators.devices.blind import Blind
from simulators.devices.device import Device
from simulators.devices.dimmer import BLUE, RED, ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.room_air import ClimateSensor
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Mode, Thermostat
from tests.interop.plain_plug import PlainPlug
from tests.interop.zigbee2mqtt.broker import broker
from tests.interop.zigbee2mqtt.host import Payload, Zigbee2Mqtt, zigbee2mqtt_on
from tests.interop.zigbee_household import ZigbeeHousehold, becomes, zigbee_household

pytestmark = [pytest.mark.interop, pytest.mark.real_time, pytest.mark.asyncio(loop_scope="module")]

PAIRING_S = 60.0
AT_ONCE = 6
"""Devices that are paired together: with a whole home at once, the stick has no room for so many messages."""

NOT_OURS = (
    # The simulated devices are of no real maker, so they are in nobody's database.
    r"warning: \tz2m: Device '.*' with Zigbee model '.*' and manufacturer name '(hubagent|by hand)' is NOT supported",
    # It takes every blind for one with slats, and every attribute of a thermostat's keys for one that can be reported.
    # ZCL8, 7.4.2.1.1 and 6.6.2.2 say otherwise.
    r"error: \tz2m: Failed to configure 'blind',.*currentPositionTiltPercentage.*UNSUPPORTED_ATTRIBUTE",
    r"error: \tz2m: Failed to configure 'thermostat',.*keypadLockout.*UNREPORTABLE_ATTRIBUTE",
)

_D = TypeVar("_D", bound=Device)


@dataclass(slots=True)
class Meeting:
    house: ZigbeeHousehold
    host: Zigbee2Mqtt

    def device(self, name: str, kind: type[_D]) -> _D:
        device = self.house.devices[name]
        assert isinstance(device, kind)
        return device

    async def sets(self, to: str, **values: Any) -> Payload:
        """zigbee2mqtt sets values; what it publishes then."""
        self.host.forget()
        self.host.publish(f"{to}/set", values)
        said: Payload = await self.host.hears(to)
        return said

    async def hears(self, name: str, **values: Any) -> None:
        await self.host.hears(name, **values)

    async def pairs(self, *names: str) -> None:
        for name in names:
            self.house.network.press(name)
        await self.host.settles(set(names), PAIRING_S)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def meeting(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Meeting]:
    """Everything is paired."""
    folder = tmp_path_factory.mktemp("zigbee2mqtt")
    async with (
        broker(folder) as broker_port,
        zigbee_household(PtyCable(folder / "port"), kinds=True) as house,
        zigbee2mqtt_on(house.address, broker_port, folder, house.names()) as host,
    ):
        meeting = Meeting(house, host)
        await host.ask("permit_join", {"time": 250})
        names = list(house.devices)
        for first in range(0, len(names), AT_ONCE):
            await meeting.pairs(*names[first : first + AT_ONCE])
        yield meeting


async def test_every_device_is_known_by_what_it_is(meeting: Meeting) -> None:
    meeting.host.forget()
    await meeting.host.ask("permit_join", {"time": 0})
    devices = {it["friendly_name"]: it for it in meeting.host.latest("bridge/devices")}
    assert set(devices) == {"Coordinator", *meeting.house.devices}
    for name, device in meeting.house.devices.items():
        found = devices[name]
        assert found["interview_state"] == "SUCCESSFUL", name
        assert found["model_id"] == f"hubagent.{name}"
        assert found["network_address"] == meeting.house.network.node_of(name), name
        assert found["type"] == ("Router" if device.battery is None else "EndDevice"), name
        assert found["power_source"] == ("Mains (single phase)" if device.battery is None else "Battery"), name


async def test_a_switch_is_switched_and_reports_what_a_hand_does(meeting: Meeting) -> None:
    switch = meeting.device("switch", Switch)
    await meeting.sets("switch", state="ON")
    assert switch.on
    switch.switch(False)
    await meeting.hears("switch", state="OFF")


async def test_a_dimmer_takes_a_level_and_is_read(meeting: Meeting) -> None:
    dimmer = meeting.device("dimmer", Dimmer)
    await meeting.sets("dimmer", brightness=102)
    assert round(dimmer.level) == 40
    dimmer.go_to(80)
    # What it makes up of a lamp has no reports.
    meeting.host.publish("dimmer/get", {"brightness": ""})
    await meeting.hears("dimmer", brightness=203)


async def test_a_lamp_takes_a_colour_and_a_colour_temperature(meeting: Meeting) -> None:
    lamp = meeting.device("rgbw_lamp", ColorLamp)
    await meeting.sets("rgbw_lamp", state="ON")
    await meeting.sets("rgbw_lamp", color={"hue": 240, "saturation": 100})
    assert lamp.component(BLUE).target > lamp.component(RED).target
    said = await meeting.sets("rgbw_lamp", color_temp=300)
    assert (said["color_mode"], said["color_temp"]) == ("color_temp", 300)


async def test_a_blind_moves_and_says_where_it_is(meeting: Meeting) -> None:
    blind = meeting.device("blind", Blind)
    await meeting.sets("blind", position=0)
    await becomes(blind, lambda: blind.position == 0)
    blind.go_to(50)
    await meeting.hears("blind", position=50)


async def test_a_lock_unlocks_and_reports_what_a_hand_does(meeting: Meeting) -> None:
    lock = meeting.device("lock", Lock)
    await meeting.sets("lock", state="UNLOCK")
    await becomes(lock, lambda: not lock.locked)
    lock.turn(True)
    await meeting.hears("lock", state="LOCK", lock_state="locked")


async def test_a_thermostat_takes_a_mode_and_a_setpoint(meeting: Meeting) -> None:
    thermostat = meeting.device("thermostat", Thermostat)
    await meeting.sets("thermostat", occupied_heating_setpoint=22.5)
    await becomes(thermostat, lambda: thermostat.setpoints[Mode.HEAT] == 22.5)
    await meeting.sets("thermostat", system_mode="off")
    await becomes(thermostat, lambda: thermostat.mode is Mode.OFF)
    thermostat.set_setpoint(19.0, Mode.HEAT)
    await meeting.hears("thermostat", occupied_heating_setpoint=19)


async def test_motion_is_reported_and_that_it_is_over(meeting: Meeting) -> None:
    meeting.device("motion", MotionSensor).see_motion()
    await meeting.hears("motion", occupancy=True)
    await meeting.hears("motion", occupancy=False)


async def test_a_sleeping_door_sensor_reports_that_the_door_is_open(meeting: Meeting) -> None:
    door = meeting.device("door", DoorSensor)
    door.set_open(True)
    await meeting.hears("door", alarm_1=True, battery=100)
    door.set_open(False)
    await meeting.hears("door", alarm_1=False)


async def test_a_climate_sensor_reports(meeting: Meeting) -> None:
    sensor = meeting.device("climate", ClimateSensor)
    sensor.warm_to(24.5)
    await meeting.hears("climate", temperature=24.5)
    sensor.moisten_to(61.0)
    await meeting.hears("climate", humidity=61)


async def test_a_leak_and_smoke_are_reported(meeting: Meeting) -> None:
    meeting.device("leak", LeakSensor).set_wet(True)
    await meeting.hears("leak", alarm_1=True)
    meeting.device("smoke", SmokeAlarm).set_smoke(True)
    await meeting.hears("smoke", alarm_1=True)


async def test_a_plug_is_switched_and_its_power_reported(meeting: Meeting) -> None:
    plug = meeting.device("plug", MeteringPlug)
    await meeting.sets("plug", state="ON")
    assert plug.on
    await meeting.hears("plug", power=60)


async def test_a_remote_s_buttons_arrive_as_actions(meeting: Meeting) -> None:
    remote = meeting.device("remote", Remote)
    remote.press("1")
    await meeting.hears("remote", action="on")
    remote.press("2")
    await meeting.hears("remote", action="off")


async def test_a_siren_warns_and_stops(meeting: Meeting) -> None:
    siren = meeting.device("siren", Siren)
    meeting.host.publish("siren/set", {"warning": {"mode": "burglar", "level": "high", "duration": 30}})
    await becomes(siren, lambda: siren.tone != 0)
    meeting.host.publish("siren/set", {"warning": {"mode": "stop", "duration": 0}})
    await becomes(siren, lambda: siren.tone == 0)


async def test_one_outlet_of_a_strip_is_switched(meeting: Meeting) -> None:
    strip = meeting.device("power_strip", PowerStrip)
    await meeting.sets("power_strip", state_2="ON")
    assert [outlet.on for outlet in strip.outlets] == [False, True, False]
    strip.outlets[2].switch(True)
    await meeting.hears("power_strip", state_3="ON")


async def test_a_group_is_switched_with_one_message(meeting: Meeting) -> None:
    host, plug, dimmer = meeting.host, meeting.device("plug", MeteringPlug), meeting.device("dimmer", Dimmer)
    await host.ask("group/add", {"friendly_name": "both"})
    for member in ("plug", "dimmer"):
        await host.ask("group/members/add", {"group": "both", "device": member})
    plug.switch(True)
    dimmer.switch(True)
    host.publish("both/set", {"state": "OFF"})
    await becomes(plug, lambda: not plug.on)
    await becomes(dimmer, lambda: not dimmer.on)
    await host.ask("group/members/remove", {"group": "both", "device": "plug"})
    host.publish("both/set", {"state": "ON"})
    await becomes(dimmer, lambda: dimmer.on)
    assert not plug.on


async def test_a_remote_is_bound_to_a_lamp_and_needs_nobody_else(meeting: Meeting) -> None:
    dimmer, remote = meeting.device("dimmer", Dimmer), meeting.device("remote", Remote)
    dimmer.switch(False)
    # Its bindings can be changed only while it listens.
    remote.press("2")
    await meeting.host.ask("device/bind", {"from": "remote", "to": "dimmer", "clusters": ["genOnOff"]})
    remote.press("1")
    await becomes(dimmer, lambda: dimmer.on)


async def test_the_network_is_drawn(meeting: Meeting) -> None:
    drawn = (await meeting.host.ask("networkmap", {"type": "raw", "routes": True}, timeout_s=60))["value"]
    assert {node["friendlyName"] for node in drawn["nodes"]} == {"Coordinator", *meeting.house.devices}
    assert all(not node["failed"] for node in drawn["nodes"] if node["type"] != "EndDevice")
    linked = {link["source"]["ieeeAddr"] for link in drawn["links"]}
    assert linked == {*meeting.house.names(), f"0x{meeting.house.network.memory.eui64:016x}"}


async def test_a_device_is_let_in_used_and_removed_again(meeting: Meeting) -> None:
    house, host, plug = meeting.house, meeting.host, PlainPlug()
    house.place("by hand", plug)
    await host.ask("permit_join", {"time": 250})
    house.network.press("by hand")
    name = f"0x{plug.eui64:016x}"
    await host.settles({name}, PAIRING_S)
    await meeting.sets(name, state="ON")
    assert plug.on
    plug.toggle()
    await meeting.hears(name, state="OFF")

    await host.ask("device/remove", {"id": name})
    async with asyncio.timeout(10):
        await plug.left.wait()
    assert house.network.node_of("by hand") is None


async def test_the_network_is_backed_up(meeting: Meeting) -> None:
    assert (await meeting.host.ask("backup", {}))["zip"]


async def test_no_command_was_malformed_and_no_frame_lost(meeting: Meeting) -> None:
    assert meeting.house.stick.malformed_commands == 0
    assert meeting.house.stick.lost_frames == 0


async def test_no_error_or_warning_in_its_log_is_ours(meeting: Meeting) -> None:
    ours = [line for line in meeting.host.problems() if not any(re.match(text, line) for text in NOT_OURS)]
    assert ours == []
