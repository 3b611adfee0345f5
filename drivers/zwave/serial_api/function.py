"""What every message of the Serial API is: a frozen dataclass that is the payload of a data frame, both directions.

A function has up to three kinds of message: the request, the controller's response to it, and callbacks that come later
and carry the callback identifier of the request. The request's class names the other two. Nothing here waits or sends:
that is `exchange`'s.
"""

from enum import IntEnum
from typing import ClassVar, Protocol, Self, TypeVar

from drivers.zwave.serial_frame import DataFrame, FrameType

_Enum = TypeVar("_Enum", bound=IntEnum)


class MalformedMessage(ValueError):
    """A payload that is not the message it claims to be. The only error that a decoder raises, whatever it is fed."""


class Message(Protocol):
    """One message; `to_payload` and `from_payload` leave out frame, type and function identifier."""

    FUNCTION: ClassVar[int]
    TYPE: ClassVar[FrameType]

    def to_payload(self) -> bytes: ...

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        """Raises MalformedMessage, and nothing else."""
        ...


class Response(Message, Protocol):
    """The controller's immediate answer. `accepted` is false where it says that it will not do what was asked."""

    @property
    def accepted(self) -> bool: ...


class Callback(Message, Protocol):
    """What follows later. `final` is false where further callbacks of the same request are to come."""

    @property
    def callback_id(self) -> int: ...

    @property
    def final(self) -> bool: ...


class Request(Message, Protocol):
    """What the host asks; `RESPONSE` and `CALLBACK` are None where the function has none.

    Class variables of every request; properties here because a type checker takes only those for read-only.
    """

    @property
    def RESPONSE(self) -> type[Response] | None: ...  # noqa: N802 - a constant of the class

    @property
    def CALLBACK(self) -> type[Callback] | None: ...  # noqa: N802 - likewise


def to_frame(message: Message) -> DataFrame:
    return DataFrame(message.TYPE, message.FUNCTION, message.to_payload())


def need(payload: bytes, length: int, what: type) -> None:
    """Refuse a payload shorter than `length` bytes."""
    if len(payload) < length:
        raise MalformedMessage(f"{what.__name__}: {len(payload)} bytes, at least {length} needed: {payload.hex()}")


def one_of(kind: type[_Enum], number: int, what: type) -> _Enum:
    """The member of `kind` with this number; a message with any other is refused."""
    try:
        return kind(number)
    except ValueError:
        raise MalformedMessage(f"{what.__name__}: no {kind.__name__} 0x{number:02x}") from None
