"""UG100 "Networking Frames", continued: the end devices whose parent the stick is."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import SlStatusField, StatusField
from drivers.zigbee.ezsp.structures import ChildData
from drivers.zigbee.wire import Bool, Eui64, Int8, UInt8, UInt16, UInt32


@dataclass(frozen=True, slots=True)
class ChildJoinHandler(Callback):
    ID: ClassVar = 0x0023

    index: UInt8
    joining: Bool
    """Left otherwise."""
    child_id: UInt16
    child_eui64: Eui64
    child_type: UInt8
    """Of `NodeType`."""


@dataclass(frozen=True, slots=True)
class GetChildDataResponse(Response):
    status: StatusField
    child_data: ChildData


@dataclass(frozen=True, slots=True)
class GetChildData(Command):
    ID: ClassVar = 0x004A
    RESPONSE: ClassVar = GetChildDataResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class SetChildDataResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetChildData(Command):
    ID: ClassVar = 0x00AC
    RESPONSE: ClassVar = SetChildDataResponse

    index: UInt8
    child_data: ChildData


@dataclass(frozen=True, slots=True)
class ChildIdResponse(Response):
    child_id: UInt16
    """NO_NODE: there is none."""


@dataclass(frozen=True, slots=True)
class ChildId(Command):
    ID: ClassVar = 0x0106
    RESPONSE: ClassVar = ChildIdResponse

    child_index: UInt8


@dataclass(frozen=True, slots=True)
class ChildIndexResponse(Response):
    child_index: UInt8
    """NO_INDEX: there is none."""


@dataclass(frozen=True, slots=True)
class ChildIndex(Command):
    ID: ClassVar = 0x0107
    RESPONSE: ClassVar = ChildIndexResponse

    child_id: UInt16


@dataclass(frozen=True, slots=True)
class ChildPowerResponse(Response):
    child_power: Int8


@dataclass(frozen=True, slots=True)
class ChildPower(Command):
    ID: ClassVar = 0x0134
    RESPONSE: ClassVar = ChildPowerResponse
    SINCE: ClassVar = 14

    child_index: UInt8


@dataclass(frozen=True, slots=True)
class SetChildPowerResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetChildPower(Command):
    ID: ClassVar = 0x0135
    RESPONSE: ClassVar = SetChildPowerResponse
    SINCE: ClassVar = 14

    child_index: UInt8
    new_power: Int8


@dataclass(frozen=True, slots=True)
class AddChildResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class AddChild(Command):
    ID: ClassVar = 0x0138
    RESPONSE: ClassVar = AddChildResponse
    SINCE: ClassVar = 14

    short_id: UInt16
    long_id: Eui64
    node_type: UInt8
    """Of `NodeType`."""


@dataclass(frozen=True, slots=True)
class RemoveChildResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class RemoveChild(Command):
    ID: ClassVar = 0x0139
    RESPONSE: ClassVar = RemoveChildResponse
    SINCE: ClassVar = 14

    child_eui64: Eui64


@dataclass(frozen=True, slots=True)
class RouterChildCountResponse(Response):
    router_child_count: UInt8


@dataclass(frozen=True, slots=True)
class RouterChildCount(Command):
    ID: ClassVar = 0x013B
    RESPONSE: ClassVar = RouterChildCountResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class MaxChildCountResponse(Response):
    max_child_count: UInt8


@dataclass(frozen=True, slots=True)
class MaxChildCount(Command):
    ID: ClassVar = 0x013C
    RESPONSE: ClassVar = MaxChildCountResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class MaxRouterChildCountResponse(Response):
    max_router_child_count: UInt8


@dataclass(frozen=True, slots=True)
class MaxRouterChildCount(Command):
    ID: ClassVar = 0x013D
    RESPONSE: ClassVar = MaxRouterChildCountResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class SetMessageFlagResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class SetMessageFlag(Command):
    """A message waits for this child's next poll."""

    ID: ClassVar = 0x0136
    RESPONSE: ClassVar = SetMessageFlagResponse
    SINCE: ClassVar = 14

    child_id: UInt16


@dataclass(frozen=True, slots=True)
class ClearMessageFlagResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class ClearMessageFlag(Command):
    ID: ClassVar = 0x0137
    RESPONSE: ClassVar = ClearMessageFlagResponse
    SINCE: ClassVar = 14

    child_id: UInt16


@dataclass(frozen=True, slots=True)
class PollHandler(Callback):
    """A child asks for what waits for it."""

    ID: ClassVar = 0x0044

    child_id: UInt16
    transmit_expected: Bool


@dataclass(frozen=True, slots=True)
class PollForDataResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class PollForData(Command):
    """Of a stick that is itself an end device."""

    ID: ClassVar = 0x0042
    RESPONSE: ClassVar = PollForDataResponse

    interval: UInt16
    units: UInt8
    """Of `TimerUnits`."""
    failure_limit: UInt8


@dataclass(frozen=True, slots=True)
class PollCompleteHandler(Callback):
    ID: ClassVar = 0x0043

    status: StatusField


@dataclass(frozen=True, slots=True)
class SetMacPollFailureWaitTimeResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetMacPollFailureWaitTime(Command):
    ID: ClassVar = 0x00F4
    RESPONSE: ClassVar = SetMacPollFailureWaitTimeResponse

    wait_before_retry_interval_ms: UInt32
