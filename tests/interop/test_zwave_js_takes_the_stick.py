"""The real zwave-js takes the simulated stick, and every simulated device behind it, for real ones.

One zwave-js serves all tests here: it takes seconds to start, and is meant to run for long.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
import pytest_asyncio

from simulators.devices.blind import Blind
from simulators.devices.device import Device
from simulators.devices.dimmer import BLUE, ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.room_air import ClimateSensor
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Mode, Thermostat
from tests.interop.household import Household, every_device, household
from tests.interop.told_process import Event
from tests.interop.zwave_js.host import ZwaveJs, zwave_js_on

pytestmark = [pytest.mark.interop, pytest.mark.real_time, pytest.mark.asyncio(loop_scope="module")]

SUCCESS, SUCCESS_UNSUPERVISED, WORKING = 255, 254, 1
"""zwave-js' SetValueStatus."""

NOT_OURS = {
    # The simulated devices are of no real maker (0xFFFF), so they are in nobody's database.
    "warn: No device config found",
    # Long Range is not kept here, and zwave-js was given no keys for it.
    "warn: No network key for Z-Wave Long Range configured, communication won't work!",
    # zwave-js looks up the end point of every capability report, while the interview that makes it known still runs.
    "error: Node {strip}, Endpoint 1: Trying to access endpoint instance before Multi Channel interview",
    # The siren, whose plug was pulled.
    "warn: The node did not respond after 1 attempts, it is presumed dead",
}

_D = TypeVar("_D", bound=Device)


@dataclass(slots=True)
class Meeting:
    house: Household
    host: ZwaveJs

    def device(self, name: str, kind: type[_D]) -> _D:
        device = self.house.devices[name]
        assert isinstance(device, kind)
        return device

    async def sets(self, name: str, value: Any, **value_id: Any) -> None:
        """zwave-js sets a value, and the device says that it took it."""
        self.host.forget_events()
        result = await self.host.call("setValue", node=self.house.id_of(name), valueId=value_id, value=value)
        assert result["status"] in (SUCCESS, SUCCESS_UNSUPERVISED, WORKING), result

    async def polls(self, name: str, **value_id: Any) -> Any:
        return await self.host.call("pollValue", node=self.house.id_of(name), valueId=value_id)

    async def hears(self, name: str, value: Any, event: str = "value", **value_id: Any) -> Event:
        """zwave-js takes note of a report that has this value."""
        like = {"event": event, "node": self.house.id_of(name), **value_id}
        return await self.host.happens(where=lambda it: value in (it.get("newValue"), it.get("value")), **like)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def meeting(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Meeting]:
    """All devices are interviewed; the sleeping one is woken for it when zwave-js has time for it."""
    async with household(every_device()) as house, zwave_js_on(house.url, tmp_path_factory.mktemp("zwave_js")) as host:
        await host.happens(event="driver ready")
        interviewed: dict[str, Event] = {
            name: {"event": "interviewed", "node": house.id_of(name)} for name in house.devices
        }
        await host.all_happen([event for name, event in interviewed.items() if name != "door"])
        house.nodes["door"].wake()
        house.network.press("door")
        await host.happens(**interviewed["door"])
        yield Meeting(house, host)


async def test_every_device_is_interviewed_to_completion(meeting: Meeting) -> None:
    nodes = {node["node"]: node for node in await meeting.host.call("nodes")}
    assert set(nodes) == {1} | {meeting.house.id_of(name) for name in meeting.house.devices}
    for name in meeting.house.devices:
        node = nodes[meeting.house.id_of(name)]
        assert node["stage"] == "Complete", name
        info = meeting.house.nodes[name].info
        assert node["generic"] == info.generic_class, name
        # SDS13781, Window Covering: who controls a node by it leaves Multilevel Switch alone.
        expected = set(info.command_classes) - ({0x26} if 0x6A in info.command_classes else set())
        assert expected <= set(node["commandClasses"]), name


async def test_the_controller_is_what_it_says(meeting: Meeting) -> None:
    controller = await meeting.host.call("controller")
    assert controller == {
        "homeId": meeting.house.network.memory.home_id,
        "ownNodeId": 1,
        "sdkVersion": "7.19.3",
        "region": 0,
    }


async def test_a_switch_is_switched_and_reports_what_a_hand_does(meeting: Meeting) -> None:
    switch = meeting.device("switch", Switch)
    await meeting.sets("switch", True, commandClass=0x25, property="targetValue")
    await meeting.hears("switch", True, commandClass=0x25, property="currentValue")
    assert switch.on
    switch.switch(False)
    await meeting.hears("switch", False, commandClass=0x25, property="currentValue")


async def test_a_dimmer_takes_a_level(meeting: Meeting) -> None:
    await meeting.sets("dimmer", 40, commandClass=0x26, property="targetValue")
    await meeting.hears("dimmer", 40, commandClass=0x26, property="currentValue")
    assert round(meeting.device("dimmer", Dimmer).level) == 40


async def test_a_lamp_takes_a_colour(meeting: Meeting) -> None:
    await meeting.sets("color_lamp", {"red": 0, "green": 0, "blue": 255}, commandClass=0x33, property="targetColor")
    await meeting.hears("color_lamp", 255, commandClass=0x33, property="currentColor", propertyKey=4)
    assert meeting.device("color_lamp", ColorLamp).component(BLUE).target == 255


async def test_a_blind_moves_and_says_where_it_is(meeting: Meeting) -> None:
    await meeting.sets("blind", 0, commandClass=0x6A, property="targetValue", propertyKey=13)
    await meeting.hears("blind", 0, commandClass=0x6A, property="currentValue", propertyKey=13)
    assert meeting.device("blind", Blind).position == 0


async def test_a_lock_unlocks_and_reports_what_a_hand_does(meeting: Meeting) -> None:
    lock = meeting.device("lock", Lock)
    await meeting.sets("lock", 0, commandClass=0x62, property="targetMode")
    await meeting.hears("lock", 0, commandClass=0x62, property="currentMode")
    assert not lock.locked
    lock.turn(True)
    await meeting.hears("lock", 255, commandClass=0x62, property="currentMode")


async def test_a_thermostat_takes_a_mode_and_a_setpoint(meeting: Meeting) -> None:
    thermostat = meeting.device("thermostat", Thermostat)
    await meeting.sets("thermostat", 22.5, commandClass=0x43, property="setpoint", propertyKey=1)
    await meeting.hears("thermostat", 22.5, commandClass=0x43, property="setpoint", propertyKey=1)
    assert thermostat.setpoints[Mode.HEAT] == 22.5
    await meeting.sets("thermostat", 0, commandClass=0x40, property="mode")
    await meeting.hears("thermostat", 0, commandClass=0x40, property="mode")
    assert thermostat.mode is Mode.OFF


async def test_motion_is_reported(meeting: Meeting) -> None:
    meeting.device("motion", MotionSensor).see_motion()
    await meeting.hears("motion", 8, commandClass=0x71, property="Home Security", propertyKey="Motion sensor status")


async def test_a_sleeping_door_sensor_reports_that_the_door_is_open(meeting: Meeting) -> None:
    meeting.device("door", DoorSensor).set_open(True)
    await meeting.hears("door", 22, commandClass=0x71, property="Access Control", propertyKey="Door state (simple)")


async def test_a_climate_sensor_is_read_and_reports(meeting: Meeting) -> None:
    sensor = meeting.device("climate", ClimateSensor)
    assert await meeting.polls("climate", commandClass=0x31, property="Humidity") == sensor.humidity
    sensor.warm_to(24.5)
    await meeting.hears("climate", 24.5, commandClass=0x31, property="Air temperature")


async def test_a_leak_is_reported(meeting: Meeting) -> None:
    meeting.device("leak", LeakSensor).set_wet(True)
    await meeting.hears("leak", 2, commandClass=0x71, property="Water Alarm", propertyKey="Sensor status")


async def test_smoke_is_reported(meeting: Meeting) -> None:
    meeting.device("smoke", SmokeAlarm).set_smoke(True)
    await meeting.hears("smoke", 2, commandClass=0x71, property="Smoke Alarm", propertyKey="Sensor status")


async def test_a_plug_is_switched_and_its_power_read(meeting: Meeting) -> None:
    plug = meeting.device("plug", MeteringPlug)
    await meeting.sets("plug", True, commandClass=0x25, property="targetValue")
    await meeting.hears("plug", True, commandClass=0x25, property="currentValue")
    assert plug.on
    # zwave-js' key of the electric meter (1) in watts (2), consumed (1).
    assert await meeting.polls("plug", commandClass=0x32, property="value", propertyKey=66049) == plug.power_w


async def test_a_remote_s_buttons_arrive_as_scenes(meeting: Meeting) -> None:
    meeting.device("remote", Remote).press("2")
    await meeting.hears("remote", 0, event="value notification", commandClass=0x5B, property="scene", propertyKey="002")


async def test_a_siren_plays_a_tone(meeting: Meeting) -> None:
    siren = meeting.device("siren", Siren)
    await meeting.sets("siren", 1, commandClass=0x79, property="toneId")
    await meeting.hears("siren", 1, commandClass=0x79, property="toneId")
    assert siren.tone == 1


async def test_one_outlet_of_a_strip_is_switched(meeting: Meeting) -> None:
    strip = meeting.device("strip", PowerStrip)
    await meeting.sets("strip", True, commandClass=0x25, property="targetValue", endpoint=2)
    await meeting.hears("strip", True, commandClass=0x25, property="currentValue", endpoint=2)
    assert [outlet.on for outlet in strip.outlets] == [False, True, False]


async def test_a_repeater_answers_a_ping(meeting: Meeting) -> None:
    assert await meeting.host.call("ping", node=meeting.house.id_of("repeater")) is True


async def test_routes_are_rebuilt(meeting: Meeting) -> None:
    house = meeting.house
    node_id = house.id_of("dimmer")
    assert await meeting.host.call("rebuildNodeRoutes", node=node_id) is True
    neighbors = await meeting.host.call("neighbors", node=node_id)
    listening = {house.id_of(name) for name, node in house.nodes.items() if node.info.listening}
    assert set(neighbors) == listening - {node_id} | {1}


async def test_a_device_is_included_used_and_excluded_again(meeting: Meeting) -> None:
    house, host = meeting.house, meeting.host
    house.place("new", Switch())
    host.forget_events()
    assert await host.call("beginInclusion") is True
    house.network.press("new")
    added = await host.happens(event="node added")
    assert added["node"] == house.id_of("new")
    await host.happens(event="interviewed", node=added["node"])
    await meeting.sets("new", True, commandClass=0x25, property="targetValue")
    await meeting.hears("new", True, commandClass=0x25, property="currentValue")

    host.forget_events()
    assert await host.call("beginExclusion") is True
    house.network.press("new")
    removed = await host.happens(event="node removed")
    assert removed["node"] == added["node"]
    assert house.network.node_of("new") is None
    assert house.nodes["new"].node_id is None


async def test_an_inclusion_that_nobody_comes_to_is_stopped(meeting: Meeting) -> None:
    assert await meeting.host.call("beginInclusion") is True
    assert await meeting.host.call("stopInclusion") is True
    assert await meeting.host.call("beginExclusion") is True
    assert await meeting.host.call("stopExclusion") is True


async def test_a_failed_node_is_removed(meeting: Meeting) -> None:
    house, host = meeting.house, meeting.host
    node_id = house.id_of("siren")
    house.network.cut_power("siren")
    assert await host.call("ping", node=node_id) is False
    host.forget_events()
    await host.call("removeFailedNode", node=node_id)
    assert (await host.happens(event="node removed"))["node"] == node_id
    assert house.network.node_of("siren") is None


async def test_a_soft_reset_is_survived(meeting: Meeting) -> None:
    await meeting.host.call("softReset")
    await meeting.sets("switch", True, commandClass=0x25, property="targetValue")
    assert meeting.device("switch", Switch).on


async def test_no_frame_was_lost_and_no_request_was_malformed(meeting: Meeting) -> None:
    assert meeting.house.stick.malformed_requests == 0
    assert meeting.house.stick.lost_frames == 0


async def test_no_error_or_warning_in_its_log_is_ours(meeting: Meeting) -> None:
    not_ours = {text.format(strip=meeting.house.id_of("strip")) for text in NOT_OURS}
    assert set(await meeting.host.call("problems")) - not_ours == set()
