"""pH Measurement, in hundredths (ZCL8, 4.11)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0409


PH_MEASUREMENT = Cluster(
    id=CLUSTER_ID,
    name="ph_measurement",
    attributes=(
        AttributeDef(0x0000, "measured_value", DataType.UINT16, reportable=True),
        AttributeDef(0x0001, "min_measured_value", DataType.UINT16),
        AttributeDef(0x0002, "max_measured_value", DataType.UINT16),
        AttributeDef(0x0003, "tolerance", DataType.UINT16),
    ),
)
