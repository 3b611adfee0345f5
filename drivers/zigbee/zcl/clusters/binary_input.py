"""Binary Input: one of two states that a device sees (ZCL8, 3.14)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x000F


BINARY_INPUT = Cluster(
    id=CLUSTER_ID,
    name="binary_input",
    attributes=(
        AttributeDef(0x0004, "active_text", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x001C, "description", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x002E, "inactive_text", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x0051, "out_of_service", DataType.BOOLEAN, writable=True),
        AttributeDef(0x0054, "polarity", DataType.ENUM8),
        AttributeDef(0x0055, "present_value", DataType.BOOLEAN, reportable=True, writable=True),
        AttributeDef(0x0067, "reliability", DataType.ENUM8, writable=True),
        AttributeDef(0x006F, "status_flags", DataType.BITMAP8, reportable=True),
        AttributeDef(0x0100, "application_type", DataType.UINT32),
    ),
)
