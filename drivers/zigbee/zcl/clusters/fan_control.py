"""Fan Control: a fan's speed (ZCL8, 6.4)."""

from enum import IntEnum

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0202


class FanMode(IntEnum):
    """ZCL8, 6.4."""

    OFF = 0x00
    LOW = 0x01
    MEDIUM = 0x02
    HIGH = 0x03
    ON = 0x04
    AUTO = 0x05
    SMART = 0x06


class FanModeSequence(IntEnum):
    """Which modes there are. ZCL8, 6.4."""

    LOW_MED_HIGH = 0x00
    LOW_HIGH = 0x01
    LOW_MED_HIGH_AUTO = 0x02
    LOW_HIGH_AUTO = 0x03
    ON_AUTO = 0x04


FAN_CONTROL = Cluster(
    id=CLUSTER_ID,
    name="fan_control",
    attributes=(
        AttributeDef(0x0000, "fan_mode", DataType.ENUM8, reportable=True, writable=True),
        AttributeDef(0x0001, "fan_mode_sequence", DataType.ENUM8, writable=True),
        AttributeDef(0x0002, "fan_delay", DataType.UINT16, writable=True),
    ),
)
