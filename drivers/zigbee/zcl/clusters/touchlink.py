"""Touchlink Commissioning: stealing a lamp from a hand's breadth away, and a remote's group (ZCL8, 13.3).

Commands below 0x40 travel between networks, outside every one; those from there on are of the utility, inside it.
"""

from dataclasses import dataclass, field
from enum import IntFlag
from typing import Annotated, ClassVar

from drivers.zigbee.wire import Eui64, Key, Listed, Nested, Record, UInt8, UInt16, UInt32, UInt64
from drivers.zigbee.zcl.cluster import Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.fields import MaybeUInt8, MaybeUInt16

CLUSTER_ID = 0x1000


class ZigbeeInformation(IntFlag):
    """The logical type in the lower two bits."""

    RX_ON_WHEN_IDLE = 0x04


class TouchlinkInformation(IntFlag):
    FACTORY_NEW = 0x01
    ADDRESS_ASSIGNMENT = 0x02
    LINK_INITIATOR = 0x10
    PRIORITY_REQUEST = 0x20
    PROFILE_INTEROP = 0x80


@dataclass(frozen=True, slots=True)
class DeviceInformation(Record):
    eui64: Eui64
    endpoint: UInt8
    profile: UInt16
    device_type: UInt16
    version: UInt8
    group_id_count: UInt8
    sort: UInt8


@dataclass(frozen=True, slots=True)
class GroupInformation(Record):
    group: UInt16
    group_type: UInt8 = 0


@dataclass(frozen=True, slots=True)
class EndpointEntry(Record):
    node_id: UInt16
    endpoint: UInt8
    profile: UInt16
    device_type: UInt16
    version: UInt8


@dataclass(frozen=True, slots=True)
class ScanRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    transaction: UInt32
    zigbee_information: UInt8
    """Bits of ZigbeeInformation."""
    touchlink_information: UInt8
    """Bits of TouchlinkInformation."""


@dataclass(frozen=True, slots=True)
class DeviceInformationRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    transaction: UInt32
    start_index: UInt8


@dataclass(frozen=True, slots=True)
class IdentifyRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    transaction: UInt32
    duration_s: UInt16
    """0 ends it; 0xFFFF is as long as the device likes."""


@dataclass(frozen=True, slots=True)
class ResetToFactoryNewRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x07

    transaction: UInt32


@dataclass(frozen=True, slots=True)
class NetworkStartRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x10

    transaction: UInt32
    extended_pan_id: UInt64
    key_index: UInt8
    encrypted_network_key: Key = field(repr=False)
    logical_channel: UInt8
    pan_id: UInt16
    node_id: UInt16
    group_ids_begin: UInt16
    group_ids_end: UInt16
    free_node_ids_begin: UInt16
    free_node_ids_end: UInt16
    free_group_ids_begin: UInt16
    free_group_ids_end: UInt16
    initiator_eui64: Eui64
    initiator_node_id: UInt16


@dataclass(frozen=True, slots=True)
class NetworkJoinRouterRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x12

    transaction: UInt32
    extended_pan_id: UInt64
    key_index: UInt8
    encrypted_network_key: Key = field(repr=False)
    network_update_id: UInt8
    logical_channel: UInt8
    pan_id: UInt16
    node_id: UInt16
    group_ids_begin: UInt16
    group_ids_end: UInt16
    free_node_ids_begin: UInt16
    free_node_ids_end: UInt16
    free_group_ids_begin: UInt16
    free_group_ids_end: UInt16


@dataclass(frozen=True, slots=True)
class NetworkJoinEndDeviceRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x14

    transaction: UInt32
    extended_pan_id: UInt64
    key_index: UInt8
    encrypted_network_key: Key = field(repr=False)
    network_update_id: UInt8
    logical_channel: UInt8
    pan_id: UInt16
    node_id: UInt16
    group_ids_begin: UInt16
    group_ids_end: UInt16
    free_node_ids_begin: UInt16
    free_node_ids_end: UInt16
    free_group_ids_begin: UInt16
    free_group_ids_end: UInt16


@dataclass(frozen=True, slots=True)
class NetworkUpdateRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x16

    transaction: UInt32
    extended_pan_id: UInt64
    network_update_id: UInt8
    logical_channel: UInt8
    pan_id: UInt16
    node_id: UInt16


@dataclass(frozen=True, slots=True)
class GetGroupIdentifiersRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x41

    start_index: UInt8


@dataclass(frozen=True, slots=True)
class GetEndpointListRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x42

    start_index: UInt8


@dataclass(frozen=True, slots=True)
class ScanResponse(ServerCommand):
    """What follows the groups is there when the device has one sub-device."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    transaction: UInt32
    rssi_correction: UInt8
    zigbee_information: UInt8
    touchlink_information: UInt8
    key_bitmask: UInt16
    response_id: UInt32
    extended_pan_id: UInt64
    network_update_id: UInt8
    logical_channel: UInt8
    pan_id: UInt16
    node_id: UInt16
    number_of_sub_devices: UInt8
    total_group_ids: UInt8
    endpoint: MaybeUInt8 = None
    profile: MaybeUInt16 = None
    device_type: MaybeUInt16 = None
    version: MaybeUInt8 = None
    group_id_count: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class DeviceInformationResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    transaction: UInt32
    number_of_sub_devices: UInt8
    start_index: UInt8
    devices: Annotated[tuple[DeviceInformation, ...], Listed(Nested(DeviceInformation))]


@dataclass(frozen=True, slots=True)
class NetworkStartResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x11

    transaction: UInt32
    status: UInt8
    extended_pan_id: UInt64
    network_update_id: UInt8
    logical_channel: UInt8
    pan_id: UInt16


@dataclass(frozen=True, slots=True)
class NetworkJoinRouterResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x13

    transaction: UInt32
    status: UInt8


@dataclass(frozen=True, slots=True)
class NetworkJoinEndDeviceResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x15

    transaction: UInt32
    status: UInt8


@dataclass(frozen=True, slots=True)
class EndpointInformation(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x40

    eui64: Eui64
    node_id: UInt16
    endpoint: UInt8
    profile: UInt16
    device_type: UInt16
    version: UInt8


@dataclass(frozen=True, slots=True)
class GetGroupIdentifiersResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x41

    total: UInt8
    start_index: UInt8
    groups: Annotated[tuple[GroupInformation, ...], Listed(Nested(GroupInformation))]


@dataclass(frozen=True, slots=True)
class GetEndpointListResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x42

    total: UInt8
    start_index: UInt8
    endpoints: Annotated[tuple[EndpointEntry, ...], Listed(Nested(EndpointEntry))]


TOUCHLINK = Cluster(
    id=CLUSTER_ID,
    name="touchlink",
    received=(
        ScanRequest,
        DeviceInformationRequest,
        IdentifyRequest,
        ResetToFactoryNewRequest,
        NetworkStartRequest,
        NetworkJoinRouterRequest,
        NetworkJoinEndDeviceRequest,
        NetworkUpdateRequest,
        GetGroupIdentifiersRequest,
        GetEndpointListRequest,
    ),
    generated=(
        ScanResponse,
        DeviceInformationResponse,
        NetworkStartResponse,
        NetworkJoinRouterResponse,
        NetworkJoinEndDeviceResponse,
        EndpointInformation,
        GetGroupIdentifiersResponse,
        GetEndpointListResponse,
    ),
)
