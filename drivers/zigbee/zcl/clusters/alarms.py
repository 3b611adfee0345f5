"""Alarms: a cluster's alarm codes, told and kept in a log (ZCL8, 3.11)."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, Notification, ServerCommand
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import MaybeUInt8, MaybeUInt16, MaybeUInt32
from drivers.zigbee.zcl.status import Status

CLUSTER_ID = 0x0009


@dataclass(frozen=True, slots=True)
class ResetAlarm(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    alarm_code: UInt8
    cluster: UInt16


@dataclass(frozen=True, slots=True)
class ResetAllAlarms(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01


@dataclass(frozen=True, slots=True)
class GetAlarm(ClusterCommand):
    """The oldest, which leaves the log by it."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02


@dataclass(frozen=True, slots=True)
class ResetAlarmLog(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03


@dataclass(frozen=True, slots=True)
class Alarm(Notification):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    alarm_code: UInt8
    cluster: UInt16


@dataclass(frozen=True, slots=True)
class GetAlarmResponse(ServerCommand):
    """What follows the status is there with SUCCESS only."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    status: Status
    alarm_code: MaybeUInt8 = None
    cluster: MaybeUInt16 = None
    time: MaybeUInt32 = None
    """0xFFFFFFFF where the device had no clock."""


ALARMS = Cluster(
    id=CLUSTER_ID,
    name="alarms",
    attributes=(AttributeDef(0x0000, "alarm_count", DataType.UINT16),),
    received=(ResetAlarm, ResetAllAlarms, GetAlarm, ResetAlarmLog),
    generated=(Alarm, GetAlarmResponse),
)
