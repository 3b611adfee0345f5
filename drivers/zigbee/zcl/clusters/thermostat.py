"""Thermostat: heating and cooling to a set temperature (ZCL8, 6.3).

Temperatures are in hundredths of a degree Celsius; calibration, dead band and the setbacks in tenths.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Annotated, Any, ClassVar, Final

from drivers.zigbee.wire import Int8, Int16, Number, UInt8, UInt16, cut
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0201


class SystemMode(IntEnum):
    OFF = 0x00
    AUTO = 0x01
    COOL = 0x03
    HEAT = 0x04
    EMERGENCY_HEATING = 0x05
    PRECOOLING = 0x06
    FAN_ONLY = 0x07
    DRY = 0x08
    SLEEP = 0x09


class RunningMode(IntEnum):
    """What it does at present."""

    OFF = 0x00
    COOL = 0x03
    HEAT = 0x04


class RunningState(IntFlag):
    """Which relays are closed at present."""

    HEAT = 0x0001
    COOL = 0x0002
    FAN = 0x0004
    HEAT_SECOND_STAGE = 0x0008
    COOL_SECOND_STAGE = 0x0010
    FAN_SECOND_STAGE = 0x0020
    FAN_THIRD_STAGE = 0x0040


class ControlSequence(IntEnum):
    """What can be controlled at all."""

    COOLING_ONLY = 0x00
    COOLING_WITH_REHEAT = 0x01
    HEATING_ONLY = 0x02
    HEATING_WITH_REHEAT = 0x03
    COOLING_AND_HEATING = 0x04
    COOLING_AND_HEATING_WITH_REHEAT = 0x05


class SetpointMode(IntEnum):
    """Which setpoint is raised or lowered."""

    HEAT = 0x00
    COOL = 0x01
    BOTH = 0x02


class SetpointChangeSource(IntEnum):
    MANUAL = 0x00
    SCHEDULE = 0x01
    EXTERNAL = 0x02
    """By the network."""


class ProgrammingOperationMode(IntFlag):
    SCHEDULE = 0x01
    AUTO_RECOVERY = 0x02
    ECONOMY = 0x04


class DayOfWeek(IntFlag):
    SUNDAY = 0x01
    MONDAY = 0x02
    TUESDAY = 0x04
    WEDNESDAY = 0x08
    THURSDAY = 0x10
    FRIDAY = 0x20
    SATURDAY = 0x40
    AWAY = 0x80


class ScheduleMode(IntFlag):
    """Which setpoints a schedule has."""

    HEAT = 0x01
    COOL = 0x02


@dataclass(frozen=True, slots=True)
class Transition:
    """A time of a day's schedule, and the setpoints from then on that the schedule's mode says."""

    minute: int
    """Since midnight."""
    heat: int | None = None
    cool: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The transitions of some days."""

    days: int
    """Bits of DayOfWeek."""
    mode: int
    """Bits of ScheduleMode."""
    transitions: tuple[Transition, ...] = ()


class _Schedule:
    """Number of transitions, days, mode, transitions: which setpoints these have is told by the mode."""

    def pack(self, value: Schedule, version: int) -> bytes:
        head = bytes((len(value.transitions), value.days, value.mode))
        return head + b"".join(self._transition(one, value.mode) for one in value.transitions)

    def _transition(self, one: Transition, mode: int) -> bytes:
        raw = one.minute.to_bytes(2, "little")
        for bit, setpoint in ((ScheduleMode.HEAT, one.heat), (ScheduleMode.COOL, one.cool)):
            if mode & bit:
                if setpoint is None:
                    raise ValueError(f"{one} has no setpoint for {bit.name}")
                raw += setpoint.to_bytes(2, "little", signed=True)
        return raw

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        count, days, mode = cut(data, at, at + 3)
        at += 3
        found = []
        for _ in range(count):
            minute, at = _MINUTE.unpack(data, at, 0)
            heat, at = _SETPOINT.unpack(data, at, 0) if mode & ScheduleMode.HEAT else (None, at)
            cool, at = _SETPOINT.unpack(data, at, 0) if mode & ScheduleMode.COOL else (None, at)
            found.append(Transition(minute, heat, cool))
        return Schedule(days, mode, tuple(found)), at


_MINUTE: Final = Number(2)
_SETPOINT: Final = Number(2, signed=True)


@dataclass(frozen=True, slots=True)
class SetpointRaiseLower(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    mode: UInt8
    """A SetpointMode, where it is one that is known here."""
    amount: Int8
    """In tenths of a degree."""


@dataclass(frozen=True, slots=True)
class SetWeeklySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    schedule: Annotated[Schedule, _Schedule()]


@dataclass(frozen=True, slots=True)
class GetWeeklySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    days: UInt8
    """Bits of DayOfWeek."""
    mode: UInt8
    """Bits of ScheduleMode."""


@dataclass(frozen=True, slots=True)
class ClearWeeklySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03


@dataclass(frozen=True, slots=True)
class GetRelayStatusLog(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04


@dataclass(frozen=True, slots=True)
class GetWeeklyScheduleResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    schedule: Annotated[Schedule, _Schedule()]


@dataclass(frozen=True, slots=True)
class GetRelayStatusLogResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    time_of_day: UInt16
    """Minutes since midnight."""
    relay_status: UInt16
    """Bits of RunningState."""
    local_temperature: Int16
    humidity: UInt8
    """Per cent."""
    setpoint: Int16
    unread_entries: UInt16


THERMOSTAT = Cluster(
    id=CLUSTER_ID,
    name="thermostat",
    attributes=(
        AttributeDef(0x0000, "local_temperature", DataType.INT16, reportable=True),
        AttributeDef(0x0001, "outdoor_temperature", DataType.INT16),
        AttributeDef(0x0002, "occupancy", DataType.BITMAP8),
        AttributeDef(0x0003, "abs_min_heat_setpoint_limit", DataType.INT16),
        AttributeDef(0x0004, "abs_max_heat_setpoint_limit", DataType.INT16),
        AttributeDef(0x0005, "abs_min_cool_setpoint_limit", DataType.INT16),
        AttributeDef(0x0006, "abs_max_cool_setpoint_limit", DataType.INT16),
        AttributeDef(0x0007, "pi_cooling_demand", DataType.UINT8, reportable=True),
        AttributeDef(0x0008, "pi_heating_demand", DataType.UINT8, reportable=True),
        AttributeDef(0x0009, "hvac_system_type_configuration", DataType.BITMAP8, writable=True),
        AttributeDef(0x0010, "local_temperature_calibration", DataType.INT8, writable=True),
        AttributeDef(0x0011, "occupied_cooling_setpoint", DataType.INT16, reportable=True, writable=True),
        AttributeDef(0x0012, "occupied_heating_setpoint", DataType.INT16, reportable=True, writable=True),
        AttributeDef(0x0013, "unoccupied_cooling_setpoint", DataType.INT16, writable=True),
        AttributeDef(0x0014, "unoccupied_heating_setpoint", DataType.INT16, writable=True),
        AttributeDef(0x0015, "min_heat_setpoint_limit", DataType.INT16, writable=True),
        AttributeDef(0x0016, "max_heat_setpoint_limit", DataType.INT16, writable=True),
        AttributeDef(0x0017, "min_cool_setpoint_limit", DataType.INT16, writable=True),
        AttributeDef(0x0018, "max_cool_setpoint_limit", DataType.INT16, writable=True),
        AttributeDef(0x0019, "min_setpoint_dead_band", DataType.INT8, writable=True),
        AttributeDef(0x001A, "remote_sensing", DataType.BITMAP8, writable=True),
        AttributeDef(0x001B, "control_sequence_of_operation", DataType.ENUM8, writable=True),
        AttributeDef(0x001C, "system_mode", DataType.ENUM8, reportable=True, writable=True),
        AttributeDef(0x001D, "alarm_mask", DataType.BITMAP8),
        AttributeDef(0x001E, "thermostat_running_mode", DataType.ENUM8, reportable=True),
        AttributeDef(0x0020, "start_of_week", DataType.ENUM8),
        AttributeDef(0x0021, "number_of_weekly_transitions", DataType.UINT8),
        AttributeDef(0x0022, "number_of_daily_transitions", DataType.UINT8),
        AttributeDef(0x0023, "temperature_setpoint_hold", DataType.ENUM8, writable=True),
        AttributeDef(0x0024, "temperature_setpoint_hold_duration", DataType.UINT16, writable=True),
        AttributeDef(0x0025, "thermostat_programming_operation_mode", DataType.BITMAP8, reportable=True, writable=True),
        AttributeDef(0x0029, "thermostat_running_state", DataType.BITMAP16, reportable=True),
        AttributeDef(0x0030, "setpoint_change_source", DataType.ENUM8),
        AttributeDef(0x0031, "setpoint_change_amount", DataType.INT16),
        AttributeDef(0x0032, "setpoint_change_source_timestamp", DataType.UTC),
        AttributeDef(0x0034, "occupied_setback", DataType.UINT8, writable=True),
        AttributeDef(0x0035, "occupied_setback_min", DataType.UINT8),
        AttributeDef(0x0036, "occupied_setback_max", DataType.UINT8),
        AttributeDef(0x0037, "unoccupied_setback", DataType.UINT8, writable=True),
        AttributeDef(0x0038, "unoccupied_setback_min", DataType.UINT8),
        AttributeDef(0x0039, "unoccupied_setback_max", DataType.UINT8),
        AttributeDef(0x003A, "emergency_heat_delta", DataType.UINT8, writable=True),
        AttributeDef(0x0040, "ac_type", DataType.ENUM8, writable=True),
        AttributeDef(0x0041, "ac_capacity", DataType.UINT16, writable=True),
        AttributeDef(0x0042, "ac_refrigerant_type", DataType.ENUM8, writable=True),
        AttributeDef(0x0043, "ac_compressor", DataType.ENUM8, writable=True),
        AttributeDef(0x0044, "ac_error_code", DataType.BITMAP32, writable=True),
        AttributeDef(0x0045, "ac_louver_position", DataType.ENUM8, writable=True),
        AttributeDef(0x0046, "ac_coil_temperature", DataType.INT16),
        AttributeDef(0x0047, "ac_capacity_format", DataType.ENUM8, writable=True),
    ),
    received=(SetpointRaiseLower, SetWeeklySchedule, GetWeeklySchedule, ClearWeeklySchedule, GetRelayStatusLog),
    generated=(GetWeeklyScheduleResponse, GetRelayStatusLogResponse),
)
