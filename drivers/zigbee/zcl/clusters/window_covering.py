"""Window Covering: blinds, shutters, curtains (ZCL8, 7.4).

Percentages are closed ones: 0 is fully open, 100 fully closed. Positions are in centimetres, tilts in tenths of a
degree.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0102


class WindowCoveringType(IntEnum):
    """ZCL8, 7.4."""

    ROLLERSHADE = 0x00
    ROLLERSHADE_TWO_MOTORS = 0x01
    ROLLERSHADE_EXTERIOR = 0x02
    ROLLERSHADE_EXTERIOR_TWO_MOTORS = 0x03
    DRAPERY = 0x04
    AWNING = 0x05
    SHUTTER = 0x06
    TILT_BLIND_TILT_ONLY = 0x07
    TILT_BLIND_LIFT_AND_TILT = 0x08
    PROJECTOR_SCREEN = 0x09


class ConfigStatus(IntFlag):
    """ZCL8, 7.4."""

    OPERATIONAL = 0x01
    ONLINE = 0x02
    REVERSED = 0x04
    """Up and down, open and closed are exchanged."""
    LIFT_CLOSED_LOOP = 0x08
    """It knows its position."""
    TILT_CLOSED_LOOP = 0x10
    LIFT_ENCODER = 0x20
    TILT_ENCODER = 0x40


class Mode(IntFlag):
    """ZCL8, 7.4."""

    REVERSED = 0x01
    CALIBRATION = 0x02
    MAINTENANCE = 0x04
    LEDS = 0x08


@dataclass(frozen=True, slots=True)
class UpOpen(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00


@dataclass(frozen=True, slots=True)
class DownClose(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01


@dataclass(frozen=True, slots=True)
class Stop(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02


@dataclass(frozen=True, slots=True)
class GoToLiftValue(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    lift: UInt16


@dataclass(frozen=True, slots=True)
class GoToLiftPercentage(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    percentage: UInt8


@dataclass(frozen=True, slots=True)
class GoToTiltValue(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07

    tilt: UInt16


@dataclass(frozen=True, slots=True)
class GoToTiltPercentage(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x08

    percentage: UInt8


WINDOW_COVERING = Cluster(
    id=CLUSTER_ID,
    name="window_covering",
    attributes=(
        AttributeDef(0x0000, "window_covering_type", DataType.ENUM8),
        AttributeDef(0x0001, "physical_closed_limit_lift", DataType.UINT16),
        AttributeDef(0x0002, "physical_closed_limit_tilt", DataType.UINT16),
        AttributeDef(0x0003, "current_position_lift", DataType.UINT16),
        AttributeDef(0x0004, "current_position_tilt", DataType.UINT16),
        AttributeDef(0x0005, "number_of_actuations_lift", DataType.UINT16),
        AttributeDef(0x0006, "number_of_actuations_tilt", DataType.UINT16),
        AttributeDef(0x0007, "config_status", DataType.BITMAP8),
        AttributeDef(0x0008, "current_position_lift_percentage", DataType.UINT8, reportable=True),
        AttributeDef(0x0009, "current_position_tilt_percentage", DataType.UINT8, reportable=True),
        AttributeDef(0x0010, "installed_open_limit_lift", DataType.UINT16),
        AttributeDef(0x0011, "installed_closed_limit_lift", DataType.UINT16),
        AttributeDef(0x0012, "installed_open_limit_tilt", DataType.UINT16),
        AttributeDef(0x0013, "installed_closed_limit_tilt", DataType.UINT16),
        AttributeDef(0x0014, "velocity_lift", DataType.UINT16, writable=True),
        AttributeDef(0x0015, "acceleration_time_lift", DataType.UINT16, writable=True),
        AttributeDef(0x0016, "deceleration_time_lift", DataType.UINT16, writable=True),
        AttributeDef(0x0017, "mode", DataType.BITMAP8, writable=True),
        AttributeDef(0x0018, "intermediate_setpoints_lift", DataType.OCTET_STRING, writable=True),
        AttributeDef(0x0019, "intermediate_setpoints_tilt", DataType.OCTET_STRING, writable=True),
    ),
    received=(UpOpen, DownClose, Stop, GoToLiftValue, GoToLiftPercentage, GoToTiltValue, GoToTiltPercentage),
)
