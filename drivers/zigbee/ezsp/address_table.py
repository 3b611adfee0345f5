"""UG100 "Messaging Frames", continued: who has which address, which groups the stick hears, whose polls are slow."""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zigbee.ezsp.frame import Command, LateStatusResponse, Response, StatusResponse
from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, SlStatusField, Status, StatusField
from drivers.zigbee.ezsp.structures import MulticastTableEntry
from drivers.zigbee.wire import Bool, Eui64, UInt8, UInt16, cut


@dataclass(frozen=True, slots=True)
class GetAddressTableInfoResponse(Response):
    status: StatusField
    node_id: UInt16
    eui64: Eui64


@dataclass(frozen=True, slots=True)
class GetAddressTableInfo(Command):
    ID: ClassVar = 0x005E
    RESPONSE: ClassVar = GetAddressTableInfoResponse
    SINCE: ClassVar = 14

    address_table_index: UInt8


@dataclass(frozen=True, slots=True)
class LookupNodeIdByEui64Response(Response):
    node_id: UInt16
    """NO_NODE where it is not known."""
    status: StatusField = Status.OK
    """Since version 14."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        return ("status", "node_id") if version >= SL_STATUS_SINCE else ("node_id",)


@dataclass(frozen=True, slots=True)
class LookupNodeIdByEui64(Command):
    ID: ClassVar = 0x0060
    RESPONSE: ClassVar = LookupNodeIdByEui64Response

    eui64: Eui64


@dataclass(frozen=True, slots=True)
class GetMulticastTableEntryResponse(Response):
    status: StatusField
    value: MulticastTableEntry


@dataclass(frozen=True, slots=True)
class GetMulticastTableEntry(Command):
    ID: ClassVar = 0x0063
    RESPONSE: ClassVar = GetMulticastTableEntryResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class SetMulticastTableEntryResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetMulticastTableEntry(Command):
    ID: ClassVar = 0x0064
    RESPONSE: ClassVar = SetMulticastTableEntryResponse

    index: UInt8
    value: MulticastTableEntry


@dataclass(frozen=True, slots=True)
class SetExtendedTimeoutResponse(LateStatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetExtendedTimeout(Command):
    """This device polls seldom, so acknowledgements may take long."""

    ID: ClassVar = 0x007E
    RESPONSE: ClassVar = SetExtendedTimeoutResponse

    remote_eui64: Eui64
    extended_timeout: Bool


@dataclass(frozen=True, slots=True)
class GetExtendedTimeoutResponse(Response):
    """Since version 14 the answer is a status: OK for true, FAIL for false."""

    extended_timeout: Bool

    def to_bytes(self, version: int = 0) -> bytes:
        if version < SL_STATUS_SINCE:
            return bytes((self.extended_timeout,))
        return (Status.OK if self.extended_timeout else Status.FAIL).to_bytes(4, "little")

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        if version < SL_STATUS_SINCE:
            return cls(cut(data, at, at + 1) != b"\0"), at + 1
        return cls(cut(data, at, at + 4) == bytes(4)), at + 4


@dataclass(frozen=True, slots=True)
class GetExtendedTimeout(Command):
    ID: ClassVar = 0x007F
    RESPONSE: ClassVar = GetExtendedTimeoutResponse

    remote_eui64: Eui64


@dataclass(frozen=True, slots=True)
class ReplaceAddressTableEntryResponse(Response):
    status: StatusField
    old_eui64: Eui64
    old_id: UInt16
    old_extended_timeout: Bool


@dataclass(frozen=True, slots=True)
class ReplaceAddressTableEntry(Command):
    ID: ClassVar = 0x0082
    RESPONSE: ClassVar = ReplaceAddressTableEntryResponse

    address_table_index: UInt8
    new_eui64: Eui64
    new_id: UInt16
    new_extended_timeout: Bool


@dataclass(frozen=True, slots=True)
class SetAddressTableInfoResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class SetAddressTableInfo(Command):
    ID: ClassVar = 0x005C
    RESPONSE: ClassVar = SetAddressTableInfoResponse
    SINCE: ClassVar = 14

    address_table_index: UInt8
    eui64: Eui64
    node_id: UInt16


@dataclass(frozen=True, slots=True)
class AddressTableEntryIsActiveResponse(Response):
    active: Bool


@dataclass(frozen=True, slots=True)
class AddressTableEntryIsActive(Command):
    """Messages to it are under way, so that it must not be changed."""

    ID: ClassVar = 0x005B
    RESPONSE: ClassVar = AddressTableEntryIsActiveResponse

    address_table_index: UInt8


@dataclass(frozen=True, slots=True)
class LookupEui64ByNodeIdResponse(Response):
    status: StatusField
    eui64: Eui64


@dataclass(frozen=True, slots=True)
class LookupEui64ByNodeId(Command):
    ID: ClassVar = 0x0061
    RESPONSE: ClassVar = LookupEui64ByNodeIdResponse

    node_id: UInt16
