"""On/Off (ZCL8, 3.8)."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0006


class OffEffect(IntEnum):
    """ZCL8, 3.8.2.3.4.1."""

    DELAYED_ALL_OFF = 0x00
    DYING_LIGHT = 0x01


class OnOffControl(IntFlag):
    """ZCL8, 3.8.2.3.6.1."""

    ACCEPT_ONLY_WHEN_ON = 0x01


class StartUpOnOff(IntEnum):
    """What power does after it was lost; the previous state is the type's non-value. ZCL8, 3.8.2.2.5."""

    OFF = 0x00
    ON = 0x01
    TOGGLE = 0x02
    PREVIOUS = 0xFF


@dataclass(frozen=True, slots=True)
class Off(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00


@dataclass(frozen=True, slots=True)
class On(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01


@dataclass(frozen=True, slots=True)
class Toggle(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02


@dataclass(frozen=True, slots=True)
class OffWithEffect(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x40

    effect: UInt8
    """An OffEffect, where it is one that is known here."""
    variant: UInt8 = 0


@dataclass(frozen=True, slots=True)
class OnWithRecallGlobalScene(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x41


@dataclass(frozen=True, slots=True)
class OnWithTimedOff(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x42

    control: UInt8
    """Bits of OnOffControl."""
    on_time: UInt16
    """In tenths of a second."""
    off_wait_time: UInt16
    """In tenths of a second: so long it does not go on again by this command."""


ON_OFF = Cluster(
    id=CLUSTER_ID,
    name="on_off",
    attributes=(
        AttributeDef(0x0000, "on_off", DataType.BOOLEAN, reportable=True),
        AttributeDef(0x4000, "global_scene_control", DataType.BOOLEAN),
        AttributeDef(0x4001, "on_time", DataType.UINT16, writable=True),
        AttributeDef(0x4002, "off_wait_time", DataType.UINT16, writable=True),
        AttributeDef(0x4003, "start_up_on_off", DataType.ENUM8, writable=True),
    ),
    received=(Off, On, Toggle, OffWithEffect, OnWithRecallGlobalScene, OnWithTimedOff),
)
