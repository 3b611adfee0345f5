"""How values lie in bytes: little-endian, one after the other, as a frozen dataclass's annotations say.

    @dataclass(frozen=True, slots=True)
    class Child(Record):
        eui64: Eui64
        node_id: UInt16

    Child(0x00124B0001020304, 0x1234).to_bytes() == bytes.fromhex("0403020100 4b1200 3412")

EZSP, ZDO and ZCL frames are all written so. `version` is the EZSP version for the frames that look otherwise in
another one; nothing else knows it. Whatever is wrong with bytes raises `MalformedFrame`, and nothing else does.
"""

from dataclasses import fields
from typing import Annotated, Any, Final, Protocol, Self, get_type_hints


class MalformedFrame(ValueError):
    """Bytes that are not what they claim to be. The only error that a decoder raises, whatever it is fed."""


class WireType(Protocol):
    """How one value lies in bytes."""

    def pack(self, value: Any, version: int) -> bytes:
        """Raises ValueError or OverflowError for what does not fit: then we are wrong, not the world."""
        ...

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        """The value that begins at `at`, and where it ends. Raises MalformedFrame."""
        ...


class Number:
    """A whole number of `size` bytes."""

    def __init__(self, size: int, *, signed: bool = False) -> None:
        self.size = size
        self.signed = signed

    def pack(self, value: int, version: int) -> bytes:
        return value.to_bytes(self.size, "little", signed=self.signed)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[int, int]:
        end = at + self.size
        return int.from_bytes(cut(data, at, end), "little", signed=self.signed), end


class Flag:
    """One byte that is 0 or not."""

    def pack(self, value: bool, version: int) -> bytes:
        return b"\x01" if value else b"\x00"

    def unpack(self, data: bytes, at: int, version: int) -> tuple[bool, int]:
        return cut(data, at, at + 1) != b"\x00", at + 1


class Fixed:
    """So many bytes as they are: keys, hashes."""

    def __init__(self, size: int) -> None:
        self.size = size

    def pack(self, value: bytes, version: int) -> bytes:
        if len(value) != self.size:
            raise ValueError(f"{self.size} bytes are needed, not {len(value)}")
        return value

    def unpack(self, data: bytes, at: int, version: int) -> tuple[bytes, int]:
        return cut(data, at, at + self.size), at + self.size


class Counted:
    """Bytes with their number before them, in `size` bytes."""

    def __init__(self, size: int = 1) -> None:
        self.size = size

    def pack(self, value: bytes, version: int) -> bytes:
        return len(value).to_bytes(self.size, "little") + value

    def unpack(self, data: bytes, at: int, version: int) -> tuple[bytes, int]:
        start = at + self.size
        end = start + int.from_bytes(cut(data, at, start), "little")
        return cut(data, start, end), end


class Rest:
    """All bytes to the end of the frame."""

    def pack(self, value: bytes, version: int) -> bytes:
        return value

    def unpack(self, data: bytes, at: int, version: int) -> tuple[bytes, int]:
        return data[at:], len(data)


class Listed:
    """Several values of one type, with their number before them in `size` bytes; with size 0, to the frame's end."""

    def __init__(self, item: WireType, size: int = 1) -> None:
        self.item = item
        self.size = size

    def pack(self, value: tuple[Any, ...], version: int) -> bytes:
        count = len(value).to_bytes(self.size, "little") if self.size else b""
        return count + b"".join(self.item.pack(one, version) for one in value)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[tuple[Any, ...], int]:
        found: list[Any] = []
        if self.size:
            count = int.from_bytes(cut(data, at, at + self.size), "little")
            at += self.size
            for _ in range(count):
                one, at = self.item.unpack(data, at, version)
                found.append(one)
        else:
            while at < len(data):
                one, at = self.item.unpack(data, at, version)
                found.append(one)
        return tuple(found), at


class Trailing:
    """A value that older senders leave out at a frame's end: None then."""

    def __init__(self, item: WireType) -> None:
        self.item = item

    def pack(self, value: Any, version: int) -> bytes:
        return b"" if value is None else self.item.pack(value, version)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        return (None, at) if at >= len(data) else self.item.unpack(data, at, version)


class Nested:
    """A record inside another."""

    def __init__(self, kind: "type[Record]") -> None:
        self.kind = kind

    def pack(self, value: "Record", version: int) -> bytes:
        return value.to_bytes(version)

    def unpack(self, data: bytes, at: int, version: int) -> "tuple[Record, int]":
        return self.kind.unpack(data, at, version)


class Record:
    """A frozen dataclass that knows both directions. `wire_names` may leave out or reorder fields by version."""

    __slots__ = ()

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        """The fields in the order of their bytes. A field that is not named keeps its default."""
        return tuple(field.name for field in fields(cls))  # type: ignore[arg-type]  # every subclass is a dataclass

    def to_bytes(self, version: int = 0) -> bytes:
        return b"".join([kind.pack(getattr(self, name), version) for name, kind in layout(type(self), version)])

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        """The record that begins at `at`, and where it ends. Raises MalformedFrame."""
        values: dict[str, Any] = {}
        for name, kind in layout(cls, version):
            values[name], at = kind.unpack(data, at, version)
        return cls(**values), at

    @classmethod
    def from_bytes(cls, data: bytes, version: int = 0) -> Self:
        """Bytes behind the end are left alone: later editions of a specification append fields. MalformedFrame."""
        return cls.unpack(data, 0, version)[0]


Layout = tuple[tuple[str, WireType], ...]
_layouts: Final[dict[tuple[type[Record], int], Layout]] = {}


def layout(cls: type[Record], version: int) -> Layout:
    """The fields of a record with their types, in the order of their bytes."""
    known = _layouts.get((cls, version))
    if known is None:
        hints = get_type_hints(cls, include_extras=True)
        known = tuple((name, _wire_type(hints[name])) for name in cls.wire_names(version))
        _layouts[cls, version] = known
    return known


def _wire_type(hint: Any) -> WireType:
    if isinstance(hint, type) and issubclass(hint, Record):
        return Nested(hint)
    kind: WireType = hint.__metadata__[0]
    return kind


def cut(data: bytes, start: int, end: int) -> bytes:
    """`data[start:end]`, all of it there. Raises MalformedFrame."""
    if end > len(data):
        raise MalformedFrame(f"{end - len(data)} bytes are missing at the end of {data[:64].hex()}")
    return data[start:end]


UInt8 = Annotated[int, Number(1)]
UInt16 = Annotated[int, Number(2)]
UInt24 = Annotated[int, Number(3)]
UInt32 = Annotated[int, Number(4)]
UInt64 = Annotated[int, Number(8)]
Int8 = Annotated[int, Number(1, signed=True)]
Int16 = Annotated[int, Number(2, signed=True)]
Bool = Annotated[bool, Flag()]
Eui64 = Annotated[int, Number(8)]
"""An IEEE address as a number, so that it prints most significant byte first; on the wire the least comes first."""
Key = Annotated[bytes, Fixed(16)]
Bytes8 = Annotated[bytes, Counted(1)]
"""Up to 255 bytes with their number before them."""
Bytes32 = Annotated[bytes, Counted(4)]
Remaining = Annotated[bytes, Rest()]
UInt16List = Annotated[tuple[int, ...], Listed(Number(2))]


def eui64_text(eui64: int) -> str:
    """As printed on devices: 16 hexadecimal digits, most significant first."""
    return f"{eui64:016x}"
