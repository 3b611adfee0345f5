"""The frames of the Serial API link: data frames with their checksum, and the three single bytes.

INS12350-14 (Serial API Host Application Programming Guide) §5: `01 len type function payload... checksum`, where
`len` counts everything from `type` to the checksum and the checksum is 0xFF xor all bytes from `len` on. This module
knows the shapes; when to send, wait or give up is `serial_link`'s.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import xor
from typing import Self

SOF = 0x01
MIN_LENGTH = 3
"""Type, function and checksum: the smallest `len` there is."""
MAX_LENGTH = 0xFF


class FrameType(IntEnum):
    REQUEST = 0x00
    RESPONSE = 0x01


_TYPES = (FrameType.REQUEST, FrameType.RESPONSE)


class Signal(IntEnum):
    """The frames that are one byte (INS12350-14 §5.1-5.3)."""

    ACK = 0x06
    NAK = 0x15
    CAN = 0x18


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes that are no frame. `nak` is true where the receiver owes a NAK: a whole frame with a wrong checksum."""

    data: bytes
    nak: bool = False


@dataclass(frozen=True, slots=True)
class DataFrame:
    type: FrameType
    function: int
    """A function identifier of the Serial API, 0-255."""
    payload: bytes = b""
    """At most 252 bytes."""

    def to_bytes(self) -> bytes:
        body = bytes((len(self.payload) + 3, self.type, self.function)) + self.payload
        return bytes((SOF,)) + body + bytes((checksum(body),))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """One whole frame, SOF to checksum. Raises ValueError on anything else."""
        if len(data) < 5 or data[0] != SOF or data[1] != len(data) - 2 or data[2] > 1:
            raise ValueError(f"not a data frame: {data.hex()}")
        if checksum(data[1:-1]) != data[-1]:
            raise ValueError(f"wrong checksum: {data.hex()}")
        return cls(_TYPES[data[2]], data[3], bytes(data[4:-1]))


Frame = DataFrame | Signal | Garbage


def checksum(body: bytes) -> int:
    """Of everything from the length byte to the last byte of the payload (INS12350-14 §5.4.6)."""
    return reduce(xor, body, 0xFF)


class FrameParser:
    """Cuts a stream of bytes into frames, whatever the pieces that it comes in. Knows no time: see `inside`.

    Bytes that cannot start a frame are dropped (INS12350-14 §6: who waits for new traffic ignores them) and reported
    as `Garbage`. A frame with a wrong checksum is dropped as a whole: after a NAK it comes again.
    """

    __slots__ = ("_begun",)

    def __init__(self) -> None:
        self._begun = b""

    @property
    def inside(self) -> bool:
        """Whether a frame has begun and not ended; when that lasts too long, `abort` it."""
        return bool(self._begun)

    def abort(self) -> Garbage:
        """Give up the frame that has begun. No NAK is owed for it (INS12350-14, Data Frame Reception Timeout)."""
        garbage = Garbage(self._begun)
        self._begun = b""
        return garbage

    def feed(self, data: bytes, *, ack_awaited: bool = False) -> list[Frame]:
        """The frames that are complete with `data`.

        While an ACK is awaited, a single byte 0x?6 between frames counts as one: the 700 series garbles the high nibble
        of ACKs (zwave-js issue 3906). Next to other odd bytes it is what they are, garbage.
        """
        if not self._begun:
            whole = _in_one_piece(data)
            if whole is not None:
                return whole
        return self._cut(self._begun + data, ack_awaited)

    def _cut(self, data: bytes, ack_awaited: bool) -> list[Frame]:
        frames: list[Frame] = []
        position = 0
        garbage_before = False
        while position < len(data):
            end = _end_of_frame(data, position)
            if end > len(data):
                break
            first = data[position]
            if first == SOF and end > position + 1:
                frames.append(_data_frame(data[position:end]))
                garbage_before = False
            elif garbage_before:
                # A signal in the middle of garbage is as likely to be part of it, and a NAK or CAN that is none would
                # have a command sent twice.
                frames.append(Garbage(data[position:end]))
            elif first in _SIGNALS:
                frames.append(_SIGNALS[first])
            elif ack_awaited and end == position + 1 and first & 0x0F == Signal.ACK:
                frames.append(Signal.ACK)
            else:
                frames.append(Garbage(data[position:end]))
                garbage_before = True
            position = end
        self._begun = data[position:]
        return frames


_SIGNALS: dict[int, Signal] = {signal.value: signal for signal in Signal}
_STARTS = frozenset((SOF, *_SIGNALS))


def _in_one_piece(data: bytes) -> list[Frame] | None:
    """The common cases at little cost: one ACK, one data frame, an ACK with a data frame behind it."""
    length = len(data)
    if length >= 5 and data[0] == SOF and data[1] == length - 2:
        return [_data_frame(data)]
    if length == 1 and data[0] == Signal.ACK:
        return [Signal.ACK]
    if length >= 6 and data[0] == Signal.ACK and data[1] == SOF and data[2] == length - 3:
        return [Signal.ACK, _data_frame(data[1:])]
    return None


def _data_frame(data: bytes) -> Frame:
    try:
        return DataFrame.from_bytes(data)
    except ValueError:
        return Garbage(data, nak=True)


def _end_of_frame(data: bytes, position: int) -> int:
    """Where what begins at `position` ends: a signal, a data frame (maybe beyond `data`), or a run of odd bytes."""
    first = data[position]
    if first == SOF:
        if position + 1 == len(data):
            return position + 2
        length = data[position + 1]
        return position + 2 + length if length >= MIN_LENGTH else position + 1
    end = position + 1
    if first not in _STARTS:
        while end < len(data) and data[end] not in _STARTS:
            end += 1
    return end
