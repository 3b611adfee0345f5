"""Nodes come and go: adding, removing, and getting rid of those that no longer answer."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar, Self

from drivers.zwave.serial_api.function import Callback, need, one_of
from drivers.zwave.serial_api.node_information import NodeInformationFrame
from drivers.zwave.serial_api.shapes import Answer, NodeCallbackRequest, NodeRequest
from drivers.zwave.serial_frame import FrameType


class NetworkMode(IntEnum):
    """INS13954-13 §4.4.1, bMode of ZW_AddNodeToNetwork; of it ZW_RemoveNodeFromNetwork has ANY to END_NODE and STOP."""

    ANY = 1
    CONTROLLER = 2
    END_NODE = 3
    EXISTING = 4
    STOP = 5
    STOP_FAILED = 6
    SMART_START_DSK = 8
    SMART_START_LISTEN = 9


class NetworkOption(IntFlag):
    LONG_RANGE = 0x20
    NETWORK_WIDE = 0x40
    NORMAL_POWER = 0x80


_OPTIONS = NetworkOption.NETWORK_WIDE | NetworkOption.NORMAL_POWER


class NetworkStatus(IntEnum):
    """INS13954-13 §4.4.1, bStatus: adding and removing share the numbers."""

    READY = 1
    """Now press the device's button."""
    NODE_FOUND = 2
    END_NODE = 3
    """The node's identifier and its information frame."""
    CONTROLLER = 4
    PROTOCOL_DONE = 5
    DONE = 6
    FAILED = 7
    """Any number from here on: SECURITY_FAILED 9, NOT_PRIMARY 0x23."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls(cls.FAILED) if isinstance(value, int) and value > cls.FAILED else None


@dataclass(frozen=True, slots=True)
class _NetworkCallback:
    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar[int]

    callback_id: int
    status: NetworkStatus
    node_id: int = 0
    information: NodeInformationFrame | None = None

    @property
    def final(self) -> bool:
        """After PROTOCOL_DONE the host says STOP, and DONE carries that request's identifier."""
        return self.status >= NetworkStatus.PROTOCOL_DONE

    def to_payload(self) -> bytes:
        tail = b"\0" if self.information is None else self.information.to_bytes()
        return bytes((self.callback_id, self.status, self.node_id)) + tail

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        status = one_of(NetworkStatus, payload[1], cls)
        node_id = payload[2] if len(payload) > 2 else 0
        if len(payload) < 4 or payload[3] == 0:
            return cls(payload[0], status, node_id)
        return cls(payload[0], status, node_id, NodeInformationFrame.from_bytes(payload[3:]))


@dataclass(frozen=True, slots=True)
class _NetworkRequest:
    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar[int]
    RESPONSE: ClassVar = None
    CALLBACK: ClassVar[type[Callback] | None]

    mode: NetworkMode
    callback_id: int
    options: NetworkOption = _OPTIONS

    def to_payload(self) -> bytes:
        return bytes((self.mode | self.options, self.callback_id))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        mode = one_of(NetworkMode, payload[0] & 0x0F, cls)
        return cls(mode, payload[1], NetworkOption(payload[0] & 0xE0))


@dataclass(frozen=True, slots=True)
class AddNodeCallback(_NetworkCallback):
    FUNCTION: ClassVar = 0x4A


@dataclass(frozen=True, slots=True)
class AddNode(_NetworkRequest):
    """INS13954-13 §4.4.1. SmartStart's DSK is not kept."""

    FUNCTION: ClassVar = 0x4A
    CALLBACK: ClassVar = AddNodeCallback


@dataclass(frozen=True, slots=True)
class RemoveNodeCallback(_NetworkCallback):
    """The node identifier is 0 when the node belonged to another network."""

    FUNCTION: ClassVar = 0x4B


@dataclass(frozen=True, slots=True)
class RemoveNode(_NetworkRequest):
    """INS13954-13 §4.4, ZW_RemoveNodeFromNetwork."""

    FUNCTION: ClassVar = 0x4B
    CALLBACK: ClassVar = RemoveNodeCallback


class FailedNodeStart(IntFlag):
    """INS13954-13 §4.4, ZW_RemoveFailedNode: why it does not begin."""

    STARTED = 0x00
    """If none of the others is there."""
    NOT_PRIMARY = 0x02
    NO_CALLBACK = 0x04
    NOT_FAILED = 0x08
    """The node is not in the list of failed nodes."""
    BUSY = 0x10
    FAILED = 0x20


class FailedNodeStatus(IntEnum):
    NODE_OK = 0
    """It answered: nothing is done."""
    REMOVED = 1
    NOT_REMOVED = 2
    REPLACE = 3
    """Now press the new device's button."""
    REPLACED = 4
    NOT_REPLACED = 5


@dataclass(frozen=True, slots=True)
class _FailedNodeResponse:
    TYPE: ClassVar = FrameType.RESPONSE
    FUNCTION: ClassVar[int]

    start: FailedNodeStart

    @property
    def accepted(self) -> bool:
        return self.start == FailedNodeStart.STARTED

    def to_payload(self) -> bytes:
        return bytes((self.start,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(FailedNodeStart(payload[0]))


@dataclass(frozen=True, slots=True)
class _FailedNodeCallback:
    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar[int]

    callback_id: int
    status: FailedNodeStatus

    @property
    def final(self) -> bool:
        return self.status != FailedNodeStatus.REPLACE

    def to_payload(self) -> bytes:
        return bytes((self.callback_id, self.status))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[0], one_of(FailedNodeStatus, payload[1], cls))


@dataclass(frozen=True, slots=True)
class RemoveFailedNodeResponse(_FailedNodeResponse):
    FUNCTION: ClassVar = 0x61


@dataclass(frozen=True, slots=True)
class RemoveFailedNodeCallback(_FailedNodeCallback):
    FUNCTION: ClassVar = 0x61


@dataclass(frozen=True, slots=True)
class RemoveFailedNode(NodeCallbackRequest):
    """INS13954-13 §4.4, ZW_RemoveFailedNode."""

    FUNCTION: ClassVar = 0x61
    RESPONSE: ClassVar = RemoveFailedNodeResponse
    CALLBACK: ClassVar = RemoveFailedNodeCallback


@dataclass(frozen=True, slots=True)
class FailedNode(Answer):
    FUNCTION: ClassVar = 0x62

    failed: bool

    def to_payload(self) -> bytes:
        return bytes((self.failed,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(payload[0] != 0)


@dataclass(frozen=True, slots=True)
class IsFailedNode(NodeRequest):
    """INS13954-13 §4.4, ZW_isFailedNode: whether the controller's last attempts to reach it failed."""

    FUNCTION: ClassVar = 0x62
    RESPONSE: ClassVar = FailedNode


@dataclass(frozen=True, slots=True)
class ReplaceFailedNodeResponse(_FailedNodeResponse):
    FUNCTION: ClassVar = 0x63


@dataclass(frozen=True, slots=True)
class ReplaceFailedNodeCallback(_FailedNodeCallback):
    FUNCTION: ClassVar = 0x63


@dataclass(frozen=True, slots=True)
class ReplaceFailedNode(NodeCallbackRequest):
    """INS13954-13 §4.4, ZW_ReplaceFailedNode."""

    FUNCTION: ClassVar = 0x63
    RESPONSE: ClassVar = ReplaceFailedNodeResponse
    CALLBACK: ClassVar = ReplaceFailedNodeCallback
