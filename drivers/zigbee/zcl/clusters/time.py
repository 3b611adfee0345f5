"""Time: a clock for devices, in seconds since 2000-01-01 00:00 (ZCL8, 3.12)."""

from enum import IntFlag

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x000A

EPOCH_UNIX_S = 946_684_800
"""2000-01-01 00:00:00 UTC in seconds since 1970."""


class TimeStatus(IntFlag):
    """ZCL8, 3.12."""

    MASTER = 0x01
    SYNCHRONIZED = 0x02
    MASTER_ZONE_DST = 0x04
    SUPERSEDING = 0x08


TIME = Cluster(
    id=CLUSTER_ID,
    name="time",
    attributes=(
        AttributeDef(0x0000, "time", DataType.UTC, writable=True),
        AttributeDef(0x0001, "time_status", DataType.BITMAP8, writable=True),
        AttributeDef(0x0002, "time_zone", DataType.INT32, writable=True),
        AttributeDef(0x0003, "dst_start", DataType.UINT32, writable=True),
        AttributeDef(0x0004, "dst_end", DataType.UINT32, writable=True),
        AttributeDef(0x0005, "dst_shift", DataType.INT32, writable=True),
        AttributeDef(0x0006, "standard_time", DataType.UINT32),
        AttributeDef(0x0007, "local_time", DataType.UINT32),
        AttributeDef(0x0008, "last_set_time", DataType.UTC),
        AttributeDef(0x0009, "valid_until_time", DataType.UTC, writable=True),
    ),
)
