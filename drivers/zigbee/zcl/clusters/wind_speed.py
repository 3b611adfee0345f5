"""Wind Speed, in hundredths of a m/s (ZCL8, 4.12)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x040B


WIND_SPEED = Cluster(
    id=CLUSTER_ID,
    name="wind_speed",
    attributes=(
        AttributeDef(0x0000, "measured_value", DataType.UINT16, reportable=True),
        AttributeDef(0x0001, "min_measured_value", DataType.UINT16),
        AttributeDef(0x0002, "max_measured_value", DataType.UINT16),
        AttributeDef(0x0003, "tolerance", DataType.UINT16),
    ),
)
