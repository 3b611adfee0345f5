"""The real bellows and zigpy take the simulated Zigbee dongle, and every simulated device behind it, for real ones.

One bellows serves all tests here. zigpy alone binds nothing, configures no reports and enrolls no zone: each test asks
for what it needs, and so knows what the device answered.
"""

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
from tests.interop.told_process import Event
from tests.interop.zigbee_household import ZigbeeHousehold, becomes, zigbee_household
from tests.interop.zigpy_bellows.host import Bellows, started

pytestmark = [pytest.mark.interop, pytest.mark.real_time, pytest.mark.asyncio(loop_scope="module")]

PAIRING_S = 60.0
SUCCESS = 0
ON_OFF, LEVEL, COLOR = 0x0006, 0x0008, 0x0300
POWER, DOOR_LOCK, COVERING, THERMOSTAT = 0x0001, 0x0101, 0x0102, 0x0201
TEMPERATURE, HUMIDITY, OCCUPANCY, ZONE, WARNING, ELECTRICITY = 0x0402, 0x0405, 0x0406, 0x0500, 0x0502, 0x0B04
POLL_CONTROL = 0x0020
ZONE_ID = 23
GROUP = 0x1234

_D = TypeVar("_D", bound=Device)


@dataclass(slots=True)
class Meeting:
    house: ZigbeeHousehold
    host: Bellows

    def device(self, name: str, kind: type[_D]) -> _D:
        device = self.house.devices[name]
        assert isinstance(device, kind)
        return device

    def ieee(self, name: str) -> str:
        return ":".join(f"{byte:02x}" for byte in self.house.nodes[name].eui64.to_bytes(8, "big"))

    def at(self, name: str, cluster: int, endpoint: int = 1, **more: Any) -> dict[str, Any]:
        return {"ieee": self.ieee(name), "endpoint": endpoint, "cluster": cluster, **more}

    async def sends(self, name: str, cluster: int, command: str, endpoint: int = 1, **arguments: Any) -> Any:
        """A command that the device takes."""
        answer = await self.host.call(
            "command", command=command, arguments=arguments, **self.at(name, cluster, endpoint)
        )
        assert answer is None or answer.get("status", SUCCESS) == SUCCESS, answer
        return answer

    async def reads(self, name: str, cluster: int, *attributes: str) -> dict[str, Any]:
        read: dict[str, Any] = await self.host.call("read", attributes=attributes, **self.at(name, cluster))
        return read

    async def wants_reports(self, name: str, cluster: int, attribute: str, change: int = 1) -> None:
        """Bind and configure, and see that the device kept it."""
        assert await self.host.call("bind", **self.at(name, cluster)) == SUCCESS
        place = self.at(name, cluster, attribute=attribute)
        assert await self.host.call("configure", min_s=0, max_s=900, change=change, **place) == [SUCCESS]
        assert await self.host.call("reporting", **place) == {"status": SUCCESS, "min_s": 0, "max_s": 900}
        self.host.forget_events()

    async def hears(self, name: str, attribute: str, value: Any) -> None:
        await self.host.happens(event="report", ieee=self.ieee(name), attribute=attribute, value=value)

    async def enrolls(self, name: str) -> None:
        """ZCL8, 8.2.2.2.3: trip-to-pair."""
        own = (await self.host.call("network"))["ieee"]
        self.host.forget_events()
        assert await self.host.call("write", values={"cie_addr": own}, **self.at(name, ZONE)) == [SUCCESS]
        await self.host.happens(event="command", ieee=self.ieee(name), cluster=ZONE, command=1)
        await self.sends(name, ZONE, "enroll_response", enroll_response_code=0, zone_id=ZONE_ID)
        assert await self.reads(name, ZONE, "zone_state", "zone_id") == {"zone_state": 1, "zone_id": ZONE_ID}

    async def hears_of_zone(self, name: str, alarm: bool) -> None:
        event = await self.host.happens(event="command", ieee=self.ieee(name), cluster=ZONE, command=0)
        status, extended, zone_id, _ = event["arguments"]
        assert (status & 1, extended, zone_id) == (alarm, 0, ZONE_ID)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def meeting(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Meeting]:
    """Everything is paired and interviewed."""
    folder = tmp_path_factory.mktemp("bellows")
    async with zigbee_household(PtyCable(folder / "port"), kinds=True) as house, started(house.address, folder) as host:
        meeting = Meeting(house, host)
        await host.call("permit", seconds=250)
        wanted: list[Event] = []
        for name in house.devices:
            house.network.press(name)
            wanted.append({"event": "initialized", "ieee": meeting.ieee(name)})
        await host.all_happen(wanted, PAIRING_S)
        yield meeting


async def test_every_device_is_known_by_what_it_is(meeting: Meeting) -> None:
    devices = await meeting.host.call("devices")
    own = (await meeting.host.call("network"))["ieee"]
    assert set(devices) == {own, *(meeting.ieee(name) for name in meeting.house.devices)}
    for name, device in meeting.house.devices.items():
        found = devices[meeting.ieee(name)]
        assert found["initialized"], name
        assert (found["manufacturer"], found["model"]) == ("hubagent", f"hubagent.{name}")
        assert found["nwk"] == meeting.house.network.node_of(name), name
        assert found["mains"] is found["router"] is (device.battery is None), name
        assert {endpoint["profile"] for endpoint in found["endpoints"].values()} == {0x0104}, name


async def test_a_switch_is_switched_and_reports_what_a_hand_does(meeting: Meeting) -> None:
    switch = meeting.device("switch", Switch)
    await meeting.wants_reports("switch", ON_OFF, "on_off")
    await meeting.sends("switch", ON_OFF, "on")
    assert switch.on
    await meeting.hears("switch", "on_off", True)
    switch.switch(False)
    await meeting.hears("switch", "on_off", False)


async def test_a_dimmer_takes_a_level_and_reports_what_a_hand_does(meeting: Meeting) -> None:
    dimmer = meeting.device("dimmer", Dimmer)
    await meeting.wants_reports("dimmer", LEVEL, "current_level")
    await meeting.sends("dimmer", LEVEL, "move_to_level_with_on_off", level=102, transition_time=0)
    assert round(dimmer.level) == 40
    await meeting.hears("dimmer", "current_level", 102)
    dimmer.go_to(80)
    await meeting.hears("dimmer", "current_level", 203)


async def test_a_lamp_takes_a_colour_and_a_colour_temperature(meeting: Meeting) -> None:
    lamp = meeting.device("rgbw_lamp", ColorLamp)
    await meeting.sends("rgbw_lamp", ON_OFF, "on")
    await meeting.sends("rgbw_lamp", COLOR, "move_to_hue_and_saturation", hue=169, saturation=254, transition_time=0)
    assert lamp.component(BLUE).target > lamp.component(RED).target
    await meeting.sends("rgbw_lamp", COLOR, "move_to_color_temp", color_temp_mireds=300, transition_time=0)
    read = await meeting.reads("rgbw_lamp", COLOR, "color_temperature", "color_mode")
    assert read == {"color_temperature": 300, "color_mode": 2}


async def test_a_blind_moves_and_says_where_it_is(meeting: Meeting) -> None:
    await meeting.wants_reports("blind", COVERING, "current_position_lift_percentage")
    await meeting.sends("blind", COVERING, "down_close")
    await meeting.hears("blind", "current_position_lift_percentage", 100)
    assert meeting.device("blind", Blind).position == 0
    await meeting.sends("blind", COVERING, "go_to_lift_percentage", percentage_lift_value=30)
    await meeting.hears("blind", "current_position_lift_percentage", 30)


async def test_a_lock_unlocks_and_reports_what_a_hand_does(meeting: Meeting) -> None:
    lock = meeting.device("lock", Lock)
    await meeting.wants_reports("lock", DOOR_LOCK, "lock_state")
    await meeting.sends("lock", DOOR_LOCK, "unlock_door")
    await meeting.hears("lock", "lock_state", 2)
    assert not lock.locked
    lock.turn(True)
    await meeting.hears("lock", "lock_state", 1)


async def test_a_thermostat_takes_a_mode_and_a_setpoint(meeting: Meeting) -> None:
    thermostat = meeting.device("thermostat", Thermostat)
    await meeting.wants_reports("thermostat", THERMOSTAT, "occupied_heating_setpoint")
    place = meeting.at("thermostat", THERMOSTAT)
    assert await meeting.host.call("write", values={"occupied_heating_setpoint": 2250}, **place) == [SUCCESS]
    assert thermostat.setpoints[Mode.HEAT] == 22.5
    assert await meeting.host.call("write", values={"system_mode": 0}, **place) == [SUCCESS]
    assert thermostat.mode is Mode.OFF
    thermostat.set_setpoint(19.0, Mode.HEAT)
    await meeting.hears("thermostat", "occupied_heating_setpoint", 1900)


async def test_motion_is_reported_and_that_it_is_over(meeting: Meeting) -> None:
    await meeting.wants_reports("motion", OCCUPANCY, "occupancy")
    meeting.device("motion", MotionSensor).see_motion()
    await meeting.hears("motion", "occupancy", 1)
    await meeting.hears("motion", "occupancy", 0)


async def test_a_sleeping_door_sensor_is_enrolled_and_reports_that_the_door_is_open(meeting: Meeting) -> None:
    door = meeting.device("door", DoorSensor)
    await meeting.enrolls("door")
    door.set_open(True)
    await meeting.hears_of_zone("door", True)
    door.set_open(False)
    await meeting.hears_of_zone("door", False)


async def test_a_leak_and_smoke_are_reported(meeting: Meeting) -> None:
    await meeting.enrolls("leak")
    meeting.device("leak", LeakSensor).set_wet(True)
    await meeting.hears_of_zone("leak", True)
    await meeting.enrolls("smoke")
    meeting.device("smoke", SmokeAlarm).set_smoke(True)
    await meeting.hears_of_zone("smoke", True)


async def test_a_climate_sensor_is_read_and_reports(meeting: Meeting) -> None:
    sensor = meeting.device("climate", ClimateSensor)
    assert await meeting.reads("climate", HUMIDITY, "measured_value") == {"measured_value": sensor.humidity * 100}
    await meeting.wants_reports("climate", TEMPERATURE, "measured_value", change=10)
    sensor.warm_to(24.5)
    await meeting.hears("climate", "measured_value", 2450)


async def test_a_plug_is_switched_and_its_power_reported(meeting: Meeting) -> None:
    plug = meeting.device("plug", MeteringPlug)
    await meeting.wants_reports("plug", ELECTRICITY, "active_power")
    await meeting.sends("plug", ON_OFF, "on")
    assert plug.on
    divisor = await meeting.reads("plug", ELECTRICITY, "ac_power_divisor")
    await meeting.hears("plug", "active_power", round(plug.power_w * divisor["ac_power_divisor"]))


async def test_a_remote_commands_what_it_is_bound_to(meeting: Meeting) -> None:
    remote = meeting.device("remote", Remote)
    # Its bindings can be changed only while it listens.
    remote.press("4")
    for cluster in (ON_OFF, LEVEL):
        assert await meeting.host.call("bind", **meeting.at("remote", cluster, output=True)) == SUCCESS
    for button, command in (("1", 1), ("2", 0)):
        remote.press(button)
        await meeting.host.happens(event="command", ieee=meeting.ieee("remote"), cluster=ON_OFF, command=command)
    remote.press("3")
    event = await meeting.host.happens(event="command", ieee=meeting.ieee("remote"), cluster=LEVEL)
    assert event["command"] in (2, 6)


async def test_a_sleeping_device_says_how_full_its_battery_is_and_how_often_it_listens(meeting: Meeting) -> None:
    door = meeting.device("door", DoorSensor)
    door.discharge_to(42)
    assert await meeting.reads("door", POWER, "battery_percentage_remaining") == {"battery_percentage_remaining": 84}
    read = await meeting.reads("door", POLL_CONTROL, "checkin_interval", "long_poll_interval")
    assert read["checkin_interval"] >= read["long_poll_interval"] > 0


async def test_a_siren_warns_and_stops(meeting: Meeting) -> None:
    siren = meeting.device("siren", Siren)
    warning = {"strobe_duty_cycle": 0, "strobe_level": 0}
    await meeting.sends("siren", WARNING, "start_warning", warning=0x13, warning_duration=30, **warning)
    await becomes(siren, lambda: siren.tone != 0)
    await meeting.sends("siren", WARNING, "start_warning", warning=0x00, warning_duration=0, **warning)
    await becomes(siren, lambda: siren.tone == 0)


async def test_one_outlet_of_a_strip_is_switched(meeting: Meeting) -> None:
    strip = meeting.device("power_strip", PowerStrip)
    await meeting.sends("power_strip", ON_OFF, "on", endpoint=2)
    assert [outlet.on for outlet in strip.outlets] == [False, True, False]


async def test_a_group_is_switched_with_one_message(meeting: Meeting) -> None:
    plug, dimmer = meeting.device("plug", MeteringPlug), meeting.device("dimmer", Dimmer)
    for name in ("plug", "dimmer"):
        assert await meeting.host.call("join_group", group=GROUP, ieee=meeting.ieee(name), endpoint=1) == SUCCESS
    plug.switch(True)
    dimmer.switch(True)
    await meeting.host.call("group_command", group=GROUP, cluster=ON_OFF, command="off")
    await becomes(plug, lambda: not plug.on)
    await becomes(dimmer, lambda: not dimmer.on)
    assert await meeting.host.call("leave_group", group=GROUP, ieee=meeting.ieee("plug"), endpoint=1) == SUCCESS
    await meeting.host.call("group_command", group=GROUP, cluster=ON_OFF, command="on")
    await becomes(dimmer, lambda: dimmer.on)
    assert not plug.on


async def test_routers_say_whom_they_hear(meeting: Meeting) -> None:
    own = (await meeting.host.call("network"))["ieee"]
    everybody = {own, *(meeting.ieee(name) for name in meeting.house.devices)}
    heard: set[str] = set()
    for name, device in meeting.house.devices.items():
        if device.battery is None:
            heard |= {it["ieee"] for it in await meeting.host.call("neighbours", ieee=meeting.ieee(name))}
    assert heard <= everybody
    assert own in heard


async def test_a_device_comes_back_with_another_address_and_is_the_same(meeting: Meeting) -> None:
    before = meeting.house.network.node_of("switch")
    meeting.host.forget_events()
    meeting.house.network.rejoin("switch")
    joined = await meeting.host.happens(event="joined", ieee=meeting.ieee("switch"))
    await meeting.host.happens(event="initialized", ieee=meeting.ieee("switch"))
    assert joined["nwk"] == meeting.house.network.node_of("switch") != before
    await meeting.sends("switch", ON_OFF, "on")
    assert meeting.device("switch", Switch).on


async def test_no_command_was_malformed_and_no_frame_lost(meeting: Meeting) -> None:
    assert meeting.house.stick.malformed_commands == 0
    assert meeting.house.stick.lost_frames == 0


async def test_there_is_no_error_or_warning_in_its_log(meeting: Meeting) -> None:
    assert await meeting.host.call("problems") == []
