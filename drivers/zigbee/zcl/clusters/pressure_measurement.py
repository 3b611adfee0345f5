"""Pressure Measurement, in hPa (tenths of a kPa); the scaled value times ten to the scale is in Pa (ZCL8, 4.5)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0403


PRESSURE_MEASUREMENT = Cluster(
    id=CLUSTER_ID,
    name="pressure_measurement",
    attributes=(
        AttributeDef(0x0000, "measured_value", DataType.INT16, reportable=True),
        AttributeDef(0x0001, "min_measured_value", DataType.INT16),
        AttributeDef(0x0002, "max_measured_value", DataType.INT16),
        AttributeDef(0x0003, "tolerance", DataType.UINT16, reportable=True),
        AttributeDef(0x0010, "scaled_value", DataType.INT16, reportable=True),
        AttributeDef(0x0011, "min_scaled_value", DataType.INT16),
        AttributeDef(0x0012, "max_scaled_value", DataType.INT16),
        AttributeDef(0x0013, "scaled_tolerance", DataType.UINT16, reportable=True),
        AttributeDef(0x0014, "scale", DataType.INT8),
    ),
)
