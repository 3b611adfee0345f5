"""Which ZCL type a value of a snapshot has, and the value as that type has it.

A snapshot's values went through Python and JSON: what the cluster's table says comes first, then the type that the
file names, then what the value itself looks like.
"""

import re
from collections.abc import Iterator
from typing import Final

from drivers.zigbee.zcl.data_types import DataType, Value, decode_value, encode_value

Raw = bool | int | float | str
"""As JSON has it."""

_NAMED: Final = re.compile(r"type=<(?:class|enum|flag) '(?:[\w.<>]*\.)?(\w+)'")

_NAMES: Final[dict[str, DataType]] = {
    "Bool": DataType.BOOLEAN,
    **{f"uint{8 * size}_t": DataType(DataType.UINT8 + size - 1) for size in range(1, 9)},
    **{f"int{8 * size}s": DataType(DataType.INT8 + size - 1) for size in range(1, 9)},
    **{f"bitmap{8 * size}": DataType(DataType.BITMAP8 + size - 1) for size in range(1, 9)},
    "enum8": DataType.ENUM8,
    "enum16": DataType.ENUM16,
    "Single": DataType.SINGLE,
    "Double": DataType.DOUBLE,
    "CharacterString": DataType.CHAR_STRING,
    "LimitedCharString": DataType.CHAR_STRING,
    "LVBytes": DataType.OCTET_STRING,
    "LimitedLVBytes": DataType.OCTET_STRING,
    "EUI64": DataType.EUI64,
    "UTCTime": DataType.UTC,
}
"""Types as the files name them."""

_EUI64: Final = re.compile(r"([0-9a-fA-F]{2}:){7}[0-9a-fA-F]{2}")
_UNSIGNED: Final = (DataType.UINT8, DataType.UINT16, DataType.UINT32, DataType.UINT64)
_SIGNED: Final = (DataType.INT8, DataType.INT16, DataType.INT32, DataType.INT64)
_WHOLE: Final = (
    *range(DataType.DATA8, DataType.DATA64 + 1),
    *range(DataType.BITMAP8, DataType.BITMAP64 + 1),
    *range(DataType.UINT8, DataType.UINT64 + 1),
    *range(DataType.INT8, DataType.INT64 + 1),
    DataType.ENUM8,
    DataType.ENUM16,
    DataType.UTC,
    DataType.CLUSTER_ID,
    DataType.ATTRIBUTE_ID,
    DataType.BACNET_OID,
)


def typed(raw: Raw, known: int | None, text: str) -> tuple[int, Value]:
    """The type and the value; `known` is what the cluster's table says, `text` what the file says of the attribute.

    Raises ValueError for a value that no type has.
    """
    for type_id in _candidates(raw, known, text):
        value = _as(type_id, raw)
        wire = None if value is None else _written(type_id, value)
        if wire is not None:
            # All ones, or whatever else says that there is no value, comes out as none.
            return type_id, decode_value(type_id, wire, 0)[0]
    raise ValueError("no data type has this value")


def _candidates(raw: Raw, known: int | None, text: str) -> Iterator[int]:
    if known is not None:
        yield known
    named = _NAMED.search(text)
    if named is not None and named.group(1) in _NAMES:
        yield _NAMES[named.group(1)]
    match raw:
        case bool():
            yield DataType.BOOLEAN
        case int():
            yield from _UNSIGNED if raw >= 0 else _SIGNED
        case float():
            yield DataType.SINGLE
            yield DataType.DOUBLE
        case str():
            yield DataType.CHAR_STRING


def _as(type_id: int, raw: Raw) -> Value:
    """None where it cannot be one."""
    match raw:
        case str():
            if type_id == DataType.EUI64:
                return int(raw.replace(":", ""), 16) if _EUI64.fullmatch(raw) else None
            if type_id == DataType.OCTET_STRING:
                return raw.encode()
            return raw if type_id == DataType.CHAR_STRING else None
        case bool() | int() | float():
            if type_id == DataType.BOOLEAN:
                return bool(raw) if raw in (0, 1) else None
            if type_id in (DataType.SEMI, DataType.SINGLE, DataType.DOUBLE):
                return float(raw) if abs(raw) < 1e300 else None
            # A quirk may have turned tenths into a whole with a fraction: the device itself had no fractions.
            return round(raw) if type_id in _WHOLE else None


def _written(type_id: int, value: Value) -> bytes | None:
    """None where it does not fit."""
    try:
        return encode_value(type_id, value)
    except (ValueError, OverflowError, TypeError):
        return None
