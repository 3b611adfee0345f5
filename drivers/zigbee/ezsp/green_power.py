"""UG100 "Green Power Frames": devices without a battery, and the tables of what stands in for them.

GPD: Green Power device. Their layouts in bytes are those of Silicon Labs' ezsp-frame-utilities.c.
"""

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Annotated, ClassVar, Final, Self

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import StatusField
from drivers.zigbee.ezsp.structures import RxPacketInfo
from drivers.zigbee.wire import Bool, Bytes8, Eui64, Fixed, Key, Nested, Record, Trailing, UInt8, UInt16, UInt32, UInt64

_SINK_LIST_SIZE: Final = 2
_GPD_PACKET_INFO_SINCE: Final = 16
OptionalPacketInfo = Annotated[RxPacketInfo | None, Trailing(Nested(RxPacketInfo))]


class GpApplicationId(IntEnum):
    """EmberGpApplicationId: by what a GPD is known."""

    SOURCE_ID = 0
    IEEE_ADDRESS = 2


@dataclass(frozen=True, slots=True)
class GpAddress(Record):
    """EmberGpAddress."""

    application_id: UInt8
    """Of `GpApplicationId`."""
    identifier: UInt64
    """An EUI64; or a source id, which is written twice."""
    endpoint: UInt8 = 0

    @classmethod
    def of_source(cls, source_id: int) -> Self:
        return cls(GpApplicationId.SOURCE_ID, source_id << 32 | source_id)

    @property
    def source_id(self) -> int:
        return self.identifier & 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class GpSinkListEntry(Record):
    """EmberGpSinkListEntry."""

    sink_type: UInt8
    """EmberGpSinkType: 0 and 3 to one sink, 1 and 2 to a group, 0xFF unused."""
    sink: Annotated[bytes, Fixed(10)]
    """A node id and an EUI64; or an alias and a group, and nothing of meaning behind."""


class GpSinkList:
    """EmberGpSinkListEntry, two of them."""

    def pack(self, value: tuple[GpSinkListEntry, ...], version: int) -> bytes:
        if len(value) != _SINK_LIST_SIZE:
            raise ValueError(f"{_SINK_LIST_SIZE} sinks are needed, not {len(value)}")
        return b"".join(entry.to_bytes(version) for entry in value)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[tuple[GpSinkListEntry, ...], int]:
        first, at = GpSinkListEntry.unpack(data, at, version)
        second, at = GpSinkListEntry.unpack(data, at, version)
        return (first, second), at


@dataclass(frozen=True, slots=True)
class GpProxyTableEntry(Record):
    """EmberGpProxyTableEntry."""

    status: UInt8
    """1: active, 0xFF: unused."""
    options: UInt32
    gpd: GpAddress
    assigned_alias: UInt16
    security_options: UInt8
    gpd_security_frame_counter: UInt32
    gpd_key: Key = field(repr=False)
    sink_list: Annotated[tuple[GpSinkListEntry, ...], GpSinkList()]
    groupcast_radius: UInt8
    search_counter: UInt8


@dataclass(frozen=True, slots=True)
class GpSinkTableEntry(Record):
    """EmberGpSinkTableEntry."""

    status: UInt8
    """1: active, 0xFF: unused."""
    options: UInt16
    gpd: GpAddress
    device_id: UInt8
    sink_list: Annotated[tuple[GpSinkListEntry, ...], GpSinkList()]
    assigned_alias: UInt16
    groupcast_radius: UInt8
    security_options: UInt8
    gpd_security_frame_counter: UInt32
    gpd_key: Key = field(repr=False)


@dataclass(frozen=True, slots=True)
class DGpSendResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class DGpSend(Command):
    """To a GPD, when it next listens."""

    ID: ClassVar = 0x00C6
    RESPONSE: ClassVar = DGpSendResponse

    action: Bool
    """Taken off the queue otherwise."""
    use_cca: Bool
    address: GpAddress
    gpd_command_id: UInt8
    gpd_asdu: Bytes8
    gpep_handle: UInt8
    gp_tx_queue_entry_lifetime_ms: UInt16


@dataclass(frozen=True, slots=True)
class DGpSentHandler(Callback):
    ID: ClassVar = 0x00C7

    status: StatusField
    gpep_handle: UInt8


@dataclass(frozen=True, slots=True)
class GpepIncomingMessageHandler(Callback):
    """A frame of a GPD, heard by the stick itself."""

    ID: ClassVar = 0x00C5

    status: UInt8
    """Of the security check; 0: passed. One byte in every version."""
    gpd_link: UInt8
    sequence_number: UInt8
    address: GpAddress
    gpdf_security_level: UInt8
    gpdf_security_key_type: UInt8
    auto_commissioning: Bool
    bidirectional_info: UInt8
    gpd_security_frame_counter: UInt32
    gpd_command_id: UInt8
    mic: UInt32
    proxy_table_index: UInt8
    gpd_command_payload: Bytes8
    packet_info: OptionalPacketInfo = None
    """Since version 16."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        names = tuple(field.name for field in fields(cls))
        return names if version >= _GPD_PACKET_INFO_SINCE else names[:-1]


@dataclass(frozen=True, slots=True)
class GpProxyTableProcessGpPairingResponse(Response):
    gp_pairing_added: Bool


@dataclass(frozen=True, slots=True)
class GpProxyTableProcessGpPairing(Command):
    ID: ClassVar = 0x00C9
    RESPONSE: ClassVar = GpProxyTableProcessGpPairingResponse

    options: UInt32
    address: GpAddress
    comm_mode: UInt8
    sink_network_address: UInt16
    sink_group_id: UInt16
    assigned_alias: UInt16
    sink_ieee_address: Eui64
    gpd_key: Key = field(repr=False)
    gpd_security_frame_counter: UInt32
    forwarding_radius: UInt8


@dataclass(frozen=True, slots=True)
class GpProxyTableGetEntryResponse(Response):
    status: StatusField
    entry: GpProxyTableEntry


@dataclass(frozen=True, slots=True)
class GpProxyTableGetEntry(Command):
    ID: ClassVar = 0x00C8
    RESPONSE: ClassVar = GpProxyTableGetEntryResponse

    proxy_index: UInt8


@dataclass(frozen=True, slots=True)
class GpProxyTableLookupResponse(Response):
    index: UInt8
    """NO_INDEX: there is none."""


@dataclass(frozen=True, slots=True)
class GpProxyTableLookup(Command):
    ID: ClassVar = 0x00C0
    RESPONSE: ClassVar = GpProxyTableLookupResponse

    address: GpAddress


@dataclass(frozen=True, slots=True)
class GpProxyTableRemoveEntryResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class GpProxyTableRemoveEntry(Command):
    ID: ClassVar = 0x005D
    RESPONSE: ClassVar = GpProxyTableRemoveEntryResponse
    SINCE: ClassVar = 17

    proxy_index: UInt8


@dataclass(frozen=True, slots=True)
class GpClearProxyTableResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class GpClearProxyTable(Command):
    ID: ClassVar = 0x005F
    RESPONSE: ClassVar = GpClearProxyTableResponse
    SINCE: ClassVar = 17


@dataclass(frozen=True, slots=True)
class GpSinkTableGetEntryResponse(Response):
    status: StatusField
    entry: GpSinkTableEntry


@dataclass(frozen=True, slots=True)
class GpSinkTableGetEntry(Command):
    ID: ClassVar = 0x00DD
    RESPONSE: ClassVar = GpSinkTableGetEntryResponse

    sink_index: UInt8


@dataclass(frozen=True, slots=True)
class GpSinkTableLookupResponse(Response):
    index: UInt8
    """NO_INDEX: there is none."""


@dataclass(frozen=True, slots=True)
class GpSinkTableLookup(Command):
    ID: ClassVar = 0x00DE
    RESPONSE: ClassVar = GpSinkTableLookupResponse

    address: GpAddress


@dataclass(frozen=True, slots=True)
class GpSinkTableSetEntryResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class GpSinkTableSetEntry(Command):
    ID: ClassVar = 0x00DF
    RESPONSE: ClassVar = GpSinkTableSetEntryResponse

    sink_index: UInt8
    entry: GpSinkTableEntry


@dataclass(frozen=True, slots=True)
class GpSinkTableRemoveEntryResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class GpSinkTableRemoveEntry(Command):
    ID: ClassVar = 0x00E0
    RESPONSE: ClassVar = GpSinkTableRemoveEntryResponse

    sink_index: UInt8


@dataclass(frozen=True, slots=True)
class GpSinkTableFindOrAllocateEntryResponse(Response):
    index: UInt8
    """NO_INDEX: the table is full."""


@dataclass(frozen=True, slots=True)
class GpSinkTableFindOrAllocateEntry(Command):
    ID: ClassVar = 0x00E1
    RESPONSE: ClassVar = GpSinkTableFindOrAllocateEntryResponse

    address: GpAddress


@dataclass(frozen=True, slots=True)
class GpSinkTableClearAllResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class GpSinkTableClearAll(Command):
    ID: ClassVar = 0x00E2
    RESPONSE: ClassVar = GpSinkTableClearAllResponse


@dataclass(frozen=True, slots=True)
class GpSinkTableInitResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class GpSinkTableInit(Command):
    ID: ClassVar = 0x0070
    RESPONSE: ClassVar = GpSinkTableInitResponse


@dataclass(frozen=True, slots=True)
class GpSinkTableSetSecurityFrameCounterResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class GpSinkTableSetSecurityFrameCounter(Command):
    ID: ClassVar = 0x00F5
    RESPONSE: ClassVar = GpSinkTableSetSecurityFrameCounterResponse

    index: UInt8
    sfc: UInt32


@dataclass(frozen=True, slots=True)
class GpSinkCommissionResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class GpSinkCommission(Command):
    ID: ClassVar = 0x010A
    RESPONSE: ClassVar = GpSinkCommissionResponse

    options: UInt8
    gpm_address_for_security: UInt16
    gpm_address_for_pairing: UInt16
    sink_endpoint: UInt8


@dataclass(frozen=True, slots=True)
class GpTranslationTableClearResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class GpTranslationTableClear(Command):
    ID: ClassVar = 0x010B
    RESPONSE: ClassVar = GpTranslationTableClearResponse


@dataclass(frozen=True, slots=True)
class GpSinkTableGetNumberOfActiveEntriesResponse(Response):
    number_of_entries: UInt8


@dataclass(frozen=True, slots=True)
class GpSinkTableGetNumberOfActiveEntries(Command):
    ID: ClassVar = 0x0118
    RESPONSE: ClassVar = GpSinkTableGetNumberOfActiveEntriesResponse
