"""Level Control: brightness, volume, the opening of a valve (ZCL8, 3.10).

Levels are 0-254 (lights: 1-254), times in tenths of a second, rates in levels a second. The two option fields came
with ZCL6; what older devices send ends before them.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import MaybeUInt8

CLUSTER_ID = 0x0008

LEVEL_MAX = 0xFE
TRANSITION_DEFAULT = 0xFFFF
"""A transition time that says: as on_off_transition_time says, and where that is missing, as fast as possible."""
RATE_DEFAULT = 0xFF


class Direction(IntEnum):
    """Of Move and Step. ZCL8, 3.10.2.3.2.1."""

    UP = 0x00
    DOWN = 0x01


class Options(IntFlag):
    """ZCL8, 3.10.2.2.8."""

    EXECUTE_IF_OFF = 0x01
    COUPLE_COLOR_TEMPERATURE_TO_LEVEL = 0x02


@dataclass(frozen=True, slots=True)
class MoveToLevel(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    level: UInt8
    transition_time: UInt16 = TRANSITION_DEFAULT
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class Move(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    move_mode: UInt8
    """A Direction, where it is one that is known here."""
    rate: UInt8 = RATE_DEFAULT
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class Step(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    step_mode: UInt8
    """A Direction, where it is one that is known here."""
    step_size: UInt8
    transition_time: UInt16 = TRANSITION_DEFAULT
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class Stop(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveToLevelWithOnOff(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    level: UInt8
    transition_time: UInt16 = TRANSITION_DEFAULT
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveWithOnOff(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    move_mode: UInt8
    """A Direction, where it is one that is known here."""
    rate: UInt8 = RATE_DEFAULT
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class StepWithOnOff(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    step_mode: UInt8
    """A Direction, where it is one that is known here."""
    step_size: UInt8
    transition_time: UInt16 = TRANSITION_DEFAULT
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class StopWithOnOff(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07

    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveToClosestFrequency(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x08

    frequency: UInt16


LEVEL_CONTROL = Cluster(
    id=CLUSTER_ID,
    name="level_control",
    attributes=(
        AttributeDef(0x0000, "current_level", DataType.UINT8, reportable=True),
        AttributeDef(0x0001, "remaining_time", DataType.UINT16),
        AttributeDef(0x0002, "min_level", DataType.UINT8),
        AttributeDef(0x0003, "max_level", DataType.UINT8),
        AttributeDef(0x0004, "current_frequency", DataType.UINT16, reportable=True),
        AttributeDef(0x0005, "min_frequency", DataType.UINT16),
        AttributeDef(0x0006, "max_frequency", DataType.UINT16),
        AttributeDef(0x000F, "options", DataType.BITMAP8, writable=True),
        AttributeDef(0x0010, "on_off_transition_time", DataType.UINT16, writable=True),
        AttributeDef(0x0011, "on_level", DataType.UINT8, writable=True),
        AttributeDef(0x0012, "on_transition_time", DataType.UINT16, writable=True),
        AttributeDef(0x0013, "off_transition_time", DataType.UINT16, writable=True),
        AttributeDef(0x0014, "default_move_rate", DataType.UINT8, writable=True),
        AttributeDef(0x4000, "start_up_current_level", DataType.UINT8, writable=True),
    ),
    received=(
        MoveToLevel,
        Move,
        Step,
        Stop,
        MoveToLevelWithOnOff,
        MoveWithOnOff,
        StepWithOnOff,
        StopWithOnOff,
        MoveToClosestFrequency,
    ),
)
