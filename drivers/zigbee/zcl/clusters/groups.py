"""Groups: which multicast addresses an endpoint listens to (ZCL8, 3.6)."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16, UInt16List
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import CharString, MaybeCharString
from drivers.zigbee.zcl.status import Status

CLUSTER_ID = 0x0004

CAPACITY_UNKNOWN = 0xFF
CAPACITY_AT_LEAST_ONE = 0xFE


@dataclass(frozen=True, slots=True)
class AddGroup(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    group: UInt16
    name: CharString = ""


@dataclass(frozen=True, slots=True)
class ViewGroup(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    group: UInt16


@dataclass(frozen=True, slots=True)
class GetGroupMembership(ClusterCommand):
    """None named: all are told."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    groups: UInt16List = ()


@dataclass(frozen=True, slots=True)
class RemoveGroup(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    group: UInt16


@dataclass(frozen=True, slots=True)
class RemoveAllGroups(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04


@dataclass(frozen=True, slots=True)
class AddGroupIfIdentifying(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    group: UInt16
    name: CharString = ""


@dataclass(frozen=True, slots=True)
class AddGroupResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    status: Status
    group: UInt16


@dataclass(frozen=True, slots=True)
class ViewGroupResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    status: Status
    group: UInt16
    name: MaybeCharString = None
    """Some devices leave it out when there is no such group."""


@dataclass(frozen=True, slots=True)
class GetGroupMembershipResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    capacity: UInt8
    """How many more groups fit; CAPACITY_UNKNOWN, CAPACITY_AT_LEAST_ONE."""
    groups: UInt16List = ()


@dataclass(frozen=True, slots=True)
class RemoveGroupResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    status: Status
    group: UInt16


GROUPS = Cluster(
    id=CLUSTER_ID,
    name="groups",
    attributes=(AttributeDef(0x0000, "name_support", DataType.BITMAP8),),
    received=(AddGroup, ViewGroup, GetGroupMembership, RemoveGroup, RemoveAllGroups, AddGroupIfIdentifying),
    generated=(AddGroupResponse, ViewGroupResponse, GetGroupMembershipResponse, RemoveGroupResponse),
)
