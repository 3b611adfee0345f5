"""Poll Control: when a sleeping device listens (ZCL8, 3.16). Intervals are in quarters of a second."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.wire import Bool, UInt16, UInt32
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, Notification
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0020


@dataclass(frozen=True, slots=True)
class CheckInResponse(ClusterCommand):
    """Within 7.68 s of the check-in. Without fast polling the device goes back to sleep."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    start_fast_polling: Bool
    fast_poll_timeout: UInt16 = 0
    """0: as its attribute says."""


@dataclass(frozen=True, slots=True)
class FastPollStop(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01


@dataclass(frozen=True, slots=True)
class SetLongPollInterval(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    new_long_poll_interval: UInt32


@dataclass(frozen=True, slots=True)
class SetShortPollInterval(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    new_short_poll_interval: UInt16


@dataclass(frozen=True, slots=True)
class CheckIn(Notification):
    """The device is awake: is there something for it?"""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00


POLL_CONTROL = Cluster(
    id=CLUSTER_ID,
    name="poll_control",
    attributes=(
        AttributeDef(0x0000, "check_in_interval", DataType.UINT32, writable=True),
        AttributeDef(0x0001, "long_poll_interval", DataType.UINT32),
        AttributeDef(0x0002, "short_poll_interval", DataType.UINT16),
        AttributeDef(0x0003, "fast_poll_timeout", DataType.UINT16, writable=True),
        AttributeDef(0x0004, "check_in_interval_min", DataType.UINT32),
        AttributeDef(0x0005, "long_poll_interval_min", DataType.UINT32),
        AttributeDef(0x0006, "fast_poll_timeout_max", DataType.UINT16),
    ),
    received=(CheckInResponse, FastPollStop, SetLongPollInterval, SetShortPollInterval),
    generated=(CheckIn,),
)
