"""Device Temperature Configuration: the temperature inside a device, in degrees Celsius (ZCL8, 3.4)."""

from enum import IntFlag

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0002


class AlarmMask(IntFlag):
    """ZCL8, 3.4."""

    TOO_LOW = 0x01
    TOO_HIGH = 0x02


DEVICE_TEMPERATURE = Cluster(
    id=CLUSTER_ID,
    name="device_temperature",
    attributes=(
        AttributeDef(0x0000, "current_temperature", DataType.INT16, reportable=True),
        AttributeDef(0x0001, "min_temp_experienced", DataType.INT16),
        AttributeDef(0x0002, "max_temp_experienced", DataType.INT16),
        AttributeDef(0x0003, "over_temp_total_dwell", DataType.UINT16),
        AttributeDef(0x0010, "device_temp_alarm_mask", DataType.BITMAP8, writable=True),
        AttributeDef(0x0011, "low_temp_threshold", DataType.INT16, writable=True),
        AttributeDef(0x0012, "high_temp_threshold", DataType.INT16, writable=True),
        AttributeDef(0x0013, "low_temp_dwell_trip_point", DataType.UINT24, writable=True),
        AttributeDef(0x0014, "high_temp_dwell_trip_point", DataType.UINT24, writable=True),
    ),
)
