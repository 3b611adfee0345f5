"""UG100 "Networking Frames", continued: who the stick hears, and its routing table."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import SlStatusField, StatusField
from drivers.zigbee.wire import Bool, Eui64, Record, UInt8, UInt16, UInt32


@dataclass(frozen=True, slots=True)
class NeighborTableEntry(Record):
    """EmberNeighborTableEntry."""

    short_id: UInt16
    average_lqi: UInt8
    in_cost: UInt8
    out_cost: UInt8
    """0: it does not hear the stick."""
    age: UInt8
    long_id: Eui64


class RouteStatus(IntEnum):
    """EmberRouteTableEntry's status."""

    ACTIVE = 0
    BEING_DISCOVERED = 1
    UNUSED = 3
    VALIDATING = 4


@dataclass(frozen=True, slots=True)
class RouteTableEntry(Record):
    """EmberRouteTableEntry."""

    destination: UInt16
    next_hop: UInt16
    status: UInt8
    """Of `RouteStatus`."""
    age: UInt8
    concentrator_type: UInt8
    """0: none, 1: one that keeps routes, 2: one that does not."""
    route_record_state: UInt8


@dataclass(frozen=True, slots=True)
class GetNeighborResponse(Response):
    status: StatusField
    value: NeighborTableEntry


@dataclass(frozen=True, slots=True)
class GetNeighbor(Command):
    ID: ClassVar = 0x0079
    RESPONSE: ClassVar = GetNeighborResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class NeighborCountResponse(Response):
    value: UInt8


@dataclass(frozen=True, slots=True)
class NeighborCount(Command):
    ID: ClassVar = 0x007A
    RESPONSE: ClassVar = NeighborCountResponse


@dataclass(frozen=True, slots=True)
class GetNeighborFrameCounterResponse(Response):
    status: StatusField
    return_frame_counter: UInt32


@dataclass(frozen=True, slots=True)
class GetNeighborFrameCounter(Command):
    ID: ClassVar = 0x003E
    RESPONSE: ClassVar = GetNeighborFrameCounterResponse

    eui64: Eui64


@dataclass(frozen=True, slots=True)
class SetNeighborFrameCounterResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetNeighborFrameCounter(Command):
    ID: ClassVar = 0x00AD
    RESPONSE: ClassVar = SetNeighborFrameCounterResponse

    eui64: Eui64
    frame_counter: UInt32


@dataclass(frozen=True, slots=True)
class RemoveNeighborResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class RemoveNeighbor(Command):
    ID: ClassVar = 0x013A
    RESPONSE: ClassVar = RemoveNeighborResponse
    SINCE: ClassVar = 14

    short_id: UInt16
    long_id: Eui64


@dataclass(frozen=True, slots=True)
class GetRouteTableEntryResponse(Response):
    status: StatusField
    value: RouteTableEntry


@dataclass(frozen=True, slots=True)
class GetRouteTableEntry(Command):
    ID: ClassVar = 0x007B
    RESPONSE: ClassVar = GetRouteTableEntryResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class SetRoutingShortcutThresholdResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetRoutingShortcutThreshold(Command):
    ID: ClassVar = 0x00D0
    RESPONSE: ClassVar = SetRoutingShortcutThresholdResponse

    cost_threshold: UInt8


@dataclass(frozen=True, slots=True)
class GetRoutingShortcutThresholdResponse(Response):
    routing_shortcut_threshold: UInt8


@dataclass(frozen=True, slots=True)
class GetRoutingShortcutThreshold(Command):
    ID: ClassVar = 0x00D1
    RESPONSE: ClassVar = GetRoutingShortcutThresholdResponse


@dataclass(frozen=True, slots=True)
class SetInitialNeighborOutgoingCostResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class SetInitialNeighborOutgoingCost(Command):
    ID: ClassVar = 0x0122
    RESPONSE: ClassVar = SetInitialNeighborOutgoingCostResponse
    SINCE: ClassVar = 14

    cost: UInt8


@dataclass(frozen=True, slots=True)
class GetInitialNeighborOutgoingCostResponse(Response):
    cost: UInt8


@dataclass(frozen=True, slots=True)
class GetInitialNeighborOutgoingCost(Command):
    ID: ClassVar = 0x0123
    RESPONSE: ClassVar = GetInitialNeighborOutgoingCostResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class ResetRejoiningNeighborsFrameCounterResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ResetRejoiningNeighborsFrameCounter(Command):
    ID: ClassVar = 0x0124
    RESPONSE: ClassVar = ResetRejoiningNeighborsFrameCounterResponse
    SINCE: ClassVar = 14

    reset: Bool


@dataclass(frozen=True, slots=True)
class IsResetRejoiningNeighborsFrameCounterEnabledResponse(Response):
    gets_reset: Bool


@dataclass(frozen=True, slots=True)
class IsResetRejoiningNeighborsFrameCounterEnabled(Command):
    ID: ClassVar = 0x0125
    RESPONSE: ClassVar = IsResetRejoiningNeighborsFrameCounterEnabledResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class RescheduleLinkStatusMsgResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class RescheduleLinkStatusMsg(Command):
    ID: ClassVar = 0x011B
    RESPONSE: ClassVar = RescheduleLinkStatusMsgResponse
    SINCE: ClassVar = 14
