"""UG100 "Networking Frames" and "Messaging Frames", continued: routes that lead to the stick, and those it sends by."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import SlStatusField, StatusField
from drivers.zigbee.wire import Eui64, UInt8, UInt16


@dataclass(frozen=True, slots=True)
class ConcentratorStartDiscoveryResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ConcentratorStartDiscovery(Command):
    ID: ClassVar = 0x014F
    RESPONSE: ClassVar = ConcentratorStartDiscoveryResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class ConcentratorStopDiscoveryResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ConcentratorStopDiscovery(Command):
    ID: ClassVar = 0x0150
    RESPONSE: ClassVar = ConcentratorStopDiscoveryResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class ConcentratorNoteRouteErrorResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ConcentratorNoteRouteError(Command):
    ID: ClassVar = 0x0151
    RESPONSE: ClassVar = ConcentratorNoteRouteErrorResponse
    SINCE: ClassVar = 14

    status: SlStatusField
    node_id: UInt16


@dataclass(frozen=True, slots=True)
class SendManyToOneRouteRequestResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SendManyToOneRouteRequest(Command):
    """All nodes learn the route to the stick."""

    ID: ClassVar = 0x0041
    RESPONSE: ClassVar = SendManyToOneRouteRequestResponse

    concentrator_type: UInt16
    """Of `ConcentratorType`."""
    radius: UInt8
    """0: as far as messages go."""


@dataclass(frozen=True, slots=True)
class IncomingManyToOneRouteRequestHandler(Callback):
    """There is another concentrator."""

    ID: ClassVar = 0x007D

    source: UInt16
    long_id: Eui64
    cost: UInt8


@dataclass(frozen=True, slots=True)
class IncomingRouteErrorHandler(Callback):
    """A router could not pass a message on to this node: SOURCE_ROUTE_FAILURE or MANY_TO_ONE_ROUTE_FAILURE."""

    ID: ClassVar = 0x0080

    status: StatusField
    target: UInt16


@dataclass(frozen=True, slots=True)
class IncomingNetworkStatusHandler(Callback):
    """A router's network status command."""

    ID: ClassVar = 0x00C4

    error_code: UInt8
    """Zigbee Specification 05-3474-22, §3.4.3: the status code of a network status command."""
    target: UInt16


@dataclass(frozen=True, slots=True)
class SetBrokenRouteErrorCodeResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetBrokenRouteErrorCode(Command):
    """What the stick reports as a router of a broken route."""

    ID: ClassVar = 0x0011
    RESPONSE: ClassVar = SetBrokenRouteErrorCodeResponse

    error_code: UInt8


@dataclass(frozen=True, slots=True)
class GetSourceRouteTableTotalSizeResponse(Response):
    source_route_table_total_size: UInt8


@dataclass(frozen=True, slots=True)
class GetSourceRouteTableTotalSize(Command):
    ID: ClassVar = 0x00C3
    RESPONSE: ClassVar = GetSourceRouteTableTotalSizeResponse


@dataclass(frozen=True, slots=True)
class GetSourceRouteTableFilledSizeResponse(Response):
    source_route_table_filled_size: UInt8


@dataclass(frozen=True, slots=True)
class GetSourceRouteTableFilledSize(Command):
    ID: ClassVar = 0x00C2
    RESPONSE: ClassVar = GetSourceRouteTableFilledSizeResponse


@dataclass(frozen=True, slots=True)
class GetSourceRouteTableEntryResponse(Response):
    status: StatusField
    destination: UInt16
    closer_index: UInt8
    """The entry of the next relay towards the stick; NO_INDEX: its neighbour."""


@dataclass(frozen=True, slots=True)
class GetSourceRouteTableEntry(Command):
    ID: ClassVar = 0x00C1
    RESPONSE: ClassVar = GetSourceRouteTableEntryResponse

    index: UInt8
