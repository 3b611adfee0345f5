"""A node's neighbours and routes, who may join, leaving, channels (Zigbee Specification 05-3474-23, 2.4.3, 2.4.4)."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Annotated, Any, ClassVar, Self

from drivers.zigbee.wire import Bool, Eui64, Listed, Nested, Number, Record, UInt8, UInt32, cut
from drivers.zigbee.zdo.message import (
    RESPONSE,
    MaybeUInt8,
    MaybeUInt16,
    MaybeUInt32,
    Message,
    Response,
    Some,
    SomeUInt8,
    Status,
)

SCAN_DURATION_MAX = 0x05
CHANGE_CHANNEL = 0xFE
"""Instead of a scan's duration: all go to the one channel that is named."""
CHANGE_CHANNEL_MASK = 0xFF
"""Instead of a scan's duration: the channels the network may use, and its manager."""


class Relationship(IntEnum):
    """Mgmt_Lqi_rsp, 2.4.4: a neighbour is to the one who tells of it ..."""

    PARENT = 0
    CHILD = 1
    SIBLING = 2
    NONE = 3
    PREVIOUS_CHILD = 4


UNKNOWN = 2
"""Of rx_on_when_idle and permit_joining of a neighbour, where 0 is no and 1 is yes."""


@dataclass(frozen=True, slots=True)
class Neighbor(Record):
    extended_pan_id: int
    eui64: int
    node_id: int
    logical_type: int
    """A LogicalType; 3 where it is unknown."""
    rx_on_when_idle: int
    relationship: int
    """A Relationship, where it is one that is known here."""
    permit_joining: int
    depth: int
    lqi: int

    def to_bytes(self, version: int = 0) -> bytes:
        kind = self.logical_type | self.rx_on_when_idle << 2 | self.relationship << 4
        head = self.extended_pan_id.to_bytes(8, "little") + self.eui64.to_bytes(8, "little")
        return head + self.node_id.to_bytes(2, "little") + bytes((kind, self.permit_joining, self.depth, self.lqi))

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        raw = cut(data, at, at + 22)
        pan, eui64, node_id = (int.from_bytes(raw[a:b], "little") for a, b in ((0, 8), (8, 16), (16, 18)))
        kind, permit, depth, lqi = raw[18:]
        return cls(
            pan, eui64, node_id, kind & 0x03, kind >> 2 & 0x03, kind >> 4 & 0x07, permit & 3, depth, lqi
        ), at + 22


class RouteStatus(IntEnum):
    """Mgmt_Rtg_rsp, 2.4.4."""

    ACTIVE = 0
    DISCOVERY_UNDERWAY = 1
    DISCOVERY_FAILED = 2
    INACTIVE = 3
    VALIDATION_UNDERWAY = 4


class RouteFlag(IntFlag):
    MEMORY_CONSTRAINED = 0x1
    MANY_TO_ONE = 0x2
    ROUTE_RECORD_REQUIRED = 0x4


@dataclass(frozen=True, slots=True)
class Route(Record):
    destination: int
    status: int
    """A RouteStatus, where it is one that is known here."""
    flags: int
    """Bits of RouteFlag."""
    next_hop: int

    def to_bytes(self, version: int = 0) -> bytes:
        middle = bytes((self.status | self.flags << 3,))
        return self.destination.to_bytes(2, "little") + middle + self.next_hop.to_bytes(2, "little")

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        raw = cut(data, at, at + 5)
        middle = raw[2] & 0x3F
        return cls(raw[0] | raw[1] << 8, middle & 0x07, middle >> 3, raw[3] | raw[4] << 8), at + 5


@dataclass(frozen=True, slots=True)
class MgmtLqiReq(Message):
    CLUSTER: ClassVar = 0x0031

    start_index: UInt8 = 0


@dataclass(frozen=True, slots=True)
class MgmtLqiRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0031

    status: Status
    total: MaybeUInt8 = None
    start_index: MaybeUInt8 = None
    neighbors: Annotated[tuple[Neighbor, ...], Some(Nested(Neighbor))] = ()


@dataclass(frozen=True, slots=True)
class MgmtRtgReq(Message):
    CLUSTER: ClassVar = 0x0032

    start_index: UInt8 = 0


@dataclass(frozen=True, slots=True)
class MgmtRtgRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0032

    status: Status
    total: MaybeUInt8 = None
    start_index: MaybeUInt8 = None
    routes: Annotated[tuple[Route, ...], Some(Nested(Route))] = ()


class LeaveFlag(IntFlag):
    REMOVE_CHILDREN = 0x40
    REJOIN = 0x80


@dataclass(frozen=True, slots=True)
class MgmtLeaveReq(Message):
    CLUSTER: ClassVar = 0x0034

    eui64: Eui64
    """0 for the node that is addressed."""
    flags: UInt8 = 0
    """Bits of LeaveFlag."""


@dataclass(frozen=True, slots=True)
class MgmtLeaveRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0034

    status: Status


@dataclass(frozen=True, slots=True)
class MgmtPermitJoiningReq(Message):
    CLUSTER: ClassVar = 0x0036

    duration_s: UInt8
    """0 closes; 0xFF is for ever with old devices, and 254 s with those of R21 and later."""
    trust_center_significance: Bool = True


@dataclass(frozen=True, slots=True)
class MgmtPermitJoiningRsp(Response):
    """None comes for a broadcast."""

    CLUSTER: ClassVar = RESPONSE | 0x0036

    status: Status


class _Update:
    """What to scan, or what to change: which fields follow depends on the duration."""

    def pack(self, value: "Update", version: int) -> bytes:
        head = bytes((value.duration,))
        if value.duration <= SCAN_DURATION_MAX:
            return head if value.scan_count is None else head + bytes((value.scan_count,))
        if value.update_id is None:
            return head
        head += bytes((value.update_id,))
        if value.manager is None or value.duration != CHANGE_CHANNEL_MASK:
            return head
        return head + value.manager.to_bytes(2, "little")

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        duration = cut(data, at, at + 1)[0]
        at += 1
        if at >= len(data) or SCAN_DURATION_MAX < duration < CHANGE_CHANNEL:
            return Update(duration), at
        if duration <= SCAN_DURATION_MAX:
            return Update(duration, scan_count=data[at]), at + 1
        update_id = data[at]
        at += 1
        if duration == CHANGE_CHANNEL or at >= len(data):
            return Update(duration, update_id=update_id), at
        return Update(duration, update_id=update_id, manager=int.from_bytes(cut(data, at, at + 2), "little")), at + 2


@dataclass(frozen=True, slots=True)
class Update:
    duration: int
    """0-5: an energy scan that long; CHANGE_CHANNEL; CHANGE_CHANNEL_MASK."""
    scan_count: int | None = None
    """Of a scan only."""
    update_id: int | None = None
    """Of a change only; some leave it out."""
    manager: int | None = None
    """Of CHANGE_CHANNEL_MASK only."""


@dataclass(frozen=True, slots=True)
class MgmtNwkUpdateReq(Message):
    CLUSTER: ClassVar = 0x0038

    channels: UInt32
    """Bit 11 is channel 11."""
    update: Annotated[Update, _Update()]


@dataclass(frozen=True, slots=True)
class MgmtNwkUpdateNotify(Response):
    """Answers a scan."""

    CLUSTER: ClassVar = RESPONSE | 0x0038

    status: Status
    channels: MaybeUInt32 = None
    transmissions: MaybeUInt16 = None
    failures: MaybeUInt16 = None
    energies: SomeUInt8 = ()
    """One for each channel scanned, the lowest first; higher is noisier."""


@dataclass(frozen=True, slots=True)
class MgmtNwkEnhancedUpdateReq(Message):
    CLUSTER: ClassVar = 0x0039

    channel_pages: Annotated[tuple[int, ...], Listed(Number(4))]
    """The upper five bits are the page, the others its channels."""
    update: Annotated[Update, _Update()]
    configuration: MaybeUInt8 = None
    """Bit 0: an enhanced active scan."""


@dataclass(frozen=True, slots=True)
class MgmtNwkEnhancedUpdateNotify(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0039

    status: Status
    channels: MaybeUInt32 = None
    transmissions: MaybeUInt16 = None
    failures: MaybeUInt16 = None
    energies: SomeUInt8 = ()


@dataclass(frozen=True, slots=True)
class MgmtNwkUnsolicitedEnhancedUpdateNotify(Response):
    """A router whose messages do not get through says so by itself."""

    CLUSTER: ClassVar = RESPONSE | 0x003B

    status: Status
    channel: MaybeUInt32 = None
    transmissions: MaybeUInt16 = None
    failures: MaybeUInt16 = None
    retries: MaybeUInt16 = None
    period_min: MaybeUInt8 = None


MESSAGES = (
    MgmtLqiReq,
    MgmtLqiRsp,
    MgmtRtgReq,
    MgmtRtgRsp,
    MgmtLeaveReq,
    MgmtLeaveRsp,
    MgmtPermitJoiningReq,
    MgmtPermitJoiningRsp,
    MgmtNwkUpdateReq,
    MgmtNwkUpdateNotify,
    MgmtNwkEnhancedUpdateReq,
    MgmtNwkEnhancedUpdateNotify,
    MgmtNwkUnsolicitedEnhancedUpdateNotify,
)
