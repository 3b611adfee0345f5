"""UG100 "Messaging Frames": sending messages, hearing of their fate, and receiving them.

A unicast's bytes and an incoming message's are written by hand, to the same effect: they are what lies between a
switch and its lamp.
"""

import struct
from dataclasses import dataclass
from struct import Struct
from typing import ClassVar, Final, Self

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, SlStatusField, StatusField
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.types import BROADCAST_RX_ON_WHEN_IDLE, NO_EUI64, NO_INDEX, NO_NODE, MessageTag
from drivers.zigbee.wire import Bool, Bytes8, Eui64, Int8, MalformedFrame, UInt8, UInt16, UInt16List, UInt32

_UNICAST: Final = Struct("<BHHHBBHHBHB")
_UNICAST_OLD: Final = Struct("<BHHHBBHHBBB")
"""Type, destination, the seven of an APS frame, tag, length."""
_INCOMING_HEAD: Final = Struct("<BHHBBHHBHQBBBbIB")
_INCOMING_HEAD_OLD: Final = Struct("<BHHBBHHBBbHBBB")
"""Type, the seven of an APS frame, who sent it and how it was heard, length."""
_INCOMING: Final = (
    "incoming_type",
    "aps_frame",
    "sender",
    "sender_eui64",
    "binding_index",
    "address_index",
    "last_hop_lqi",
    "last_hop_rssi",
    "last_hop_timestamp",
    "message",
)
_INCOMING_OLD: Final = (
    "incoming_type",
    "aps_frame",
    "last_hop_lqi",
    "last_hop_rssi",
    "sender",
    "binding_index",
    "address_index",
    "message",
)


@dataclass(frozen=True, slots=True)
class SendUnicastResponse(Response):
    status: StatusField
    sequence: UInt8
    """Of the APS layer."""


@dataclass(frozen=True, slots=True)
class SendUnicast(Command):
    """MessageSentHandler tells what became of it."""

    ID: ClassVar = 0x0034
    RESPONSE: ClassVar = SendUnicastResponse

    outgoing_type: UInt8
    """Of `OutgoingType`."""
    index_or_destination: UInt16
    aps_frame: ApsFrame
    message_tag: MessageTag
    message: Bytes8

    def to_bytes(self, version: int = 0) -> bytes:
        aps = self.aps_frame
        head = _UNICAST if version >= SL_STATUS_SINCE else _UNICAST_OLD
        try:
            packed = head.pack(
                self.outgoing_type,
                self.index_or_destination,
                aps.profile_id,
                aps.cluster_id,
                aps.source_endpoint,
                aps.destination_endpoint,
                aps.options,
                aps.group_id,
                aps.sequence,
                self.message_tag,
                len(self.message),
            )
        except struct.error as wrong:
            # What is said is not shown: it may be the code of a lock.
            raise ValueError(f"{len(self.message)} bytes for {aps} do not fit into version {version}") from wrong
        return packed + self.message


@dataclass(frozen=True, slots=True)
class SendBroadcastResponse(Response):
    status: StatusField
    sequence: UInt8
    """Of the APS layer."""


@dataclass(frozen=True, slots=True)
class SendBroadcast(Command):
    ID: ClassVar = 0x0036
    RESPONSE: ClassVar = SendBroadcastResponse

    destination: UInt16
    aps_frame: ApsFrame
    message: Bytes8
    radius: UInt8 = 0
    """0: as far as messages go."""
    message_tag: MessageTag = 0
    alias: UInt16 = NO_NODE
    """On whose behalf, since version 14."""
    nwk_sequence: UInt8 = 0
    """The alias's."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return ("destination", "aps_frame", "radius", "message_tag", "message")
        return ("alias", "destination", "nwk_sequence", "aps_frame", "radius", "message_tag", "message")


@dataclass(frozen=True, slots=True)
class SendMulticastResponse(Response):
    status: StatusField
    sequence: UInt8
    """Of the APS layer."""


@dataclass(frozen=True, slots=True)
class SendMulticast(Command):
    ID: ClassVar = 0x0038
    RESPONSE: ClassVar = SendMulticastResponse

    aps_frame: ApsFrame
    """Its group is the destination."""
    message: Bytes8
    hops: UInt8 = 0
    """0: as far as messages go."""
    message_tag: MessageTag = 0
    broadcast_address: UInt16 = BROADCAST_RX_ON_WHEN_IDLE
    """Who passes it on, since version 14."""
    alias: UInt16 = NO_NODE
    """On whose behalf, since version 14."""
    nwk_sequence: UInt8 = 0
    """The alias's."""
    nonmember_radius: UInt8 = 7
    """How far nodes outside the group pass it on, before version 14; 7: everywhere."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return ("aps_frame", "hops", "nonmember_radius", "message_tag", "message")
        return ("aps_frame", "hops", "broadcast_address", "alias", "nwk_sequence", "message_tag", "message")


@dataclass(frozen=True, slots=True)
class MessageSentHandler(Callback):
    """OK: acknowledged by the destination, where that was asked for."""

    ID: ClassVar = 0x003F

    status: StatusField
    outgoing_type: UInt8
    """Of `OutgoingType`."""
    index_or_destination: UInt16
    aps_frame: ApsFrame
    message_tag: MessageTag
    message: Bytes8 = b""
    """Empty unless a policy asks for it."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return ("outgoing_type", "index_or_destination", "aps_frame", "message_tag", "status", "message")
        return ("status", "outgoing_type", "index_or_destination", "aps_frame", "message_tag", "message")


@dataclass(frozen=True, slots=True)
class IncomingMessageHandler(Callback):
    """Sticks append a byte that is not kept: the overhead of a source route to the sender (ezsp.c)."""

    ID: ClassVar = 0x0045

    incoming_type: UInt8
    """Of `IncomingType`."""
    aps_frame: ApsFrame
    sender: UInt16
    message: Bytes8
    last_hop_lqi: UInt8 = 0xFF
    last_hop_rssi: Int8 = -40
    """In dBm."""
    sender_eui64: Eui64 = NO_EUI64
    """Since version 14, and only where the message said it."""
    binding_index: UInt8 = NO_INDEX
    address_index: UInt8 = NO_INDEX
    last_hop_timestamp: UInt32 = 0
    """Since version 14."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return _INCOMING_OLD
        return _INCOMING

    @classmethod
    def from_bytes(cls, data: bytes, version: int = 0) -> Self:
        head = _INCOMING_HEAD if version >= SL_STATUS_SINCE else _INCOMING_HEAD_OLD
        end = start = head.size
        if len(data) >= start:
            end += data[start - 1]
        if len(data) < end:
            raise MalformedFrame(f"{end - len(data)} bytes are missing at the end of {data.hex()}")
        # The eleven bytes from profile to sequence are an APS frame, in every version.
        if head is _INCOMING_HEAD:
            kind, *aps, sender, eui64, binding, address, lqi, rssi, timestamp, _ = head.unpack_from(data)
        else:
            kind, *aps, lqi, rssi, sender, binding, address, _ = head.unpack_from(data)
            eui64, timestamp = NO_EUI64, 0
        frame = ApsFrame(*aps)
        return cls(kind, frame, sender, data[start:end], lqi, rssi, eui64, binding, address, timestamp)


@dataclass(frozen=True, slots=True)
class IdConflictHandler(Callback):
    """Two nodes have this address; both will choose another."""

    ID: ClassVar = 0x007C

    node_id: UInt16


@dataclass(frozen=True, slots=True)
class MaximumPayloadLengthResponse(Response):
    aps_length: UInt8


@dataclass(frozen=True, slots=True)
class MaximumPayloadLength(Command):
    """What fits into one message, without fragments."""

    ID: ClassVar = 0x0033
    RESPONSE: ClassVar = MaximumPayloadLengthResponse


@dataclass(frozen=True, slots=True)
class SendReplyResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SendReply(Command):
    """In the acknowledgement of a unicast that has just come."""

    ID: ClassVar = 0x0039
    RESPONSE: ClassVar = SendReplyResponse

    sender: UInt16
    aps_frame: ApsFrame
    """That of the message that is answered."""
    message: Bytes8


@dataclass(frozen=True, slots=True)
class ProxyNextBroadcastFromLongResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class ProxyNextBroadcastFromLong(Command):
    """The next aliased broadcast names this device as its source."""

    ID: ClassVar = 0x0066
    RESPONSE: ClassVar = ProxyNextBroadcastFromLongResponse
    SINCE: ClassVar = 14

    eui64: Eui64


@dataclass(frozen=True, slots=True)
class PendingAckedMessagesResponse(Response):
    pending_messages: Bool


@dataclass(frozen=True, slots=True)
class PendingAckedMessages(Command):
    ID: ClassVar = 0x0121
    RESPONSE: ClassVar = PendingAckedMessagesResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class SetSourceRouteDiscoveryModeResponse(Response):
    remaining_time: UInt32
    """In milliseconds, until the next route request."""


@dataclass(frozen=True, slots=True)
class SetSourceRouteDiscoveryMode(Command):
    ID: ClassVar = 0x005A
    RESPONSE: ClassVar = SetSourceRouteDiscoveryModeResponse

    mode: UInt8
    """Of `SourceRouteDiscoveryMode`."""


@dataclass(frozen=True, slots=True)
class IncomingRouteRecordHandler(Callback):
    """The way that a message took."""

    ID: ClassVar = 0x0059

    source: UInt16
    source_eui64: Eui64
    last_hop_lqi: UInt8
    last_hop_rssi: Int8
    relays: UInt16List
    """From the one next to the source to the one next to the stick."""


@dataclass(frozen=True, slots=True)
class SetSourceRouteResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetSourceRoute(Command):
    """Of older firmware; newer keeps the routes itself."""

    ID: ClassVar = 0x00AE
    RESPONSE: ClassVar = SetSourceRouteResponse

    destination: UInt16
    relays: UInt16List
