"""Power Configuration: mains and up to three batteries (ZCL8, 3.3).

Voltages of batteries are in 0.1 V, of the mains likewise; what remains of a battery is in half per cent.
"""

from enum import IntEnum

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0001


class BatterySize(IntEnum):
    """ZCL8, 3.3.2.2.4.2."""

    NO_BATTERY = 0x00
    BUILT_IN = 0x01
    OTHER = 0x02
    AA = 0x03
    AAA = 0x04
    C = 0x05
    D = 0x06
    CR2 = 0x07
    CR123A = 0x08


POWER_CONFIGURATION = Cluster(
    id=CLUSTER_ID,
    name="power_configuration",
    attributes=(
        AttributeDef(0x0000, "mains_voltage", DataType.UINT16),
        AttributeDef(0x0001, "mains_frequency", DataType.UINT8),
        AttributeDef(0x0010, "mains_alarm_mask", DataType.BITMAP8, writable=True),
        AttributeDef(0x0011, "mains_voltage_min_threshold", DataType.UINT16, writable=True),
        AttributeDef(0x0012, "mains_voltage_max_threshold", DataType.UINT16, writable=True),
        AttributeDef(0x0013, "mains_voltage_dwell_trip", DataType.UINT16, writable=True),
        AttributeDef(0x0020, "battery_voltage", DataType.UINT8),
        AttributeDef(0x0021, "battery_percentage_remaining", DataType.UINT8, reportable=True),
        AttributeDef(0x0030, "battery_manufacturer", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x0031, "battery_size", DataType.ENUM8, writable=True),
        AttributeDef(0x0032, "battery_ahr_rating", DataType.UINT16, writable=True),
        AttributeDef(0x0033, "battery_quantity", DataType.UINT8, writable=True),
        AttributeDef(0x0034, "battery_rated_voltage", DataType.UINT8, writable=True),
        AttributeDef(0x0035, "battery_alarm_mask", DataType.BITMAP8, writable=True),
        AttributeDef(0x0036, "battery_voltage_min_threshold", DataType.UINT8, writable=True),
        AttributeDef(0x0037, "battery_voltage_threshold_1", DataType.UINT8, writable=True),
        AttributeDef(0x0038, "battery_voltage_threshold_2", DataType.UINT8, writable=True),
        AttributeDef(0x0039, "battery_voltage_threshold_3", DataType.UINT8, writable=True),
        AttributeDef(0x003A, "battery_percentage_min_threshold", DataType.UINT8, writable=True),
        AttributeDef(0x003B, "battery_percentage_threshold_1", DataType.UINT8, writable=True),
        AttributeDef(0x003C, "battery_percentage_threshold_2", DataType.UINT8, writable=True),
        AttributeDef(0x003D, "battery_percentage_threshold_3", DataType.UINT8, writable=True),
        AttributeDef(0x003E, "battery_alarm_state", DataType.BITMAP32, reportable=True),
        AttributeDef(0x0040, "battery_2_voltage", DataType.UINT8),
        AttributeDef(0x0041, "battery_2_percentage_remaining", DataType.UINT8, reportable=True),
        AttributeDef(0x0050, "battery_2_manufacturer", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x0051, "battery_2_size", DataType.ENUM8, writable=True),
        AttributeDef(0x0052, "battery_2_ahr_rating", DataType.UINT16, writable=True),
        AttributeDef(0x0053, "battery_2_quantity", DataType.UINT8, writable=True),
        AttributeDef(0x0054, "battery_2_rated_voltage", DataType.UINT8, writable=True),
        AttributeDef(0x0055, "battery_2_alarm_mask", DataType.BITMAP8, writable=True),
        AttributeDef(0x0056, "battery_2_voltage_min_threshold", DataType.UINT8, writable=True),
        AttributeDef(0x0057, "battery_2_voltage_threshold_1", DataType.UINT8, writable=True),
        AttributeDef(0x0058, "battery_2_voltage_threshold_2", DataType.UINT8, writable=True),
        AttributeDef(0x0059, "battery_2_voltage_threshold_3", DataType.UINT8, writable=True),
        AttributeDef(0x005A, "battery_2_percentage_min_threshold", DataType.UINT8, writable=True),
        AttributeDef(0x005B, "battery_2_percentage_threshold_1", DataType.UINT8, writable=True),
        AttributeDef(0x005C, "battery_2_percentage_threshold_2", DataType.UINT8, writable=True),
        AttributeDef(0x005D, "battery_2_percentage_threshold_3", DataType.UINT8, writable=True),
        AttributeDef(0x005E, "battery_2_alarm_state", DataType.BITMAP32, reportable=True),
        AttributeDef(0x0060, "battery_3_voltage", DataType.UINT8),
        AttributeDef(0x0061, "battery_3_percentage_remaining", DataType.UINT8, reportable=True),
        AttributeDef(0x0070, "battery_3_manufacturer", DataType.CHAR_STRING, writable=True),
        AttributeDef(0x0071, "battery_3_size", DataType.ENUM8, writable=True),
        AttributeDef(0x0072, "battery_3_ahr_rating", DataType.UINT16, writable=True),
        AttributeDef(0x0073, "battery_3_quantity", DataType.UINT8, writable=True),
        AttributeDef(0x0074, "battery_3_rated_voltage", DataType.UINT8, writable=True),
        AttributeDef(0x0075, "battery_3_alarm_mask", DataType.BITMAP8, writable=True),
        AttributeDef(0x0076, "battery_3_voltage_min_threshold", DataType.UINT8, writable=True),
        AttributeDef(0x0077, "battery_3_voltage_threshold_1", DataType.UINT8, writable=True),
        AttributeDef(0x0078, "battery_3_voltage_threshold_2", DataType.UINT8, writable=True),
        AttributeDef(0x0079, "battery_3_voltage_threshold_3", DataType.UINT8, writable=True),
        AttributeDef(0x007A, "battery_3_percentage_min_threshold", DataType.UINT8, writable=True),
        AttributeDef(0x007B, "battery_3_percentage_threshold_1", DataType.UINT8, writable=True),
        AttributeDef(0x007C, "battery_3_percentage_threshold_2", DataType.UINT8, writable=True),
        AttributeDef(0x007D, "battery_3_percentage_threshold_3", DataType.UINT8, writable=True),
        AttributeDef(0x007E, "battery_3_alarm_state", DataType.BITMAP32, reportable=True),
    ),
)
