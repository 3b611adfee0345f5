"""Illuminance Level Sensing: whether it is darker or brighter than a target (ZCL8, 4.3)."""

from enum import IntEnum

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0401


class LevelStatus(IntEnum):
    ON_TARGET = 0x00
    BELOW_TARGET = 0x01
    ABOVE_TARGET = 0x02


ILLUMINANCE_LEVEL_SENSING = Cluster(
    id=CLUSTER_ID,
    name="illuminance_level_sensing",
    attributes=(
        AttributeDef(0x0000, "level_status", DataType.ENUM8, reportable=True),
        AttributeDef(0x0001, "light_sensor_type", DataType.ENUM8),
        AttributeDef(0x0010, "illuminance_level_target", DataType.UINT16, writable=True),
    ),
)
