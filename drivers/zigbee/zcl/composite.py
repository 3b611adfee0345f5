"""Values made of parts: times and dates, whose bytes may be untold; collections and structures of values (ZCL8, 2.6.2).

What is inside a collection is read and written by whoever knows the types, `data_types`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from drivers.zigbee.wire import MalformedFrame

DEPTH_MAX: Final = 15
"""ZCL8, 2.5.15: a selector reaches fifteen levels into an attribute."""

_UNTOLD: Final = b"\xff\xff\xff\xff"
_UNKNOWN: Final = 0xFF
"""The element type of an invalid collection."""
_WITHOUT_BYTES: Final = frozenset((0x00, _UNKNOWN))
"""Types that take no bytes: a count of them would make values from nothing."""

ReadInside = Callable[[int, bytes, int, int], tuple[Any, int]]
"""Type, data, where, depth: the value that begins there, and where it ends."""
WriteInside = Callable[[int, Any], bytes]


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A part that is not told is None; with none told the whole value is."""

    hour: int | None
    minute: int | None
    second: int | None
    hundredths: int | None


@dataclass(frozen=True, slots=True)
class Date:
    """A part that is not told is None; with none told the whole value is."""

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
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """Values of several types, each with its type before it."""

    members: tuple[tuple[int, Any], ...]


def short(data: bytes, at: int, size: int) -> MalformedFrame:
    return MalformedFrame(f"a value of {size} bytes at {at} of {len(data)}: {data[:64].hex()}")


def read_time_of_day(data: bytes, at: int) -> tuple[TimeOfDay | None, int]:
    parts, end = _read_parts(data, at)
    return (None if parts is None else TimeOfDay(*parts)), end


def read_date(data: bytes, at: int) -> tuple[Date | None, int]:
    parts, end = _read_parts(data, at)
    if parts is None:
        return None, end
    year, month, day, weekday = parts
    return Date(None if year is None else 1900 + year, month, day, weekday), end


def _read_parts(data: bytes, at: int) -> tuple[tuple[int | None, ...] | None, int]:
    """Four bytes, each of which may be untold."""
    raw = data[at : at + 4]
    if len(raw) < 4:
        raise short(data, at, 4)
    return (None if raw == _UNTOLD else tuple(None if byte == 0xFF else byte for byte in raw)), at + 4


def read_collection(data: bytes, at: int, depth: int, inside: ReadInside) -> tuple[Collection | None, int]:
    element_type = _type_at(data, at)
    count, at = _read_count(data, at + 1)
    if count is None:
        return None, at
    if count and element_type in _WITHOUT_BYTES:
        raise MalformedFrame(f"{count} elements without bytes: {data[:64].hex()}")
    found: list[Any] = []
    for _ in range(count):
        value, at = inside(element_type, data, at, depth)
        found.append(value)
    return Collection(element_type, tuple(found)), at


def read_structure(data: bytes, at: int, depth: int, inside: ReadInside) -> tuple[Structure | None, int]:
    count, at = _read_count(data, at)
    if count is None:
        return None, at
    found: list[tuple[int, Any]] = []
    for _ in range(count):
        type_id = _type_at(data, at)
        value, at = inside(type_id, data, at + 1, depth)
        found.append((type_id, value))
    return Structure(tuple(found)), at


def _read_count(data: bytes, at: int) -> tuple[int | None, int]:
    if at + 2 > len(data):
        raise short(data, at, 2)
    count = data[at] | data[at + 1] << 8
    return (None if count == 0xFFFF else count), at + 2


def _type_at(data: bytes, at: int) -> int:
    if at >= len(data):
        raise short(data, at, 1)
    return data[at]


def write_time_of_day(value: Any) -> bytes:
    if value is None:
        return _UNTOLD
    if not isinstance(value, TimeOfDay):
        raise TypeError(f"{value!r} is no time of day")
    return _parts(value.hour, value.minute, value.second, value.hundredths)


def write_date(value: Any) -> bytes:
    if value is None:
        return _UNTOLD
    if not isinstance(value, Date):
        raise TypeError(f"{value!r} is no date")
    return _parts(None if value.year is None else value.year - 1900, value.month, value.day, value.weekday)


def _parts(*parts: int | None) -> bytes:
    return bytes(0xFF if part is None else part for part in parts)


def write_collection(value: Any, inside: WriteInside) -> bytes:
    if value is None:
        return bytes((_UNKNOWN, 0xFF, 0xFF))
    if not isinstance(value, Collection):
        raise TypeError(f"{value!r} is no collection")
    head = bytes((value.element_type,)) + len(value.values).to_bytes(2, "little")
    return head + b"".join(inside(value.element_type, one) for one in value.values)


def write_structure(value: Any, inside: WriteInside) -> bytes:
    if value is None:
        return b"\xff\xff"
    if not isinstance(value, Structure):
        raise TypeError(f"{value!r} is no structure")
    members = b"".join(bytes((type_id,)) + inside(type_id, one) for type_id, one in value.members)
    return len(value.members).to_bytes(2, "little") + members
