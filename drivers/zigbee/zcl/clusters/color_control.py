"""Color Control: hue and saturation, CIE x and y, colour temperature (ZCL8, 5.2).

x and y are 65536ths, colour temperatures are in mireds (a million divided by kelvin), times in tenths of a second. The
two option fields came with ZCL6; what older devices send ends before them.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar

from drivers.zigbee.wire import Int16, UInt8, UInt16
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import MaybeUInt8

CLUSTER_ID = 0x0300


class ColorMode(IntEnum):
    """What says the colour at present; the last is of enhanced_color_mode only."""

    HUE_AND_SATURATION = 0x00
    X_AND_Y = 0x01
    COLOR_TEMPERATURE = 0x02
    ENHANCED_HUE_AND_SATURATION = 0x03


class ColorCapability(IntFlag):
    HUE_AND_SATURATION = 0x01
    ENHANCED_HUE = 0x02
    COLOR_LOOP = 0x04
    X_AND_Y = 0x08
    COLOR_TEMPERATURE = 0x10


class Options(IntFlag):
    EXECUTE_IF_OFF = 0x01


class HueDirection(IntEnum):
    """Which way round."""

    SHORTEST = 0x00
    LONGEST = 0x01
    UP = 0x02
    DOWN = 0x03


class Direction(IntEnum):
    """Of the Move and Step commands; Step has no stop."""

    STOP = 0x00
    UP = 0x01
    DOWN = 0x03


class ColorLoopUpdate(IntFlag):
    """Which fields of Color Loop Set are meant."""

    ACTION = 0x01
    DIRECTION = 0x02
    TIME = 0x04
    START_HUE = 0x08


class ColorLoopAction(IntEnum):
    DEACTIVATE = 0x00
    ACTIVATE_FROM_START_HUE = 0x01
    ACTIVATE_FROM_CURRENT_HUE = 0x02


@dataclass(frozen=True, slots=True)
class MoveToHue(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    hue: UInt8
    direction: UInt8
    """A HueDirection, where it is one that is known here."""
    transition_time: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveHue(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    move_mode: UInt8
    """A Direction, where it is one that is known here."""
    rate: UInt8
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class StepHue(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    step_mode: UInt8
    """A Direction, where it is one that is known here."""
    step_size: UInt8
    transition_time: UInt8
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveToSaturation(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    saturation: UInt8
    transition_time: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveSaturation(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    move_mode: UInt8
    """A Direction, where it is one that is known here."""
    rate: UInt8
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class StepSaturation(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    step_mode: UInt8
    """A Direction, where it is one that is known here."""
    step_size: UInt8
    transition_time: UInt8
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveToHueAndSaturation(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    hue: UInt8
    saturation: UInt8
    transition_time: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveToColor(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07

    color_x: UInt16
    color_y: UInt16
    transition_time: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveColor(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x08

    rate_x: Int16
    rate_y: Int16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class StepColor(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x09

    step_x: Int16
    step_y: Int16
    transition_time: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveToColorTemperature(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0A

    color_temperature: UInt16
    transition_time: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class EnhancedMoveToHue(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x40

    enhanced_hue: UInt16
    direction: UInt8
    """A HueDirection, where it is one that is known here."""
    transition_time: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class EnhancedMoveHue(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x41

    move_mode: UInt8
    """A Direction, where it is one that is known here."""
    rate: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class EnhancedStepHue(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x42

    step_mode: UInt8
    """A Direction, where it is one that is known here."""
    step_size: UInt16
    transition_time: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class EnhancedMoveToHueAndSaturation(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x43

    enhanced_hue: UInt16
    saturation: UInt8
    transition_time: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class ColorLoopSet(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x44

    update_flags: UInt8
    """Bits of ColorLoopUpdate."""
    action: UInt8
    """A ColorLoopAction, where it is one that is known here."""
    direction: UInt8
    """0 decrements the hue, 1 increments it."""
    time_s: UInt16
    """For one whole loop."""
    start_hue: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class StopMoveStep(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x47

    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class MoveColorTemperature(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x4B

    move_mode: UInt8
    """A Direction, where it is one that is known here."""
    rate: UInt16
    color_temperature_minimum: UInt16
    """0: the light's own."""
    color_temperature_maximum: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class StepColorTemperature(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x4C

    step_mode: UInt8
    """A Direction, where it is one that is known here."""
    step_size: UInt16
    transition_time: UInt16
    color_temperature_minimum: UInt16
    """0: the light's own."""
    color_temperature_maximum: UInt16
    options_mask: MaybeUInt8 = None
    options_override: MaybeUInt8 = None


COLOR_CONTROL = Cluster(
    id=CLUSTER_ID,
    name="color_control",
    attributes=(
        AttributeDef(0x0000, "current_hue", DataType.UINT8, reportable=True),
        AttributeDef(0x0001, "current_saturation", DataType.UINT8, reportable=True),
        AttributeDef(0x0002, "remaining_time", DataType.UINT16),
        AttributeDef(0x0003, "current_x", DataType.UINT16, reportable=True),
        AttributeDef(0x0004, "current_y", DataType.UINT16, reportable=True),
        AttributeDef(0x0005, "drift_compensation", DataType.ENUM8),
        AttributeDef(0x0006, "compensation_text", DataType.CHAR_STRING),
        AttributeDef(0x0007, "color_temperature", DataType.UINT16, reportable=True),
        AttributeDef(0x0008, "color_mode", DataType.ENUM8),
        AttributeDef(0x000F, "options", DataType.BITMAP8, writable=True),
        AttributeDef(0x0010, "number_of_primaries", DataType.UINT8),
        AttributeDef(0x0011, "primary_1_x", DataType.UINT16),
        AttributeDef(0x0012, "primary_1_y", DataType.UINT16),
        AttributeDef(0x0013, "primary_1_intensity", DataType.UINT8),
        AttributeDef(0x0015, "primary_2_x", DataType.UINT16),
        AttributeDef(0x0016, "primary_2_y", DataType.UINT16),
        AttributeDef(0x0017, "primary_2_intensity", DataType.UINT8),
        AttributeDef(0x0019, "primary_3_x", DataType.UINT16),
        AttributeDef(0x001A, "primary_3_y", DataType.UINT16),
        AttributeDef(0x001B, "primary_3_intensity", DataType.UINT8),
        AttributeDef(0x0020, "primary_4_x", DataType.UINT16),
        AttributeDef(0x0021, "primary_4_y", DataType.UINT16),
        AttributeDef(0x0022, "primary_4_intensity", DataType.UINT8),
        AttributeDef(0x0024, "primary_5_x", DataType.UINT16),
        AttributeDef(0x0025, "primary_5_y", DataType.UINT16),
        AttributeDef(0x0026, "primary_5_intensity", DataType.UINT8),
        AttributeDef(0x0028, "primary_6_x", DataType.UINT16),
        AttributeDef(0x0029, "primary_6_y", DataType.UINT16),
        AttributeDef(0x002A, "primary_6_intensity", DataType.UINT8),
        AttributeDef(0x0030, "white_point_x", DataType.UINT16, writable=True),
        AttributeDef(0x0031, "white_point_y", DataType.UINT16, writable=True),
        AttributeDef(0x0032, "color_point_r_x", DataType.UINT16, writable=True),
        AttributeDef(0x0033, "color_point_r_y", DataType.UINT16, writable=True),
        AttributeDef(0x0034, "color_point_r_intensity", DataType.UINT8, writable=True),
        AttributeDef(0x0036, "color_point_g_x", DataType.UINT16, writable=True),
        AttributeDef(0x0037, "color_point_g_y", DataType.UINT16, writable=True),
        AttributeDef(0x0038, "color_point_g_intensity", DataType.UINT8, writable=True),
        AttributeDef(0x003A, "color_point_b_x", DataType.UINT16, writable=True),
        AttributeDef(0x003B, "color_point_b_y", DataType.UINT16, writable=True),
        AttributeDef(0x003C, "color_point_b_intensity", DataType.UINT8, writable=True),
        AttributeDef(0x4000, "enhanced_current_hue", DataType.UINT16),
        AttributeDef(0x4001, "enhanced_color_mode", DataType.ENUM8),
        AttributeDef(0x4002, "color_loop_active", DataType.UINT8),
        AttributeDef(0x4003, "color_loop_direction", DataType.UINT8),
        AttributeDef(0x4004, "color_loop_time", DataType.UINT16),
        AttributeDef(0x4005, "color_loop_start_enhanced_hue", DataType.UINT16),
        AttributeDef(0x4006, "color_loop_stored_enhanced_hue", DataType.UINT16),
        AttributeDef(0x400A, "color_capabilities", DataType.BITMAP16),
        AttributeDef(0x400B, "color_temperature_physical_min", DataType.UINT16),
        AttributeDef(0x400C, "color_temperature_physical_max", DataType.UINT16),
        AttributeDef(0x400D, "couple_color_temperature_to_level_min", DataType.UINT16),
        AttributeDef(0x4010, "start_up_color_temperature", DataType.UINT16, writable=True),
    ),
    received=(
        MoveToHue,
        MoveHue,
        StepHue,
        MoveToSaturation,
        MoveSaturation,
        StepSaturation,
        MoveToHueAndSaturation,
        MoveToColor,
        MoveColor,
        StepColor,
        MoveToColorTemperature,
        EnhancedMoveToHue,
        EnhancedMoveHue,
        EnhancedStepHue,
        EnhancedMoveToHueAndSaturation,
        ColorLoopSet,
        StopMoveStep,
        MoveColorTemperature,
        StepColorTemperature,
    ),
)
