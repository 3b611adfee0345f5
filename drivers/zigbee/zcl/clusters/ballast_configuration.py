"""Ballast Configuration: the limits of a dimmer, and the lamp on it (ZCL8, 5.3)."""

from enum import IntFlag

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0301


class BallastStatus(IntFlag):
    NON_OPERATIONAL = 0x01
    LAMP_NOT_IN_SOCKET = 0x02


BALLAST_CONFIGURATION = Cluster(
    id=CLUSTER_ID,
    name="ballast_configuration",
    attributes=(
        AttributeDef(0x0000, "physical_min_level", DataType.UINT8),
        AttributeDef(0x0001, "physical_max_level", DataType.UINT8),
        AttributeDef(0x0002, "ballast_status", DataType.BITMAP8),
        AttributeDef(0x0010, "min_level", DataType.UINT8, writable=True),
        AttributeDef(0x0011, "max_level", DataType.UINT8, writable=True),
        AttributeDef(0x0012, "power_on_level", DataType.UINT8, writable=True),
        AttributeDef(0x0013, "power_on_fade_time", DataType.UINT16, writable=True),
        AttributeDef(0x0014, "intrinsic_ballast_factor", DataType.UINT8, writable=True),
        AttributeDef(0x0015, "ballast_factor_adjustment", DataType.UINT8, writable=True),
        AttributeDef(0x0020, "lamp_quality", DataType.UINT8),
        AttributeDef(0x0030, "lamp_type", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x0031, "lamp_manufacturer", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x0032, "lamp_rated_hours", DataType.UINT24, writable=True),
        AttributeDef(0x0033, "lamp_burn_hours", DataType.UINT24, writable=True),
        AttributeDef(0x0034, "lamp_alarm_mode", DataType.BITMAP8, writable=True),
        AttributeDef(0x0035, "lamp_burn_hours_trip_point", DataType.UINT24, writable=True),
    ),
)
