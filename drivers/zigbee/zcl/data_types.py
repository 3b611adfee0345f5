"""The values of attributes and how they lie in bytes, by the type that stands before them (ZCL8, 2.6.2, table 2-11).

Types with a *non-value* ("invalid" before ZCL7: all ones for unsigned numbers, the lowest for signed ones, NaN,
a length of 0xFF...) give None for it, and write it for None. Bit maps and raw data have none.

    unsigned, signed, enum, bitmap, data, ids, EUI64, UTC (seconds since 2000)   int
    boolean                                                                      bool
    semi, single, double                                                         float
    octet string, 128-bit key                                                    bytes
    character string                      str, and bytes where it is not UTF-8 (Xiaomi keeps a structure in one)
    time of day, date                                                            TimeOfDay, Date
    array, set, bag                                                              Collection
    structure                                                                    Structure

Decoding is on the path of every report: one dictionary look-up, one small function for a type.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from drivers.zigbee.wire import MalformedFrame

DEPTH_MAX = 15
"""ZCL8, 2.5.1.3: a selector reaches fifteen levels into an attribute."""


class DataType(IntEnum):
    NO_DATA = 0x00
    DATA8 = 0x08
    DATA16 = 0x09
    DATA24 = 0x0A
    DATA32 = 0x0B
    DATA40 = 0x0C
    DATA48 = 0x0D
    DATA56 = 0x0E
    DATA64 = 0x0F
    BOOLEAN = 0x10
    BITMAP8 = 0x18
    BITMAP16 = 0x19
    BITMAP24 = 0x1A
    BITMAP32 = 0x1B
    BITMAP40 = 0x1C
    BITMAP48 = 0x1D
    BITMAP56 = 0x1E
    BITMAP64 = 0x1F
    UINT8 = 0x20
    UINT16 = 0x21
    UINT24 = 0x22
    UINT32 = 0x23
    UINT40 = 0x24
    UINT48 = 0x25
    UINT56 = 0x26
    UINT64 = 0x27
    INT8 = 0x28
    INT16 = 0x29
    INT24 = 0x2A
    INT32 = 0x2B
    INT40 = 0x2C
    INT48 = 0x2D
    INT56 = 0x2E
    INT64 = 0x2F
    ENUM8 = 0x30
    ENUM16 = 0x31
    SEMI = 0x38
    SINGLE = 0x39
    DOUBLE = 0x3A
    OCTET_STRING = 0x41
    CHAR_STRING = 0x42
    LONG_OCTET_STRING = 0x43
    LONG_CHAR_STRING = 0x44
    ARRAY = 0x48
    STRUCTURE = 0x4C
    SET = 0x50
    BAG = 0x51
    TIME_OF_DAY = 0xE0
    DATE = 0xE1
    UTC = 0xE2
    CLUSTER_ID = 0xE8
    ATTRIBUTE_ID = 0xE9
    BACNET_OID = 0xEA
    EUI64 = 0xF0
    KEY128 = 0xF1
    UNKNOWN = 0xFF


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """ZCL8, 2.6.2.19. A part that is not told is None; with none told the whole value is."""

    hour: int | None
    minute: int | None
    second: int | None
    hundredths: int | None


@dataclass(frozen=True, slots=True)
class Date:
    """ZCL8, 2.6.2.20. A part that is not told is None; with none told the whole value is."""

    year: int | None
    """1900 to 2154."""
    month: int | None
    """1 to 12; 13 is every odd one, 14 every even one."""
    day: int | None
    """1 to 31; 32 is the last of the month, 33 every odd one, 34 every even one."""
    weekday: int | None
    """1 is Monday."""


@dataclass(frozen=True, slots=True)
class Collection:
    """An array, a set or a bag: values of one type."""

    element_type: int
    values: "tuple[Value, ...]"


@dataclass(frozen=True, slots=True)
class Structure:
    """Values of several types, each with its type before it."""

    members: "tuple[tuple[int, Value], ...]"


Value = int | float | bool | str | bytes | TimeOfDay | Date | Collection | Structure | None

Reader = Callable[[bytes, int], tuple[Value, int]]
Writer = Callable[[Value], bytes]


def decode_value(type_id: int, data: bytes, at: int) -> tuple[Value, int]:
    """The value of this type that begins at `at`, and where it ends. Raises MalformedFrame."""
    reader = READERS.get(type_id)
    if reader is None:
        raise unknown_type(type_id, data)
    return reader(data, at)


def encode_value(type_id: int, value: Value) -> bytes:
    """Raises ValueError, OverflowError or TypeError for what is no value of this type: then we are wrong."""
    return WRITERS[type_id](value)


def is_analog(type_id: int) -> bool:
    """Whether values have a distance, so that a reportable change makes sense (table 2-11, "A")."""
    return 0x20 <= type_id <= 0x2F or 0x38 <= type_id <= 0x3A or 0xE0 <= type_id <= 0xE2


def is_known(type_id: int) -> bool:
    return type_id in READERS


def unknown_type(type_id: int, data: bytes) -> MalformedFrame:
    return MalformedFrame(f"0x{type_id:02x} is no ZCL data type: {data[:64].hex()}")


def _short(data: bytes, at: int, size: int) -> MalformedFrame:
    return MalformedFrame(f"a value of {size} bytes at {at} of {len(data)}: {data[:64].hex()}")


# Reading ------------------------------------------------------------------------------------------------------------


def _read_byte(data: bytes, at: int) -> tuple[Value, int]:
    try:
        value = data[at]
    except IndexError:
        raise _short(data, at, 1) from None
    return (None if value == 0xFF else value), at + 1


def _read_boolean(data: bytes, at: int) -> tuple[Value, int]:
    try:
        value = data[at]
    except IndexError:
        raise _short(data, at, 1) from None
    return (None if value == 0xFF else value != 0), at + 1


def _read_unsigned(size: int, none: int | None) -> Reader:
    def read(data: bytes, at: int) -> tuple[Value, int]:
        end = at + size
        if end > len(data):
            raise _short(data, at, size)
        value = int.from_bytes(data[at:end], "little")
        return (None if value == none else value), end

    return read


def _read_signed(size: int) -> Reader:
    none = -(1 << (8 * size - 1))

    def read(data: bytes, at: int) -> tuple[Value, int]:
        end = at + size
        if end > len(data):
            raise _short(data, at, size)
        value = int.from_bytes(data[at:end], "little", signed=True)
        return (None if value == none else value), end

    return read


def _read_float(layout: struct.Struct) -> Reader:
    def read(data: bytes, at: int) -> tuple[Value, int]:
        end = at + layout.size
        if end > len(data):
            raise _short(data, at, layout.size)
        value: float = layout.unpack_from(data, at)[0]
        return (value if value == value else None), end  # noqa: PLR0124 - NaN is what differs from itself

    return read


def _read_octets(prefix: int) -> Callable[[bytes, int], tuple[bytes | None, int]]:
    none = (1 << 8 * prefix) - 1

    def read(data: bytes, at: int) -> tuple[bytes | None, int]:
        start = at + prefix
        length = int.from_bytes(data[at:start], "little")
        if start > len(data):
            raise _short(data, at, prefix)
        if length == none:
            return None, start
        end = start + length
        if end > len(data):
            raise _short(data, start, length)
        return data[start:end], end

    return read


def _read_text(prefix: int) -> Reader:
    octets = _read_octets(prefix)

    def read(data: bytes, at: int) -> tuple[Value, int]:
        raw, end = octets(data, at)
        if raw is None:
            return None, end
        try:
            return raw.decode(), end
        except UnicodeDecodeError:
            return raw, end

    return read


def _read_key(data: bytes, at: int) -> tuple[Value, int]:
    if at + 16 > len(data):
        raise _short(data, at, 16)
    return data[at : at + 16], at + 16


def _read_nothing(data: bytes, at: int) -> tuple[Value, int]:  # noqa: ARG001
    return None, at


def _read_parts(data: bytes, at: int) -> tuple[tuple[int | None, ...] | None, int]:
    """Four bytes, each of which may be untold."""
    raw = data[at : at + 4]
    if len(raw) < 4:
        raise _short(data, at, 4)
    return (None if raw == b"\xff\xff\xff\xff" else tuple(None if byte == 0xFF else byte for byte in raw)), at + 4


def _read_time_of_day(data: bytes, at: int) -> tuple[Value, int]:
    parts, end = _read_parts(data, at)
    return (None if parts is None else TimeOfDay(*parts)), end


def _read_date(data: bytes, at: int) -> tuple[Value, int]:
    parts, end = _read_parts(data, at)
    if parts is None:
        return None, end
    year, month, day, weekday = parts
    return Date(None if year is None else 1900 + year, month, day, weekday), end


def _read_count(data: bytes, at: int) -> tuple[int | None, int]:
    if at + 2 > len(data):
        raise _short(data, at, 2)
    count = data[at] | data[at + 1] << 8
    return (None if count == 0xFFFF else count), at + 2


def _read_collection(data: bytes, at: int, depth: int = 0) -> tuple[Value, int]:
    element_type = _type_at(data, at)
    count, at = _read_count(data, at + 1)
    if count is None:
        return None, at
    if count and element_type in _WITHOUT_BYTES:
        raise MalformedFrame(f"{count} elements without bytes: {data[:64].hex()}")
    found: list[Value] = []
    for _ in range(count):
        value, at = _read_inside(element_type, data, at, depth)
        found.append(value)
    return Collection(element_type, tuple(found)), at


def _read_structure(data: bytes, at: int, depth: int = 0) -> tuple[Value, int]:
    count, at = _read_count(data, at)
    if count is None:
        return None, at
    found: list[tuple[int, Value]] = []
    for _ in range(count):
        type_id = _type_at(data, at)
        value, at = _read_inside(type_id, data, at + 1, depth)
        found.append((type_id, value))
    return Structure(tuple(found)), at


def _read_inside(type_id: int, data: bytes, at: int, depth: int) -> tuple[Value, int]:
    """A value inside another, which may have values inside itself."""
    nested = _NESTED.get(type_id)
    if nested is None:
        return decode_value(type_id, data, at)
    if depth >= DEPTH_MAX:
        raise MalformedFrame(f"more than {DEPTH_MAX} levels: {data[:64].hex()}")
    return nested(data, at, depth + 1)


def _type_at(data: bytes, at: int) -> int:
    if at >= len(data):
        raise _short(data, at, 1)
    return data[at]


_WITHOUT_BYTES: Final = frozenset((DataType.NO_DATA, DataType.UNKNOWN))

_NESTED: Final[dict[int, Callable[[bytes, int, int], tuple[Value, int]]]] = {
    DataType.ARRAY: _read_collection,
    DataType.STRUCTURE: _read_structure,
    DataType.SET: _read_collection,
    DataType.BAG: _read_collection,
}


# Writing ------------------------------------------------------------------------------------------------------------


def _write_unsigned(size: int, none: int | None) -> Writer:
    def write(value: Value) -> bytes:
        if value is None:
            value = none
        if not isinstance(value, int):
            raise TypeError(f"{value!r} is no whole number")
        return value.to_bytes(size, "little")

    return write


def _write_signed(size: int) -> Writer:
    none = -(1 << (8 * size - 1))

    def write(value: Value) -> bytes:
        if value is None:
            value = none
        if not isinstance(value, int):
            raise TypeError(f"{value!r} is no whole number")
        return value.to_bytes(size, "little", signed=True)

    return write


def _write_float(layout: struct.Struct) -> Writer:
    def write(value: Value) -> bytes:
        if value is None:
            value = float("nan")
        if not isinstance(value, int | float):
            raise TypeError(f"{value!r} is no number")
        return layout.pack(value)

    return write


def _write_string(prefix: int) -> Writer:
    none = (1 << 8 * prefix) - 1

    def write(value: Value) -> bytes:
        if value is None:
            return none.to_bytes(prefix, "little")
        raw = value.encode() if isinstance(value, str) else value
        if not isinstance(raw, bytes):
            raise TypeError(f"{value!r} is no string")
        if len(raw) >= none:
            raise ValueError(f"{len(raw)} bytes do not fit into a string of at most {none - 1}")
        return len(raw).to_bytes(prefix, "little") + raw

    return write


def _write_key(value: Value) -> bytes:
    if not isinstance(value, bytes) or len(value) != 16:
        raise ValueError("a key has 16 bytes")
    return value


def _write_nothing(value: Value) -> bytes:
    if value is not None:
        raise ValueError(f"{value!r} where there is no value")
    return b""


def _write_time_of_day(value: Value) -> bytes:
    if value is None:
        return b"\xff\xff\xff\xff"
    if not isinstance(value, TimeOfDay):
        raise TypeError(f"{value!r} is no time of day")
    return _parts(value.hour, value.minute, value.second, value.hundredths)


def _write_date(value: Value) -> bytes:
    if value is None:
        return b"\xff\xff\xff\xff"
    if not isinstance(value, Date):
        raise TypeError(f"{value!r} is no date")
    return _parts(None if value.year is None else value.year - 1900, value.month, value.day, value.weekday)


def _parts(*parts: int | None) -> bytes:
    return bytes(0xFF if part is None else part for part in parts)


def _write_collection(value: Value) -> bytes:
    if value is None:
        return bytes((DataType.UNKNOWN, 0xFF, 0xFF))
    if not isinstance(value, Collection):
        raise TypeError(f"{value!r} is no collection")
    head = bytes((value.element_type,)) + len(value.values).to_bytes(2, "little")
    return head + b"".join(encode_value(value.element_type, one) for one in value.values)


def _write_structure(value: Value) -> bytes:
    if value is None:
        return b"\xff\xff"
    if not isinstance(value, Structure):
        raise TypeError(f"{value!r} is no structure")
    members = b"".join(bytes((type_id,)) + encode_value(type_id, one) for type_id, one in value.members)
    return len(value.members).to_bytes(2, "little") + members


# The types ----------------------------------------------------------------------------------------------------------

_SEMI: Final = struct.Struct("<e")
_SINGLE: Final = struct.Struct("<f")
_DOUBLE: Final = struct.Struct("<d")


def _all_ones(size: int) -> int:
    return (1 << 8 * size) - 1


READERS: Final[dict[int, Reader]] = {
    DataType.NO_DATA: _read_nothing,
    **{DataType.DATA8 + size - 1: _read_unsigned(size, None) for size in range(1, 9)},
    DataType.BOOLEAN: _read_boolean,
    **{DataType.BITMAP8 + size - 1: _read_unsigned(size, None) for size in range(1, 9)},
    **{DataType.UINT8 + size - 1: _read_unsigned(size, _all_ones(size)) for size in range(1, 9)},
    DataType.UINT8: _read_byte,
    **{DataType.INT8 + size - 1: _read_signed(size) for size in range(1, 9)},
    DataType.ENUM8: _read_byte,
    DataType.ENUM16: _read_unsigned(2, 0xFFFF),
    DataType.SEMI: _read_float(_SEMI),
    DataType.SINGLE: _read_float(_SINGLE),
    DataType.DOUBLE: _read_float(_DOUBLE),
    DataType.OCTET_STRING: _read_octets(1),
    DataType.CHAR_STRING: _read_text(1),
    DataType.LONG_OCTET_STRING: _read_octets(2),
    DataType.LONG_CHAR_STRING: _read_text(2),
    DataType.ARRAY: _read_collection,
    DataType.STRUCTURE: _read_structure,
    DataType.SET: _read_collection,
    DataType.BAG: _read_collection,
    DataType.TIME_OF_DAY: _read_time_of_day,
    DataType.DATE: _read_date,
    DataType.UTC: _read_unsigned(4, _all_ones(4)),
    DataType.CLUSTER_ID: _read_unsigned(2, 0xFFFF),
    DataType.ATTRIBUTE_ID: _read_unsigned(2, 0xFFFF),
    DataType.BACNET_OID: _read_unsigned(4, _all_ones(4)),
    DataType.EUI64: _read_unsigned(8, _all_ones(8)),
    DataType.KEY128: _read_key,
    DataType.UNKNOWN: _read_nothing,
}

WRITERS: Final[dict[int, Writer]] = {
    DataType.NO_DATA: _write_nothing,
    **{DataType.DATA8 + size - 1: _write_unsigned(size, None) for size in range(1, 9)},
    DataType.BOOLEAN: _write_unsigned(1, 0xFF),
    **{DataType.BITMAP8 + size - 1: _write_unsigned(size, None) for size in range(1, 9)},
    **{DataType.UINT8 + size - 1: _write_unsigned(size, _all_ones(size)) for size in range(1, 9)},
    **{DataType.INT8 + size - 1: _write_signed(size) for size in range(1, 9)},
    DataType.ENUM8: _write_unsigned(1, 0xFF),
    DataType.ENUM16: _write_unsigned(2, 0xFFFF),
    DataType.SEMI: _write_float(_SEMI),
    DataType.SINGLE: _write_float(_SINGLE),
    DataType.DOUBLE: _write_float(_DOUBLE),
    DataType.OCTET_STRING: _write_string(1),
    DataType.CHAR_STRING: _write_string(1),
    DataType.LONG_OCTET_STRING: _write_string(2),
    DataType.LONG_CHAR_STRING: _write_string(2),
    DataType.ARRAY: _write_collection,
    DataType.STRUCTURE: _write_structure,
    DataType.SET: _write_collection,
    DataType.BAG: _write_collection,
    DataType.TIME_OF_DAY: _write_time_of_day,
    DataType.DATE: _write_date,
    DataType.UTC: _write_unsigned(4, _all_ones(4)),
    DataType.CLUSTER_ID: _write_unsigned(2, 0xFFFF),
    DataType.ATTRIBUTE_ID: _write_unsigned(2, 0xFFFF),
    DataType.BACNET_OID: _write_unsigned(4, _all_ones(4)),
    DataType.EUI64: _write_unsigned(8, _all_ones(8)),
    DataType.KEY128: _write_key,
    DataType.UNKNOWN: _write_nothing,
}
