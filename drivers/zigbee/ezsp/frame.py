"""The header of an EZSP frame, and what a command, its response and a callback are.

UG100 "Protocol Format": `sequence, frame control (2 bytes), frame id (2 bytes), parameters`. Only `version` is asked in
the older form `sequence, frame control, frame id` too, because host and stick do not know each other's version yet.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, EzspStatusField, Status, StatusField
from drivers.zigbee.wire import MalformedFrame, Record

# Frame control of a response, low byte.
RESPONSE: Final = 0x80
CALLBACK_MASK: Final = 0x18
ASYNCHRONOUS_CALLBACK: Final = 0x10
CALLBACKS_PENDING: Final = 0x04
TRUNCATED: Final = 0x02
OVERFLOW: Final = 0x01

_FORMAT_MASK: Final = 0x03
_EXTENDED: Final = 0x01
"""Frame format version, in the high byte of frame control; 0 there is the legacy form's frame id of `version`."""
_LEGACY_SIZE: Final = 3
_EXTENDED_SIZE: Final = 5


class Response(Record):
    """The stick's answer to a command."""

    __slots__ = ()


class Command(Record):
    """What the host asks of the stick. Every command has exactly one response."""

    __slots__ = ()

    ID: ClassVar[int]
    RESPONSE: ClassVar[type[Response]]
    SINCE: ClassVar[int] = 0
    """The version that brought it; 0: older than 13."""


class Callback(Record):
    """What the stick says unasked."""

    __slots__ = ()

    ID: ClassVar[int]
    SINCE: ClassVar[int] = 0


@dataclass(frozen=True, slots=True)
class StatusResponse(Response):
    """Done or not, and nothing else."""

    status: StatusField


@dataclass(frozen=True, slots=True)
class EzspStatusResponse(Response):
    """Likewise of the commands whose status was an EzspStatus before version 14."""

    status: EzspStatusField


@dataclass(frozen=True, slots=True)
class LateStatusResponse(Response):
    """Done or not, of the commands that answered with nothing at all before version 14."""

    status: StatusField = Status.OK

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        return ("status",) if version >= SL_STATUS_SINCE else ()


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its header, and parameters that are not decoded yet."""

    sequence: int
    """Of the host's counting. A callback carries that of the last command, and is no answer to it."""
    frame_id: int
    payload: bytes
    is_response: bool = False
    """The answer to the command with this sequence number."""
    is_callback: bool = False
    overflow: bool = False
    """The stick ran out of memory and lost callbacks since the last response."""
    truncated: bool = False
    callbacks_pending: bool = False
    legacy: bool = False
    """In the old form of the header: `version`, asked before the versions are known."""


def encode_command(sequence: int, command: Command, version: int) -> bytes:
    number = command.ID
    return bytes((sequence, 0, _EXTENDED, number & 0xFF, number >> 8)) + command.to_bytes(version)


def encode_response(sequence: int, frame_id: int, response: Response, version: int, *, control: int = 0) -> bytes:
    """`control`: of OVERFLOW, TRUNCATED and CALLBACKS_PENDING."""
    head = bytes((sequence, RESPONSE | control, _EXTENDED, frame_id & 0xFF, frame_id >> 8))
    return head + response.to_bytes(version)


def encode_callback(sequence: int, callback: Callback, version: int, *, control: int = 0) -> bytes:
    """`sequence`: that of the last command."""
    number = callback.ID
    head = bytes((sequence, RESPONSE | ASYNCHRONOUS_CALLBACK | control, _EXTENDED, number & 0xFF, number >> 8))
    return head + callback.to_bytes(version)


def encode_legacy_command(sequence: int, command: Command) -> bytes:
    """The first `version` after a reset."""
    return bytes((sequence, 0, command.ID)) + command.to_bytes()


def encode_legacy_response(sequence: int, frame_id: int, response: Response) -> bytes:
    return bytes((sequence, RESPONSE, frame_id)) + response.to_bytes()


def decode_header(data: bytes) -> Frame:
    """Raises MalformedFrame."""
    if len(data) < _LEGACY_SIZE:
        raise MalformedFrame(f"too short for an EZSP frame: {data.hex()}")
    control = data[1]
    callback = bool(control & CALLBACK_MASK)
    legacy = data[2] & _FORMAT_MASK != _EXTENDED
    if not legacy and len(data) < _EXTENDED_SIZE:
        raise MalformedFrame(f"too short for an EZSP frame: {data.hex()}")
    from_stick = bool(control & RESPONSE)
    return Frame(
        sequence=data[0],
        frame_id=data[2] if legacy else data[3] | data[4] << 8,
        payload=data[_LEGACY_SIZE if legacy else _EXTENDED_SIZE :],
        is_response=from_stick and not callback,
        is_callback=from_stick and callback,
        overflow=from_stick and bool(control & OVERFLOW),
        truncated=from_stick and bool(control & TRUNCATED),
        callbacks_pending=from_stick and bool(control & CALLBACKS_PENDING),
        legacy=legacy,
    )
