"""Multistate Input: one of several states that a device sees, as the presses of many buttons (ZCL8, 3.14)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0012


MULTISTATE_INPUT = Cluster(
    id=CLUSTER_ID,
    name="multistate_input",
    attributes=(
        AttributeDef(0x000E, "state_text", DataType.ARRAY, writable=True),
        AttributeDef(0x001C, "description", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x004A, "number_of_states", DataType.UINT16, writable=True),
        AttributeDef(0x0051, "out_of_service", DataType.BOOLEAN, writable=True),
        AttributeDef(0x0055, "present_value", DataType.UINT16, reportable=True, writable=True),
        AttributeDef(0x0067, "reliability", DataType.ENUM8, writable=True),
        AttributeDef(0x006F, "status_flags", DataType.BITMAP8, reportable=True),
        AttributeDef(0x0100, "application_type", DataType.UINT32),
    ),
)
