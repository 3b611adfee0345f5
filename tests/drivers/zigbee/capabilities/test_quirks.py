"""What is peculiar to models, by what they send: reports as captured or as zha-device-handlers' tests have them."""

from typing import Any

import pytest

from drivers.zigbee.capabilities.buttons import ON_TIME_MAX_S
from drivers.zigbee.capabilities.ias import ZONE_TYPE
from drivers.zigbee.capabilities.makers import STOP, WISHES
from drivers.zigbee.capabilities.quirks.quirk import Meaning
from drivers.zigbee.capabilities.quirks.table import MODELS, quirk_of
from drivers.zigbee.capabilities.table import (
    bindings_of,
    capabilities_of,
    lasting_of,
    plan_for,
    preparations_of,
    state_reads_of,
)
from drivers.zigbee.capabilities.translation import Reading
from drivers.zigbee.node_record import NodeRecord
from drivers.zigbee.zcl.clusters.ias_zone import ZoneType
from drivers.zigbee.zcl.foundation import ReadAttributes
from hubagent.model.capabilities.configuration import SetParameter
from hubagent.model.capabilities.fan_control import SetFanMode
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.temperature_measurement import TEMPERATURE_MEASUREMENT
from hubagent.model.capabilities.thermostat import SetHeatingSetpoint, SetThermostatMode
from hubagent.model.capabilities.window_covering import GoToPosition, StopMoving
from hubagent.model.capability import Command, InvalidValue
from tests.drivers.zigbee.capabilities.nodes import (
    ANALOG_INPUT,
    ANALOG_OUTPUT,
    BASIC,
    DOOR_LOCK,
    ELECTRICAL,
    IAS_ZONE,
    ILLUMINANCE,
    METERING,
    OCCUPANCY,
    ON_OFF,
    POWER,
    TEMPERATURE,
    THERMOSTAT,
    TUYA,
    XIAOMI,
    a_node,
    an_end_point,
    commanded,
    heard,
    of_one,
    reported,
    values_in,
)

# Xiaomi


def a_sensor(model: str, *clusters: int) -> NodeRecord:
    return of_one(BASIC, *clusters, maker="LUMI", model=model, mains=False, sleeps=True)


def test_xiaomis_structure_is_read_member_by_member() -> None:
    # Basic 0xFF01, a string of: 1 battery 3005 mV, 3, 4, 5, 6, 10; 100 temperature, 101 humidity, 102 pressure.
    members = "0121bd0b 0421a813 0521a000 06240100000000 6429c409 65213914 662b288a0100 0a210000"
    length = len(bytes.fromhex(members))
    assert heard(a_sensor("lumi.weather", TEMPERATURE), BASIC, f"01ff 42 {length:02x} {members}") == {
        "power_source.battery": 100,
        "temperature_measurement.temperature": 25.0,
        "relative_humidity_measurement.humidity": 51.77,
        "pressure_measurement.pressure": 1009.04,
    }


def test_the_older_structure_has_the_battery() -> None:
    # Basic 0xFF02: a structure of 6 members, the second of them the voltage in mV: 2925 is half of what there is.
    report = "02ff 4c 0600 10 01 21 6d0b 21 a813 24 0100000000 21 0000 20 00"
    assert heard(a_sensor("lumi.sensor_magnet"), BASIC, report) == {"power_source.battery": 50}


def test_a_door_is_open_when_its_switch_is_on() -> None:
    door = a_sensor("lumi.sensor_magnet.aq2", ON_OFF)
    assert capabilities_of(door) == {0: ("boolean_state", "power_source")}
    assert heard(door, ON_OFF, "0000 10 01") == {"boolean_state.open": True}
    assert bindings_of(door) == ()
    assert state_reads_of(door) == ()


def test_motion_that_never_ends_by_its_sensors_word_ends_by_its_silence() -> None:
    sensor = a_sensor("lumi.sensor_motion.aq2", OCCUPANCY, ILLUMINANCE, IAS_ZONE)
    assert reported(sensor, OCCUPANCY, "0000 18 01") == [
        Reading("occupancy_sensing", {"occupied": True}, 62.0, {"occupied": False})
    ]
    assert heard(sensor, ILLUMINANCE, "0000 21 1000") == {"illuminance_measurement.illuminance": 16}


def test_a_newer_one_says_motion_and_light_in_one_number() -> None:
    sensor = a_sensor("lumi.motion.agl02", OCCUPANCY)
    said = reported(sensor, XIAOMI, "1201 23 20000100")
    assert said == [
        Reading("occupancy_sensing", {"occupied": True}, 62.0, {"occupied": False}),
        Reading("illuminance_measurement", {"illuminance": 32}),
    ]
    # What it reports hourly of the standard cluster is not true.
    assert reported(sensor, OCCUPANCY, "0000 18 00") == []


def test_a_presence_sensor_knows_when_somebody_leaves() -> None:
    radar = of_one(BASIC, XIAOMI, maker="aqara", model="lumi.motion.ac01")
    assert reported(radar, XIAOMI, "4201 20 01") == [Reading("occupancy_sensing", {"occupied": True})]
    assert reported(radar, XIAOMI, "4201 20 00") == [Reading("occupancy_sensing", {"occupied": False})]
    assert reported(radar, XIAOMI, "4201 20 ff") == [Reading("occupancy_sensing", {"occupied": None})]
    assert heard(radar, XIAOMI, "0c01 20 03") == {"configuration.parameter_103": 3}


def test_a_vibration_sensors_lock_locks_nothing() -> None:
    sensor = a_sensor("lumi.vibration.aq1", DOOR_LOCK)
    assert capabilities_of(sensor) == {0: ("boolean_state", "power_source")}
    (said,) = reported(sensor, DOOR_LOCK, "5500 21 0100")
    assert isinstance(said, Reading)
    assert (said.values, said.expired) == ({"vibration": True}, {"vibration": False})


@pytest.mark.parametrize(
    ("maker", "model"), [key for key, quirk in MODELS.items() if quirk.active_for_s or quirk.motion_by_command]
)
def test_of_each_that_never_takes_back_what_it_says_it_is_known_what_that_is(maker: str, model: str) -> None:
    zone = {IAS_ZONE: {ZONE_TYPE: ZoneType.MOTION_SENSOR}}
    end_point = an_end_point(BASIC, IAS_ZONE, OCCUPANCY, DOOR_LOCK, XIAOMI, outputs=(ON_OFF,), attributes=zone)
    quirk = quirk_of(maker, model)
    expected = "vibration" if "vibration" in f"{model} {quirk.zone}" else "occupied"
    said = lasting_of(a_node(end_point, maker=maker, model=model, mains=False, sleeps=True))
    assert {name for part, reading in said if part == 0 for name in reading.values} >= {expected}
    for _, reading in said:
        assert reading.expires_s == (quirk.active_for_s or ON_TIME_MAX_S)
        assert (*reading.values.values(), *(reading.expired or {}).values()) == (True, False)


def test_what_a_device_takes_back_itself_is_not_ended_by_its_silence() -> None:
    assert lasting_of(a_sensor("lumi.sensor_magnet", ON_OFF)) == []
    assert lasting_of(of_one(BASIC, OCCUPANCY, IAS_ZONE)) == []


def test_a_plug_says_what_it_draws_by_an_analog_input() -> None:
    end_points = (an_end_point(BASIC, ON_OFF, ELECTRICAL), an_end_point(ANALOG_INPUT, number=2))
    plug = a_node(*end_points, maker="LUMI", model="lumi.plug.maus01")
    assert heard(plug, ANALOG_INPUT, "5500 39 00002041", endpoint=2) == {"electrical_power_measurement.power": 10.0}
    # Members 149 energy in kWh, 150 tenths of V, 152 W.
    assert heard(plug, BASIC, "01ff 42 12 9539cff7a040 9639008013459839 0000c841") == {
        "electrical_energy_measurement.energy": pytest.approx(5.03, abs=0.01),
        "electrical_power_measurement.voltage": pytest.approx(236, abs=1),
        "electrical_power_measurement.power": 25.0,
    }


def test_of_two_leak_sensors_one_says_it_in_its_structure_too() -> None:
    """zigbee-herdsman-converters, lib/lumi.ts: member 100 is water with the SJCGQ13LM, and with no other."""
    told = {
        model: heard(a_sensor(model, IAS_ZONE, XIAOMI), XIAOMI, "f700 41 07 0121b80b 641001")
        for model in ("lumi.flood.acn001", "lumi.flood.agl02", "lumi.sensor_wleak.aq1")
    }
    assert told["lumi.flood.acn001"] == {"power_source.battery": 100, "boolean_state.leak": True}
    assert told["lumi.flood.agl02"] == told["lumi.sensor_wleak.aq1"] == {"power_source.battery": 100}


def test_the_self_test_of_a_smoke_alarm_is_no_smoke() -> None:
    """zigbee-herdsman-converters, `lumi_smoke`: alarm 1 is smoke, alarm 2 the test."""
    alarm = a_sensor("lumi.sensor_smoke", IAS_ZONE)
    for status, smoke in (("0200", False), ("0100", True), ("0300", True)):
        said = values_in(commanded(alarm, IAS_ZONE, f"09 01 00 {status} 00 00 0000"))
        assert said["smoke_co_alarm.smoke"] is smoke


def test_the_current_of_a_relay_is_in_amperes_and_that_of_a_plug_in_thousandths() -> None:
    """zigbee-herdsman-converters, lib/lumi.ts, member 151."""
    relay = of_one(BASIC, ON_OFF, maker="LUMI", model="lumi.relay.c2acn01")
    assert heard(relay, BASIC, "01ff 42 06 9739 0000c03f") == {"electrical_power_measurement.current": 1.5}
    plug = of_one(BASIC, ON_OFF, maker="LUMI", model="lumi.plug.maeu01")
    assert heard(plug, BASIC, "01ff 42 06 9739 0080bb44") == {"electrical_power_measurement.current": 1.5}


@pytest.mark.parametrize(
    ("model", "draws", "used"),
    [
        ("lumi.plug.maus01", 2, 3),
        ("lumi.plug.mmeu01", 21, 22),
        ("lumi.plug.maeu01", 21, 31),
        ("lumi.ctrl_ln2.aq1", 3, 4),
        ("lumi.switch.b2naus01", 21, 31),
    ],
)
def test_what_has_been_used_is_not_taken_for_what_is_drawn(model: str, draws: int, used: int) -> None:
    """The kWh in an analog input beside that of the watts: ZHA's diagnostics of a lumi.plug.maus01 have 0.27 there."""
    end_points = [an_end_point(BASIC, ON_OFF), *(an_end_point(ANALOG_INPUT, number=one) for one in (draws, used))]
    device = a_node(*end_points, maker="LUMI", model=model)
    assert heard(device, ANALOG_INPUT, "5500 39 00002041", endpoint=draws) == {"electrical_power_measurement.power": 10}
    assert heard(device, ANALOG_INPUT, "5500 39 ef8b8c3e", endpoint=used) == {}
    assert set(capabilities_of(device)) == {0}


def test_a_curtain_goes_where_its_analog_output_is_set() -> None:
    curtain = of_one(ANALOG_OUTPUT, 0x0102, maker="LUMI", model="lumi.curtain")
    plan = plan_for(GoToPosition(50), curtain, 0)
    assert plan is not None
    # Write Attributes: present value, single precision, 50.
    assert plan.commands[0].frame(1).to_bytes().hex() == "000102550039" + "00004842"
    assert heard(curtain, ANALOG_OUTPUT, "5500 39 00004842") == {"window_covering.position": 50}
    stop = plan_for(StopMoving(), curtain, 0)
    assert stop is not None
    assert stop.commands[0].cluster == 0x0102


def test_a_roller_of_its_own_kind_stops_by_an_output() -> None:
    roller = of_one(ANALOG_OUTPUT, 0x0013, 0x0102, maker="LUMI", model="lumi.curtain.acn002")
    stop = plan_for(StopMoving(), roller, 0)
    assert stop is not None
    assert stop.commands[0].frame(1).to_bytes().hex() == "000102550021" + "0200"
    assert heard(roller, 0x0013, "5500 21 0100") == {"window_covering.moving": True}
    assert heard(roller, 0x0013, "5500 21 0200") == {"window_covering.moving": False}


def test_a_radiators_mode_is_its_makers_own() -> None:
    valve = of_one(THERMOSTAT, XIAOMI, maker="LUMI", model="lumi.airrtc.agl001", mains=False, sleeps=True)
    plan = plan_for(SetThermostatMode("heat"), valve, 0)
    assert plan is not None
    # With the manufacturer code 0x115F in the frame.
    assert plan.commands[0].frame(1).to_bytes().hex() == "04" + "5f11" + "0102" + "7102" + "2001"
    assert heard(valve, XIAOMI, "7102 20 00") == {"thermostat.mode": "off"}


def test_remotes_are_told_to_say_which_button_it_was() -> None:
    remote = of_one(BASIC, maker="LUMI", model="lumi.remote.b286opcn01", mains=False, sleeps=True)
    (prepared,) = preparations_of(remote)
    assert prepared.frame(1).to_bytes().hex() == "04" + "5f11" + "0102" + "0900" + "2001"


def test_a_model_of_xiaomis_that_is_not_known_still_tells_its_battery() -> None:
    sensor = of_one(BASIC, TEMPERATURE, maker="LUMI", model="lumi.something.new", mains=False, sleeps=True)
    assert heard(sensor, BASIC, "01ff 42 04 0121bd0b") == {"power_source.battery": 100}
    lamp = of_one(BASIC, ON_OFF, maker="LUMI", model="lumi.light.new")
    assert capabilities_of(lamp) == {0: ("on_off",)}
    assert heard(lamp, BASIC, "01ff 42 04 0121bd0b") == {}


# IKEA


@pytest.mark.parametrize(
    ("firmware", "report", "percent"),
    [("2.3.079", "57", 87), ("1.2.214", "57", 87), ("2.4.5", "57", 43.5), ("24.4.5", "57", 43.5), ("", "57", 43.5),
     ("2.3.014", "c8", 100), ("v2", "57", 43.5)],
)  # fmt: skip
def test_an_old_remote_counts_whole_per_cent(firmware: str, report: str, percent: float) -> None:
    remote = of_one(POWER, maker="IKEA of Sweden", model="TRADFRI on/off switch", mains=False, sleeps=True)
    remote.firmware = firmware
    assert heard(remote, POWER, f"2100 20 {report}") == {"power_source.battery": percent}


@pytest.mark.parametrize(
    ("maker", "model"),
    [
        ("Yale", "YRD220/240 TSDB"),
        ("TERNCY", "TERNCY-SD01"),
        ("Smartwings", "WM25/L-Z"),
        ("Onesti Products AS", "NimlyPRO"),
    ],
)
def test_a_full_battery_that_is_counted_in_whole_per_cent_is_not_shown_as_half_full(maker: str, model: str) -> None:
    device = of_one(POWER, maker=maker, model=model, mains=False, sleeps=True)
    assert heard(device, POWER, "2100 20 64") == {"power_source.battery": 100}


def test_a_blind_that_counts_as_it_should_is_not_turned_round() -> None:
    """The ZCL's 100 is closed; of this one no source says otherwise."""
    blind = of_one(0x0102, maker="Third Reality, Inc", model="3RSB015BZ")
    assert heard(blind, 0x0102, "0800 20 64") == {"window_covering.position": 0}
    other = of_one(0x0102, maker="Smartwings", model="WM25/L-Z")
    assert heard(other, 0x0102, "0800 20 64") == {"window_covering.position": 100}


def test_an_air_purifier_is_a_fan_in_a_cluster_of_its_own() -> None:
    purifier = of_one(0x0202, 0xFC7D, maker="IKEA of Sweden", model="STARKVIND Air purifier")
    assert capabilities_of(purifier) == {0: ("concentration_measurement", "fan_control")}
    assert heard(purifier, 0xFC7D, "0400 21 0900 0600 20 1e") == {
        "concentration_measurement.pm2_5": 9,
        "fan_control.fan_mode": "medium",
    }
    spoken = {speed: heard(purifier, 0xFC7D, f"0600 20 {speed:02x}") for speed in range(10, 55, 5)}
    assert [list(said.values()) for said in spoken.values()] == [["low"]] * 3 + [["medium"]] * 3 + [["high"]] * 3
    for mode, speed in (("low", 10), ("medium", 30), ("high", 50)):
        told = plan_for(SetFanMode(mode), purifier, 0)
        assert told is not None
        assert told.commands[0].frame(1).to_bytes().hex() == f"047c110102060020{speed:02x}"
    plan = plan_for(SetFanMode("auto"), purifier, 0)
    assert plan is not None
    assert plan.commands[0].frame(1).to_bytes().hex() == "04" + "7c11" + "0102" + "0600" + "2001"
    (binding,) = bindings_of(purifier)
    assert (binding.cluster, binding.manufacturer_code) == (0xFC7D, 0x117C)


# Tuya


def a_tuya(factory: str) -> NodeRecord:
    return of_one(BASIC, TUYA, maker=factory, model="TS0601")


def points(record: NodeRecord, text: str) -> dict[str, Any]:
    """A Data Report with these data points: number, type, length, value; numbers come most significant byte first."""
    return values_in(commanded(record, TUYA, f"09 01 02 0001 {text}"))


@pytest.mark.parametrize(
    ("factory", "text", "expected"),
    [
        ("_TZE200_yjjdcqsq", "01 02 0004 000000d7", {"temperature_measurement.temperature": 21.5}),
        ("_TZE200_yjjdcqsq", "01 02 0004 ffffffce", {"temperature_measurement.temperature": -5.0}),
        ("_TZE200_bjawzodf", "01 02 0004 0000ffcd", {"temperature_measurement.temperature": -5.0}),
        ("_TZE200_c2fmom5z", "12 02 0004 0000fffe", {"temperature_measurement.temperature": -0.1}),
        ("_TZE200_aoclfnxz", "18 02 0004 0000fff5", {"temperature_measurement.temperature": -1.0}),
        ("_TZE200_yjjdcqsq", "02 02 0004 0000003d", {"relative_humidity_measurement.humidity": 61}),
        ("_TZE200_yjjdcqsq", "03 04 0001 00", {"power_source.battery_low": True}),
        ("_TZE200_bjawzodf", "02 02 0004 00000262", {"relative_humidity_measurement.humidity": 61.0}),
        ("_TZE200_myd45weu", "03 02 0004 00000021", {"soil_measurement.soil_moisture": 33}),
        ("_TZE200_myd45weu", "05 02 0004 00000015", {"temperature_measurement.temperature": 21}),
        ("_TZE284_oitavov2", "05 02 0004 00000015", {"temperature_measurement.temperature": 21}),
        ("_TZE200_9cqcpkgb", "05 02 0004 00000015", {"temperature_measurement.temperature": 21}),
        ("_TZE284_2nhqasjh", "05 02 0004 00000015", {"temperature_measurement.temperature": 21}),
        ("_TZE200_dwcarsat", "02 02 0004 0000000c", {"concentration_measurement.pm2_5": 12}),
        ("_TZE200_dwcarsat", "02 02 0004 0000ffff", {"concentration_measurement.pm2_5": None}),
        ("_TZE204_ztc6ggyl", "01 04 0001 01", {"occupancy_sensing.occupied": True}),
        ("_TZE200_3towulqd", "01 04 0001 00", {"occupancy_sensing.occupied": True}),
        ("_TZE200_m9skfctm", "01 04 0001 01", {"smoke_co_alarm.smoke": False}),
        ("_TZE200_ckud7u2l", "02 02 0004 000000d2", {"thermostat.heating_setpoint": 21.0}),
        ("_TZE200_ckud7u2l", "04 04 0001 02", {"thermostat.mode": "heat"}),
        ("_TZE200_ckud7u2l", "6d 02 0004 00000032", {"thermostat.running": "heating"}),
        ("_TZE200_ckud7u2l", "04 04 0001 05", {"thermostat.mode": "heat"}),
        ("_TZE200_ckud7u2l", "04 04 0001 09", {}),
        ("_TZE200_hue3yfsn", "23 02 0004 00000064", {"power_source.battery_low": False}),
        ("_TZE200_hue3yfsn", "23 02 0004 00000000", {"power_source.battery_low": True}),
        ("_TZE200_aoclfnxz", "01 01 0001 00", {"thermostat.mode": "off"}),
        ("_TZE200_cowvfni3", "03 02 0004 0000001e", {"window_covering.position": 30}),
        ("_TZE200_wmcdj3aq", "03 02 0004 0000001e", {"window_covering.position": 70}),
        ("_TZE200_cowvfni3", "01 04 0001 01", {}),
        ("_TZE200_dfxkcots", "01 01 0001 01 02 02 0004 000001f4", {"on_off.on": True, "level_control.level": 50.0}),
        ("_TZE200_bkkmqmyo", "67 02 0004 0000000f", {"electrical_power_measurement.power": 15}),
    ],
)
def test_a_data_point_says_this_and_nothing_else(factory: str, text: str, expected: dict[str, Any]) -> None:
    assert points(a_tuya(factory), text) == expected


@pytest.mark.parametrize(
    ("factory", "wish", "point"),
    [
        ("_TZE200_ckud7u2l", SetHeatingSetpoint(21.5), "02 02 0004 000000d7"),
        ("_TZE200_ckud7u2l", SetThermostatMode("heat"), "04 04 0001 02"),
        ("_TZE200_aoclfnxz", SetHeatingSetpoint(21), "10 02 0004 00000015"),
        ("_TZE200_aoclfnxz", SetThermostatMode("off"), "01 01 0001 00"),
        ("_TZE200_cowvfni3", GoToPosition(30), "02 02 0004 0000001e"),
        ("_TZE200_wmcdj3aq", GoToPosition(30), "02 02 0004 00000046"),
        ("_TZE200_cowvfni3", StopMoving(), "01 04 0001 01"),
        ("_TZE200_dfxkcots", MoveToLevel(50), "02 02 0004 000001f4"),
        ("_TZE200_dfxkcots", SwitchOnOff(False), "01 01 0001 00"),
    ],
)
def test_a_wish_is_told_as_a_data_point(factory: str, wish: Command, point: str) -> None:
    plan = plan_for(wish, a_tuya(factory), 0)
    assert plan is not None
    data = point.replace(" ", "")
    assert plan.commands[0].frame(7).to_bytes().hex() == "01" + "07" + "00" + "0001" + data
    assert plan.readback == ()


def test_what_a_tuya_device_has_no_point_for_has_no_plan() -> None:
    assert plan_for(SetThermostatMode("cool"), a_tuya("_TZE200_ckud7u2l"), 0) is None
    assert plan_for(SwitchOnOff(True), a_tuya("_TZE200_yjjdcqsq"), 0) is None


def test_a_tuya_device_hears_what_its_own_hub_would_say_first() -> None:
    magic, query = preparations_of(a_tuya("_TZE200_yjjdcqsq"))
    assert magic.command == ReadAttributes((4, 0, 1, 5, 7, 0xFFFE))
    assert query.frame(1).to_bytes().hex() == "010103"


def test_a_plug_that_leaves_out_its_scales_has_those_of_all_its_kind() -> None:
    plug = of_one(ON_OFF, METERING, ELECTRICAL, maker="_TZ3000_xxx", model="TS011F")
    assert heard(plug, METERING, "0000 25 640000000000") == {"electrical_energy_measurement.energy": 1.0}
    assert heard(plug, ELECTRICAL, "0805 21 fa00") == {"electrical_power_measurement.current": 0.25}
    assert heard(plug, ON_OFF, "0280 30 02") == {"configuration.parameter_101": 2}


@pytest.mark.parametrize("model", ["TS0001", "TS0002", "TS0003", "TS0004", "TS000F"])
def test_a_relay_that_measures_has_the_scales_of_a_plug(model: str) -> None:
    relay = of_one(ON_OFF, METERING, ELECTRICAL, maker="_TZ3000_xxx", model=model)
    assert heard(relay, METERING, "0000 25 640000000000") == {"electrical_energy_measurement.energy": 1.0}
    assert heard(relay, ELECTRICAL, "0805 21 fa00") == {"electrical_power_measurement.current": 0.25}


def test_the_scales_that_a_plug_says_rightly_are_believed() -> None:
    """zigbee-herdsman-converters reads those of voltage and power of every TS011F, and all of the factories' below."""
    own = {METERING: {0x0301: 1, 0x0302: 10}, ELECTRICAL: {0x0601: 10, 0x0605: 10, 0x0603: 100}}
    plug = of_one(ON_OFF, METERING, ELECTRICAL, maker="_TZ3008_reatplte", model="TS011F", attributes=own)
    assert heard(plug, ELECTRICAL, "0505 21 fc08 0b05 29 9600 0805 21 fa00") == {
        "electrical_power_measurement.voltage": 230.0,
        "electrical_power_measurement.power": 15.0,
        "electrical_power_measurement.current": 0.25,
    }
    plug = of_one(ON_OFF, METERING, ELECTRICAL, maker="_TZ3008_tary5dvv", model="TS011F", attributes=own)
    assert heard(plug, METERING, "0000 25 640000000000") == {"electrical_energy_measurement.energy": 10.0}
    assert heard(plug, ELECTRICAL, "0805 21 fa00") == {"electrical_power_measurement.current": 2.5}
    plug = of_one(ON_OFF, METERING, ELECTRICAL, maker="_TZ3000_typdpbpg", model="TS011F")
    assert heard(plug, ELECTRICAL, "0805 21 fa00") == {"electrical_power_measurement.current": 0.125}


def test_a_knock_ends_by_silence() -> None:
    sensor = of_one(IAS_ZONE, maker="_TYZB01_821siati", model="TS0210", mains=False, sleeps=True)
    said = commanded(sensor, IAS_ZONE, "09 01 00 0100 00 00 0000")
    assert isinstance(said[0], Reading)
    assert (said[0].values, said[0].expires_s) == ({"vibration": True}, 90.0)


# Others


def test_a_multi_sensor_says_whether_it_is_moved() -> None:
    sensor = of_one(IAS_ZONE, 0xFC02, maker="Samjin", model="multi", attributes={IAS_ZONE: {1: 0x0015}}, mains=False)
    assert heard(sensor, 0xFC02, "1000 18 01") == {"boolean_state.vibration": True}
    assert heard(sensor, IAS_ZONE, "0200 19 0100")["boolean_state.open"] is True


def test_a_gas_detector_that_calls_itself_one_of_carbon_monoxide_is_known() -> None:
    detector = of_one(IAS_ZONE, maker="HEIMAN", model="GASSensor-EN", attributes={IAS_ZONE: {1: 0x002B}})
    assert heard(detector, IAS_ZONE, "0200 19 0100") == {
        "smoke_co_alarm.gas": True,
        "smoke_co_alarm.test": False,
        "boolean_state.tamper": False,
    }


def test_a_setpoint_may_be_its_makers_own() -> None:
    valve = of_one(THERMOSTAT, maker="Eurotronic", model="SPZB0001", mains=False)
    plan = plan_for(SetHeatingSetpoint(21.5), valve, 0)
    assert plan is not None
    assert plan.commands[0].frame(1).to_bytes().hex() == "04" + "3710" + "0102" + "0340" + "296608"
    assert heard(valve, THERMOSTAT, "0340 29 6608") == {"thermostat.heating_setpoint": 21.5}


def test_a_door_of_philips_says_so_in_a_cluster_of_its_own() -> None:
    door = a_node(an_end_point(0xFC06, number=2), maker="Signify Netherlands B.V.", model="SOC001", mains=False)
    assert heard(door, 0xFC06, "0001 30 01", endpoint=2) == {"boolean_state.open": True}


def test_a_makers_setting_is_written_with_its_code() -> None:
    sensor = a_node(
        an_end_point(BASIC),
        an_end_point(OCCUPANCY, number=2),
        maker="Philips",
        model="SML001",
        mains=False,
        sleeps=True,
    )
    assert capabilities_of(sensor) == {0: ("configuration", "occupancy_sensing")}
    plan = plan_for(SetParameter(101, 2), sensor, 0)
    assert plan is not None
    assert (plan.commands[0].endpoint, plan.commands[0].cluster) == (2, OCCUPANCY)
    assert plan.commands[0].frame(1).to_bytes().hex() == "04" + "0b10" + "0102" + "3000" + "2002"
    assert plan.readback[0].manufacturer_code == 0x100B


# The tables


@pytest.mark.parametrize(("maker", "model"), MODELS, ids=lambda text: text or "any")
def test_what_is_written_of_a_model_is_of_the_vocabulary(maker: str, model: str) -> None:
    quirk = quirk_of(maker, model)
    meanings: list[Meaning] = [meaning for some in quirk.meanings.values() for meaning in some]
    meanings += [*quirk.tags.values(), *(target.meaning for target in quirk.targets.values())]
    meanings += [meaning for point in quirk.datapoints.values() for meaning in point.meanings]
    for meaning in meanings:
        if meaning.attribute == STOP:
            continue
        attribute = meaning.capability.by_name[meaning.attribute]
        for value in (meaning.values or {}).values():
            attribute.check(value)
    assert quirk.targets.keys() <= WISHES.keys()
    assert all(number > 100 for number in quirk.parameters)


@pytest.mark.parametrize(("maker", "model"), [("LUMI ", "lumi.weather"), ("\0", "TS0044"), ("", ""), ("x", "y")])
def test_any_name_has_a_quirk_or_none(maker: str, model: str) -> None:
    assert quirk_of(maker, model) is quirk_of(maker.strip(), model)


def test_a_number_that_cannot_have_been_measured_is_unknown() -> None:
    meaning = Meaning(TEMPERATURE_MEASUREMENT, "temperature", 0.01, minimum=-6500, maximum=6500)
    assert [meaning.value_of(raw) for raw in (2150, 32767, None, "x")] == [21.5, None, None, None]
    with pytest.raises(InvalidValue):
        TEMPERATURE_MEASUREMENT.by_name["temperature"].check(-300)
