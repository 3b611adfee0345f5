"""What every ZDO message is, and what it says of its outcome (Zigbee Specification 05-3474-23, 2.4.2 and 2.4.5).

A message travels on the cluster of its name, behind one byte of sequence number that its answer repeats. A device
that cannot answer says a status and often nothing more, so all behind a response's status may be missing: None, or
no elements. What was read short is written short.
"""

from enum import IntEnum, IntFlag
from typing import Annotated, Any, ClassVar, Final

from drivers.zigbee.wire import Listed, Number, Record, Trailing, WireType, cut, layout

RESPONSE = 0x8000
"""Set in the cluster of what answers a message."""


class Message(Record):
    """One message, complete when constructed."""

    __slots__ = ()

    CLUSTER: ClassVar[int]


class Response(Message):
    """What a device answers: a status first, and nothing behind the first field that is not there."""

    __slots__ = ()

    def to_bytes(self, version: int = 0) -> bytes:
        parts = []
        for name, kind in layout(type(self), version):
            value = getattr(self, name)
            if value is None:
                break
            parts.append(kind.pack(value, version))
        return b"".join(parts)


class ZdoStatus(IntEnum):
    """Zigbee Specification 05-3474-23, 2.4.5; the last three came with R23."""

    SUCCESS = 0x00
    INV_REQUESTTYPE = 0x80
    DEVICE_NOT_FOUND = 0x81
    INVALID_EP = 0x82
    NOT_ACTIVE = 0x83
    NOT_SUPPORTED = 0x84
    TIMEOUT = 0x85
    NO_MATCH = 0x86
    NO_ENTRY = 0x88
    NO_DESCRIPTOR = 0x89
    INSUFFICIENT_SPACE = 0x8A
    NOT_PERMITTED = 0x8B
    TABLE_FULL = 0x8C
    NOT_AUTHORIZED = 0x8D
    DEVICE_BINDING_TABLE_FULL = 0x8E
    INVALID_INDEX = 0x8F
    FRAME_TOO_LARGE = 0x90
    BAD_KEY_NEGOTIATION_METHOD = 0x91
    TEMPORARY_FAILURE = 0x92


class MacCapability(IntFlag):
    """Zigbee Specification 05-3474-23, 2.3.2.3: what a node says of itself when it joins and announces itself."""

    ALTERNATE_PAN_COORDINATOR = 0x01
    FULL_FUNCTION_DEVICE = 0x02
    """A router, or able to be one."""
    MAINS_POWERED = 0x04
    RX_ON_WHEN_IDLE = 0x08
    SECURITY = 0x40
    ALLOCATE_ADDRESS = 0x80


_KNOWN: Final[dict[int, ZdoStatus]] = {status.value: status for status in ZdoStatus}


class StatusByte:
    """A status by its name where it is known here, as a number where it is not."""

    def pack(self, value: int, version: int) -> bytes:
        return value.to_bytes(1, "little")

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        value = cut(data, at, at + 1)[0]
        return _KNOWN.get(value, value), at + 1


class Some:
    """A list with its number before it that may be missing at a frame's end: no elements then."""

    def __init__(self, item: WireType) -> None:
        self.listed = Listed(item)

    def pack(self, value: tuple[Any, ...], version: int) -> bytes:
        return self.listed.pack(value, version)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[tuple[Any, ...], int]:
        return ((), at) if at >= len(data) else self.listed.unpack(data, at, version)


Status = Annotated[int, StatusByte()]
MaybeUInt8 = Annotated[int | None, Trailing(Number(1))]
MaybeUInt16 = Annotated[int | None, Trailing(Number(2))]
MaybeUInt32 = Annotated[int | None, Trailing(Number(4))]
MaybeEui64 = Annotated[int | None, Trailing(Number(8))]
SomeUInt8 = Annotated[tuple[int, ...], Some(Number(1))]
SomeEui64 = Annotated[tuple[int, ...], Some(Number(8))]
