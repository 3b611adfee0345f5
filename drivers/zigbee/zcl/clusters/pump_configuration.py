"""Pump Configuration and Control (ZCL8, 6.2)."""

from enum import IntEnum, IntFlag

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0200


class OperationMode(IntEnum):
    NORMAL = 0x00
    MINIMUM = 0x01
    MAXIMUM = 0x02
    LOCAL = 0x03


class ControlMode(IntEnum):
    CONSTANT_SPEED = 0x00
    CONSTANT_PRESSURE = 0x01
    PROPORTIONAL_PRESSURE = 0x02
    CONSTANT_FLOW = 0x03
    CONSTANT_TEMPERATURE = 0x05
    AUTOMATIC = 0x07


class PumpStatus(IntFlag):
    DEVICE_FAULT = 0x0001
    SUPPLY_FAULT = 0x0002
    SPEED_LOW = 0x0004
    SPEED_HIGH = 0x0008
    LOCAL_OVERRIDE = 0x0010
    RUNNING = 0x0020
    REMOTE_PRESSURE = 0x0040
    REMOTE_FLOW = 0x0080
    REMOTE_TEMPERATURE = 0x0100


PUMP_CONFIGURATION = Cluster(
    id=CLUSTER_ID,
    name="pump_configuration",
    attributes=(
        AttributeDef(0x0000, "max_pressure", DataType.INT16),
        AttributeDef(0x0001, "max_speed", DataType.UINT16),
        AttributeDef(0x0002, "max_flow", DataType.UINT16),
        AttributeDef(0x0003, "min_const_pressure", DataType.INT16),
        AttributeDef(0x0004, "max_const_pressure", DataType.INT16),
        AttributeDef(0x0005, "min_comp_pressure", DataType.INT16),
        AttributeDef(0x0006, "max_comp_pressure", DataType.INT16),
        AttributeDef(0x0007, "min_const_speed", DataType.UINT16),
        AttributeDef(0x0008, "max_const_speed", DataType.UINT16),
        AttributeDef(0x0009, "min_const_flow", DataType.UINT16),
        AttributeDef(0x000A, "max_const_flow", DataType.UINT16),
        AttributeDef(0x000B, "min_const_temp", DataType.INT16),
        AttributeDef(0x000C, "max_const_temp", DataType.INT16),
        AttributeDef(0x0010, "pump_status", DataType.BITMAP16, reportable=True),
        AttributeDef(0x0011, "effective_operation_mode", DataType.ENUM8),
        AttributeDef(0x0012, "effective_control_mode", DataType.ENUM8),
        AttributeDef(0x0013, "capacity", DataType.INT16, reportable=True),
        AttributeDef(0x0014, "speed", DataType.UINT16),
        AttributeDef(0x0015, "lifetime_running_hours", DataType.UINT24, writable=True),
        AttributeDef(0x0016, "power", DataType.UINT24, writable=True),
        AttributeDef(0x0017, "lifetime_energy_consumed", DataType.UINT32),
        AttributeDef(0x0020, "operation_mode", DataType.ENUM8, writable=True),
        AttributeDef(0x0021, "control_mode", DataType.ENUM8, writable=True),
        AttributeDef(0x0022, "alarm_mask", DataType.BITMAP16),
    ),
)
