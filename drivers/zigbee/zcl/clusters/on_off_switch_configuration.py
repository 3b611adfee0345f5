"""On/Off Switch Configuration: what a switch does to what it is bound to (ZCL8, 3.9)."""

from enum import IntEnum

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0007


class SwitchType(IntEnum):
    """ZCL8, 3.9."""

    TOGGLE = 0x00
    MOMENTARY = 0x01
    MULTIFUNCTION = 0x02


class SwitchActions(IntEnum):
    """What arrival at state 2 does; at state 1 the contrary. ZCL8, 3.9."""

    ON = 0x00
    OFF = 0x01
    TOGGLE = 0x02


ON_OFF_SWITCH_CONFIGURATION = Cluster(
    id=CLUSTER_ID,
    name="on_off_switch_configuration",
    attributes=(
        AttributeDef(0x0000, "switch_type", DataType.ENUM8),
        AttributeDef(0x0010, "switch_actions", DataType.ENUM8, writable=True),
    ),
)
