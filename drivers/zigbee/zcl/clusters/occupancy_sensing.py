"""Occupancy Sensing: whether somebody is there, by up to three kinds of sensor (ZCL8, 4.8). Delays are in seconds."""

from enum import IntEnum, IntFlag

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0406

OCCUPIED = 0x01
"""The bit of the attribute occupancy."""


class SensorType(IntEnum):
    """ZCL8, 4.8.2.2.1.2."""

    PIR = 0x00
    ULTRASONIC = 0x01
    PIR_AND_ULTRASONIC = 0x02
    PHYSICAL_CONTACT = 0x03


class SensorTypeBitmap(IntFlag):
    """ZCL8, 4.8.2.2.1.3."""

    PIR = 0x01
    ULTRASONIC = 0x02
    PHYSICAL_CONTACT = 0x04


OCCUPANCY_SENSING = Cluster(
    id=CLUSTER_ID,
    name="occupancy_sensing",
    attributes=(
        AttributeDef(0x0000, "occupancy", DataType.BITMAP8, reportable=True),
        AttributeDef(0x0001, "occupancy_sensor_type", DataType.ENUM8),
        AttributeDef(0x0002, "occupancy_sensor_type_bitmap", DataType.BITMAP8),
        AttributeDef(0x0010, "pir_occupied_to_unoccupied_delay", DataType.UINT16, writable=True),
        AttributeDef(0x0011, "pir_unoccupied_to_occupied_delay", DataType.UINT16, writable=True),
        AttributeDef(0x0012, "pir_unoccupied_to_occupied_threshold", DataType.UINT8, writable=True),
        AttributeDef(0x0020, "ultrasonic_occupied_to_unoccupied_delay", DataType.UINT16, writable=True),
        AttributeDef(0x0021, "ultrasonic_unoccupied_to_occupied_delay", DataType.UINT16, writable=True),
        AttributeDef(0x0022, "ultrasonic_unoccupied_to_occupied_threshold", DataType.UINT8, writable=True),
        AttributeDef(0x0030, "physical_contact_occupied_to_unoccupied_delay", DataType.UINT16, writable=True),
        AttributeDef(0x0031, "physical_contact_unoccupied_to_occupied_delay", DataType.UINT16, writable=True),
        AttributeDef(0x0032, "physical_contact_unoccupied_to_occupied_threshold", DataType.UINT8, writable=True),
    ),
)
