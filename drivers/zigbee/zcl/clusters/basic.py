"""Basic: who made a device, what it is, what feeds it (ZCL8, 3.2)."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0000

BATTERY_BACKUP = 0x80
"""Set in a power source when there is a battery besides it."""


class PowerSource(IntEnum):
    """ZCL8, 3.2.2.2.8, without the bit for a battery besides."""

    UNKNOWN = 0x00
    MAINS_SINGLE_PHASE = 0x01
    MAINS_THREE_PHASE = 0x02
    BATTERY = 0x03
    DC_SOURCE = 0x04
    EMERGENCY_MAINS_CONSTANTLY_POWERED = 0x05
    EMERGENCY_MAINS_AND_TRANSFER_SWITCH = 0x06


@dataclass(frozen=True, slots=True)
class ResetToFactoryDefaults(ClusterCommand):
    """Attributes of all clusters; the network stays as it is."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00


BASIC = Cluster(
    id=CLUSTER_ID,
    name="basic",
    attributes=(
        AttributeDef(0x0000, "zcl_version", DataType.UINT8),
        AttributeDef(0x0001, "application_version", DataType.UINT8),
        AttributeDef(0x0002, "stack_version", DataType.UINT8),
        AttributeDef(0x0003, "hw_version", DataType.UINT8),
        AttributeDef(0x0004, "manufacturer_name", DataType.CHAR_STRING),
        AttributeDef(0x0005, "model_identifier", DataType.CHAR_STRING),
        AttributeDef(0x0006, "date_code", DataType.CHAR_STRING),
        AttributeDef(0x0007, "power_source", DataType.ENUM8),
        AttributeDef(0x0008, "generic_device_class", DataType.ENUM8),
        AttributeDef(0x0009, "generic_device_type", DataType.ENUM8),
        AttributeDef(0x000A, "product_code", DataType.OCTET_STRING),
        AttributeDef(0x000B, "product_url", DataType.CHAR_STRING),
        AttributeDef(0x000C, "manufacturer_version_details", DataType.CHAR_STRING),
        AttributeDef(0x000D, "serial_number", DataType.CHAR_STRING),
        AttributeDef(0x000E, "product_label", DataType.CHAR_STRING),
        AttributeDef(0x0010, "location_description", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x0011, "physical_environment", DataType.ENUM8, writable=True),
        AttributeDef(0x0012, "device_enabled", DataType.BOOLEAN, writable=True),
        AttributeDef(0x0013, "alarm_mask", DataType.BITMAP8, writable=True),
        AttributeDef(0x0014, "disable_local_config", DataType.BITMAP8, writable=True),
        AttributeDef(0x0015, "current_locale", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x4000, "sw_build_id", DataType.CHAR_STRING),
    ),
    received=(ResetToFactoryDefaults,),
)
