"""What each command class is asked once, and which of its values are read afterwards.

The questions are those that the specification's mandatory node interviews name (SDS13784-14, SDS13781 and SDS13782
under each class); what was found is kept as facts in JSON's words. A device that does not answer a question is taken to
have nothing to say: the facts then lack the key. What the facts mean for the home is `capabilities`'.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from drivers.zwave.command_classes import (
    association_grp_info,
    basic,
    battery,
    central_scene,
    configuration,
    door_lock,
    indicator,
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
from drivers.zwave.interview.ask import Ask
from drivers.zwave.node_record import EndPoint, Facts

Question = Callable[[Ask, EndPoint], Awaitable[Facts]]

PARAMETERS_MAX = 64
"""How many of a device's own parameters are looked up, so that a device that never ends its list ends."""


async def _nothing(_ask: Ask, _end_point: EndPoint) -> Facts:
    return {}


async def _switch_multilevel(ask: Ask, end_point: EndPoint) -> Facts:
    if end_point.version(switch_multilevel.COMMAND_CLASS) < 3:
        return {}
    report = await ask.ask(
        switch_multilevel.SwitchMultilevelSupportedGet(), switch_multilevel.SwitchMultilevelSupportedReport
    )
    return {} if report is None else {"type": report.primary_type}


async def _switch_color(ask: Ask, _end_point: EndPoint) -> Facts:
    report = await ask.ask(switch_color.SwitchColorSupportedGet(), switch_color.SwitchColorSupportedReport)
    return {} if report is None else {"components": sorted(report.components)}


async def _window_covering(ask: Ask, _end_point: EndPoint) -> Facts:
    report = await ask.ask(window_covering.WindowCoveringSupportedGet(), window_covering.WindowCoveringSupportedReport)
    return {} if report is None else {"parameters": sorted(report.parameters)}


async def _sensor_binary(ask: Ask, end_point: EndPoint) -> Facts:
    if end_point.version(sensor_binary.COMMAND_CLASS) < 2:
        return {}
    report = await ask.ask(sensor_binary.SensorBinarySupportedGet(), sensor_binary.SensorBinarySupportedReport)
    return {} if report is None else {"types": sorted(report.sensor_types)}


async def _sensor_multilevel(ask: Ask, end_point: EndPoint) -> Facts:
    if end_point.version(sensor_multilevel.COMMAND_CLASS) < 5:
        return {}
    report = await ask.ask(
        sensor_multilevel.SensorMultilevelSupportedGetSensor(), sensor_multilevel.SensorMultilevelSupportedSensorReport
    )
    if report is None:
        return {}
    return {"scales": {str(kind): await _scales(ask, kind) for kind in sorted(report.sensor_types)}}


async def _scales(ask: Ask, sensor_type: int) -> list[int]:
    report = await ask.ask(
        sensor_multilevel.SensorMultilevelSupportedGetScale(sensor_type),
        sensor_multilevel.SensorMultilevelSupportedScaleReport,
        lambda report: report.sensor_type == sensor_type,
    )
    return [] if report is None else sorted(report.scales)


async def _notification(ask: Ask, end_point: EndPoint) -> Facts:
    if end_point.version(notification.COMMAND_CLASS) < 2:
        return {}
    report = await ask.ask(notification.NotificationSupportedGet(), notification.NotificationSupportedReport)
    if report is None:
        return {}
    kinds = sorted(report.notification_types)
    if end_point.version(notification.COMMAND_CLASS) < 3:
        return {"events": {str(kind): [] for kind in kinds}}
    return {"events": {str(kind): await _notification_events(ask, kind) for kind in kinds}}


async def _notification_events(ask: Ask, kind: int) -> list[int]:
    report = await ask.ask(
        notification.EventSupportedGet(kind),
        notification.EventSupportedReport,
        lambda report: report.notification_type == kind,
    )
    return [] if report is None else sorted(report.events)


async def _meter(ask: Ask, end_point: EndPoint) -> Facts:
    if end_point.version(meter.COMMAND_CLASS) < 2:
        return {}
    report = await ask.ask(meter.MeterSupportedGet(), meter.MeterSupportedReport)
    if report is None:
        return {}
    return {"type": report.meter_type, "scales": sorted(report.scales), "rate_types": int(report.rate_types)}


async def _thermostat_mode(ask: Ask, _end_point: EndPoint) -> Facts:
    report = await ask.ask(thermostat_mode.ThermostatModeSupportedGet(), thermostat_mode.ThermostatModeSupportedReport)
    return {} if report is None else {"modes": sorted(report.modes)}


async def _thermostat_fan_mode(ask: Ask, _end_point: EndPoint) -> Facts:
    report = await ask.ask(
        thermostat_fan_mode.ThermostatFanModeSupportedGet(), thermostat_fan_mode.ThermostatFanModeSupportedReport
    )
    return {} if report is None else {"modes": sorted(report.modes)}


async def _thermostat_setpoint(ask: Ask, end_point: EndPoint) -> Facts:
    report = await ask.ask(
        thermostat_setpoint.ThermostatSetpointSupportedGet(), thermostat_setpoint.ThermostatSetpointSupportedReport
    )
    if report is None:
        return {}
    types = sorted(report.types)
    if end_point.version(thermostat_setpoint.COMMAND_CLASS) < 3:
        return {"types": types if report.types == report.bits else await _setpoints_in_use(ask, report)}
    facts: Facts = {"types": types}
    scales = {str(kind): await _setpoint_scale(ask, kind) for kind in types}
    return {**facts, "scales": {kind: scale for kind, scale in scales.items() if scale is not None}}


async def _setpoints_in_use(ask: Ask, report: thermostat_setpoint.ThermostatSetpointSupportedReport) -> list[int]:
    """The types that an old device has by either reading of its mask, and answers for."""
    found: list[int] = []
    for kind in sorted(report.types | report.bits.intersection(thermostat_setpoint.SetpointType) - {0}):
        answer = await _setpoint(ask, kind)
        if answer is not None and answer.type == kind:
            found.append(kind)
    return found


async def _setpoint(ask: Ask, kind: int) -> thermostat_setpoint.ThermostatSetpointReport | None:
    return await ask.ask(
        thermostat_setpoint.ThermostatSetpointGet(kind),
        thermostat_setpoint.ThermostatSetpointReport,
        lambda report: report.type in (kind, thermostat_setpoint.SetpointType.NOT_SUPPORTED),
    )


async def _setpoint_scale(ask: Ask, kind: int) -> int | None:
    report = await ask.ask(
        thermostat_setpoint.ThermostatSetpointCapabilitiesGet(kind),
        thermostat_setpoint.ThermostatSetpointCapabilitiesReport,
        lambda report: report.type == kind,
    )
    return None if report is None else report.minimum.scale


async def _door_lock(ask: Ask, end_point: EndPoint) -> Facts:
    if end_point.version(door_lock.COMMAND_CLASS) < 4:
        return {}
    report = await ask.ask(door_lock.DoorLockCapabilitiesGet(), door_lock.DoorLockCapabilitiesReport)
    return {} if report is None else {"door": report.door, "bolt": report.bolt, "latch": report.latch}


async def _user_code(ask: Ask, _end_point: EndPoint) -> Facts:
    report = await ask.ask(user_code.UsersNumberGet(), user_code.UsersNumberReport)
    return {} if report is None else {"users": report.all_users or report.first_users}


async def _central_scene(ask: Ask, _end_point: EndPoint) -> Facts:
    report = await ask.ask(central_scene.CentralSceneSupportedGet(), central_scene.CentralSceneSupportedReport)
    return {} if report is None else {"scenes": report.scenes}


async def _configuration(ask: Ask, end_point: EndPoint) -> Facts:
    """From version 3 a device lists its parameters: each properties report names the next one, 0 ends the list."""
    if end_point.version(configuration.COMMAND_CLASS) < 3:
        return {}
    parameters: dict[str, dict[str, int | bool]] = {}
    number = 0
    for _ in range(PARAMETERS_MAX):
        report = await _properties(ask, number)
        if report is None:
            break
        if report.limits is not None:
            parameters[str(report.parameter)] = {
                "size": report.limits.size,
                "unsigned": report.format != configuration.Format.SIGNED,
                "read_only": bool(report.read_only),
            }
        if report.next_parameter <= number:
            break
        number = report.next_parameter
    return {"parameters": parameters}


async def _properties(ask: Ask, number: int) -> configuration.ConfigurationPropertiesReport | None:
    """Of parameter `number`; 0 asks for the first one there is."""
    return await ask.ask(
        configuration.ConfigurationPropertiesGet(number),
        configuration.ConfigurationPropertiesReport,
        lambda report: number in (0, report.parameter),
    )


async def _sound_switch(ask: Ask, _end_point: EndPoint) -> Facts:
    report = await ask.ask(sound_switch.SoundSwitchTonesNumberGet(), sound_switch.SoundSwitchTonesNumberReport)
    return {} if report is None else {"tones": report.tones}


async def _indicator(ask: Ask, end_point: EndPoint) -> Facts:
    if end_point.version(indicator.COMMAND_CLASS) < 2:
        return {}
    report = await ask.ask(
        indicator.IndicatorSupportedGet(indicator.NODE_IDENTIFY),
        indicator.IndicatorSupportedReport,
        lambda report: report.indicator in (0, indicator.NODE_IDENTIFY),
    )
    return {} if report is None else {"identify": report.indicator == indicator.NODE_IDENTIFY}


async def _association_groups(ask: Ask, _end_point: EndPoint) -> Facts:
    report = await ask.ask(
        association_grp_info.AssociationGroupNameGet(1),
        association_grp_info.AssociationGroupNameReport,
        lambda report: report.group == 1,
    )
    return {} if report is None else {"lifeline": report.name}


QUESTIONS: Final[dict[int, Question]] = {
    switch_binary.COMMAND_CLASS: _nothing,
    switch_multilevel.COMMAND_CLASS: _switch_multilevel,
    switch_color.COMMAND_CLASS: _switch_color,
    window_covering.COMMAND_CLASS: _window_covering,
    sensor_binary.COMMAND_CLASS: _sensor_binary,
    sensor_multilevel.COMMAND_CLASS: _sensor_multilevel,
    notification.COMMAND_CLASS: _notification,
    meter.COMMAND_CLASS: _meter,
    thermostat_mode.COMMAND_CLASS: _thermostat_mode,
    thermostat_setpoint.COMMAND_CLASS: _thermostat_setpoint,
    thermostat_operating_state.COMMAND_CLASS: _nothing,
    thermostat_fan_mode.COMMAND_CLASS: _thermostat_fan_mode,
    door_lock.COMMAND_CLASS: _door_lock,
    user_code.COMMAND_CLASS: _user_code,
    battery.COMMAND_CLASS: _nothing,
    central_scene.COMMAND_CLASS: _central_scene,
    configuration.COMMAND_CLASS: _configuration,
    sound_switch.COMMAND_CLASS: _sound_switch,
    indicator.COMMAND_CLASS: _indicator,
    association_grp_info.COMMAND_CLASS: _association_groups,
}
"""By command class; a class that is not here has nothing to be asked."""


_BEST_IN_SCALE_1: Final = frozenset(
    (
        sensor_multilevel.SensorType.ILLUMINANCE,
        sensor_multilevel.SensorType.CARBON_MONOXIDE_LEVEL,
        sensor_multilevel.SensorType.PARTICULATE_MATTER_2_5,
        sensor_multilevel.SensorType.PARTICULATE_MATTER_10,
        sensor_multilevel.SensorType.VOLATILE_ORGANIC_COMPOUND_LEVEL,
    )
)
"""Lux, ppm and µg/m³. Of all others that the home knows scale 0 is SI, or what is nearest to it."""


def _sensor_gets(end_point: EndPoint) -> list[Command]:
    if end_point.version(sensor_multilevel.COMMAND_CLASS) < 5:
        return [sensor_multilevel.SensorMultilevelGet()]
    scales: dict[str, list[int]] = end_point.facts_of(sensor_multilevel.COMMAND_CLASS).get("scales", {})
    return [
        sensor_multilevel.SensorMultilevelGet(int(kind), _preferred_scale(int(kind), offered))
        for kind, offered in scales.items()
    ]


def _preferred_scale(sensor_type: int, offered: list[int]) -> int:
    best = 1 if sensor_type in _BEST_IN_SCALE_1 else 0
    return best if best in offered or not offered else offered[0]


def _sensor_binary_gets(end_point: EndPoint) -> list[Command]:
    types: list[int] = end_point.facts_of(sensor_binary.COMMAND_CLASS).get("types", [])
    return [sensor_binary.SensorBinaryGet(kind) for kind in types] or [sensor_binary.SensorBinaryGet()]


def _notification_gets(end_point: EndPoint) -> list[Command]:
    """Only a type that has states can be read: the event field 0 asks for the type's state (SDS13713, version 3)."""
    events: dict[str, list[int]] = end_point.facts_of(notification.COMMAND_CLASS).get("events", {})
    if end_point.version(notification.COMMAND_CLASS) < 3:
        return []
    return [notification.NotificationGet(0, int(kind), 0) for kind in events]


def _meter_gets(end_point: EndPoint) -> list[Command]:
    facts = end_point.facts_of(meter.COMMAND_CLASS)
    if "scales" not in facts:
        return [meter.MeterGet()]
    gets: list[Command] = [meter.MeterGet(scale) for scale in facts["scales"]]
    if facts.get("type") == meter.MeterType.ELECTRIC and facts.get("rate_types") == meter.RateType.BOTH:
        # Left to itself, a meter that counts both ways tells what was consumed.
        gets.append(meter.MeterGet(0, meter.RateType.EXPORT))
    return gets


def _setpoint_gets(end_point: EndPoint) -> list[Command]:
    types: list[int] = end_point.facts_of(thermostat_setpoint.COMMAND_CLASS).get("types", [])
    return [thermostat_setpoint.ThermostatSetpointGet(kind) for kind in types]


def _color_gets(end_point: EndPoint) -> list[Command]:
    components: list[int] = end_point.facts_of(switch_color.COMMAND_CLASS).get("components", [])
    return [switch_color.SwitchColorGet(component) for component in components]


def _covering_gets(end_point: EndPoint) -> list[Command]:
    parameters: list[int] = end_point.facts_of(window_covering.COMMAND_CLASS).get("parameters", [])
    return [window_covering.WindowCoveringGet(parameter) for parameter in parameters if parameter % 2]


def _parameter_gets(end_point: EndPoint) -> list[Command]:
    parameters: dict[str, object] = end_point.facts_of(configuration.COMMAND_CLASS).get("parameters", {})
    return [configuration.ConfigurationGet(int(number)) for number in parameters if int(number) <= 255]


GETS: Final[dict[int, Callable[[EndPoint], list[Command]]]] = {
    switch_binary.COMMAND_CLASS: lambda _: [switch_binary.SwitchBinaryGet()],
    switch_multilevel.COMMAND_CLASS: lambda _: [switch_multilevel.SwitchMultilevelGet()],
    switch_color.COMMAND_CLASS: _color_gets,
    window_covering.COMMAND_CLASS: _covering_gets,
    sensor_binary.COMMAND_CLASS: _sensor_binary_gets,
    sensor_multilevel.COMMAND_CLASS: _sensor_gets,
    notification.COMMAND_CLASS: _notification_gets,
    meter.COMMAND_CLASS: _meter_gets,
    thermostat_mode.COMMAND_CLASS: lambda _: [thermostat_mode.ThermostatModeGet()],
    thermostat_setpoint.COMMAND_CLASS: _setpoint_gets,
    thermostat_operating_state.COMMAND_CLASS: lambda _: [thermostat_operating_state.ThermostatOperatingStateGet()],
    thermostat_fan_mode.COMMAND_CLASS: lambda _: [thermostat_fan_mode.ThermostatFanModeGet()],
    door_lock.COMMAND_CLASS: lambda _: [door_lock.DoorLockOperationGet()],
    sound_switch.COMMAND_CLASS: lambda _: [sound_switch.SoundSwitchTonePlayGet()],
    battery.COMMAND_CLASS: lambda _: [battery.BatteryGet()],
    central_scene.COMMAND_CLASS: lambda _: [central_scene.CentralSceneSupportedGet()],
    configuration.COMMAND_CLASS: _parameter_gets,
}
"""What is read to know the state of a class, after the interview and whenever it may have changed unseen."""

_TELLING: Final = frozenset(GETS) - {battery.COMMAND_CLASS, configuration.COMMAND_CLASS}


def gets_of(end_point: EndPoint, command_class: int) -> list[Command]:
    """The Gets that read one class; Basic only where nothing else says what the end point does."""
    if command_class == basic.COMMAND_CLASS:
        return [] if says_more_than_basic(end_point) else [basic.BasicGet()]
    gets = GETS.get(command_class)
    return [] if gets is None else gets(end_point)


def says_more_than_basic(end_point: EndPoint) -> bool:
    """Basic stands for the main class of a device (SDS13781, Basic): where that one is here, Basic adds nothing."""
    return any(command_class in _TELLING for command_class in end_point.versions)
