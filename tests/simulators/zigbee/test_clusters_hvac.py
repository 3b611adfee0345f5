"""Thermostat, Fan Control and the thermostat's user interface (ZCL8, 6.3, 6.4, 6.6)."""

from drivers.zigbee.zcl.clusters.fan_control import FAN_CONTROL, FanMode, FanModeSequence
from drivers.zigbee.zcl.clusters.thermostat import (
    THERMOSTAT,
    ClearWeeklySchedule,
    ProgrammingOperationMode,
    RunningMode,
    RunningState,
    SetpointMode,
    SetpointRaiseLower,
    SystemMode,
)
from drivers.zigbee.zcl.clusters.thermostat_ui import THERMOSTAT_UI
from drivers.zigbee.zcl.foundation import DefaultResponse
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.room_air import RoomAir
from simulators.devices.thermostat import Mode, Thermostat
from tests.simulators.zigbee.on_air import OnAir, on_air

OK = ZclStatus.SUCCESS


def _thermostat(celsius: float = 18.0) -> tuple[Thermostat, OnAir]:
    thermostat = Thermostat(RoomAir(temperature=celsius))
    return thermostat, on_air(thermostat)


def _mode(thermostat: Thermostat) -> Mode:
    return thermostat.mode


async def test_a_setpoint_is_written_and_the_room_heated() -> None:
    """ZCL8, 6.3, OccupiedHeatingSetpoint, ThermostatRunningState, PIHeatingDemand."""
    thermostat, air = _thermostat()
    assert air.read(THERMOSTAT, "local_temperature") == 1800
    assert air.write(THERMOSTAT, "occupied_heating_setpoint", 2250) == OK
    assert thermostat.setpoints[Mode.HEAT] == 22.5
    assert thermostat.heating
    assert air.read(THERMOSTAT, "thermostat_running_state") == RunningState.HEAT
    assert air.read(THERMOSTAT, "thermostat_running_mode") == RunningMode.HEAT
    assert air.read(THERMOSTAT, "pi_heating_demand") == 100
    thermostat.air.become(temperature=23.0)
    assert air.read(THERMOSTAT, "thermostat_running_state") == 0
    assert air.read(THERMOSTAT, "thermostat_running_mode") == RunningMode.OFF


async def test_a_setpoint_stays_within_its_limits() -> None:
    """ZCL8, 6.3, MinHeatSetpointLimit and MaxHeatSetpointLimit."""
    _, air = _thermostat()
    assert air.write(THERMOSTAT, "max_heat_setpoint_limit", 2400) == OK
    assert air.write(THERMOSTAT, "occupied_heating_setpoint", 2500) == ZclStatus.INVALID_VALUE
    assert air.write(THERMOSTAT, "occupied_heating_setpoint", None) == ZclStatus.INVALID_VALUE
    assert air.read(THERMOSTAT, "occupied_heating_setpoint") == 2100
    assert air.write(THERMOSTAT, "max_heat_setpoint_limit", 9000) == ZclStatus.INVALID_VALUE
    assert air.read(THERMOSTAT, "abs_max_heat_setpoint_limit") == 3000


async def test_a_setpoint_is_raised_and_lowered_by_tenths() -> None:
    """ZCL8, 6.3, Setpoint Raise/Lower."""
    _, air = _thermostat()
    assert air.command(SetpointRaiseLower(SetpointMode.HEAT, 15)) == DefaultResponse(0, OK)
    assert air.read(THERMOSTAT, "occupied_heating_setpoint") == 2250
    air.command(SetpointRaiseLower(SetpointMode.BOTH, -128))
    assert air.read(THERMOSTAT, "occupied_heating_setpoint") == 970
    air.command(SetpointRaiseLower(SetpointMode.HEAT, 127))
    air.command(SetpointRaiseLower(SetpointMode.HEAT, 127))
    assert air.read(THERMOSTAT, "occupied_heating_setpoint") == 3000
    refused = air.command(SetpointRaiseLower(SetpointMode.COOL, 10))
    assert refused == DefaultResponse(0, ZclStatus.INVALID_FIELD)


async def test_one_that_heats_is_off_or_heats() -> None:
    """ZCL8, 6.3, SystemMode and ControlSequenceOfOperation."""
    thermostat, air = _thermostat()
    assert air.read(THERMOSTAT, "system_mode") == SystemMode.HEAT
    assert air.write(THERMOSTAT, "system_mode", SystemMode.OFF) == OK
    assert _mode(thermostat) is Mode.OFF
    assert not thermostat.heating
    assert air.write(THERMOSTAT, "system_mode", SystemMode.COOL) == ZclStatus.INVALID_VALUE
    assert air.write(THERMOSTAT, "system_mode", SystemMode.HEAT) == OK
    assert _mode(thermostat) is Mode.HEAT


async def test_economy_has_a_setpoint_of_its_own() -> None:
    """ZCL8, 6.3, ThermostatProgrammingOperationMode and UnoccupiedHeatingSetpoint."""
    thermostat, air = _thermostat()
    economy = int(ProgrammingOperationMode.ECONOMY)
    assert air.write(THERMOSTAT, "thermostat_programming_operation_mode", economy) == OK
    assert _mode(thermostat) is Mode.ECO
    assert air.read(THERMOSTAT, "thermostat_programming_operation_mode") == economy
    assert air.read(THERMOSTAT, "system_mode") == SystemMode.HEAT
    assert air.write(THERMOSTAT, "unoccupied_heating_setpoint", 1900) == OK
    assert thermostat.setpoints[Mode.ECO] == 19.0
    assert air.write(THERMOSTAT, "thermostat_programming_operation_mode", 0) == OK
    assert _mode(thermostat) is Mode.HEAT
    wrong = air.write(THERMOSTAT, "thermostat_programming_operation_mode", 0x80)
    assert wrong == ZclStatus.INVALID_VALUE


async def test_a_calibration_is_added_to_what_is_measured() -> None:
    """ZCL8, 6.3, LocalTemperatureCalibration."""
    _, air = _thermostat()
    assert air.write(THERMOSTAT, "local_temperature_calibration", -15) == OK
    assert air.read(THERMOSTAT, "local_temperature") == 1650
    assert air.write(THERMOSTAT, "local_temperature_calibration", 60) == ZclStatus.INVALID_VALUE


async def test_a_hand_on_the_thermostat_is_reported() -> None:
    thermostat, air = _thermostat(21.0)
    air.report(THERMOSTAT, "occupied_heating_setpoint", 0, 0, 10)
    thermostat.act({"setpoint": 23.0})
    assert {"occupied_heating_setpoint": 2300} in air.reports(THERMOSTAT)


async def test_schedules_are_not_kept() -> None:
    """ZCL8, 6.3: the weekly schedule is optional."""
    _, air = _thermostat()
    assert air.command(ClearWeeklySchedule()) == DefaultResponse(3, ZclStatus.UNSUP_COMMAND)


async def test_the_fan_has_two_speeds() -> None:
    """ZCL8, 6.4, FanMode and FanModeSequence."""
    thermostat, air = _thermostat()
    assert air.read(FAN_CONTROL, "fan_mode_sequence") == FanModeSequence.LOW_HIGH
    assert air.write(FAN_CONTROL, "fan_mode", FanMode.HIGH) == OK
    assert thermostat.fan_high
    assert air.read(FAN_CONTROL, "fan_mode") == FanMode.HIGH
    assert air.write(FAN_CONTROL, "fan_mode", FanMode.AUTO) == ZclStatus.INVALID_VALUE


async def test_keys_are_locked_and_unlocked() -> None:
    """ZCL8, 6.6, KeypadLockout."""
    _, air = _thermostat()
    assert air.write(THERMOSTAT_UI, "keypad_lockout", 1) == OK
    assert air.read(THERMOSTAT_UI, "keypad_lockout") == 1
    assert air.write(THERMOSTAT_UI, "keypad_lockout", 9) == ZclStatus.INVALID_VALUE
