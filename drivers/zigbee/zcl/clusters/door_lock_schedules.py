"""When the codes of a door lock open, and when the house is away (ZCL8, 7.3). Times are local."""

from dataclasses import dataclass
from enum import IntFlag
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16, UInt32
from drivers.zigbee.zcl.cluster import ClusterCommand, ServerCommand
from drivers.zigbee.zcl.fields import MaybeUInt8, MaybeUInt32
from drivers.zigbee.zcl.status import Status

CLUSTER_ID = 0x0101
"""Door Lock: the cluster itself is in `door_lock`."""


class DayMask(IntFlag):
    SUNDAY = 0x01
    MONDAY = 0x02
    TUESDAY = 0x04
    WEDNESDAY = 0x08
    THURSDAY = 0x10
    FRIDAY = 0x20
    SATURDAY = 0x40


@dataclass(frozen=True, slots=True)
class SetWeekdaySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0B

    schedule_id: UInt8
    user_id: UInt16
    days: UInt8
    """Bits of DayMask."""
    start_hour: UInt8
    start_minute: UInt8
    end_hour: UInt8
    end_minute: UInt8


@dataclass(frozen=True, slots=True)
class GetWeekdaySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0C

    schedule_id: UInt8
    user_id: UInt16


@dataclass(frozen=True, slots=True)
class ClearWeekdaySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0D

    schedule_id: UInt8
    user_id: UInt16


@dataclass(frozen=True, slots=True)
class SetYeardaySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0E

    schedule_id: UInt8
    user_id: UInt16
    local_start_time: UInt32
    local_end_time: UInt32


@dataclass(frozen=True, slots=True)
class GetYeardaySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0F

    schedule_id: UInt8
    user_id: UInt16


@dataclass(frozen=True, slots=True)
class ClearYeardaySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x10

    schedule_id: UInt8
    user_id: UInt16


@dataclass(frozen=True, slots=True)
class SetHolidaySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x11

    schedule_id: UInt8
    local_start_time: UInt32
    local_end_time: UInt32
    operating_mode: UInt8
    """A door_lock.OperatingMode, where it is one that is known here."""


@dataclass(frozen=True, slots=True)
class GetHolidaySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x12

    schedule_id: UInt8


@dataclass(frozen=True, slots=True)
class ClearHolidaySchedule(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x13

    schedule_id: UInt8


@dataclass(frozen=True, slots=True)
class SetWeekdayScheduleResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0B

    status: Status


@dataclass(frozen=True, slots=True)
class GetWeekdayScheduleResponse(ServerCommand):
    """What follows the status is there with SUCCESS only."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0C

    schedule_id: UInt8
    user_id: UInt16
    status: Status
    days: MaybeUInt8 = None
    start_hour: MaybeUInt8 = None
    start_minute: MaybeUInt8 = None
    end_hour: MaybeUInt8 = None
    end_minute: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class ClearWeekdayScheduleResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0D

    status: Status


@dataclass(frozen=True, slots=True)
class SetYeardayScheduleResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0E

    status: Status


@dataclass(frozen=True, slots=True)
class GetYeardayScheduleResponse(ServerCommand):
    """What follows the status is there with SUCCESS only."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0F

    schedule_id: UInt8
    user_id: UInt16
    status: Status
    local_start_time: MaybeUInt32 = None
    local_end_time: MaybeUInt32 = None


@dataclass(frozen=True, slots=True)
class ClearYeardayScheduleResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x10

    status: Status


@dataclass(frozen=True, slots=True)
class SetHolidayScheduleResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x11

    status: Status


@dataclass(frozen=True, slots=True)
class GetHolidayScheduleResponse(ServerCommand):
    """What follows the status is there with SUCCESS only."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x12

    schedule_id: UInt8
    status: Status
    local_start_time: MaybeUInt32 = None
    local_end_time: MaybeUInt32 = None
    operating_mode: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class ClearHolidayScheduleResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x13

    status: Status


RECEIVED = (
    SetWeekdaySchedule,
    GetWeekdaySchedule,
    ClearWeekdaySchedule,
    SetYeardaySchedule,
    GetYeardaySchedule,
    ClearYeardaySchedule,
    SetHolidaySchedule,
    GetHolidaySchedule,
    ClearHolidaySchedule,
)
GENERATED = (
    SetWeekdayScheduleResponse,
    GetWeekdayScheduleResponse,
    ClearWeekdayScheduleResponse,
    SetYeardayScheduleResponse,
    GetYeardayScheduleResponse,
    ClearYeardayScheduleResponse,
    SetHolidayScheduleResponse,
    GetHolidayScheduleResponse,
    ClearHolidayScheduleResponse,
)
