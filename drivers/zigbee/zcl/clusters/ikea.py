"""IKEA's remotes, and its clusters for air purifiers, plugs and motion sensors.

Sources: the clusters as zigbee-herdsman-converters (lib/ikea.ts) has them; the shortcut buttons' commands as well in
zha-quirks (ikea/__init__.py), which names those of 0xFC80 after Matter's switch.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final

from drivers.zigbee.wire import Remaining, UInt8, UInt16
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import MaybeUInt8

MANUFACTURER_CODE = 0x117C

UNKNOWN_ID = 0xFC7C
AIR_PURIFIER_ID = 0xFC7D
VOC_INDEX_ID = 0xFC7E
SHORTCUT_ID = 0xFC7F
"""Shortcut buttons with firmware 1.0.012."""
SWITCH_ID = 0xFC80
"""Shortcut buttons with firmware 1.0.32 and later, and newer remotes."""
MOTION_SENSOR_ID = 0xFC81
SMART_PLUG_ID = 0xFC85

_SCENES = 0x0005


class Direction(IntEnum):
    """Of an arrow key."""

    RIGHT = 0x00
    LEFT = 0x01


@dataclass(frozen=True, slots=True)
class ArrowClick(ClusterCommand):
    """An arrow key was pressed shortly. With a step of 0 and direction 2 it is the toggle key being held."""

    CLUSTER: ClassVar = _SCENES
    COMMAND: ClassVar = 0x07
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    direction: UInt8
    """A Direction, where it is one that is known here."""
    step: UInt8 = 1
    rest: Remaining = b"\x0d\x00"


@dataclass(frozen=True, slots=True)
class ArrowHold(ClusterCommand):
    CLUSTER: ClassVar = _SCENES
    COMMAND: ClassVar = 0x08
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    direction: UInt8
    """A Direction, where it is one that is known here."""
    rest: Remaining = b"\x0d\x00"


@dataclass(frozen=True, slots=True)
class ArrowRelease(ClusterCommand):
    CLUSTER: ClassVar = _SCENES
    COMMAND: ClassVar = 0x09
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    held_ms: UInt16


COMMANDS: Final[tuple[type[ClusterCommand], ...]] = (ArrowClick, ArrowHold, ArrowRelease)
"""What IKEA adds to standard clusters."""


class ShortcutPress(IntEnum):
    SHORT = 0x01
    DOUBLE = 0x02
    LONG = 0x03


@dataclass(frozen=True, slots=True)
class Shortcut(ClusterCommand):
    CLUSTER: ClassVar = SHORTCUT_ID
    COMMAND: ClassVar = 0x01
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    button: UInt8
    press: UInt8
    """A ShortcutPress, where it is one that is known here."""


@dataclass(frozen=True, slots=True)
class InitialPress(ClusterCommand):
    CLUSTER: ClassVar = SWITCH_ID
    COMMAND: ClassVar = 0x01
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    position: UInt8


@dataclass(frozen=True, slots=True)
class LongPress(ClusterCommand):
    CLUSTER: ClassVar = SWITCH_ID
    COMMAND: ClassVar = 0x02
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    position: UInt8


@dataclass(frozen=True, slots=True)
class ShortRelease(ClusterCommand):
    CLUSTER: ClassVar = SWITCH_ID
    COMMAND: ClassVar = 0x03
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    position: UInt8


@dataclass(frozen=True, slots=True)
class LongRelease(ClusterCommand):
    CLUSTER: ClassVar = SWITCH_ID
    COMMAND: ClassVar = 0x04
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    position: UInt8


@dataclass(frozen=True, slots=True)
class MultiPressComplete(ClusterCommand):
    """A double press."""

    CLUSTER: ClassVar = SWITCH_ID
    COMMAND: ClassVar = 0x06
    MANUFACTURER_CODE: ClassVar = MANUFACTURER_CODE

    position: UInt8
    presses: MaybeUInt8 = None


IKEA_UNKNOWN = Cluster(id=UNKNOWN_ID, name="ikea_unknown", manufacturer_code=MANUFACTURER_CODE)
"""Many newer devices have it; nothing in it is known."""

IKEA_AIR_PURIFIER = Cluster(
    id=AIR_PURIFIER_ID,
    name="ikea_air_purifier",
    attributes=(
        AttributeDef(0x0000, "filter_run_time", DataType.UINT32, reportable=True),
        AttributeDef(0x0001, "replace_filter", DataType.UINT8, reportable=True),
        AttributeDef(0x0002, "filter_life_time", DataType.UINT32, reportable=True, writable=True),
        AttributeDef(0x0003, "control_panel_light", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x0004, "pm_2_5", DataType.UINT16, reportable=True),
        AttributeDef(0x0005, "child_lock", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x0006, "fan_mode", DataType.UINT8, reportable=True, writable=True),
        AttributeDef(0x0007, "fan_speed", DataType.UINT8, reportable=True),
        AttributeDef(0x0008, "device_run_time", DataType.UINT32, reportable=True),
    ),
    manufacturer_code=MANUFACTURER_CODE,
)

IKEA_VOC_INDEX = Cluster(
    id=VOC_INDEX_ID,
    name="ikea_voc_index",
    attributes=(
        AttributeDef(0x0000, "measured_value", DataType.SINGLE, reportable=True),
        AttributeDef(0x0001, "min_measured_value", DataType.SINGLE),
        AttributeDef(0x0002, "max_measured_value", DataType.SINGLE),
    ),
    manufacturer_code=MANUFACTURER_CODE,
)

IKEA_SHORTCUT = Cluster(id=SHORTCUT_ID, name="ikea_shortcut", received=(Shortcut,), manufacturer_code=MANUFACTURER_CODE)

IKEA_SWITCH = Cluster(
    id=SWITCH_ID,
    name="ikea_switch",
    received=(InitialPress, LongPress, ShortRelease, LongRelease, MultiPressComplete),
    manufacturer_code=MANUFACTURER_CODE,
)

IKEA_MOTION_SENSOR = Cluster(
    id=MOTION_SENSOR_ID,
    name="ikea_motion_sensor",
    attributes=(
        AttributeDef(0x0000, "on_only_when_dark", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x0002, "on_time", DataType.UINT16, reportable=True, writable=True),
    ),
    manufacturer_code=MANUFACTURER_CODE,
)

IKEA_SMART_PLUG = Cluster(
    id=SMART_PLUG_ID,
    name="ikea_smart_plug",
    attributes=(
        AttributeDef(0x0000, "child_lock", DataType.BOOLEAN, writable=True),
        AttributeDef(0x0001, "led_enable", DataType.BOOLEAN, writable=True),
    ),
    manufacturer_code=MANUFACTURER_CODE,
)

CLUSTERS: Final = (
    IKEA_UNKNOWN,
    IKEA_AIR_PURIFIER,
    IKEA_VOC_INDEX,
    IKEA_SHORTCUT,
    IKEA_SWITCH,
    IKEA_MOTION_SENSOR,
    IKEA_SMART_PLUG,
)
