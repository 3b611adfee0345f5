"""Window Covering: a position is 0 closed to 99 open; slats are closed at 0, open at 50, and closed the other way round
at 99 (SDS13781, Window Covering, parameters)."""

from drivers.zwave.capabilities.switches import LEVEL_MAX, TRANSITION_MAX_S, level_of, percent_of
from drivers.zwave.capabilities.translation import Plan, Said, Translation, close_to, read_one
from drivers.zwave.command_classes import window_covering
from drivers.zwave.command_classes.duration import DEFAULT
from drivers.zwave.command_classes.window_covering import Parameter, ParameterLevel
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.window_covering import WINDOW_COVERING, GoToPosition, GoToTilt, StopMoving
from hubagent.model.capability import Capability

SLATS_OPEN = 50
TILTS = (Parameter.HORIZONTAL_SLATS_ANGLE, Parameter.VERTICAL_SLATS_ANGLE)
POSITIONS = (
    Parameter.OUTBOUND_BOTTOM,
    Parameter.OUTBOUND_TOP,
    Parameter.INBOUND_BOTTOM,
    Parameter.INBOUND_TOP,
    Parameter.INBOUND_TOP_BOTTOM,
    Parameter.OUTBOUND_LEFT,
    Parameter.OUTBOUND_RIGHT,
    Parameter.INBOUND_LEFT,
    Parameter.INBOUND_RIGHT,
    Parameter.INBOUND_LEFT_RIGHT,
)
"""In the order in which one of them stands for the covering's position."""


def _first(candidates: tuple[Parameter, ...], end_point: EndPoint) -> Parameter | None:
    supported = end_point.facts_of(window_covering.COMMAND_CLASS).get("parameters", ())
    return next((candidate for candidate in candidates if candidate in supported), None)


def _offers(end_point: EndPoint) -> tuple[Capability, ...]:
    if _first(POSITIONS, end_point) is None and _first(TILTS, end_point) is None:
        return ()
    return (WINDOW_COVERING,)


def _report(report: window_covering.WindowCoveringReport, end_point: EndPoint) -> list[Said]:
    moving = report.level != report.target
    if report.parameter == _first(POSITIONS, end_point):
        return read_one(WINDOW_COVERING, position=percent_of(report.level), moving=moving)
    if report.parameter == _first(TILTS, end_point):
        return read_one(WINDOW_COVERING, tilt=tilt_of(report.level))
    return []


def tilt_of(level: int) -> float:
    """How far slats are open, 0-100 %, whichever way they are turned."""
    return max(0.0, 100.0 - abs(min(level, LEVEL_MAX) - SLATS_OPEN) * 100 / SLATS_OPEN)


def slats_level_of(percent: float) -> int:
    """Between closed one way and open: a wish does not say which way to close."""
    return round(percent * SLATS_OPEN / 100)


def _go(parameter: Parameter | None, name: str, percent: float, level: int) -> Plan | None:
    if parameter is None:
        return None
    return Plan(
        window_covering.WindowCoveringSet((ParameterLevel(parameter, level),), DEFAULT),
        (window_covering.WindowCoveringGet(parameter),),
        transition_s=TRANSITION_MAX_S,
        confirms=close_to({name: percent}, 2),
    )


def _position(wish: GoToPosition, end_point: EndPoint) -> Plan | None:
    return _go(_first(POSITIONS, end_point), "position", wish.position, level_of(wish.position))


def _tilt(wish: GoToTilt, end_point: EndPoint) -> Plan | None:
    return _go(_first(TILTS, end_point), "tilt", wish.tilt, slats_level_of(wish.tilt))


def _stop(_wish: StopMoving, end_point: EndPoint) -> Plan | None:
    parameter = _first(POSITIONS, end_point)
    if parameter is None:
        return None
    return Plan(
        window_covering.WindowCoveringStopLevelChange(parameter), (window_covering.WindowCoveringGet(parameter),)
    )


COVERINGS = (
    Translation(
        window_covering.COMMAND_CLASS,
        _offers,
        {window_covering.WindowCoveringReport: _report},
        {GoToPosition: _position, GoToTilt: _tilt, StopMoving: _stop},
    ),
)
