"""Thermostat Mode, Setpoint, Operating State and Fan Mode. Temperatures are Celsius with us, either with a device."""

from drivers.zwave.capabilities.translation import Plan, Said, Translation, close_to, read_one
from drivers.zwave.command_classes import (
    thermostat_fan_mode,
    thermostat_mode,
    thermostat_operating_state,
    thermostat_setpoint,
)
from drivers.zwave.command_classes.scaled_value import ScaledValue
from drivers.zwave.command_classes.thermostat_fan_mode import FanMode
from drivers.zwave.command_classes.thermostat_mode import ThermostatMode
from drivers.zwave.command_classes.thermostat_operating_state import OperatingState
from drivers.zwave.command_classes.thermostat_setpoint import SetpointType
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.fan_control import FAN_CONTROL, SetFanMode
from hubagent.model.capabilities.thermostat import (
    THERMOSTAT,
    SetCoolingSetpoint,
    SetHeatingSetpoint,
    SetThermostatMode,
)

CELSIUS, FAHRENHEIT = 0, 1
_SCALES = "setpoint scales"

MODES = {
    ThermostatMode.OFF: "off",
    ThermostatMode.HEAT: "heat",
    ThermostatMode.COOL: "cool",
    ThermostatMode.AUTO: "auto",
    ThermostatMode.AUXILIARY: "emergency_heat",
    ThermostatMode.FAN: "fan_only",
    ThermostatMode.DRY: "dry",
    ThermostatMode.AUTO_CHANGEOVER: "auto",
    ThermostatMode.ENERGY_HEAT: "energy_heat",
    ThermostatMode.ENERGY_COOL: "energy_cool",
    ThermostatMode.AWAY: "away",
}
RUNNING = {
    OperatingState.IDLE: "idle",
    OperatingState.HEATING: "heating",
    OperatingState.COOLING: "cooling",
    OperatingState.FAN_ONLY: "fan",
    OperatingState.PENDING_HEAT: "pending",
    OperatingState.PENDING_COOL: "pending",
    OperatingState.VENT_ECONOMIZER: "fan",
    OperatingState.AUX_HEATING: "heating",
    OperatingState.SECOND_STAGE_HEATING: "heating",
    OperatingState.SECOND_STAGE_COOLING: "cooling",
    OperatingState.SECOND_STAGE_AUX_HEAT: "heating",
    OperatingState.THIRD_STAGE_AUX_HEAT: "heating",
}
FAN_MODES = {
    FanMode.AUTO_LOW: "auto",
    FanMode.LOW: "low",
    FanMode.AUTO_HIGH: "auto",
    FanMode.HIGH: "high",
    FanMode.AUTO_MEDIUM: "auto",
    FanMode.MEDIUM: "medium",
    FanMode.CIRCULATION: "on",
}
SETPOINTS = {SetpointType.HEATING: "heating_setpoint", SetpointType.COOLING: "cooling_setpoint"}


def celsius(value: float, scale: int) -> float | None:
    """None where the scale is none of a temperature."""
    if scale == FAHRENHEIT:
        return round((value - 32) / 1.8, 2)
    return value if scale == CELSIUS else None


def _mode(report: thermostat_mode.ThermostatModeReport, _end_point: EndPoint) -> list[Said]:
    return read_one(THERMOSTAT, mode=MODES.get(ThermostatMode(report.mode)) if report.mode in MODES else None)


def _set_mode(wish: SetThermostatMode, end_point: EndPoint) -> Plan | None:
    offered = end_point.facts_of(thermostat_mode.COMMAND_CLASS).get("modes", ())
    fitting = [mode for mode, word in MODES.items() if word == wish.mode and mode in offered]
    if not fitting:
        return None
    return Plan(thermostat_mode.ThermostatModeSet(fitting[0]), (thermostat_mode.ThermostatModeGet(),))


def _setpoint(report: thermostat_setpoint.ThermostatSetpointReport, end_point: EndPoint) -> list[Said]:
    name = SETPOINTS.get(SetpointType(report.type)) if report.type in SETPOINTS else None
    if name is None or report.setpoint is None:
        return []
    degrees = celsius(report.setpoint.value, report.setpoint.scale)
    if degrees is None:
        return []
    # A Set must use the scale, precision and size that the device itself uses.
    end_point.memory.setdefault(_SCALES, {})[report.type] = report.setpoint
    return read_one(THERMOSTAT, **{name: degrees})


def _set_setpoint(kind: SetpointType, wanted_celsius: float, end_point: EndPoint) -> Plan | None:
    facts = end_point.facts_of(thermostat_setpoint.COMMAND_CLASS)
    if kind not in facts.get("types", ()):
        return None
    last: ScaledValue | None = end_point.memory.get(_SCALES, {}).get(kind)
    scale = last.scale if last is not None else facts.get("scales", {}).get(str(int(kind)), 0)
    value = wanted_celsius * 1.8 + 32 if scale == FAHRENHEIT else wanted_celsius
    precision = last.precision if last is not None else 1
    if scale != FAHRENHEIT and value != round(value):
        # A device that reports 20 without decimals may well know 21.5; the wish is not rounded on its way.
        precision = max(1, precision)
    number = ScaledValue.of(value, scale, precision)
    if last is not None and last.size > number.size:
        number = ScaledValue(number.digits, number.precision, number.scale, last.size)
    step = 10**-number.precision / (1.8 if scale == FAHRENHEIT else 1)
    return Plan(
        thermostat_setpoint.ThermostatSetpointSet(kind, number),
        (thermostat_setpoint.ThermostatSetpointGet(kind),),
        confirms=close_to({SETPOINTS[kind]: wanted_celsius}, step),
    )


def _running(report: thermostat_operating_state.ThermostatOperatingStateReport, _end_point: EndPoint) -> list[Said]:
    return read_one(THERMOSTAT, running=RUNNING.get(OperatingState(report.state)) if report.state in RUNNING else None)


def _fan(report: thermostat_fan_mode.ThermostatFanModeReport, _end_point: EndPoint) -> list[Said]:
    if report.off:
        return read_one(FAN_CONTROL, fan_mode="off")
    return read_one(FAN_CONTROL, fan_mode=FAN_MODES.get(FanMode(report.mode)) if report.mode in FAN_MODES else None)


def _set_fan(wish: SetFanMode, end_point: EndPoint) -> Plan | None:
    readback = (thermostat_fan_mode.ThermostatFanModeGet(),)
    if wish.fan_mode == "off":
        if end_point.version(thermostat_fan_mode.COMMAND_CLASS) < 2:
            return None
        return Plan(thermostat_fan_mode.ThermostatFanModeSet(FanMode.AUTO_LOW, off=True), readback)
    offered = end_point.facts_of(thermostat_fan_mode.COMMAND_CLASS).get("modes", ())
    fitting = [mode for mode, word in FAN_MODES.items() if word == wish.fan_mode and mode in offered]
    if not fitting:
        return None
    return Plan(thermostat_fan_mode.ThermostatFanModeSet(fitting[0], off=False), readback)


THERMOSTATS = (
    Translation(
        thermostat_mode.COMMAND_CLASS,
        lambda _: (THERMOSTAT,),
        {thermostat_mode.ThermostatModeReport: _mode},
        {SetThermostatMode: _set_mode},
    ),
    Translation(
        thermostat_setpoint.COMMAND_CLASS,
        lambda _: (THERMOSTAT,),
        {thermostat_setpoint.ThermostatSetpointReport: _setpoint},
        {
            SetHeatingSetpoint: lambda wish, end_point: _set_setpoint(
                SetpointType.HEATING, wish.heating_setpoint, end_point
            ),
            SetCoolingSetpoint: lambda wish, end_point: _set_setpoint(
                SetpointType.COOLING, wish.cooling_setpoint, end_point
            ),
        },
    ),
    Translation(
        thermostat_operating_state.COMMAND_CLASS,
        lambda _: (THERMOSTAT,),
        {thermostat_operating_state.ThermostatOperatingStateReport: _running},
    ),
    Translation(
        thermostat_fan_mode.COMMAND_CLASS,
        lambda _: (FAN_CONTROL,),
        {thermostat_fan_mode.ThermostatFanModeReport: _fan},
        {SetFanMode: _set_fan},
    ),
)
