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


class Signal(IntEnum):
    """The frames that are one byte (INS12350-14 §5.1-5.3)."""

    ACK = 0x06
    NAK = 0x15
    CAN = 0x18

    def to_bytes(self) -> bytes:  # type: ignore[override]
        return _SIGNAL_BYTES[self]


_SIGNAL_BYTES = {signal: bytes((signal.value,)) for signal in Signal}


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
        return cls(FrameType(data[2]), data[3], bytes(data[4:-1]))


Frame = DataFrame | Signal | Garbage


def checksum(body: bytes) -> int:
    """Of everything from the length byte to the last byte of the payload (INS12350-14 §5.4.6)."""
    return reduce(xor, body, 0xFF)
