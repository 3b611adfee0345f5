"""What a captured device does when it is commanded: the attributes become what the command asks for, at once.

As little as makes a switch, a lamp, a blind, a lock, a thermostat and a zone do what they are told. A table at the end
says which clusters do anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters import (
    basic,
    color_control,
    door_lock,
    ias_wd,
    ias_zone,
    level_control,
    on_off,
    poll_control,
    thermostat,
    window_covering,
)
from drivers.zigbee.zcl.clusters.color_control import ColorMode
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.status import ZclStatus
from simulators.zigbee.clusters.ias_zone import ASKS_AFTER_S, CIE_ENDPOINT
from simulators.zigbee.clusters.side import Answer, Place

LEVEL_MIN: Final = 1


class Captured(Protocol):
    """A captured side, as its behaviour sees it."""

    @property
    def place(self) -> Place: ...

    def value(self, name: str) -> Value: ...

    def number(self, name: str, otherwise: int = 0) -> int: ...

    def become(self, name: str, value: Value) -> None: ...

    def beside(self, cluster: int) -> "Captured | None": ...


@dataclass(frozen=True, slots=True)
class Behaviour:
    commands: tuple[type[ClusterCommand], ...]
    react: Callable[[Captured, ClusterCommand], Answer]
    scene: str = ""
    """The attribute that a scene keeps of it, in one byte; empty: none."""


def _basic(_side: Captured, _command: ClusterCommand) -> Answer:
    _side.place.reset_attributes()
    return ZclStatus.SUCCESS


def _on_off(side: Captured, command: ClusterCommand) -> Answer:
    match command:
        case on_off.On() | on_off.OnWithRecallGlobalScene() | on_off.OnWithTimedOff():
            side.become("on_off", True)
        case on_off.Off() | on_off.OffWithEffect():
            side.become("on_off", False)
        case on_off.Toggle():
            side.become("on_off", not side.value("on_off"))
    return ZclStatus.SUCCESS


def _level(side: Captured, command: ClusterCommand) -> Answer:
    now = side.number("current_level", level_control.LEVEL_MAX)
    match command:
        case level_control.MoveToLevel(level) | level_control.MoveToLevelWithOnOff(level):
            wanted = level
        case level_control.Step(mode, size) | level_control.StepWithOnOff(mode, size):
            wanted = now + size if mode == level_control.Direction.UP else now - size
        case level_control.Move(mode) | level_control.MoveWithOnOff(mode):
            wanted = level_control.LEVEL_MAX if mode == level_control.Direction.UP else 0
        case _:
            return ZclStatus.SUCCESS
    with_on_off = isinstance(
        command, level_control.MoveToLevelWithOnOff | level_control.MoveWithOnOff | level_control.StepWithOnOff
    )
    switch = side.beside(on_off.CLUSTER_ID)
    if with_on_off and switch is not None:
        switch.become("on_off", wanted > 0)
    if wanted > 0 or not with_on_off:
        side.become("current_level", max(LEVEL_MIN, min(level_control.LEVEL_MAX, wanted)))
    return ZclStatus.SUCCESS


def _color(side: Captured, command: ClusterCommand) -> Answer:
    match command:
        case color_control.MoveToHue(hue):
            side.become("current_hue", hue)
            side.become("color_mode", ColorMode.HUE_AND_SATURATION)
        case color_control.MoveToSaturation(saturation):
            side.become("current_saturation", saturation)
            side.become("color_mode", ColorMode.HUE_AND_SATURATION)
        case color_control.MoveToHueAndSaturation(hue, saturation):
            side.become("current_hue", hue)
            side.become("current_saturation", saturation)
            side.become("color_mode", ColorMode.HUE_AND_SATURATION)
        case color_control.EnhancedMoveToHueAndSaturation(hue, saturation):
            side.become("enhanced_current_hue", hue)
            side.become("current_hue", hue >> 8)
            side.become("current_saturation", saturation)
            side.become("color_mode", ColorMode.HUE_AND_SATURATION)
        case color_control.MoveToColor(x, y):
            side.become("current_x", x)
            side.become("current_y", y)
            side.become("color_mode", ColorMode.X_AND_Y)
        case color_control.MoveToColorTemperature(mireds):
            lowest = side.number("color_temperature_physical_min", 0)
            highest = side.number("color_temperature_physical_max", 0xFEFF)
            side.become("color_temperature", max(lowest, min(highest, mireds)))
            side.become("color_mode", ColorMode.COLOR_TEMPERATURE)
    return ZclStatus.SUCCESS


def _covering(side: Captured, command: ClusterCommand) -> Answer:
    match command:
        case window_covering.UpOpen():
            side.become("current_position_lift_percentage", 0)
        case window_covering.DownClose():
            side.become("current_position_lift_percentage", 100)
        case window_covering.GoToLiftPercentage(percentage) if percentage <= 100:
            side.become("current_position_lift_percentage", percentage)
        case window_covering.GoToTiltPercentage(percentage) if percentage <= 100:
            side.become("current_position_tilt_percentage", percentage)
        case window_covering.Stop():
            pass
        case _:
            return ZclStatus.INVALID_VALUE
    return ZclStatus.SUCCESS


def _lock(side: Captured, command: ClusterCommand) -> Answer:
    locked, unlocked = door_lock.LockState.LOCKED, door_lock.LockState.UNLOCKED
    match command:
        case door_lock.LockDoor():
            side.become("lock_state", locked)
            return door_lock.LockDoorResponse(ZclStatus.SUCCESS)
        case door_lock.UnlockDoor():
            side.become("lock_state", unlocked)
            return door_lock.UnlockDoorResponse(ZclStatus.SUCCESS)
        case door_lock.UnlockWithTimeout():
            side.become("lock_state", unlocked)
            return door_lock.UnlockWithTimeoutResponse(ZclStatus.SUCCESS)
        case door_lock.Toggle():
            side.become("lock_state", unlocked if side.value("lock_state") == locked else locked)
            return door_lock.ToggleResponse(ZclStatus.SUCCESS)
    return None


def _thermostat(side: Captured, command: ClusterCommand) -> Answer:
    match command:
        case thermostat.SetpointRaiseLower(mode, tenths):
            names = {
                thermostat.SetpointMode.HEAT: ("occupied_heating_setpoint",),
                thermostat.SetpointMode.COOL: ("occupied_cooling_setpoint",),
                thermostat.SetpointMode.BOTH: ("occupied_heating_setpoint", "occupied_cooling_setpoint"),
            }
            wanted = names.get(thermostat.SetpointMode(mode)) if mode in tuple(thermostat.SetpointMode) else None
            if wanted is None:
                return ZclStatus.INVALID_FIELD
            for name in wanted:
                if side.value(name) is not None:
                    side.become(name, max(-27_315, min(32_767, side.number(name) + 10 * tenths)))
    return ZclStatus.SUCCESS


def _zone(side: Captured, command: ClusterCommand) -> Answer:
    match command:
        case ias_zone.ZoneEnrollResponse(ias_zone.EnrollResponseCode.SUCCESS, zone_id):
            side.become("zone_state", ias_zone.ZoneState.ENROLLED)
            side.become("zone_id", zone_id)
    return ZclStatus.SUCCESS


def _centre_written(side: Captured) -> None:
    """ZCL8, 8.2: it belongs to somebody else now, and asks to be enrolled."""
    side.become("zone_state", ias_zone.ZoneState.NOT_ENROLLED)

    def ask() -> None:
        if side.value("zone_state") == ias_zone.ZoneState.NOT_ENROLLED:
            request = ias_zone.ZoneEnrollRequest(side.number("zone_type"), 0)
            side.place.tell_eui64(side.number("ias_cie_address"), CIE_ENDPOINT, request)

    side.place.loop.call_later(ASKS_AFTER_S, ask)


def _obeys(_side: Captured, _command: ClusterCommand) -> Answer:
    """It does what nobody can see."""
    return ZclStatus.SUCCESS


BEHAVIOURS: Final[Mapping[int, Behaviour]] = {
    basic.CLUSTER_ID: Behaviour((basic.ResetToFactoryDefaults,), _basic),
    on_off.CLUSTER_ID: Behaviour(on_off.ON_OFF.received, _on_off, "on_off"),
    level_control.CLUSTER_ID: Behaviour(level_control.LEVEL_CONTROL.received, _level, "current_level"),
    color_control.CLUSTER_ID: Behaviour(color_control.COLOR_CONTROL.received, _color),
    window_covering.CLUSTER_ID: Behaviour(
        window_covering.WINDOW_COVERING.received, _covering, "current_position_lift_percentage"
    ),
    door_lock.CLUSTER_ID: Behaviour(
        (door_lock.LockDoor, door_lock.UnlockDoor, door_lock.Toggle, door_lock.UnlockWithTimeout), _lock
    ),
    thermostat.CLUSTER_ID: Behaviour((thermostat.SetpointRaiseLower,), _thermostat),
    ias_zone.CLUSTER_ID: Behaviour(ias_zone.IAS_ZONE.received[:1], _zone),
    ias_wd.CLUSTER_ID: Behaviour(ias_wd.IAS_WD.received, _obeys),
    poll_control.CLUSTER_ID: Behaviour(poll_control.POLL_CONTROL.received, _obeys),
}
"""By cluster; others hear no commands."""

KEPT: Final[Mapping[int, tuple[str, ...]]] = {ias_zone.CLUSTER_ID: ("zone_state", "zone_id")}
"""By cluster: what it becomes and still is without power, beside what was written to it."""

WRITTEN: Final[Mapping[tuple[int, str], Callable[[Captured], None]]] = {
    (ias_zone.CLUSTER_ID, "ias_cie_address"): _centre_written,
}
"""What follows when an attribute was written."""
