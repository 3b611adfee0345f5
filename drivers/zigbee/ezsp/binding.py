"""UG100 "Binding Frames": the stick's own binding table."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import StatusField
from drivers.zigbee.wire import Bool, Eui64, Record, UInt8, UInt16


class BindingType(IntEnum):
    """EmberBindingType."""

    UNUSED = 0
    UNICAST = 1
    MANY_TO_ONE = 2
    MULTICAST = 3


@dataclass(frozen=True, slots=True)
class BindingTableEntry(Record):
    """EmberBindingTableEntry."""

    binding_type: UInt8
    """Of `BindingType`."""
    local: UInt8
    """The stick's endpoint."""
    cluster_id: UInt16
    remote: UInt8
    """The other's endpoint."""
    identifier: Eui64
    """The other, or a group in the low 16 bits."""
    network_index: UInt8 = 0


@dataclass(frozen=True, slots=True)
class ClearBindingTableResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class ClearBindingTable(Command):
    ID: ClassVar = 0x002A
    RESPONSE: ClassVar = ClearBindingTableResponse


@dataclass(frozen=True, slots=True)
class SetBindingResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetBinding(Command):
    ID: ClassVar = 0x002B
    RESPONSE: ClassVar = SetBindingResponse

    index: UInt8
    value: BindingTableEntry


@dataclass(frozen=True, slots=True)
class GetBindingResponse(Response):
    status: StatusField
    value: BindingTableEntry


@dataclass(frozen=True, slots=True)
class GetBinding(Command):
    ID: ClassVar = 0x002C
    RESPONSE: ClassVar = GetBindingResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class DeleteBindingResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class DeleteBinding(Command):
    ID: ClassVar = 0x002D
    RESPONSE: ClassVar = DeleteBindingResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class BindingIsActiveResponse(Response):
    active: Bool


@dataclass(frozen=True, slots=True)
class BindingIsActive(Command):
    """Messages to it are under way, so that it must not be changed."""

    ID: ClassVar = 0x002E
    RESPONSE: ClassVar = BindingIsActiveResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class GetBindingRemoteNodeIdResponse(Response):
    node_id: UInt16


@dataclass(frozen=True, slots=True)
class GetBindingRemoteNodeId(Command):
    ID: ClassVar = 0x002F
    RESPONSE: ClassVar = GetBindingRemoteNodeIdResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class SetBindingRemoteNodeIdResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetBindingRemoteNodeId(Command):
    ID: ClassVar = 0x0030
    RESPONSE: ClassVar = SetBindingRemoteNodeIdResponse

    index: UInt8
    node_id: UInt16


@dataclass(frozen=True, slots=True)
class ClearBindingTableOnLeaveResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ClearBindingTableOnLeave(Command):
    ID: ClassVar = 0x006D
    RESPONSE: ClassVar = ClearBindingTableOnLeaveResponse
    SINCE: ClassVar = 19

    clear: Bool


@dataclass(frozen=True, slots=True)
class RemoteSetBindingHandler(Callback):
    """Somebody bound an endpoint of the stick's."""

    ID: ClassVar = 0x0031

    entry: BindingTableEntry
    index: UInt8
    policy_decision: StatusField


@dataclass(frozen=True, slots=True)
class RemoteDeleteBindingHandler(Callback):
    ID: ClassVar = 0x0032

    index: UInt8
    policy_decision: StatusField
