"""Xiaomi, Aqara, Lumi: reports of everything in one attribute, and the cluster 0xFCC0 of the newer devices.

Older devices report attributes 0xFF01 and 0xFF02 of Basic, newer ones 0x00F7 of 0xFCC0. 0xFF01 is a character string
and 0x00F7 an octet string, with tags in it, types as the ZCL has them, and values; 0xFF02 is a structure, whose
members are known by their place. Sources: zigbee-herdsman-converters (lib/lumi.ts) and reports in the tests there, and
what ZHA shows of such devices.
"""

from enum import IntEnum
from typing import Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.composite import Structure
from drivers.zigbee.zcl.data_types import DataType, Value, decode_value, encode_value

CLUSTER_ID = 0xFCC0
MANUFACTURER_CODE = 0x115F

_BASIC = 0x0000
REPORT_STRING: Final = 0xFF01
"""Of Basic."""
REPORT_STRUCTURE: Final = 0xFF02
"""Of Basic."""
REPORT: Final = 0x00F7
"""Of 0xFCC0."""


class Tag(IntEnum):
    """Those that mean the same on most devices; from 0x64 on it depends on the device what the first ones are."""

    BATTERY_MV = 0x01
    DEVICE_TEMPERATURE = 0x03
    """Degrees Celsius."""
    RESTARTS = 0x05
    """One more than power outages."""
    LQI = 0x06
    SOFTWARE_VERSION = 0x08
    PARENT = 0x0A
    """The node id of the parent."""
    ILLUMINANCE = 0x0B
    FIRST = 0x64
    """On or off, temperature, contact..."""
    SECOND = 0x65
    """The second switch, humidity..."""
    THIRD = 0x66
    """Pressure..."""
    ENERGY = 0x95
    """kWh, a float."""
    VOLTAGE = 0x96
    """0.1 V, a float."""
    CURRENT = 0x97
    """mA, a float."""
    POWER = 0x98
    """W, a float."""


def read_report(value: str | bytes) -> dict[int, Value]:
    """The tags in the value of 0xFF01 or 0x00F7.

    What cannot be read ends it, and what was read counts: devices pad, cut off and have types of their own.
    """
    data = value.encode() if isinstance(value, str) else value
    found: dict[int, Value] = {}
    at = 0
    while at + 2 < len(data):
        tag, type_id = data[at], data[at + 1]
        try:
            found[tag], at = decode_value(type_id, data, at + 2)
        except MalformedFrame:
            break
    return found


def write_report(tags: dict[int, tuple[int, Value]]) -> bytes:
    """Tags with types and values, as the value of 0x00F7 (or of 0xFF01, which takes bytes as well)."""
    return b"".join(bytes((tag, type_id)) + encode_value(type_id, value) for tag, (type_id, value) in tags.items())


def read_structure(value: Structure) -> dict[int, Value]:
    """The members of 0xFF02 that have tags elsewhere: the battery, second of them."""
    members = value.members
    return {Tag.BATTERY_MV: members[1][1]} if len(members) > 1 else {}


ATTRIBUTES: Final[dict[int, tuple[AttributeDef, ...]]] = {
    _BASIC: (
        AttributeDef(REPORT_STRING, "xiaomi_report_string", DataType.CHAR_STRING, reportable=True),
        AttributeDef(REPORT_STRUCTURE, "xiaomi_report_structure", DataType.STRUCTURE, reportable=True),
    ),
}
"""What Xiaomi adds to standard clusters. Some reports of it carry no manufacturer code."""

XIAOMI = Cluster(
    id=CLUSTER_ID,
    name="xiaomi",
    attributes=(
        AttributeDef(0x0004, "mode_switch", DataType.UINT16, writable=True),
        AttributeDef(0x0009, "mode", DataType.UINT8, writable=True),
        AttributeDef(0x000A, "switch_type", DataType.UINT8, writable=True),
        AttributeDef(0x0012, "off_on_duration", DataType.UINT16, writable=True),
        AttributeDef(0x0013, "on_off_duration", DataType.UINT16, writable=True),
        AttributeDef(0x00F0, "flip_indicator_light", DataType.UINT8, writable=True),
        AttributeDef(REPORT, "report", DataType.OCTET_STRING, reportable=True),
        AttributeDef(0x010C, "motion_sensitivity", DataType.UINT8, writable=True),
        AttributeDef(0x010E, "sensitivity", DataType.UINT8, writable=True),
        AttributeDef(0x0110, "report_interval", DataType.UINT8, writable=True),
        AttributeDef(0x0112, "illuminance", DataType.UINT32, reportable=True),
        AttributeDef(0x0114, "display_unit", DataType.UINT8, writable=True),
        AttributeDef(0x0118, "movement", DataType.UINT8, reportable=True),
        AttributeDef(0x0125, "click_mode", DataType.UINT8, writable=True),
        AttributeDef(0x0129, "air_quality", DataType.UINT8, reportable=True),
        AttributeDef(0x0142, "presence", DataType.UINT8, reportable=True),
        AttributeDef(0x0143, "presence_event", DataType.UINT8, reportable=True),
        AttributeDef(0x0144, "monitoring_mode", DataType.UINT8, writable=True),
        AttributeDef(0x0146, "approach_distance", DataType.UINT8, writable=True),
        AttributeDef(0x0157, "reset_no_presence_status", DataType.UINT8, writable=True),
        AttributeDef(0x015B, "detection_range", DataType.UINT32, writable=True),
        AttributeDef(0x015F, "target_distance", DataType.UINT32, reportable=True),
        AttributeDef(0x0160, "presence_movement", DataType.UINT8, reportable=True),
        AttributeDef(0x0200, "operation_mode", DataType.UINT8, writable=True),
        AttributeDef(0x0201, "power_outage_memory", DataType.BOOLEAN, writable=True),
        AttributeDef(0x0203, "led_indicator", DataType.BOOLEAN, writable=True),
        AttributeDef(0x020B, "overload_protection", DataType.SINGLE, writable=True),
        AttributeDef(0x0285, "lock_relay", DataType.UINT8, writable=True),
        AttributeDef(0x0286, "multi_click", DataType.UINT8, writable=True),
        AttributeDef(0x0400, "curtain_reverse", DataType.BOOLEAN, writable=True),
        AttributeDef(0x0401, "curtain_hand_open", DataType.BOOLEAN, writable=True),
        AttributeDef(0x0402, "curtain_calibrated", DataType.BOOLEAN, writable=True),
        AttributeDef(0x0403, "traverse_time", DataType.UINT8, writable=True),
        AttributeDef(0x0404, "identify_beep", DataType.UINT8, writable=True),
        AttributeDef(0x0408, "motor_speed", DataType.UINT8, writable=True),
        AttributeDef(0x041F, "curtain_position", DataType.UINT8, reportable=True),
        AttributeDef(0x0421, "curtain_status", DataType.UINT8, reportable=True),
        AttributeDef(0x0425, "last_manual_operation", DataType.UINT8, reportable=True),
        AttributeDef(0x0426, "calibration_status", DataType.UINT8, reportable=True),
        AttributeDef(0x043A, "manual_stop", DataType.BOOLEAN, writable=True),
        AttributeDef(0x043B, "curtain_speed", DataType.UINT8, writable=True),
        AttributeDef(0x0442, "adaptive_pulling_speed", DataType.UINT8, writable=True),
        AttributeDef(0x0515, "dimming_range_minimum", DataType.UINT8, writable=True),
        AttributeDef(0x0516, "dimming_range_maximum", DataType.UINT8, writable=True),
        AttributeDef(0x0517, "power_on_behavior", DataType.UINT8, writable=True),
        AttributeDef(0x051F, "effect", DataType.UINT32, writable=True),
        AttributeDef(0x0520, "effect_speed", DataType.UINT8, writable=True),
        AttributeDef(0x0528, "transition_curve_curvature", DataType.SINGLE, writable=True),
        AttributeDef(0x052C, "transition_initial_brightness", DataType.UINT8, writable=True),
    ),
    manufacturer_code=MANUFACTURER_CODE,
)
