"""The shapes that many messages share, so that a function's module says only what is special about it.

A subclass names its FUNCTION (and, a request, its RESPONSE and CALLBACK); its fields and bytes come from here.
Node identifiers are 8 bits everywhere: Long Range, which has 16, is not kept.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.serial_api.function import Callback, Response, need
from drivers.zwave.serial_api.send_data import TransmitStatus
from drivers.zwave.serial_frame import FrameType


@dataclass(frozen=True, slots=True)
class BareRequest:
    """A request without parameters. Further bytes are ignored."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar[int]
    RESPONSE: ClassVar[type[Response] | None] = None
    CALLBACK: ClassVar[type[Callback] | None] = None

    def to_payload(self) -> bytes:
        return b""

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:  # noqa: ARG003 - a decoder's signature
        return cls()


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """A request of the whole controller that is answered by a callback."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar[int]
    RESPONSE: ClassVar[type[Response] | None] = None
    CALLBACK: ClassVar[type[Callback] | None] = None

    callback_id: int
    """1-255; 0 asks for no callback."""

    def to_payload(self) -> bytes:
        return bytes((self.callback_id,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(payload[0])


@dataclass(frozen=True, slots=True)
class NodeRequest:
    """A question about one node, answered at once."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar[int]
    RESPONSE: ClassVar[type[Response] | None] = None
    CALLBACK: ClassVar[type[Callback] | None] = None

    node_id: int

    def to_payload(self) -> bytes:
        return bytes((self.node_id,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(payload[0])


@dataclass(frozen=True, slots=True)
class NodeCallbackRequest:
    """Something done with one node, that a callback ends."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar[int]
    RESPONSE: ClassVar[type[Response] | None] = None
    CALLBACK: ClassVar[type[Callback] | None] = None

    node_id: int
    callback_id: int
    """1-255; 0 asks for no callback."""

    def to_payload(self) -> bytes:
        return bytes((self.node_id, self.callback_id))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[0], payload[1])


@dataclass(frozen=True, slots=True)
class Answer:
    """Base of responses that carry what was asked for, and so cannot decline."""

    TYPE: ClassVar = FrameType.RESPONSE
    FUNCTION: ClassVar[int]

    @property
    def accepted(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class YesOrNo:
    """A response of one byte: zero declines."""

    TYPE: ClassVar = FrameType.RESPONSE
    FUNCTION: ClassVar[int]

    accepted: bool

    def to_payload(self) -> bytes:
        return bytes((self.accepted,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(payload[0] != 0)


@dataclass(frozen=True, slots=True)
class TransmitCallback:
    """A callback that says how a transmission ended."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar[int]

    callback_id: int
    status: TransmitStatus

    @property
    def final(self) -> bool:
        return True

    def to_payload(self) -> bytes:
        return bytes((self.callback_id, self.status))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[0], TransmitStatus(payload[1]))
