"""What devices say, byte for byte, and what it means for the home.

The bytes follow the reports' layouts in SDS13781 (application command classes) and the numbers in the Z-Wave Alliance's
list of notifications (SDS13713).
"""

import random
from typing import Any

import pytest

from drivers.zwave.capabilities.table import capabilities_of, said
from drivers.zwave.capabilities.translation import Pressed, Reading
from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.table import VERSIONS, decode
from drivers.zwave.node_record import EndPoint, Facts
from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.table import CAPABILITIES

BASIC, BINARY_SWITCH, MULTILEVEL_SWITCH, BINARY_SENSOR, SENSOR, METER = 0x20, 0x25, 0x26, 0x30, 0x31, 0x32
COLOR, THERMOSTAT_MODE, OPERATING_STATE, SETPOINT, FAN_MODE = 0x33, 0x40, 0x42, 0x43, 0x44
CENTRAL_SCENE, DOOR_LOCK, COVERING, CONFIGURATION, NOTIFICATION, BATTERY = 0x5B, 0x62, 0x6A, 0x70, 0x71, 0x80
SOUND_SWITCH = 0x79


def an_end_point(*command_classes: int, facts: dict[int, Facts] | None = None, generic: int = 0x10) -> EndPoint:
    versions = {number: VERSIONS.get(number, 1) for number in command_classes}
    return EndPoint(0, generic_class=generic, versions=versions, facts=dict(facts or {}))


def heard(end_point: EndPoint, text: str) -> dict[str, Any]:
    """The attributes that one report tells, each by the name of its capability."""
    values: dict[str, Any] = {}
    for item in said(decode(bytes.fromhex(text)), end_point):
        assert isinstance(item, Reading)
        values |= {f"{item.capability}.{name}": value for name, value in item.values.items()}
    return values


@pytest.mark.parametrize(
    ("command_class", "report", "expected"),
    [
        # Switches (SDS13781, Basic, Binary Switch, Multilevel Switch): 0xFF and 99 are all of it, 0xFE is unknown.
        (BASIC, "20 03 ff", {"on_off.on": True}),
        (BASIC, "20 03 00", {"on_off.on": False}),
        (BASIC, "20 03 fe", {"on_off.on": None}),
        (BINARY_SWITCH, "25 03 ff", {"on_off.on": True}),
        (BINARY_SWITCH, "25 03 00 ff 05", {"on_off.on": False}),
        (MULTILEVEL_SWITCH, "26 03 63", {"on_off.on": True, "level_control.level": 100}),
        (MULTILEVEL_SWITCH, "26 03 ff", {"on_off.on": True, "level_control.level": 100}),
        (MULTILEVEL_SWITCH, "26 03 00", {"on_off.on": False, "level_control.level": 0}),
        (MULTILEVEL_SWITCH, "26 03 01", {"on_off.on": True, "level_control.level": 1}),
        (MULTILEVEL_SWITCH, "26 03 fe", {"on_off.on": None, "level_control.level": None}),
        # Binary Sensor: the type is the second byte from version 2.
        (BINARY_SENSOR, "30 03 ff 0c", {"occupancy_sensing.occupied": True}),
        (BINARY_SENSOR, "30 03 00 0a", {"boolean_state.open": False}),
        (BINARY_SENSOR, "30 03 ff 0b", {"boolean_state.open": True}),
        (BINARY_SENSOR, "30 03 ff 06", {"boolean_state.leak": True}),
        (BINARY_SENSOR, "30 03 ff 08", {"boolean_state.tamper": True}),
        (BINARY_SENSOR, "30 03 ff 0d", {}),
        # Multilevel Sensor: type, then precision, scale and size, then the digits.
        (SENSOR, "31 05 01 22 00 d7", {"temperature_measurement.temperature": 21.5}),
        (SENSOR, "31 05 01 2a 02 a8", {"temperature_measurement.temperature": 20.0}),
        (SENSOR, "31 05 01 22 ff ce", {"temperature_measurement.temperature": -5.0}),
        (SENSOR, "31 05 03 0a 01 40", {"illuminance_measurement.illuminance": 320}),
        (SENSOR, "31 05 03 01 32", {}),
        (SENSOR, "31 05 05 01 3d", {"relative_humidity_measurement.humidity": 61}),
        (SENSOR, "31 05 05 09 09", {}),
        (SENSOR, "31 05 09 42 27 94", {"pressure_measurement.pressure": 1013.2}),
        (SENSOR, "31 05 09 4a 0b b0", {"pressure_measurement.pressure": 1013.21}),
        (SENSOR, "31 05 11 02 02 8a", {"concentration_measurement.co2": 650}),
        (SENSOR, "31 05 28 09 07", {"concentration_measurement.co_level": 7}),
        (SENSOR, "31 05 23 2a 00 7b", {"concentration_measurement.pm2_5": 12.3}),
        (SENSOR, "31 05 3b 09 15", {"concentration_measurement.pm10": 21}),
        (SENSOR, "31 05 27 6a 00 7b", {"concentration_measurement.voc": 123}),
        (SENSOR, "31 05 27 62 00 7b", {}),
        (SENSOR, "31 05 29 01 28", {"soil_measurement.soil_moisture": 40}),
        (SENSOR, "31 05 38 02 01 2c", {"flow_measurement.flow": 0.3}),
        # A scale that the list has not says nothing.
        (SENSOR, "31 05 01 12 00 15", {}),
        (SENSOR, "31 05 09 52 27 94", {}),
        (SENSOR, "31 05 08 5a 27 94", {}),
        (SENSOR, "31 05 0f 12 05 dc", {}),
        (SENSOR, "31 05 0f 02 00 e6", {"electrical_power_measurement.voltage": 230}),
        (SENSOR, "31 05 04 02 05 dc", {"electrical_power_measurement.power": 1500}),
        (SENSOR, "31 05 04 0a 05 dc", {}),
        (SENSOR, "31 05 0f 0a 05 dc", {"electrical_power_measurement.voltage": 1.5}),
        (SENSOR, "31 05 10 0a 00 fa", {"electrical_power_measurement.current": 0.25}),
        # Meter: rate type and meter type, then a number; kWh 0, W 2, V 4, A 5, power factor 6.
        (METER, "32 02 21 44 00 00 30 39 00 00", {"electrical_energy_measurement.energy": 123.45}),
        (METER, "32 02 41 44 00 00 30 39 00 00", {"electrical_energy_measurement.energy_exported": 123.45}),
        (METER, "32 02 21 32 02 58 00 00", {"electrical_power_measurement.power": 60.0}),
        (METER, "32 02 41 32 02 58 00 00", {"electrical_power_measurement.power": -60.0}),
        (METER, "32 02 a1 22 09 01 00 00", {"electrical_power_measurement.voltage": 230.5}),
        (METER, "32 02 a1 4a 00 1a 00 00", {"electrical_power_measurement.current": 0.26}),
        (METER, "32 02 a1 51 5f 00 00", {"electrical_power_measurement.power_factor": 0.95}),
        (METER, "32 02 22 44 00 00 30 39 00 00", {}),
        # Battery: 0xFF is the warning.
        (BATTERY, "80 03 55", {"power_source.battery": 85, "power_source.battery_low": False}),
        (BATTERY, "80 03 ff", {"power_source.battery": 0, "power_source.battery_low": True}),
        # From version 2 two bytes more: the charging status, replace soon (1) or now (2); then whether there is none.
        (
            BATTERY,
            "80 03 37 41 00",
            {"power_source.battery": 55, "power_source.battery_low": True, "power_source.charging": True},
        ),
        (
            BATTERY,
            "80 03 08 03 00",
            {"power_source.battery": 8, "power_source.battery_low": True, "power_source.charging": False},
        ),
        (
            BATTERY,
            "80 03 37 20 00",
            {"power_source.battery": 55, "power_source.battery_low": False, "power_source.charging": False},
        ),
        (
            BATTERY,
            "80 03 00 50 01",
            {"power_source.battery": None, "power_source.battery_low": False, "power_source.charging": None},
        ),
        # Thermostat.
        (THERMOSTAT_MODE, "40 03 01", {"thermostat.mode": "heat"}),
        (THERMOSTAT_MODE, "40 03 0a", {"thermostat.mode": "auto"}),
        (THERMOSTAT_MODE, "40 03 1f", {"thermostat.mode": None}),
        (SETPOINT, "43 03 01 22 00 d7", {"thermostat.heating_setpoint": 21.5}),
        (SETPOINT, "43 03 02 09 46", {"thermostat.cooling_setpoint": 21.11}),
        (SETPOINT, "43 03 07 01 14", {}),
        (SETPOINT, "43 03 01 11 14", {}),
        (OPERATING_STATE, "42 03 01", {"thermostat.running": "heating"}),
        (OPERATING_STATE, "42 03 00", {"thermostat.running": "idle"}),
        (FAN_MODE, "44 03 01", {"fan_control.fan_mode": "low"}),
        (FAN_MODE, "44 03 81", {"fan_control.fan_mode": "off"}),
        # Door Lock: 0xFF secured, 0xFE unknown; what is less than secured is not locked.
        (DOOR_LOCK, "62 03 ff 10 02 fe fe", {"door_lock.locked": True}),
        (DOOR_LOCK, "62 03 00 10 02 fe fe", {"door_lock.locked": False}),
        (DOOR_LOCK, "62 03 01 10 02 00 1e", {"door_lock.locked": False}),
        (DOOR_LOCK, "62 03 fe 10 02 fe fe", {"door_lock.locked": None}),
        # Sound Switch: the tone that plays, and from version 2 on how loud it is.
        (SOUND_SWITCH, "79 0a 03 32", {"on_off.on": True}),
        (SOUND_SWITCH, "79 0a 11", {"on_off.on": True}),
        (SOUND_SWITCH, "79 0a 00 00", {"on_off.on": False}),
    ],
)
def test_a_report_says_this_and_nothing_else(command_class: int, report: str, expected: dict[str, Any]) -> None:
    assert heard(an_end_point(command_class), report) == expected


LOCK_EVENTS = {NOTIFICATION: {"events": {"6": [1, 2, 3, 4, 5, 6, 9, 11]}}}
DOOR_EVENTS = {NOTIFICATION: {"events": {"6": [0x16, 0x17]}}}
MOTION_EVENTS = {NOTIFICATION: {"events": {"7": [3, 8]}}}
SMOKE_EVENTS = {NOTIFICATION: {"events": {"1": [2, 3]}}}
LEAK_EVENTS = {NOTIFICATION: {"events": {"5": [2]}}}
GAS_EVENTS = {NOTIFICATION: {"events": {"18": [1, 2, 4, 5]}}}
POWER_EVENTS = {NOTIFICATION: {"events": {"8": [2, 3, 10, 11, 12, 13]}}}
LOCKED = {"door_lock.locked": True, "door_lock.jammed": False}
UNLOCKED = {"door_lock.locked": False, "door_lock.jammed": False}
STUCK = {"door_lock.locked": False, "door_lock.jammed": True}


def notified(facts: dict[int, Facts], *event: int, status: int = 0xFF, parameters: bytes = b"") -> dict[str, Any]:
    """A Notification Report: type and event, and its parameters."""
    report = bytes((0x71, 0x05, 0, 0, 0, status, *event, len(parameters))) + parameters
    end_point = an_end_point(NOTIFICATION, facts=facts)
    values: dict[str, Any] = {}
    for item in said(decode(report), end_point):
        assert isinstance(item, Reading)
        values |= {f"{item.capability}.{name}": value for name, value in item.values.items()}
    return values


@pytest.mark.parametrize(
    ("facts", "event", "parameters", "expected"),
    [
        (LOCK_EVENTS, (6, 0x01), b"", LOCKED),
        (LOCK_EVENTS, (6, 0x02), b"", UNLOCKED),
        (LOCK_EVENTS, (6, 0x03), b"", LOCKED),
        (LOCK_EVENTS, (6, 0x04), b"", UNLOCKED),
        (LOCK_EVENTS, (6, 0x05), b"\x63\x03\x01", LOCKED),
        (LOCK_EVENTS, (6, 0x06), b"\x63\x03\x01", UNLOCKED),
        (LOCK_EVENTS, (6, 0x09), b"", LOCKED),
        (LOCK_EVENTS, (6, 0x07), b"", STUCK),
        (LOCK_EVENTS, (6, 0x0A), b"", STUCK),
        (LOCK_EVENTS, (6, 0x0B), b"", {"door_lock.jammed": True}),
        (LOCK_EVENTS, (6, 0x00), b"\x0b", {"door_lock.jammed": False}),
        (LOCK_EVENTS, (6, 0x00), b"\x01", {"door_lock.jammed": False}),
        (DOOR_EVENTS, (6, 0x16), b"", {"boolean_state.open": True}),
        (DOOR_EVENTS, (6, 0x16), b"\x01", {"boolean_state.open": True}),
        (DOOR_EVENTS, (6, 0x17), b"", {"boolean_state.open": False}),
        (DOOR_EVENTS, (6, 0x00), b"", {}),
        (DOOR_EVENTS, (6, 0x00), b"\x16", {}),
        (DOOR_EVENTS, (6, 0xFE), b"", {}),
        (MOTION_EVENTS, (7, 0x08), b"", {"occupancy_sensing.occupied": True}),
        (MOTION_EVENTS, (7, 0x00), b"\x08", {"occupancy_sensing.occupied": False}),
        (MOTION_EVENTS, (7, 0x00), b"\x03", {"boolean_state.tamper": False}),
        (MOTION_EVENTS, (7, 0x00), b"", {"occupancy_sensing.occupied": False, "boolean_state.tamper": False}),
        (MOTION_EVENTS, (7, 0x03), b"", {"boolean_state.tamper": True}),
        (MOTION_EVENTS, (7, 0x02), b"", {}),
        (MOTION_EVENTS, (7, 0x06), b"", {}),
        (SMOKE_EVENTS, (1, 0x02), b"", {"smoke_co_alarm.smoke": True}),
        (SMOKE_EVENTS, (1, 0x03), b"", {"smoke_co_alarm.test": True}),
        (SMOKE_EVENTS, (1, 0x00), b"\x03", {"smoke_co_alarm.test": False}),
        (SMOKE_EVENTS, (1, 0x00), b"", {"smoke_co_alarm.smoke": False, "smoke_co_alarm.test": False}),
        (GAS_EVENTS, (0x12, 0x01), b"", {"smoke_co_alarm.gas": True}),
        (GAS_EVENTS, (0x12, 0x02), b"", {"smoke_co_alarm.gas": True}),
        (GAS_EVENTS, (0x12, 0x04), b"", {}),
        (GAS_EVENTS, (0x12, 0x05), b"", {"smoke_co_alarm.test": True}),
        (GAS_EVENTS, (0x12, 0x00), b"\x02", {"smoke_co_alarm.gas": False}),
        (GAS_EVENTS, (0x12, 0x00), b"", {"smoke_co_alarm.gas": False, "smoke_co_alarm.test": False}),
        (LEAK_EVENTS, (5, 0x02), b"", {"boolean_state.leak": True}),
        (LEAK_EVENTS, (5, 0x00), b"", {"boolean_state.leak": False}),
        (POWER_EVENTS, (8, 0x02), b"", {"power_source.mains": False}),
        (POWER_EVENTS, (8, 0x03), b"", {"power_source.mains": True}),
        (POWER_EVENTS, (8, 0x0A), b"", {"power_source.battery_low": True}),
        (POWER_EVENTS, (8, 0x00), b"\x02", {}),
    ],
)
def test_a_notification_says_this_and_nothing_else(
    facts: dict[int, Facts], event: tuple[int, int], parameters: bytes, expected: dict[str, Any]
) -> None:
    assert notified(facts, *event, parameters=parameters) == expected


def test_an_empty_queue_of_notifications_says_nothing() -> None:
    """SDS13781, Notification Report: status 0xFE, whatever stands in the event."""
    assert notified(MOTION_EVENTS, 7, 0x08, status=0xFE) == {}


def test_the_alarms_of_version_1_are_their_makers_own() -> None:
    assert heard(an_end_point(NOTIFICATION), "71 05 15 01") == {}


def test_only_a_lock_that_sees_the_door_is_believed_about_it() -> None:
    assert heard(an_end_point(DOOR_LOCK, facts={DOOR_LOCK: {"door": True}}), "62 03 ff 10 00 fe fe") == {
        "door_lock.locked": True,
        "door_lock.door_open": True,
    }


def test_a_color_is_known_when_all_three_components_are() -> None:
    lamp = an_end_point(COLOR, facts={COLOR: {"components": [0, 1, 2, 3, 4]}})
    assert heard(lamp, "33 04 02 00") == {}
    assert heard(lamp, "33 04 03 ff") == {}
    assert heard(lamp, "33 04 04 00") == {"color_control.hue": 120, "color_control.saturation": 100}
    assert heard(lamp, "33 04 00 ff") == {}
    assert heard(lamp, "33 04 01 00") == {"color_control.color_temperature": 2700}


@pytest.mark.parametrize(("level", "tilt"), [("00", 0), ("32", 100), ("63", 2), ("19", 50), ("4b", 50)])
def test_slats_are_open_in_the_middle_and_closed_at_both_ends(level: str, tilt: float) -> None:
    blind = an_end_point(COVERING, facts={COVERING: {"parameters": [13, 23]}})
    assert heard(blind, f"6a 04 17 {level} {level} 00") == {"window_covering.tilt": tilt}


def test_a_blind_on_its_way_says_so() -> None:
    blind = an_end_point(COVERING, facts={COVERING: {"parameters": [13]}})
    assert heard(blind, "6a 04 0d 00 63 14") == {"window_covering.position": 0, "window_covering.moving": True}


def test_a_button_says_how_it_was_pressed_and_for_how_long_a_hold_holds() -> None:
    remote = an_end_point(CENTRAL_SCENE)
    presses = [
        said(decode(bytes.fromhex(text)), remote)
        for text in ("5b 03 01 00 02", "5b 03 02 02 02", "5b 03 03 82 02", "5b 03 04 01 02", "5b 03 05 03 01")
    ]
    assert presses == [
        [Pressed(2, Press.SINGLE, 1)],
        [Pressed(2, Press.HOLD, 2, 0.4)],
        [Pressed(2, Press.HOLD, 3, 60.0)],
        [Pressed(2, Press.RELEASE, 4)],
        [Pressed(1, Press.DOUBLE, 5)],
    ]


def test_basic_speaks_for_the_class_that_is_the_devices_own() -> None:
    # SDS13781, Basic: a report of what the device class maps it to; 99 and 0xFF are all of it, 0xFE is unknown.
    assert heard(an_end_point(BASIC, BINARY_SWITCH, generic=0x10), "20 03 ff") == {"on_off.on": True}
    assert heard(an_end_point(BASIC, BINARY_SWITCH, generic=0x10), "20 03 fe") == {"on_off.on": None}
    dimmer = an_end_point(MULTILEVEL_SWITCH, generic=0x11)
    assert heard(dimmer, "20 03 28") == {"on_off.on": True, "level_control.level": 40}
    blind = EndPoint(0, generic_class=0x11, specific_class=0x06, versions={MULTILEVEL_SWITCH: 1})
    assert heard(blind, "20 03 63") == {"window_covering.position": 100, "window_covering.moving": None}
    assert heard(an_end_point(BINARY_SENSOR, generic=0x20), "20 03 ff") == {"occupancy_sensing.occupied": True}


def test_a_sensor_that_switches_us_on_has_detected_something_and_a_switch_has_not_changed() -> None:
    door = an_end_point(BINARY_SENSOR, generic=0x20, facts={BINARY_SENSOR: {"types": [0x08, 0x0A]}})
    assert heard(door, "20 01 ff") == {"boolean_state.open": True}
    assert heard(door, "20 01 00") == {"boolean_state.open": False}
    assert heard(an_end_point(BASIC, BINARY_SWITCH, generic=0x10), "20 01 ff") == {}


def test_basic_says_nothing_where_another_class_says_it() -> None:
    assert heard(an_end_point(BASIC, THERMOSTAT_MODE, BINARY_SWITCH, generic=0x08), "20 03 ff") == {}
    assert heard(an_end_point(BASIC, CENTRAL_SCENE), "20 01 ff") == {}


def test_the_levels_of_what_has_window_covering_are_positions() -> None:
    facts: dict[int, Facts] = {COVERING: {"parameters": [13]}}
    covering = an_end_point(COVERING, MULTILEVEL_SWITCH, generic=0x11, facts=facts)
    assert heard(covering, "26 03 32") == {"window_covering.position": 50, "window_covering.moving": None}
    assert capabilities_of(covering) == ("window_covering",)


def test_a_meter_that_cannot_list_its_scales_has_those_that_it_reports() -> None:
    # SDS13781, Meter, version 1: type, then precision, scale and size, then the digits.
    plug = an_end_point(METER)
    assert capabilities_of(plug) == ("electrical_energy_measurement",)
    assert heard(plug, "32 02 01 32 02 58") == {"electrical_power_measurement.power": 60.0}
    assert capabilities_of(plug) == ("electrical_power_measurement",)


def test_an_unsigned_parameter_is_read_as_such() -> None:
    facts = {CONFIGURATION: {"parameters": {"1": {"size": 1, "unsigned": True, "read_only": False}}}}
    assert heard(an_end_point(CONFIGURATION, facts=facts), "70 06 01 01 c8") == {"configuration.parameter_1": 200}
    assert heard(an_end_point(CONFIGURATION), "70 06 02 01 c8") == {"configuration.parameter_2": -56}


FULL: dict[int, Facts] = {
    SENSOR: {"scales": {str(kind): [0, 1] for kind in range(1, 40)}},
    NOTIFICATION: {"events": {str(kind): [] for kind in range(1, 20)}},
    COLOR: {"components": list(range(5))},
    COVERING: {"parameters": list(range(24))},
    DOOR_LOCK: {"door": True},
}


@pytest.mark.parametrize("command_class", sorted(VERSIONS))
def test_no_bytes_whatever_make_an_attribute_that_does_not_exist(command_class: int) -> None:
    """And none raise. Values out of bounds are the home's to refuse: numbers only, a word or a flag is always one."""
    rng = random.Random(command_class)
    end_point = an_end_point(*(VERSIONS.keys() - {BINARY_SWITCH, MULTILEVEL_SWITCH}), facts=FULL)
    for _ in range(300):
        data = bytes((command_class, rng.randrange(16))) + rng.randbytes(rng.randrange(12))
        try:
            items = said(decode(data), end_point)
        except MalformedCommand:
            continue
        for item in items:
            if isinstance(item, Reading):
                known = CAPABILITIES[item.capability].by_name
                for name, value in item.values.items():
                    if name in known and type(value) not in (int, float):
                        known[name].check(value)
                    assert name in known or name.startswith("parameter_"), name


def test_what_sounds_on_something_that_is_switched_does_not_say_that_it_is_on() -> None:
    assert heard(an_end_point(SOUND_SWITCH, BINARY_SWITCH), "79 0a 03 32") == {}
