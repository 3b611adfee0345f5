"""Tuya's switches, buttons and covers: its clusters 0xE000, 0xE001 and 0xE002, and what it adds to standard ones.

Frames carry no manufacturer code. Source: the clusters as zigbee-herdsman-converters has them (lib/tuya.ts).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final

from drivers.zigbee.wire import Remaining, UInt8, UInt16
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.data_types import DataType

COMMON_ID = 0xE000
SWITCH_ID = 0xE001
SENSOR_ALARM_ID = 0xE002

_BASIC = 0x0000
_ON_OFF = 0x0006
_LEVEL_CONTROL = 0x0008
_WINDOW_COVERING = 0x0102


class Press(IntEnum):
    """Of a button: the value of ButtonPress."""

    SINGLE = 0x00
    DOUBLE = 0x01
    HOLD = 0x02


class Rotation(IntEnum):
    """Of a knob: the value of Rotate."""

    RIGHT = 0x00
    LEFT = 0x01


class PowerOnBehavior(IntEnum):
    OFF = 0x00
    ON = 0x01
    PREVIOUS = 0x02


@dataclass(frozen=True, slots=True)
class Setup(ClusterCommand):
    CLUSTER: ClassVar = _BASIC
    COMMAND: ClassVar = 0xF0


@dataclass(frozen=True, slots=True)
class Countdown(ClusterCommand):
    CLUSTER: ClassVar = _ON_OFF
    COMMAND: ClassVar = 0xF0

    data: Remaining = b""


@dataclass(frozen=True, slots=True)
class Rotate(ClusterCommand):
    CLUSTER: ClassVar = _ON_OFF
    COMMAND: ClassVar = 0xFC

    rotation: UInt8
    """A Rotation, where it is one that is known here."""


@dataclass(frozen=True, slots=True)
class ButtonPress(ClusterCommand):
    """A remote's button, sent to the endpoint of its number."""

    CLUSTER: ClassVar = _ON_OFF
    COMMAND: ClassVar = 0xFD

    press: UInt8
    """A Press, where it is one that is known here."""
    data: Remaining = b""


@dataclass(frozen=True, slots=True)
class MoveToFineLevel(ClusterCommand):
    """Level Control in a thousand steps."""

    CLUSTER: ClassVar = _LEVEL_CONTROL
    COMMAND: ClassVar = 0xF0

    level: UInt16
    """0-1000."""
    transition_time: UInt16


COMMANDS: Final[tuple[type[ClusterCommand], ...]] = (Setup, Countdown, Rotate, ButtonPress, MoveToFineLevel)
"""What Tuya adds to standard clusters."""

ATTRIBUTES: Final[dict[int, tuple[AttributeDef, ...]]] = {
    _ON_OFF: (
        AttributeDef(0x5000, "tuya_backlight_switch", DataType.ENUM8, writable=True),
        AttributeDef(0x8001, "tuya_backlight_mode", DataType.ENUM8, writable=True),
        AttributeDef(0x8002, "tuya_power_on_behavior", DataType.ENUM8, writable=True),
        AttributeDef(0x8004, "tuya_operation_mode", DataType.ENUM8, writable=True),
    ),
    _WINDOW_COVERING: (
        AttributeDef(0x8000, "tuya_switch_type", DataType.ENUM8, writable=True),
        AttributeDef(0xF000, "tuya_moving_state", DataType.ENUM8, writable=True),
        AttributeDef(0xF001, "tuya_calibration", DataType.ENUM8, writable=True),
        AttributeDef(0xF002, "tuya_motor_reversal", DataType.ENUM8, writable=True),
        AttributeDef(0xF003, "tuya_calibration_time", DataType.UINT16, writable=True),
    ),
}
"""What Tuya adds to standard clusters."""


@dataclass(frozen=True, slots=True)
class SetRandomTiming(ClusterCommand):
    CLUSTER: ClassVar = COMMON_ID
    COMMAND: ClassVar = 0xF7

    data: Remaining


@dataclass(frozen=True, slots=True)
class SetCycleTiming(ClusterCommand):
    CLUSTER: ClassVar = COMMON_ID
    COMMAND: ClassVar = 0xF8

    data: Remaining


@dataclass(frozen=True, slots=True)
class SetInchingSwitch(ClusterCommand):
    CLUSTER: ClassVar = COMMON_ID
    COMMAND: ClassVar = 0xFB

    data: Remaining


@dataclass(frozen=True, slots=True)
class SetOptions1(ClusterCommand):
    CLUSTER: ClassVar = SWITCH_ID
    COMMAND: ClassVar = 0xE5

    data: Remaining


@dataclass(frozen=True, slots=True)
class SetOptions2(ClusterCommand):
    CLUSTER: ClassVar = SWITCH_ID
    COMMAND: ClassVar = 0xE6

    data: Remaining


@dataclass(frozen=True, slots=True)
class SetOptions3(ClusterCommand):
    CLUSTER: ClassVar = SWITCH_ID
    COMMAND: ClassVar = 0xE7

    data: Remaining


TUYA_COMMON = Cluster(
    id=COMMON_ID,
    name="tuya_common",
    attributes=(
        AttributeDef(0xD001, "random_timing", DataType.CHAR_STRING, writable=True),
        AttributeDef(0xD002, "cycle_timing", DataType.CHAR_STRING, writable=True),
        AttributeDef(0xD003, "inching", DataType.CHAR_STRING, writable=True),
    ),
    received=(SetRandomTiming, SetCycleTiming, SetInchingSwitch),
)

TUYA_SWITCH = Cluster(
    id=SWITCH_ID,
    name="tuya_switch",
    attributes=(
        AttributeDef(0xD010, "power_on_behavior", DataType.ENUM8, writable=True),
        AttributeDef(0xD020, "switch_mode", DataType.ENUM8, writable=True),
        AttributeDef(0xD030, "switch_type", DataType.ENUM8, writable=True),
    ),
    received=(SetOptions1, SetOptions2, SetOptions3),
)

TUYA_SENSOR_ALARM = Cluster(
    id=SENSOR_ALARM_ID,
    name="tuya_sensor_alarm",
    attributes=(
        AttributeDef(0xD006, "alarm_temperature", DataType.ENUM8, writable=True),
        AttributeDef(0xD00A, "alarm_temperature_max", DataType.INT16, writable=True),
        AttributeDef(0xD00B, "alarm_temperature_min", DataType.INT16, writable=True),
        AttributeDef(0xD00D, "alarm_humidity_max", DataType.INT16, writable=True),
        AttributeDef(0xD00E, "alarm_humidity_min", DataType.INT16, writable=True),
        AttributeDef(0xD00F, "alarm_humidity", DataType.ENUM8, writable=True),
    ),
)
