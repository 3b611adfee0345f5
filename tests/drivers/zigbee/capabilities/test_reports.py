"""What devices report, byte for byte, and what it means for the home.

Payloads of Report Attributes (ZCL8 §2.5.11): attribute, data type, value, all of them little-endian.
"""

from typing import Any

import pytest

from drivers.zigbee.capabilities.colors import hue_saturation_of, xy_of
from drivers.zigbee.capabilities.switches import level_of, percent_of
from drivers.zigbee.capabilities.table import capabilities_of
from drivers.zigbee.capabilities.translation import Reading
from drivers.zigbee.node_record import Stage
from drivers.zigbee.zcl.clusters.level_control import LEVEL_MAX
from hubagent.model.capabilities.table import CAPABILITIES
from tests.drivers.zigbee.capabilities.nodes import (
    CO2,
    COLOR,
    COVERING,
    DOOR_LOCK,
    ELECTRICAL,
    FAN,
    FLOW,
    FORMALDEHYDE,
    HUMIDITY,
    IAS_ZONE,
    IDENTIFY,
    ILLUMINANCE,
    LEVEL,
    METERING,
    OCCUPANCY,
    ON_OFF,
    PM2_5,
    POWER,
    PRESSURE,
    SOIL,
    TEMPERATURE,
    THERMOSTAT,
    a_node,
    an_end_point,
    commanded,
    heard,
    of_one,
    reported,
    values_in,
)


@pytest.mark.parametrize(
    ("cluster", "report", "expected"),
    [
        (ON_OFF, "0000 10 01", {"on_off.on": True}),
        (ON_OFF, "0000 10 00", {"on_off.on": False}),
        (ON_OFF, "0000 10 ff", {"on_off.on": None}),
        (ON_OFF, "0140 21 0000", {}),
        # Closed by 25 % is open by 75; 255 is not known.
        (COVERING, "0800 20 19", {"window_covering.position": 75}),
        (COVERING, "0800 20 00", {"window_covering.position": 100}),
        (COVERING, "0800 20 ff", {"window_covering.position": None}),
        (COVERING, "0900 20 64", {"window_covering.tilt": 0}),
        # Lock states: not fully locked, locked, unlocked, undefined.
        (DOOR_LOCK, "0000 30 00", {"door_lock.locked": False}),
        (DOOR_LOCK, "0000 30 01", {"door_lock.locked": True, "door_lock.jammed": False}),
        (DOOR_LOCK, "0000 30 02", {"door_lock.locked": False, "door_lock.jammed": False}),
        (DOOR_LOCK, "0000 30 ff", {"door_lock.locked": None}),
        (DOOR_LOCK, "0300 30 00", {"door_lock.door_open": True}),
        (DOOR_LOCK, "0300 30 01", {"door_lock.door_open": False}),
        (DOOR_LOCK, "0300 30 02", {"door_lock.door_open": None, "door_lock.jammed": True}),
        # Measurements.
        (TEMPERATURE, "0000 29 6608", {"temperature_measurement.temperature": 21.5}),
        (TEMPERATURE, "0000 29 0cfe", {"temperature_measurement.temperature": -5.0}),
        (TEMPERATURE, "0000 29 0080", {"temperature_measurement.temperature": None}),
        (HUMIDITY, "0000 21 d417", {"relative_humidity_measurement.humidity": 61.0}),
        (PRESSURE, "0000 29 f503", {"pressure_measurement.pressure": 1013}),
        (FLOW, "0000 21 1900", {"flow_measurement.flow": 2.5}),
        (SOIL, "0000 21 a00f", {"soil_measurement.soil_moisture": 40.0}),
        (CO2, "0000 39 52491d3a", {"concentration_measurement.co2": 600.0}),
        (FORMALDEHYDE, "0000 39 ffffff7f", {"concentration_measurement.formaldehyde": None}),
        (PM2_5, "0000 39 00004841", {"concentration_measurement.pm2_5": 12.5}),
        # 10000 times the logarithm of the lx, and 1: 1 lx, 100 lx; too dark; invalid.
        (ILLUMINANCE, "0000 21 0100", {"illuminance_measurement.illuminance": 1}),
        (ILLUMINANCE, "0000 21 214e", {"illuminance_measurement.illuminance": 100}),
        (ILLUMINANCE, "0000 21 0000", {"illuminance_measurement.illuminance": 0}),
        (ILLUMINANCE, "0000 21 ffff", {"illuminance_measurement.illuminance": None}),
        (OCCUPANCY, "0000 18 01", {"occupancy_sensing.occupied": True}),
        (OCCUPANCY, "0000 18 00", {"occupancy_sensing.occupied": False}),
        (OCCUPANCY, "0000 18 fe", {"occupancy_sensing.occupied": False}),
        # Batteries count in halves of a per cent.
        (POWER, "2100 20 c8", {"power_source.battery": 100}),
        (POWER, "2100 20 55", {"power_source.battery": 42.5}),
        (POWER, "2100 20 ff", {"power_source.battery": None}),
        (POWER, "3e00 1b 01000000", {"power_source.battery_low": True}),
        (POWER, "3e00 1b 00000000", {"power_source.battery_low": False}),
        (POWER, "2000 20 1e", {}),
        # Thermostats.
        (THERMOSTAT, "0000 29 6608", {"temperature_measurement.temperature": 21.5}),
        (THERMOSTAT, "1200 29 3408", {"thermostat.heating_setpoint": 21.0}),
        (THERMOSTAT, "1100 29 280a", {"thermostat.cooling_setpoint": 26.0}),
        (THERMOSTAT, "1c00 30 04", {"thermostat.mode": "heat"}),
        (THERMOSTAT, "1c00 30 01", {"thermostat.mode": "auto"}),
        (THERMOSTAT, "1c00 30 09", {"thermostat.mode": None}),
        (THERMOSTAT, "2900 19 0100", {"thermostat.running": "heating"}),
        (THERMOSTAT, "2900 19 0200", {"thermostat.running": "cooling"}),
        (THERMOSTAT, "2900 19 0400", {"thermostat.running": "fan"}),
        (THERMOSTAT, "2900 19 0000", {"thermostat.running": "idle"}),
        (THERMOSTAT, "1e00 30 04", {"thermostat.running": "heating"}),
        (THERMOSTAT, "0800 20 32", {"thermostat.running": "heating"}),
        (FAN, "0000 30 03", {"fan_control.fan_mode": "high"}),
        (FAN, "0000 30 05", {"fan_control.fan_mode": "auto"}),
        (IDENTIFY, "0000 21 0500", {"identify.identify": 5}),
    ],
)
def test_a_report_says_this_and_nothing_else(cluster: int, report: str, expected: dict[str, Any]) -> None:
    assert heard(of_one(cluster, sleeps=cluster == POWER), cluster, report) == expected


def test_a_report_of_several_attributes_says_all_of_it() -> None:
    assert heard(of_one(THERMOSTAT), THERMOSTAT, "1200 29 3408 1c00 30 00") == {
        "thermostat.heating_setpoint": 21.0,
        "thermostat.mode": "off",
    }


# Lamps


@pytest.mark.parametrize("level", range(LEVEL_MAX + 1))
def test_a_level_is_never_called_off_while_it_is_not(level: int) -> None:
    percent = percent_of(level)
    assert (percent == 0) == (level == 0)
    assert abs(level_of(percent) - level) <= 2


@pytest.mark.parametrize("percent", range(101))
def test_per_cent_survive_the_way_to_a_level_and_back(percent: int) -> None:
    assert percent_of(level_of(percent)) == percent


def test_a_lamp_that_is_off_has_the_level_0_and_comes_back_with_what_it_said() -> None:
    lamp = of_one(ON_OFF, LEVEL)
    assert heard(lamp, LEVEL, "0000 20 66") == {"level_control.level": 40}
    assert heard(lamp, ON_OFF, "0000 10 00") == {"on_off.on": False, "level_control.level": 0}
    assert heard(lamp, LEVEL, "0000 20 7f") == {}
    assert heard(lamp, ON_OFF, "0000 10 01") == {"on_off.on": True, "level_control.level": 50}


def test_the_end_of_a_fade_is_not_what_a_lamp_comes_back_with() -> None:
    lamp = of_one(ON_OFF, LEVEL)
    heard(lamp, ON_OFF, "0000 10 01")
    heard(lamp, LEVEL, "0000 20 01")
    heard(lamp, ON_OFF, "0000 10 00")
    assert heard(lamp, ON_OFF, "0000 10 01") == {"on_off.on": True, "level_control.level": None}


def test_a_lamp_that_is_on_says_nothing_of_its_level_by_saying_so_again() -> None:
    lamp = of_one(ON_OFF, LEVEL)
    heard(lamp, ON_OFF, "0000 10 01")
    assert heard(lamp, LEVEL, "0000 20 01") == {"level_control.level": 1}
    assert heard(lamp, ON_OFF, "0000 10 01") == {"on_off.on": True}


def a_color_lamp(can: int) -> Any:
    return of_one(ON_OFF, LEVEL, COLOR, attributes={COLOR: {0x400A: can, 0x400B: 153, 0x400C: 500}})


def test_what_counts_of_a_color_is_told_by_its_mode() -> None:
    lamp = a_color_lamp(0x19)
    # Hue 85 of 254, saturation 254, mode 0.
    assert heard(lamp, COLOR, "0000 20 55 0100 20 fe 0800 30 00") == {
        "color_control.hue": 120.5,
        "color_control.saturation": 100,
        "color_control.color_temperature": None,
    }
    # 370 mireds, mode 2.
    assert heard(lamp, COLOR, "0700 21 7201 0800 30 02") == {
        "color_control.hue": None,
        "color_control.saturation": None,
        "color_control.color_temperature": 2703,
    }


def test_x_and_y_are_a_color_when_both_are_known() -> None:
    lamp = a_color_lamp(0x08)
    # Red of sRGB: x 0.64, y 0.33.
    assert heard(lamp, COLOR, "0300 21 d7a3") == {}
    assert heard(lamp, COLOR, "0400 21 7b54") == {"color_control.hue": 0.0, "color_control.saturation": 100.0}


def test_a_white_lamp_says_its_temperature_without_a_mode() -> None:
    lamp = a_color_lamp(0x10)
    assert heard(lamp, COLOR, "0700 21 c800") == {"color_control.color_temperature": 5000}
    assert heard(lamp, COLOR, "0700 21 0000") == {"color_control.color_temperature": None}


def test_an_enhanced_hue_is_the_finer_word() -> None:
    lamp = a_color_lamp(0x03)
    assert heard(lamp, COLOR, "0000 20 00 0140 30 03 0040 21 5555 0100 20 7f 0800 30 00") == {
        "color_control.hue": 120.0,
        "color_control.saturation": 50.0,
    }


@pytest.mark.parametrize("hue", range(0, 360, 15))
@pytest.mark.parametrize("saturation", [10, 50, 100])
def test_a_color_survives_the_way_to_x_and_y_and_back(hue: int, saturation: int) -> None:
    back_hue, back_saturation = hue_saturation_of(*xy_of(hue, saturation))
    apart = abs(back_hue - hue) % 360
    assert min(apart, 360 - apart) < 0.1
    assert back_saturation == pytest.approx(saturation, abs=0.1)


def test_a_vent_with_a_level_says_how_far_it_is_open() -> None:
    vent = of_one(ON_OFF, LEVEL, maker="Keen Home Inc", model="SV02-612-MP-1.3")
    assert heard(vent, LEVEL, "0000 20 fe") == {"window_covering.position": 100}
    assert heard(vent, ON_OFF, "0000 10 00") == {"window_covering.position": 0}
    assert heard(vent, LEVEL, "0000 20 7f") == {}
    assert heard(vent, ON_OFF, "0000 10 01") == {"window_covering.position": 50}


def test_a_shade_of_before_window_covering_is_one_all_the_same() -> None:
    shade = a_node(an_end_point(ON_OFF, LEVEL, device_type=0x0200))
    assert capabilities_of(shade) == {0: ("window_covering",)}


# Power


def test_a_meter_says_by_what_its_numbers_are_multiplied_and_divided() -> None:
    meter = of_one(METERING, attributes={METERING: {0x0300: 0, 0x0301: 1, 0x0302: 1000, 0x0306: 0}})
    assert heard(meter, METERING, "0000 25 a31300000000 0004 2a 6b0300") == {
        "electrical_energy_measurement.energy": 5.027,
        "electrical_power_measurement.power": 875.0,
    }
    assert heard(meter, METERING, "0100 25 e80300000000") == {"electrical_energy_measurement.energy_exported": 1.0}


@pytest.mark.parametrize("facts", [{0x0300: 1}, {0x0300: 0, 0x0306: 2}])
def test_water_is_not_counted_in_kwh(facts: dict[int, int]) -> None:
    meter = of_one(METERING, attributes={METERING: facts})
    assert capabilities_of(meter) == {0: ()}
    assert heard(meter, METERING, "0000 25 a31300000000") == {}


def test_a_number_whose_divisor_was_not_asked_for_yet_means_nothing() -> None:
    plug = of_one(ELECTRICAL, METERING)
    plug.stage = Stage.BASIC
    assert heard(plug, ELECTRICAL, "0505 21 fc08") == {"electrical_power_measurement.voltage": None}
    assert heard(plug, METERING, "0000 25 102700000000") == {"electrical_energy_measurement.energy": None}


def test_a_plug_scales_each_of_its_measurements() -> None:
    scales = {0x0604: 1, 0x0605: 10, 0x0600: 1, 0x0601: 100, 0x0602: 1, 0x0603: 1000, 0x0400: 1, 0x0401: 100, 0x0300: 1}
    plug = of_one(ELECTRICAL, attributes={ELECTRICAL: scales})
    assert heard(plug, ELECTRICAL, "0b05 29 5702 0505 21 0a5a 0805 21 0401") == {
        "electrical_power_measurement.power": 59.9,
        "electrical_power_measurement.voltage": 230.5,
        "electrical_power_measurement.current": 0.26,
    }
    assert heard(plug, ELECTRICAL, "1005 28 5f 0003 21 8a13 0f05 21 6400") == {
        "electrical_power_measurement.power_factor": 0.95,
        "electrical_power_measurement.frequency": 50.02,
        "electrical_power_measurement.apparent_power": 10.0,
    }
    assert heard(plug, ELECTRICAL, "0b05 29 0080") == {"electrical_power_measurement.power": None}


def test_scales_of_the_first_edition_do_where_there_are_no_others() -> None:
    plug = of_one(ELECTRICAL, attributes={ELECTRICAL: {0x0604: None, 0x0605: None, 0x0402: 1, 0x0403: 10}})
    assert heard(plug, ELECTRICAL, "0b05 29 6400") == {"electrical_power_measurement.power": 10.0}


def test_of_two_clusters_that_say_the_power_the_finer_one_is_heard() -> None:
    plug = of_one(METERING, ELECTRICAL, attributes={METERING: {0x0301: 1, 0x0302: 1000}})
    assert heard(plug, METERING, "0004 2a 6b0300") == {}
    assert heard(plug, ELECTRICAL, "0b05 29 6400") == {"electrical_power_measurement.power": 100}


def test_a_battery_that_tells_its_voltage_only_is_estimated_by_it() -> None:
    sensor = of_one(POWER, attributes={POWER: {0x0020: 30, 0x0021: None}}, sleeps=True, mains=False)
    assert heard(sensor, POWER, "2000 20 1e") == {"power_source.battery": 100}
    assert heard(sensor, POWER, "2000 20 15") == {"power_source.battery": 0}


# Alarm systems' sensors


@pytest.mark.parametrize(
    ("zone_type", "status", "expected"),
    [
        (0x000D, "0100", {"occupancy_sensing.occupied": True}),
        (0x000D, "0200", {"occupancy_sensing.occupied": True}),
        (0x0015, "0100", {"boolean_state.open": True}),
        (0x0015, "0000", {"boolean_state.open": False}),
        (0x0016, "0100", {"boolean_state.open": True}),
        (0x0028, "0100", {"smoke_co_alarm.smoke": True, "smoke_co_alarm.test": False}),
        (0x0028, "0001", {"smoke_co_alarm.smoke": False, "smoke_co_alarm.test": True}),
        (0x002A, "0100", {"boolean_state.leak": True}),
        (0x002B, "0100", {"smoke_co_alarm.co": True, "smoke_co_alarm.test": False}),
        (0x002D, "0100", {"boolean_state.vibration": True}),
        (0x0226, "0100", {"boolean_state.glass_broken": True}),
        (0x002C, "0100", {"boolean_state.alarm": True}),
        (0x8001, "0100", {"boolean_state.alarm": True}),
        (0x0115, "0100", {}),
    ],
)
def test_a_zone_says_what_its_type_detects(zone_type: int, status: str, expected: dict[str, Any]) -> None:
    zone = of_one(IAS_ZONE, attributes={IAS_ZONE: {0x0001: zone_type}}, mains=False, sleeps=True)
    common = {"boolean_state.tamper": False, "power_source.battery_low": False}
    assert heard(zone, IAS_ZONE, f"0200 19 {status}") == expected | common
    # Zone Status Change Notification: cluster specific, from the server.
    notified = values_in(commanded(zone, IAS_ZONE, f"09 01 00 {status} 00 00 0000"))
    assert notified == expected | common


def test_a_zone_says_that_somebody_tampers_with_it_and_that_its_battery_is_low() -> None:
    zone = of_one(IAS_ZONE, attributes={IAS_ZONE: {0x0001: 0x0015}}, mains=False, sleeps=True)
    assert heard(zone, IAS_ZONE, "0200 19 0d00") == {
        "boolean_state.open": True,
        "boolean_state.tamper": True,
        "power_source.battery_low": True,
    }


def test_a_zone_on_the_mains_has_no_battery_to_speak_of() -> None:
    zone = of_one(IAS_ZONE, attributes={IAS_ZONE: {0x0001: 0x0028}})
    assert "power_source" not in capabilities_of(zone)[0]
    assert "power_source.battery_low" not in heard(zone, IAS_ZONE, "0200 19 0800")


# Locks


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (0x01, {"door_lock.locked": True, "door_lock.jammed": False}),
        (0x02, {"door_lock.locked": False, "door_lock.jammed": False}),
        (0x03, {}),
        (0x09, {"door_lock.locked": False, "door_lock.jammed": False}),
        (0x0A, {"door_lock.locked": True, "door_lock.jammed": False}),
        (0x0E, {"door_lock.locked": False, "door_lock.jammed": False}),
        (0x0F, {}),
        (0x10, {}),
    ],
)
def test_a_lock_says_what_was_done_to_it(event: int, expected: dict[str, Any]) -> None:
    lock = of_one(DOOR_LOCK)
    # Operation Event Notification: source, event, user, code, time, data.
    frame = f"09 01 20 00 {event:02x} 0100 04 31323334 00000000 00"
    assert values_in(commanded(lock, DOOR_LOCK, frame)) == expected


def test_a_bolt_that_is_stuck_raises_an_alarm() -> None:
    lock = of_one(DOOR_LOCK, 0x0009)
    assert values_in(commanded(lock, 0x0009, "09 01 00 00 0101")) == {"door_lock.jammed": True}
    assert values_in(commanded(lock, 0x0009, "09 01 00 01 0101")) == {}


# Parameters


def test_a_parameter_without_a_value_of_its_own_is_as_before() -> None:
    lamp = of_one(ON_OFF, attributes={ON_OFF: {0x4003: None}})
    assert capabilities_of(lamp) == {0: ("on_off",)}
    assert values_in(reported(lamp, ON_OFF, "0340 30 ff")) == {"configuration.parameter_1": 255}
    assert capabilities_of(lamp) == {0: ("on_off", "configuration")}
    assert heard(lamp, ON_OFF, "0340 30 01") == {"configuration.parameter_1": 1}


def test_all_that_is_read_is_of_the_vocabulary() -> None:
    everything = of_one(*range(0x0001, 0x0C00))
    assert set(capabilities_of(everything)[0]) <= CAPABILITIES.keys()
    said = reported(everything, ON_OFF, "0000 10 01")
    assert all(isinstance(item, Reading) for item in said)
