"""Routes: who hears whom, and the return routes that tell a node how to reach another."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from drivers.zwave.serial_api.function import need, one_of
from drivers.zwave.serial_api.id_mask import NODE_MASK_BYTES, ids_in, mask_of
from drivers.zwave.serial_api.shapes import Answer, NodeCallbackRequest, NodeRequest, TransmitCallback, YesOrNo
from drivers.zwave.serial_frame import FrameType

REPEATERS_MAX: Final = 4


class NeighborUpdateStatus(IntEnum):
    """INS13954-13 §4.4, ZW_RequestNodeNeighborUpdate."""

    STARTED = 0x21
    DONE = 0x22
    FAILED = 0x23


@dataclass(frozen=True, slots=True)
class NeighborUpdateCallback:
    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x48

    callback_id: int
    status: NeighborUpdateStatus

    @property
    def final(self) -> bool:
        return self.status != NeighborUpdateStatus.STARTED

    def to_payload(self) -> bytes:
        return bytes((self.callback_id, self.status))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[0], one_of(NeighborUpdateStatus, payload[1], cls))


@dataclass(frozen=True, slots=True)
class RequestNeighborUpdate(NodeCallbackRequest):
    """INS13954-13 §4.4, ZW_RequestNodeNeighborUpdate: no response; up to minutes in a large network."""

    FUNCTION: ClassVar = 0x48
    CALLBACK: ClassVar = NeighborUpdateCallback


@dataclass(frozen=True, slots=True)
class RoutingInfo(Answer):
    FUNCTION: ClassVar = 0x80

    neighbors: frozenset[int]

    def to_payload(self) -> bytes:
        return mask_of(self.neighbors, NODE_MASK_BYTES)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, NODE_MASK_BYTES, cls)
        return cls(ids_in(payload[:NODE_MASK_BYTES]))


@dataclass(frozen=True, slots=True)
class GetRoutingInfo:
    """INS13954-13 §4.4, ZW_GetRoutingInfo."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x80
    RESPONSE: ClassVar = RoutingInfo
    CALLBACK: ClassVar = None

    node_id: int
    without_bad_links: bool = False
    without_non_repeaters: bool = False

    def to_payload(self) -> bytes:
        # The last byte is a function identifier that must be zero.
        return bytes((self.node_id, self.without_bad_links << 7 | self.without_non_repeaters << 6, 0))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[0], bool(payload[1] & 0x80), bool(payload[1] & 0x40))


class RouteSpeed(IntEnum):
    """INS13954-13 §4.4, ZW_SetPriorityRoute, routeSpeed."""

    KBIT_9_6 = 1
    KBIT_40 = 2
    KBIT_100 = 3


@dataclass(frozen=True, slots=True)
class Route:
    repeaters: tuple[int, ...]
    """Up to 4, the one next to the controller first; none: direct."""
    speed: RouteSpeed

    def to_bytes(self) -> bytes:
        return bytes(self.repeaters).ljust(REPEATERS_MAX, b"\0") + bytes((self.speed,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Of 5 bytes. Raises MalformedMessage."""
        need(data, REPEATERS_MAX + 1, cls)
        speed = one_of(RouteSpeed, data[REPEATERS_MAX], cls)
        return cls(tuple(node for node in data[:REPEATERS_MAX] if node), speed)


@dataclass(frozen=True, slots=True)
class AssignReturnRouteResponse(YesOrNo):
    FUNCTION: ClassVar = 0x46


@dataclass(frozen=True, slots=True)
class AssignReturnRouteCallback(TransmitCallback):
    FUNCTION: ClassVar = 0x46


@dataclass(frozen=True, slots=True)
class AssignReturnRoute:
    """INS13954-13 §4.4, ZW_AssignReturnRoute: tell `node_id` how to reach `destination`."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x46
    RESPONSE: ClassVar = AssignReturnRouteResponse
    CALLBACK: ClassVar = AssignReturnRouteCallback

    node_id: int
    destination: int
    callback_id: int

    def to_payload(self) -> bytes:
        return bytes((self.node_id, self.destination, self.callback_id))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 3, cls)
        return cls(payload[0], payload[1], payload[2])


@dataclass(frozen=True, slots=True)
class DeleteReturnRouteResponse(YesOrNo):
    FUNCTION: ClassVar = 0x47


@dataclass(frozen=True, slots=True)
class DeleteReturnRouteCallback(TransmitCallback):
    FUNCTION: ClassVar = 0x47


@dataclass(frozen=True, slots=True)
class DeleteReturnRoute(NodeCallbackRequest):
    FUNCTION: ClassVar = 0x47
    RESPONSE: ClassVar = DeleteReturnRouteResponse
    CALLBACK: ClassVar = DeleteReturnRouteCallback


@dataclass(frozen=True, slots=True)
class AssignPriorityReturnRouteResponse(YesOrNo):
    FUNCTION: ClassVar = 0x4F


@dataclass(frozen=True, slots=True)
class AssignPriorityReturnRouteCallback(TransmitCallback):
    FUNCTION: ClassVar = 0x4F


@dataclass(frozen=True, slots=True)
class AssignPriorityReturnRoute:
    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x4F
    RESPONSE: ClassVar = AssignPriorityReturnRouteResponse
    CALLBACK: ClassVar = AssignPriorityReturnRouteCallback

    node_id: int
    destination: int
    route: Route
    callback_id: int

    def to_payload(self) -> bytes:
        return bytes((self.node_id, self.destination)) + self.route.to_bytes() + bytes((self.callback_id,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 8, cls)
        return cls(payload[0], payload[1], Route.from_bytes(payload[2:7]), payload[7])


@dataclass(frozen=True, slots=True)
class AssignSucReturnRouteResponse(YesOrNo):
    FUNCTION: ClassVar = 0x51


@dataclass(frozen=True, slots=True)
class AssignSucReturnRouteCallback(TransmitCallback):
    FUNCTION: ClassVar = 0x51


@dataclass(frozen=True, slots=True)
class AssignSucReturnRoute(NodeCallbackRequest):
    FUNCTION: ClassVar = 0x51
    RESPONSE: ClassVar = AssignSucReturnRouteResponse
    CALLBACK: ClassVar = AssignSucReturnRouteCallback


@dataclass(frozen=True, slots=True)
class DeleteSucReturnRouteResponse(YesOrNo):
    FUNCTION: ClassVar = 0x55


@dataclass(frozen=True, slots=True)
class DeleteSucReturnRouteCallback(TransmitCallback):
    FUNCTION: ClassVar = 0x55


@dataclass(frozen=True, slots=True)
class DeleteSucReturnRoute(NodeCallbackRequest):
    FUNCTION: ClassVar = 0x55
    RESPONSE: ClassVar = DeleteSucReturnRouteResponse
    CALLBACK: ClassVar = DeleteSucReturnRouteCallback


@dataclass(frozen=True, slots=True)
class AssignPrioritySucReturnRouteResponse(YesOrNo):
    FUNCTION: ClassVar = 0x58


@dataclass(frozen=True, slots=True)
class AssignPrioritySucReturnRouteCallback(TransmitCallback):
    FUNCTION: ClassVar = 0x58


@dataclass(frozen=True, slots=True)
class AssignPrioritySucReturnRoute:
    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x58
    RESPONSE: ClassVar = AssignPrioritySucReturnRouteResponse
    CALLBACK: ClassVar = AssignPrioritySucReturnRouteCallback

    node_id: int
    route: Route
    callback_id: int

    def to_payload(self) -> bytes:
        return bytes((self.node_id,)) + self.route.to_bytes() + bytes((self.callback_id,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 7, cls)
        return cls(payload[0], Route.from_bytes(payload[1:6]), payload[6])


class RouteKind(IntEnum):
    """INS13954-13 §4.4, ZW_GetPriorityRoute: which route the controller would take first."""

    NONE = 0x00
    NEXT_TO_LAST_WORKING = 0x01
    LAST_WORKING = 0x02
    APPLICATION = 0x10


@dataclass(frozen=True, slots=True)
class PriorityRoute(Answer):
    FUNCTION: ClassVar = 0x92

    node_id: int
    kind: RouteKind
    route: Route | None
    """None with kind NONE."""

    def to_payload(self) -> bytes:
        return bytes((self.node_id, self.kind)) + (bytes(5) if self.route is None else self.route.to_bytes())

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        kind = one_of(RouteKind, payload[1], cls)
        return cls(payload[0], kind, Route.from_bytes(payload[2:]) if kind else None)


@dataclass(frozen=True, slots=True)
class GetPriorityRoute(NodeRequest):
    FUNCTION: ClassVar = 0x92
    RESPONSE: ClassVar = PriorityRoute


@dataclass(frozen=True, slots=True)
class SetPriorityRouteResponse:
    """Firmware puts the node identifier first, which the guide leaves out."""

    TYPE: ClassVar = FrameType.RESPONSE
    FUNCTION: ClassVar = 0x93

    node_id: int
    accepted: bool

    def to_payload(self) -> bytes:
        return bytes((self.node_id, self.accepted))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[0], payload[1] != 0)


@dataclass(frozen=True, slots=True)
class SetPriorityRoute:
    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x93
    RESPONSE: ClassVar = SetPriorityRouteResponse
    CALLBACK: ClassVar = None

    node_id: int
    route: Route | None
    """None: the controller chooses again."""

    def to_payload(self) -> bytes:
        return bytes((self.node_id,)) + (b"" if self.route is None else self.route.to_bytes())

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(payload[0], Route.from_bytes(payload[1:]) if len(payload) > 1 else None)
