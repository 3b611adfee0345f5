"""Switches and dimmers: Binary Switch and Multilevel Switch.

Z-Wave counts levels 0-99 and means 100 % by 99 (SDS13781, Multilevel Switch); 0xFF in a Set is the last level.
"""

from collections.abc import Callable, Mapping

from drivers.zwave.capabilities.translation import Plan, Planner, Said, Translation, close_to, read_one
from drivers.zwave.command_classes import switch_binary, switch_multilevel, window_covering
from drivers.zwave.command_classes.duration import Duration
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.level_control import LEVEL_CONTROL, MoveToLevel
from hubagent.model.capabilities.on_off import ON_OFF, SwitchOnOff
from hubagent.model.capabilities.window_covering import WINDOW_COVERING, GoToPosition, StopMoving
from hubagent.model.capability import Capability, Value

LEVEL_MAX = 99
TRANSITION_MAX_S = 60.0
"""How long a blind or a slow dimmer without a stated duration may take."""

GENERIC_MULTILEVEL = 0x11
MOTOR_CLASSES = frozenset((0x03, 0x05, 0x06, 0x07))
"""Specific device classes of the generic Multilevel Switch that are motors (Z-Wave device classes, SDS13740)."""


def percent_of(level: int | None) -> Value:
    """0-98 are taken for as many per cent, so that what was set is what is read; 99 and up is 100."""
    if level is None:
        return None
    return 100 if level >= LEVEL_MAX else level


def level_of(percent: float) -> int:
    """The other way round; what is more than nothing stays more than nothing."""
    return 0 if percent <= 0 else max(1, min(LEVEL_MAX, round(percent)))


def is_motor(end_point: EndPoint) -> bool:
    """By its device class, or because it has Window Covering, of which its levels are another view then."""
    if end_point.has(window_covering.COMMAND_CLASS):
        return True
    return end_point.generic_class == GENERIC_MULTILEVEL and end_point.specific_class in MOTOR_CLASSES


# Binary Switch


def _binary_offers(end_point: EndPoint) -> tuple[Capability, ...]:
    return () if end_point.has(switch_multilevel.COMMAND_CLASS) else (ON_OFF,)


def binary_readings(on: bool | None, end_point: EndPoint) -> list[Said]:
    return read_one(ON_OFF, on=on) if _binary_offers(end_point) else []


def _binary_report(report: switch_binary.SwitchBinaryReport, end_point: EndPoint) -> list[Said]:
    return binary_readings(report.on, end_point)


def _switch_binary(wish: SwitchOnOff, end_point: EndPoint) -> Plan | None:
    if not _binary_offers(end_point):
        return None
    return _BINARY_PLANS[wish.on]


_BINARY_PLANS = {
    on: Plan(switch_binary.SwitchBinarySet(on), (switch_binary.SwitchBinaryGet(),)) for on in (False, True)
}


# Multilevel Switch


def _multilevel_offers(end_point: EndPoint) -> tuple[Capability, ...]:
    return (WINDOW_COVERING,) if is_motor(end_point) else (ON_OFF, LEVEL_CONTROL)


def _multilevel_report(report: switch_multilevel.SwitchMultilevelReport, end_point: EndPoint) -> list[Said]:
    return multilevel_readings(report.value, report.target, end_point)


def multilevel_readings(value: int | None, target: int | None, end_point: EndPoint) -> list[Said]:
    percent = percent_of(value)
    if is_motor(end_point):
        moving = None if target is None else target != value
        return read_one(WINDOW_COVERING, position=percent, moving=moving)
    on = None if value is None else value > 0
    return [*read_one(ON_OFF, on=on), *read_one(LEVEL_CONTROL, level=percent)]


def _multilevel(value: int, transition_s: float | None, confirms: Callable[[Mapping[str, Value]], bool]) -> Plan:
    duration = None if transition_s is None else Duration.from_seconds(transition_s)
    return Plan(
        switch_multilevel.SwitchMultilevelSet(value, duration),
        (switch_multilevel.SwitchMultilevelGet(),),
        transition_s=TRANSITION_MAX_S if transition_s is None else transition_s,
        confirms=confirms,
    )


def _reaches(wanted: int) -> Callable[[Mapping[str, Value]], bool]:
    """Within a step of the device's own; on and off are not a step apart."""

    def compare(reported: Mapping[str, Value]) -> bool:
        percent = reported.get("level")
        if not isinstance(percent, int | float):
            return False
        level = level_of(percent)
        return (level > 0) is (wanted > 0) and abs(level - wanted) <= 1

    return compare


def _switch_multilevel(wish: SwitchOnOff, end_point: EndPoint) -> Plan | None:
    if is_motor(end_point):
        return None
    return _multilevel(switch_multilevel.ON if wish.on else 0, None, close_to({"on": wish.on}, 0))


def _move_to_level(wish: MoveToLevel, end_point: EndPoint) -> Plan | None:
    if is_motor(end_point):
        return None
    level = level_of(wish.level)
    return _multilevel(level, wish.transition_s, _reaches(level))


def _go_to_position(wish: GoToPosition, end_point: EndPoint) -> Plan | None:
    if not is_motor(end_point):
        return None
    return Plan(
        switch_multilevel.SwitchMultilevelSet(level_of(wish.position)),
        (switch_multilevel.SwitchMultilevelGet(),),
        transition_s=TRANSITION_MAX_S,
        confirms=close_to({"position": wish.position}, 2),
    )


def _stop(_wish: StopMoving, end_point: EndPoint) -> Plan | None:
    if not is_motor(end_point):
        return None
    return Plan(switch_multilevel.SwitchMultilevelStopLevelChange(), (switch_multilevel.SwitchMultilevelGet(),))


_MULTILEVEL_PLANNERS: dict[type, Planner] = {
    SwitchOnOff: _switch_multilevel,
    MoveToLevel: _move_to_level,
    GoToPosition: _go_to_position,
    StopMoving: _stop,
}

SWITCHES = (
    Translation(
        switch_binary.COMMAND_CLASS,
        _binary_offers,
        {switch_binary.SwitchBinaryReport: _binary_report},
        {SwitchOnOff: _switch_binary},
    ),
    Translation(
        switch_multilevel.COMMAND_CLASS,
        _multilevel_offers,
        {switch_multilevel.SwitchMultilevelReport: _multilevel_report},
        _MULTILEVEL_PLANNERS,
    ),
)
