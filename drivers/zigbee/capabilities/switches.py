"""Switches, plugs and dimmed lamps: On/Off and Level Control (ZCL8 §3.8, §3.10).

The ZCL keeps the level of a lamp that is off, a person calls it 0. So what is said of the level depends on what was
last said of on and off: both are remembered, and a lamp that goes on has the level that it last reported.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from drivers.zigbee.capabilities.translation import (
    Place,
    Plan,
    Read,
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
from drivers.zigbee.zcl.clusters.level_control import LEVEL_CONTROL as LEVEL_CLUSTER
from drivers.zigbee.zcl.clusters.level_control import LEVEL_MAX, TRANSITION_DEFAULT
from drivers.zigbee.zcl.clusters.on_off import ON_OFF as ON_OFF_CLUSTER
from hubagent.model.capabilities.level_control import LEVEL_CONTROL, MoveToLevel
from hubagent.model.capabilities.on_off import ON_OFF, SwitchOnOff
from hubagent.model.capability import Value

ON: Final = ON_OFF_CLUSTER.named("on_off").id
LEVEL: Final = LEVEL_CLUSTER.named("current_level").id
SHADE: Final = (0x0104, 0x0200)
"""Profile and device type of a shade that has a Level Control in place of a Window Covering (HA 05-3520-29 §7.4)."""
TRANSITION_S: Final = 5.0
"""How long a lamp may take that is left to choose."""
TRANSITION_MAX: Final = 0xFFFE
_LIT, _LEVEL = "on", "level"
"""In the memory of an end point."""

ON_READING: Final = Reading(ON_OFF.name, {"on": True})
OFF_READING: Final = Reading(ON_OFF.name, {"on": False})
DARK_READING: Final = Reading(LEVEL_CONTROL.name, {"level": 0})


def is_motor(place: Place) -> bool:
    """Its level says how far something is open."""
    if place.quirk.level_is_position:
        return True
    end_point = place.end_point
    return (end_point.profile, end_point.device_type) == SHADE and place.has(level_control.CLUSTER_ID)


def is_lamp_or_switch(place: Place) -> bool:
    """Neither a motor's, nor the other view of a Window Covering on the same end point."""
    return not is_motor(place) and not place.has(window_covering.CLUSTER_ID)


def percent_of(level: int) -> int:
    """1-254 are 1-100 %: what is more than nothing stays more than nothing."""
    return 0 if level <= 0 else max(1, min(100, round(level * 100 / LEVEL_MAX)))


def level_of(percent: float) -> int:
    return 0 if percent <= 0 else max(1, min(LEVEL_MAX, round(percent * LEVEL_MAX / 100)))


def tenths_of(transition_s: float | None, otherwise: int = TRANSITION_DEFAULT) -> int:
    return otherwise if transition_s is None else min(TRANSITION_MAX, round(transition_s * 10))


# On/Off


def _on(value: Any, place: Place) -> list[Said]:
    """Hot: the report of a switch."""
    reading = ON_READING if value else OFF_READING if value is not None else Reading(ON_OFF.name, {"on": None})
    if LEVEL_CONTROL.name not in place.offered:
        return [reading]
    memory = place.memory
    was = memory.get(_LIT)
    memory[_LIT] = value
    if value and was:
        # Of its level nothing new is said.
        return [reading]
    if not value:
        return [reading, DARK_READING] if value is not None else [reading]
    level = memory.get(_LEVEL)
    if level is None:
        return [reading]
    # A lamp that fades out may report 1 as the last level before it is off: that is not what it comes back with.
    back = percent_of(level) if level > 1 else None
    return [reading, Reading(LEVEL_CONTROL.name, {"level": back}, concluded=True)]


def _switch(wish: SwitchOnOff, place: Place) -> Plan:
    """Hot: there are two such plans for a place, and both are kept."""
    plan = place.plans.get(wish.on)
    if plan is None:
        command = on_off.On() if wish.on else on_off.Off()
        plan = place.plans[wish.on] = Plan((tell(place, command),), (read(place, on_off.CLUSTER_ID, ON),))
    return plan


# Level Control


def _level(value: Any, place: Place) -> list[Said]:
    memory = place.memory
    memory[_LEVEL] = value
    if value is None:
        return read_one(LEVEL_CONTROL, level=None)
    if memory.get(_LIT) is False:
        # It tells what it will come back with.
        return []
    return [Reading(LEVEL_CONTROL.name, {"level": percent_of(value)})]


def _move_to_level(wish: MoveToLevel, place: Place) -> Plan:
    command = level_control.MoveToLevelWithOnOff(level_of(wish.level), tenths_of(wish.transition_s))
    return Plan(
        (tell(place, command),),
        level_reads(place),
        transition_s=TRANSITION_S if wish.transition_s is None else wish.transition_s,
        confirms=_reached(wish.level),
    )


def level_reads(place: Place) -> tuple[Read, ...]:
    """On and off first: what the level means depends on it."""
    level = read(place, level_control.CLUSTER_ID, LEVEL)
    return (read(place, on_off.CLUSTER_ID, ON), level) if place.has(on_off.CLUSTER_ID) else (level,)


def _reached(level: float) -> Callable[[Mapping[str, Value]], bool]:
    if level > 0:
        return close_to({"level": level}, 1)

    def dark(reported: Mapping[str, Value]) -> bool:
        # What is off says no other level but 0, if it says one at all.
        return reported.get("level") == 0 or reported.get("on") is False

    return dark


SWITCHES = (
    Translation(
        on_off.CLUSTER_ID,
        lambda _: (ON_OFF,),
        is_lamp_or_switch,
        readers={ON: _on},
        planners={SwitchOnOff: _switch},
        state=(ON,),
        reporting=(Reporting(ON, 0, 3600),),
    ),
    Translation(
        level_control.CLUSTER_ID,
        lambda _: (LEVEL_CONTROL,),
        is_lamp_or_switch,
        readers={LEVEL: _level},
        planners={MoveToLevel: _move_to_level},
        state=(LEVEL,),
        reporting=(Reporting(LEVEL, 1, 3600, 1),),
    ),
)
