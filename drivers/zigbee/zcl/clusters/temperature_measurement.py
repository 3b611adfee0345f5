"""Temperature Measurement, in hundredths of a degree Celsius (ZCL8, 4.4)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0402

TEMPERATURE_MEASUREMENT = Cluster(
    id=CLUSTER_ID,
    name="temperature_measurement",
    attributes=(
        AttributeDef(0x0000, "measured_value", DataType.INT16, reportable=True),
        AttributeDef(0x0001, "min_measured_value", DataType.INT16),
        AttributeDef(0x0002, "max_measured_value", DataType.INT16),
        AttributeDef(0x0003, "tolerance", DataType.UINT16, reportable=True),
    ),
)
