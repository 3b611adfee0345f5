"""Dehumidification Control (ZCL8, 6.5)."""

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0203


DEHUMIDIFICATION_CONTROL = Cluster(
    id=CLUSTER_ID,
    name="dehumidification_control",
    attributes=(
        AttributeDef(0x0000, "relative_humidity", DataType.UINT8),
        AttributeDef(0x0001, "dehumidification_cooling", DataType.UINT8, reportable=True),
        AttributeDef(0x0010, "rh_dehumidification_setpoint", DataType.UINT8, writable=True),
        AttributeDef(0x0011, "relative_humidity_mode", DataType.ENUM8, writable=True),
        AttributeDef(0x0012, "dehumidification_lockout", DataType.ENUM8, writable=True),
        AttributeDef(0x0013, "dehumidification_hysteresis", DataType.UINT8, writable=True),
        AttributeDef(0x0014, "dehumidification_max_cool", DataType.UINT8, writable=True),
        AttributeDef(0x0015, "relative_humidity_display", DataType.ENUM8, writable=True),
    ),
)
