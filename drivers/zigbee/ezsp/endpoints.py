"""UG100 "Configuration Frames", continued: the endpoints that the stick has. Since version 14."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Command, Response
from drivers.zigbee.wire import UInt8, UInt16


@dataclass(frozen=True, slots=True)
class GetEndpointResponse(Response):
    endpoint: UInt8


@dataclass(frozen=True, slots=True)
class GetEndpoint(Command):
    ID: ClassVar = 0x012E
    RESPONSE: ClassVar = GetEndpointResponse
    SINCE: ClassVar = 14

    index: UInt8


@dataclass(frozen=True, slots=True)
class GetEndpointCountResponse(Response):
    count: UInt8


@dataclass(frozen=True, slots=True)
class GetEndpointCount(Command):
    ID: ClassVar = 0x012F
    RESPONSE: ClassVar = GetEndpointCountResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class GetEndpointDescriptionResponse(Response):
    profile_id: UInt16
    device_id: UInt16
    device_version: UInt8
    input_cluster_count: UInt8
    output_cluster_count: UInt8


@dataclass(frozen=True, slots=True)
class GetEndpointDescription(Command):
    ID: ClassVar = 0x0130
    RESPONSE: ClassVar = GetEndpointDescriptionResponse
    SINCE: ClassVar = 14

    endpoint: UInt8


@dataclass(frozen=True, slots=True)
class GetEndpointClusterResponse(Response):
    endpoint_cluster: UInt16


@dataclass(frozen=True, slots=True)
class GetEndpointCluster(Command):
    ID: ClassVar = 0x0131
    RESPONSE: ClassVar = GetEndpointClusterResponse
    SINCE: ClassVar = 14

    endpoint: UInt8
    list_id: UInt8
    """0: the input clusters."""
    list_index: UInt8
