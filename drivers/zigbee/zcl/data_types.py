"""The values of attributes and how they lie in bytes, by the type that stands before them (ZCL8, 2.6.2, table 2-11).

Types with a *non-value* ("invalid" before ZCL7: all ones for unsigned numbers, the lowest for signed ones, NaN,
a length of 0xFF...) give None for it, and write it for None. Bit maps and raw data have none.

    unsigned, signed, enum, bitmap, data, ids, EUI64, UTC (seconds since 2000)   int
    boolean                                                                      bool
    semi, single, double                                                         float
    octet string, 128-bit key                                                    bytes
    character string                      str, and bytes where it is not UTF-8 (Xiaomi keeps a structure in one)
    time of day, date; array, set, bag; structure        TimeOfDay, Date; Collection; Structure of `composite`

Decoding is on the path of every report: one dictionary look-up, one small function for a type.
"""

import math
import struct
from collections.abc import Callable
from enum import IntEnum
from typing import Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.composite import (
    DEPTH_MAX,
    Collection,
    Date,
    ReadInside,
    Structure,
    TimeOfDay,
    read_collection,
    read_date,
    read_structure,
    read_time_of_day,
    short,
    write_collection,
    write_date,
    write_structure,
    write_time_of_day,
)


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


Value = int | float | bool | str | bytes | TimeOfDay | Date | Collection | Structure | None

Reader = Callable[[bytes, int], tuple[Value, int]]
Writer = Callable[[Value], bytes]
_Codec = tuple[Reader, Writer]


def decode_value(type_id: int, data: bytes, at: int) -> tuple[Value, int]:
    """The value of this type that begins at `at`, and where it ends. Raises MalformedFrame."""
    reader = READERS.get(type_id)
    if reader is None:
        raise unknown_type(type_id, data)
    return reader(data, at)


def encode_value(type_id: int, value: Value) -> bytes:
    """Raises ValueError, OverflowError or TypeError for what is no value of this type: then we are wrong."""
    return _WRITERS[type_id](value)


def is_analog(type_id: int) -> bool:
    """Whether values have a distance, so that a reportable change makes sense (table 2-11, "A")."""
    return 0x20 <= type_id <= 0x2F or 0x38 <= type_id <= 0x3A or 0xE0 <= type_id <= 0xE2


def is_known(type_id: int) -> bool:
    return type_id in READERS


def unknown_type(type_id: int, data: bytes) -> MalformedFrame:
    return MalformedFrame(f"0x{type_id:02x} is no ZCL data type: {data[:64].hex()}")


# Reading ------------------------------------------------------------------------------------------------------------


def _read_byte(data: bytes, at: int) -> tuple[Value, int]:
    try:
        value = data[at]
    except IndexError:
        raise short(data, at, 1) from None
    return (None if value == 0xFF else value), at + 1


def _read_boolean(data: bytes, at: int) -> tuple[Value, int]:
    try:
        value = data[at]
    except IndexError:
        raise short(data, at, 1) from None
    return (None if value == 0xFF else value != 0), at + 1


def _read_unsigned(size: int, none: int | None) -> Reader:
    def read(data: bytes, at: int) -> tuple[Value, int]:
        end = at + size
        if end > len(data):
            raise short(data, at, size)
        value = int.from_bytes(data[at:end], "little")
        return (None if value == none else value), end

    return read


def _read_signed(size: int) -> Reader:
    none = -(1 << (8 * size - 1))

    def read(data: bytes, at: int) -> tuple[Value, int]:
        end = at + size
        if end > len(data):
            raise short(data, at, size)
        value = int.from_bytes(data[at:end], "little", signed=True)
        return (None if value == none else value), end

    return read


def _read_float(layout: struct.Struct) -> Reader:
    def read(data: bytes, at: int) -> tuple[Value, int]:
        end = at + layout.size
        if end > len(data):
            raise short(data, at, layout.size)
        value: float = layout.unpack_from(data, at)[0]
        return (None if math.isnan(value) else value), end

    return read


def _read_octets(prefix: int) -> Callable[[bytes, int], tuple[bytes | None, int]]:
    none = (1 << 8 * prefix) - 1

    def read(data: bytes, at: int) -> tuple[bytes | None, int]:
        start = at + prefix
        length = int.from_bytes(data[at:start], "little")
        if start > len(data):
            raise short(data, at, prefix)
        if length == none:
            return None, start
        end = start + length
        if end > len(data):
            raise short(data, start, length)
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
        raise short(data, at, 16)
    return data[at : at + 16], at + 16


def _read_nothing(_data: bytes, at: int) -> tuple[Value, int]:
    return None, at


def _read_collection(data: bytes, at: int) -> tuple[Value, int]:
    return read_collection(data, at, 0, _read_inside)


def _read_structure(data: bytes, at: int) -> tuple[Value, int]:
    return read_structure(data, at, 0, _read_inside)


def _read_inside(type_id: int, data: bytes, at: int, depth: int) -> tuple[Value, int]:
    """A value inside another, which may have values inside itself."""
    nested = _NESTED.get(type_id)
    if nested is None:
        return decode_value(type_id, data, at)
    if depth >= DEPTH_MAX:
        raise MalformedFrame(f"more than {DEPTH_MAX} levels: {data[:64].hex()}")
    return nested(data, at, depth + 1, _read_inside)


_NESTED: Final[dict[int, Callable[[bytes, int, int, ReadInside], tuple[Value, int]]]] = {
    DataType.ARRAY: read_collection,
    DataType.STRUCTURE: read_structure,
    DataType.SET: read_collection,
    DataType.BAG: read_collection,
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


def _write_collection(value: Value) -> bytes:
    return write_collection(value, encode_value)


def _write_structure(value: Value) -> bytes:
    return write_structure(value, encode_value)


# The types ----------------------------------------------------------------------------------------------------------


def _numbers(first: int, kind: Callable[[int], _Codec]) -> dict[int, _Codec]:
    """Eight types in a row: of one to eight bytes."""
    return {first + size - 1: kind(size) for size in range(1, 9)}


def _unsigned(size: int) -> _Codec:
    none = (1 << 8 * size) - 1
    return _read_unsigned(size, none), _write_unsigned(size, none)


def _bits(size: int) -> _Codec:
    """Every value is one."""
    return _read_unsigned(size, None), _write_unsigned(size, None)


def _signed(size: int) -> _Codec:
    return _read_signed(size), _write_signed(size)


def _float(layout: struct.Struct) -> _Codec:
    return _read_float(layout), _write_float(layout)


_CODECS: Final[dict[int, _Codec]] = {
    DataType.NO_DATA: (_read_nothing, _write_nothing),
    **_numbers(DataType.DATA8, _bits),
    DataType.BOOLEAN: (_read_boolean, _write_unsigned(1, 0xFF)),
    **_numbers(DataType.BITMAP8, _bits),
    **_numbers(DataType.UINT8, _unsigned),
    DataType.UINT8: (_read_byte, _write_unsigned(1, 0xFF)),
    **_numbers(DataType.INT8, _signed),
    DataType.ENUM8: (_read_byte, _write_unsigned(1, 0xFF)),
    DataType.ENUM16: _unsigned(2),
    DataType.SEMI: _float(struct.Struct("<e")),
    DataType.SINGLE: _float(struct.Struct("<f")),
    DataType.DOUBLE: _float(struct.Struct("<d")),
    DataType.OCTET_STRING: (_read_octets(1), _write_string(1)),
    DataType.CHAR_STRING: (_read_text(1), _write_string(1)),
    DataType.LONG_OCTET_STRING: (_read_octets(2), _write_string(2)),
    DataType.LONG_CHAR_STRING: (_read_text(2), _write_string(2)),
    DataType.ARRAY: (_read_collection, _write_collection),
    DataType.STRUCTURE: (_read_structure, _write_structure),
    DataType.SET: (_read_collection, _write_collection),
    DataType.BAG: (_read_collection, _write_collection),
    DataType.TIME_OF_DAY: (read_time_of_day, write_time_of_day),
    DataType.DATE: (read_date, write_date),
    DataType.UTC: _unsigned(4),
    DataType.CLUSTER_ID: _unsigned(2),
    DataType.ATTRIBUTE_ID: _unsigned(2),
    DataType.BACNET_OID: _unsigned(4),
    DataType.EUI64: _unsigned(8),
    DataType.KEY128: (_read_key, _write_key),
    DataType.UNKNOWN: (_read_nothing, _write_nothing),
}

READERS: Final[dict[int, Reader]] = {type_id: reader for type_id, (reader, _) in _CODECS.items()}
_WRITERS: Final[dict[int, Writer]] = {type_id: writer for type_id, (_, writer) in _CODECS.items()}
