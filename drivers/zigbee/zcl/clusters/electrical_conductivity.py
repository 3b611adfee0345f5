"""Electrical Conductivity, in tenths of a mS/m (ZCL8, 4.10)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x040A


ELECTRICAL_CONDUCTIVITY = Cluster(
    id=CLUSTER_ID,
    name="electrical_conductivity",
    attributes=(
        AttributeDef(0x0000, "measured_value", DataType.UINT16, reportable=True),
        AttributeDef(0x0001, "min_measured_value", DataType.UINT16),
        AttributeDef(0x0002, "max_measured_value", DataType.UINT16),
        AttributeDef(0x0003, "tolerance", DataType.UINT16),
    ),
)
