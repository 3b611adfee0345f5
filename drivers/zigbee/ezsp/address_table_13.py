"""The address table of EZSP 13 and below. Version 14 gave these numbers to other commands."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.wire import Eui64, UInt8, UInt16


@dataclass(frozen=True, slots=True)
class SetAddressTableRemoteEui64Response(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetAddressTableRemoteEui64(Command):
    ID: ClassVar = 0x005C
    RESPONSE: ClassVar = SetAddressTableRemoteEui64Response

    address_table_index: UInt8
    eui64: Eui64


@dataclass(frozen=True, slots=True)
class SetAddressTableRemoteNodeIdResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetAddressTableRemoteNodeId(Command):
    ID: ClassVar = 0x005D
    RESPONSE: ClassVar = SetAddressTableRemoteNodeIdResponse

    address_table_index: UInt8
    node_id: UInt16


@dataclass(frozen=True, slots=True)
class GetAddressTableRemoteEui64Response(Response):
    eui64: Eui64
    """All ones: the entry is free."""


@dataclass(frozen=True, slots=True)
class GetAddressTableRemoteEui64(Command):
    ID: ClassVar = 0x005E
    RESPONSE: ClassVar = GetAddressTableRemoteEui64Response

    address_table_index: UInt8


@dataclass(frozen=True, slots=True)
class GetAddressTableRemoteNodeIdResponse(Response):
    node_id: UInt16
    """NO_NODE, UNKNOWN_NODE or DISCOVERY_ACTIVE_NODE where it is not known."""


@dataclass(frozen=True, slots=True)
class GetAddressTableRemoteNodeId(Command):
    ID: ClassVar = 0x005F
    RESPONSE: ClassVar = GetAddressTableRemoteNodeIdResponse

    address_table_index: UInt8


@dataclass(frozen=True, slots=True)
class IncomingSenderEui64Handler(Callback):
    """Comes before an IncomingMessageHandler whose message said it."""

    ID: ClassVar = 0x0062

    sender_eui64: Eui64
