"""Thermostat User Interface Configuration: its display and its keys (ZCL8, 6.6)."""

from enum import IntEnum

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0204


class TemperatureDisplayMode(IntEnum):
    CELSIUS = 0x00
    FAHRENHEIT = 0x01


class KeypadLockout(IntEnum):
    """ZCL8, 6.6: the higher, the less may be done."""

    NONE = 0x00
    LEVEL_1 = 0x01
    LEVEL_2 = 0x02
    LEVEL_3 = 0x03
    LEVEL_4 = 0x04
    LEVEL_5 = 0x05


class ScheduleProgrammingVisibility(IntEnum):
    ALLOWED = 0x00
    DENIED = 0x01


THERMOSTAT_UI = Cluster(
    id=CLUSTER_ID,
    name="thermostat_ui",
    attributes=(
        AttributeDef(0x0000, "temperature_display_mode", DataType.ENUM8, writable=True),
        AttributeDef(0x0001, "keypad_lockout", DataType.ENUM8, writable=True),
        AttributeDef(0x0002, "schedule_programming_visibility", DataType.ENUM8, writable=True),
        AttributeDef(0x0003, "backlight_timeout", DataType.UINT16, writable=True),
        AttributeDef(0x0004, "setpoint_source_indication", DataType.ENUM8, writable=True),
    ),
)
