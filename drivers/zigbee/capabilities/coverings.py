"""Blinds, curtains, vents: Window Covering, or Level Control where a maker took that (ZCL8 §7.4, §3.10).

The ZCL counts in per cent how far a covering is closed; a person says how far it is open, and so do we.
"""

from typing import Any, Final

from drivers.zigbee.capabilities.switches import LEVEL, ON, is_motor, level_of, level_reads, percent_of
from drivers.zigbee.capabilities.translation import (
    Place,
    Plan,
    Reading,
    Reporting,
    Said,
    Translation,
    close_to,
    read,
    read_one,
    tell,
)
from drivers.zigbee.zcl.clusters import level_control, on_off, window_covering
from drivers.zigbee.zcl.clusters.window_covering import WINDOW_COVERING as COVERING_CLUSTER
from hubagent.model.capabilities.window_covering import WINDOW_COVERING, GoToPosition, GoToTilt, StopMoving
from hubagent.model.capability import Capability, Value

TYPE: Final = COVERING_CLUSTER.named("window_covering_type").id
LIFT: Final = COVERING_CLUSTER.named("current_position_lift_percentage").id
TILT: Final = COVERING_CLUSTER.named("current_position_tilt_percentage").id
TILTING_TYPES: Final = frozenset((0x06, 0x07, 0x08))
"""Window covering types with slats (ZCL8 §7.4.2.1.2.1): shutter, tilt blind without and with lift."""
TRAVEL_MAX_S: Final = 60.0
_MOVES, _LEVEL = "moves", "level"


def has_tilt(place: Place) -> bool:
    return place.attribute(window_covering.CLUSTER_ID, TYPE) in TILTING_TYPES


def _percentages(place: Place) -> tuple[int, ...]:
    """Those of its positions that it counts."""
    wanted = (LIFT, TILT) if has_tilt(place) else (LIFT,)
    return tuple(attribute for attribute in wanted if not place.lacks(window_covering.CLUSTER_ID, attribute))


def _turned(percent: float, place: Place) -> float:
    """The device's count of a lift to ours, and ours to the device's."""
    return percent if place.quirk.inverted else 100 - percent


def _lift(value: Any, place: Place) -> list[Said]:
    position: Value = None if value is None or value > 100 else _turned(value, place)
    return read_one(WINDOW_COVERING, position=position)


def _tilt(value: Any, _place: Place) -> list[Said]:
    return read_one(WINDOW_COVERING, tilt=None if value is None or value > 100 else 100 - value)


def _go_to_position(wish: GoToPosition, place: Place) -> Plan | None:
    if LIFT in _percentages(place):
        percent = round(_turned(wish.position, place))
        return Plan(
            (tell(place, window_covering.GoToLiftPercentage(percent)),),
            (read(place, window_covering.CLUSTER_ID, LIFT),),
            transition_s=TRAVEL_MAX_S,
            confirms=close_to({"position": wish.position}, 2),
        )
    if wish.position not in {0, 100}:
        return None
    command = window_covering.UpOpen() if wish.position else window_covering.DownClose()
    return Plan((tell(place, command),), transition_s=TRAVEL_MAX_S)


def _go_to_tilt(wish: GoToTilt, place: Place) -> Plan | None:
    if TILT not in _percentages(place):
        return None
    return Plan(
        (tell(place, window_covering.GoToTiltPercentage(round(100 - wish.tilt))),),
        (read(place, window_covering.CLUSTER_ID, TILT),),
        transition_s=TRAVEL_MAX_S,
        confirms=close_to({"tilt": wish.tilt}, 2),
    )


def _stop(_wish: StopMoving, place: Place) -> Plan:
    wanted = _percentages(place)
    readback = (read(place, window_covering.CLUSTER_ID, *wanted),) if wanted else ()
    return Plan((tell(place, window_covering.Stop()),), readback)


def _reporting(place: Place) -> tuple[Reporting, ...]:
    return tuple(Reporting(attribute, 1, 3600, 1) for attribute in _percentages(place))


# Level Control that opens and closes


def _level_offers(_place: Place) -> tuple[Capability, ...]:
    return (WINDOW_COVERING,)


def _open(value: Any, place: Place) -> list[Said]:
    """On is open as far as the level says, off is closed whatever it says."""
    memory = place.memory
    memory[_MOVES] = value
    if value is False:
        return [Reading(WINDOW_COVERING.name, {"position": 0})]
    level = memory.get(_LEVEL)
    if value is None or level is None:
        return read_one(WINDOW_COVERING, position=None)
    return read_one(WINDOW_COVERING, position=percent_of(level))


def _open_level(value: Any, place: Place) -> list[Said]:
    memory = place.memory
    memory[_LEVEL] = value
    if memory.get(_MOVES) is False:
        return []
    return read_one(WINDOW_COVERING, position=None if value is None else percent_of(value))


def _go_to_level(wish: GoToPosition, place: Place) -> Plan:
    closing = wish.position <= 0 and place.has(on_off.CLUSTER_ID)
    command = on_off.Off() if closing else level_control.MoveToLevelWithOnOff(level_of(wish.position))
    return Plan(
        (tell(place, command),),
        level_reads(place),
        transition_s=TRAVEL_MAX_S,
        confirms=close_to({"position": wish.position}, 2),
    )


def _stop_level(_wish: StopMoving, place: Place) -> Plan:
    return Plan((tell(place, level_control.Stop()),), level_reads(place))


COVERINGS = (
    Translation(
        window_covering.CLUSTER_ID,
        lambda _: (WINDOW_COVERING,),
        readers={LIFT: _lift, TILT: _tilt},
        planners={GoToPosition: _go_to_position, GoToTilt: _go_to_tilt, StopMoving: _stop},
        questions=(TYPE,),
        state=_percentages,
        reporting=_reporting,
    ),
    Translation(
        level_control.CLUSTER_ID,
        _level_offers,
        is_motor,
        readers={LEVEL: _open_level},
        planners={GoToPosition: _go_to_level, StopMoving: _stop_level},
        state=(LEVEL,),
        reporting=(Reporting(LEVEL, 1, 3600, 1),),
    ),
    Translation(
        on_off.CLUSTER_ID,
        applies=is_motor,
        readers={ON: _open},
        state=(ON,),
        reporting=(Reporting(ON, 0, 3600),),
    ),
)
"""Of On/Off beside a Window Covering nothing is said: it is another view of the same motor."""
