"""Where a node is, what it is and what is on it (Zigbee Specification 05-3474-23, 2.4.3, 2.4.4)."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from drivers.zigbee.wire import Eui64, Listed, Nested, Number, Trailing, UInt8, UInt16, UInt16List, cut
from drivers.zigbee.zdo.descriptors import NodeDescriptor, PowerDescriptor, SimpleDescriptor, Sized
from drivers.zigbee.zdo.message import (
    RESPONSE,
    MaybeEui64,
    MaybeUInt16,
    Message,
    Response,
    SomeEui64,
    SomeUInt8,
    Status,
)

SINGLE = 0x00
"""Request type of an address: of the node alone."""
EXTENDED = 0x01
"""Request type of an address: of its children, too."""


class _Associated:
    """Children's addresses: number, start index, addresses. The index is left out when there are none."""

    def pack(self, value: tuple[int, tuple[int, ...]], version: int) -> bytes:
        start, nodes = value
        if not nodes:
            return b"\x00"
        return bytes((len(nodes), start)) + Listed(Number(2), 0).pack(nodes, version)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        if at >= len(data):
            return None, at
        count = data[at]
        if not count:
            # NWK_addr_rsp, 2.4.4: no index then, but some devices send it all the same.
            return (0, ()), len(data)
        start = cut(data, at + 1, at + 2)[0]
        end = at + 2 + 2 * count
        return (start, Listed(Number(2), 0).unpack(cut(data, at + 2, end), 0, version)[0]), end


Associated = Annotated[tuple[int, tuple[int, ...]] | None, _Associated()]
"""Start index and node ids; None in an answer to a request for a single address."""


@dataclass(frozen=True, slots=True)
class NwkAddrReq(Message):
    CLUSTER: ClassVar = 0x0000

    eui64: Eui64
    request_type: UInt8 = SINGLE
    start_index: UInt8 = 0


@dataclass(frozen=True, slots=True)
class NwkAddrRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0000

    status: Status
    eui64: MaybeEui64 = None
    node_id: MaybeUInt16 = None
    associated: Associated = None


@dataclass(frozen=True, slots=True)
class IeeeAddrReq(Message):
    CLUSTER: ClassVar = 0x0001

    node_id: UInt16
    request_type: UInt8 = SINGLE
    start_index: UInt8 = 0


@dataclass(frozen=True, slots=True)
class IeeeAddrRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0001

    status: Status
    eui64: MaybeEui64 = None
    node_id: MaybeUInt16 = None
    associated: Associated = None


@dataclass(frozen=True, slots=True)
class NodeDescReq(Message):
    CLUSTER: ClassVar = 0x0002

    node_id: UInt16


@dataclass(frozen=True, slots=True)
class NodeDescRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0002

    status: Status
    node_id: MaybeUInt16 = None
    descriptor: Annotated[NodeDescriptor | None, Trailing(Nested(NodeDescriptor))] = None


@dataclass(frozen=True, slots=True)
class PowerDescReq(Message):
    CLUSTER: ClassVar = 0x0003

    node_id: UInt16


@dataclass(frozen=True, slots=True)
class PowerDescRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0003

    status: Status
    node_id: MaybeUInt16 = None
    descriptor: Annotated[PowerDescriptor | None, Trailing(Nested(PowerDescriptor))] = None


@dataclass(frozen=True, slots=True)
class SimpleDescReq(Message):
    CLUSTER: ClassVar = 0x0004

    node_id: UInt16
    endpoint: UInt8


@dataclass(frozen=True, slots=True)
class SimpleDescRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0004

    status: Status
    node_id: MaybeUInt16 = None
    descriptor: Annotated[SimpleDescriptor | None, Sized()] = None


@dataclass(frozen=True, slots=True)
class ActiveEpReq(Message):
    CLUSTER: ClassVar = 0x0005

    node_id: UInt16


@dataclass(frozen=True, slots=True)
class ActiveEpRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0005

    status: Status
    node_id: MaybeUInt16 = None
    endpoints: SomeUInt8 = ()


@dataclass(frozen=True, slots=True)
class MatchDescReq(Message):
    """Who has an endpoint of this profile with one of these clusters?"""

    CLUSTER: ClassVar = 0x0006

    node_id: UInt16
    """Also 0xFFFD, all that have their receivers on."""
    profile: UInt16
    inputs: UInt16List = ()
    outputs: UInt16List = ()


@dataclass(frozen=True, slots=True)
class MatchDescRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0006

    status: Status
    node_id: MaybeUInt16 = None
    endpoints: SomeUInt8 = ()


@dataclass(frozen=True, slots=True)
class DeviceAnnce(Message):
    """A node has joined, or joined again, perhaps under another address. Broadcast, not answered."""

    CLUSTER: ClassVar = 0x0013

    node_id: UInt16
    eui64: Eui64
    capability: UInt8
    """Bits of MacCapability."""


@dataclass(frozen=True, slots=True)
class SystemServerDiscoveryReq(Message):
    CLUSTER: ClassVar = 0x0015

    server_mask: UInt16


@dataclass(frozen=True, slots=True)
class SystemServerDiscoveryRsp(Response):
    CLUSTER: ClassVar = RESPONSE | 0x0015

    status: Status
    server_mask: MaybeUInt16 = None


@dataclass(frozen=True, slots=True)
class ParentAnnce(Message):
    """A router that has restarted names the children it takes for its own."""

    CLUSTER: ClassVar = 0x001F

    children: Annotated[tuple[int, ...], Listed(Number(8))] = ()


@dataclass(frozen=True, slots=True)
class ParentAnnceRsp(Response):
    """And another says which of them are its own by now."""

    CLUSTER: ClassVar = RESPONSE | 0x001F

    status: Status
    children: SomeEui64 = ()


MESSAGES = (
    NwkAddrReq,
    NwkAddrRsp,
    IeeeAddrReq,
    IeeeAddrRsp,
    NodeDescReq,
    NodeDescRsp,
    PowerDescReq,
    PowerDescRsp,
    SimpleDescReq,
    SimpleDescRsp,
    ActiveEpReq,
    ActiveEpRsp,
    MatchDescReq,
    MatchDescRsp,
    DeviceAnnce,
    SystemServerDiscoveryReq,
    SystemServerDiscoveryRsp,
    ParentAnnce,
    ParentAnnceRsp,
)
