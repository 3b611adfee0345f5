"""Illuminance Measurement, as 10000 times the decimal logarithm of lux, plus 1; 0 is too dark to tell (ZCL8, 4.2)."""

from enum import IntEnum

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0400


class LightSensorType(IntEnum):
    PHOTODIODE = 0x00
    CMOS = 0x01


ILLUMINANCE_MEASUREMENT = Cluster(
    id=CLUSTER_ID,
    name="illuminance_measurement",
    attributes=(
        AttributeDef(0x0000, "measured_value", DataType.UINT16, reportable=True),
        AttributeDef(0x0001, "min_measured_value", DataType.UINT16),
        AttributeDef(0x0002, "max_measured_value", DataType.UINT16),
        AttributeDef(0x0003, "tolerance", DataType.UINT16),
        AttributeDef(0x0004, "light_sensor_type", DataType.ENUM8),
    ),
)
