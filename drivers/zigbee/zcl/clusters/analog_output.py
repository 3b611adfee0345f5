"""Analog Output: a number that a device is given (ZCL8, 3.14)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x000D


ANALOG_OUTPUT = Cluster(
    id=CLUSTER_ID,
    name="analog_output",
    attributes=(
        AttributeDef(0x001C, "description", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x0041, "max_present_value", DataType.SINGLE, writable=True),
        AttributeDef(0x0045, "min_present_value", DataType.SINGLE, writable=True),
        AttributeDef(0x0051, "out_of_service", DataType.BOOLEAN, writable=True),
        AttributeDef(0x0055, "present_value", DataType.SINGLE, reportable=True, writable=True),
        AttributeDef(0x0057, "priority_array", DataType.ARRAY, writable=True),
        AttributeDef(0x0067, "reliability", DataType.ENUM8, writable=True),
        AttributeDef(0x0068, "relinquish_default", DataType.SINGLE, writable=True),
        AttributeDef(0x006A, "resolution", DataType.SINGLE, writable=True),
        AttributeDef(0x006F, "status_flags", DataType.BITMAP8, reportable=True),
        AttributeDef(0x0075, "engineering_units", DataType.ENUM16, writable=True),
        AttributeDef(0x0100, "application_type", DataType.UINT32),
    ),
)
