"""Relative Humidity, in hundredths of a per cent (ZCL8, 4.7)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0405


RELATIVE_HUMIDITY = Cluster(
    id=CLUSTER_ID,
    name="relative_humidity",
    attributes=(
        AttributeDef(0x0000, "measured_value", DataType.UINT16, reportable=True),
        AttributeDef(0x0001, "min_measured_value", DataType.UINT16),
        AttributeDef(0x0002, "max_measured_value", DataType.UINT16),
        AttributeDef(0x0003, "tolerance", DataType.UINT16, reportable=True),
    ),
)
