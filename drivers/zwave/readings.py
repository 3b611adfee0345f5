"""Which report answers which Get, so that an answer to one question is not taken for another's."""

from collections.abc import Callable
from typing import Any, Final

from drivers.zwave.command_classes import (
    basic,
    battery,
    central_scene,
    configuration,
    door_lock,
    meter,
    notification,
    sensor_binary,
    sensor_multilevel,
    sound_switch,
    switch_binary,
    switch_color,
    switch_multilevel,
    thermostat_fan_mode,
    thermostat_mode,
    thermostat_operating_state,
    thermostat_setpoint,
    user_code,
    window_covering,
)
from drivers.zwave.command_classes.command import Command

Matcher = Callable[[Any, Any], bool]
"""Given the Get and the report: whether the one answers the other."""


def _any(_get: Any, _report: Any) -> bool:
    return True


def _same(field: str) -> Matcher:
    def compare(get: Any, report: Any) -> bool:
        asked, told = getattr(get, field), getattr(report, field)
        return asked is None or told is None or asked == told

    return compare


def _same_scale(get: meter.MeterGet, report: meter.MeterReport) -> bool:
    one_way = meter.RateType.UNSPECIFIED in (get.rate_type, report.reading.rate_type)
    same_way = one_way or report.reading.rate_type == get.rate_type
    return same_way and (get.scale is None or report.reading.scale == get.scale)


def _same_notification(get: notification.NotificationGet, report: notification.NotificationReport) -> bool:
    return report.event is None or report.event.notification_type == get.notification_type


def _same_user(get: user_code.ExtendedUserCodeGet, report: user_code.ExtendedUserCodeReport) -> bool:
    return any(code.user == get.user for code in report.codes)


_ANSWERS: Final[dict[type[Command], tuple[type[Command], Matcher]]] = {
    basic.BasicGet: (basic.BasicReport, _any),
    battery.BatteryGet: (battery.BatteryReport, _any),
    central_scene.CentralSceneSupportedGet: (central_scene.CentralSceneSupportedReport, _any),
    configuration.ConfigurationGet: (configuration.ConfigurationReport, _same("parameter")),
    door_lock.DoorLockOperationGet: (door_lock.DoorLockOperationReport, _any),
    sound_switch.SoundSwitchTonePlayGet: (sound_switch.SoundSwitchTonePlayReport, _any),
    meter.MeterGet: (meter.MeterReport, _same_scale),
    notification.NotificationGet: (notification.NotificationReport, _same_notification),
    sensor_binary.SensorBinaryGet: (sensor_binary.SensorBinaryReport, _same("sensor_type")),
    sensor_multilevel.SensorMultilevelGet: (sensor_multilevel.SensorMultilevelReport, _same("sensor_type")),
    switch_binary.SwitchBinaryGet: (switch_binary.SwitchBinaryReport, _any),
    switch_color.SwitchColorGet: (switch_color.SwitchColorReport, _same("component")),
    switch_multilevel.SwitchMultilevelGet: (switch_multilevel.SwitchMultilevelReport, _any),
    thermostat_fan_mode.ThermostatFanModeGet: (thermostat_fan_mode.ThermostatFanModeReport, _any),
    thermostat_mode.ThermostatModeGet: (thermostat_mode.ThermostatModeReport, _any),
    thermostat_operating_state.ThermostatOperatingStateGet: (
        thermostat_operating_state.ThermostatOperatingStateReport,
        _any,
    ),
    thermostat_setpoint.ThermostatSetpointGet: (thermostat_setpoint.ThermostatSetpointReport, _same("type")),
    user_code.UserCodeGet: (user_code.UserCodeReport, _same("user")),
    user_code.ExtendedUserCodeGet: (user_code.ExtendedUserCodeReport, _same_user),
    window_covering.WindowCoveringGet: (window_covering.WindowCoveringReport, _same("parameter")),
}


def answer_to(get: Command) -> tuple[type[Command], Callable[[Any], bool]]:
    """The type of the report that answers `get`, and whether a report of that type is the one."""
    kind, matches = _ANSWERS[type(get)]
    return kind, lambda report: matches(get, report)
