"""What meters keep: snapshots and samples, and how one meter speaks for another, a mirror (ZCL8, 10.4)."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from drivers.zigbee.wire import Bool, Listed, Nested, Number, Record, Remaining, UInt8, UInt16, UInt24, UInt32
from drivers.zigbee.zcl.cluster import ClusterCommand, ServerCommand
from drivers.zigbee.zcl.fields import UInt8List

CLUSTER_ID = 0x0702
"""Metering: the cluster itself is in `metering`."""


@dataclass(frozen=True, slots=True)
class SnapshotSchedule(Record):
    schedule_id: UInt8
    start_time: UInt32
    schedule: UInt24
    payload_type: UInt8
    cause: UInt32


@dataclass(frozen=True, slots=True)
class SnapshotScheduleConfirmation(Record):
    schedule_id: UInt8
    confirmation: UInt8


@dataclass(frozen=True, slots=True)
class RequestMirrorResponse(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    endpoint: UInt16


@dataclass(frozen=True, slots=True)
class MirrorRemoved(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    endpoint: UInt16


@dataclass(frozen=True, slots=True)
class ScheduleSnapshot(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    issuer_event_id: UInt32
    command_index: UInt8
    total_commands: UInt8
    schedules: Annotated[tuple[SnapshotSchedule, ...], Listed(Nested(SnapshotSchedule), 0)]


@dataclass(frozen=True, slots=True)
class TakeSnapshot(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    cause: UInt32


@dataclass(frozen=True, slots=True)
class GetSnapshot(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    earliest_start_time: UInt32
    latest_end_time: UInt32
    snapshot_offset: UInt8
    cause: UInt32


@dataclass(frozen=True, slots=True)
class StartSampling(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07

    issuer_event_id: UInt32
    start_time: UInt32
    sample_type: UInt8
    request_interval_s: UInt16
    max_number_of_samples: UInt16


@dataclass(frozen=True, slots=True)
class GetSampledData(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x08

    sample_id: UInt16
    earliest_time: UInt32
    sample_type: UInt8
    number_of_samples: UInt16


@dataclass(frozen=True, slots=True)
class MirrorReportAttributeResponse(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x09

    notification_scheme: UInt8
    notification_flags: Annotated[tuple[int, ...], Listed(Number(4), 0)]


@dataclass(frozen=True, slots=True)
class RequestMirror(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01


@dataclass(frozen=True, slots=True)
class RemoveMirror(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02


@dataclass(frozen=True, slots=True)
class ScheduleSnapshotResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    issuer_event_id: UInt32
    confirmations: Annotated[tuple[SnapshotScheduleConfirmation, ...], Listed(Nested(SnapshotScheduleConfirmation), 0)]


@dataclass(frozen=True, slots=True)
class TakeSnapshotResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    snapshot_id: UInt32
    confirmation: UInt8


@dataclass(frozen=True, slots=True)
class PublishSnapshot(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    snapshot_id: UInt32
    time: UInt32
    total_snapshots_found: UInt8
    command_index: UInt8
    total_commands: UInt8
    cause: UInt32
    payload_type: UInt8
    payload: Remaining


@dataclass(frozen=True, slots=True)
class GetSampledDataResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07

    sample_id: UInt16
    start_time: UInt32
    sample_type: UInt8
    request_interval_s: UInt16
    samples: Annotated[tuple[int, ...], Listed(Number(3), 2)]


@dataclass(frozen=True, slots=True)
class ConfigureMirror(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x08

    issuer_event_id: UInt32
    reporting_interval_s: UInt24
    mirror_notification_reporting: Bool
    notification_scheme: UInt8


@dataclass(frozen=True, slots=True)
class ConfigureNotificationScheme(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x09

    issuer_event_id: UInt32
    notification_scheme: UInt8
    notification_flag_order: UInt32


@dataclass(frozen=True, slots=True)
class ConfigureNotificationFlags(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0A

    issuer_event_id: UInt32
    notification_scheme: UInt8
    notification_flag_attribute: UInt16
    cluster: UInt16
    manufacturer_code: UInt16
    commands: UInt8List


@dataclass(frozen=True, slots=True)
class GetNotifiedMessage(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0B

    notification_scheme: UInt8
    notification_flag_attribute: UInt16
    notification_flags: UInt32


@dataclass(frozen=True, slots=True)
class StartSamplingResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0D

    sample_id: UInt16


RECEIVED = (
    RequestMirrorResponse,
    MirrorRemoved,
    ScheduleSnapshot,
    TakeSnapshot,
    GetSnapshot,
    StartSampling,
    GetSampledData,
    MirrorReportAttributeResponse,
)
GENERATED = (
    RequestMirror,
    RemoveMirror,
    ScheduleSnapshotResponse,
    TakeSnapshotResponse,
    PublishSnapshot,
    GetSampledDataResponse,
    ConfigureMirror,
    ConfigureNotificationScheme,
    ConfigureNotificationFlags,
    GetNotifiedMessage,
    StartSamplingResponse,
)
