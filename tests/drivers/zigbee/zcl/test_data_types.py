"""The types of ZCL8, table 2-11: sizes, values that mean none, what is refused. Round trips are elsewhere."""

import math
import struct
from typing import Any

import pytest

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.composite import DEPTH_MAX, Collection, Date, Structure, TimeOfDay
from drivers.zigbee.zcl.data_types import READERS, DataType, decode_value, encode_value, is_analog, is_known

# ZCL8, table 2-11: type, length of a value; 0 where it varies.
SIZES = {
    DataType.NO_DATA: 0,
    **{DataType(0x08 + size - 1): size for size in range(1, 9)},
    DataType.BOOLEAN: 1,
    **{DataType(first + size - 1): size for first in (0x18, 0x20, 0x28) for size in range(1, 9)},
    DataType.ENUM8: 1,
    DataType.ENUM16: 2,
    DataType.SEMI: 2,
    DataType.SINGLE: 4,
    DataType.DOUBLE: 8,
    DataType.TIME_OF_DAY: 4,
    DataType.DATE: 4,
    DataType.UTC: 4,
    DataType.CLUSTER_ID: 2,
    DataType.ATTRIBUTE_ID: 2,
    DataType.BACNET_OID: 4,
    DataType.EUI64: 8,
    DataType.KEY128: 16,
}
ANALOG = {
    *(DataType(first + size) for first in (0x20, 0x28) for size in range(8)),
    DataType.SEMI,
    DataType.SINGLE,
    DataType.DOUBLE,
    DataType.TIME_OF_DAY,
    DataType.DATE,
    DataType.UTC,
}


def _read(type_id: int, data: str) -> Any:
    raw = bytes.fromhex(data)
    value, end = decode_value(type_id, raw, 0)
    assert end == len(raw)
    return value


def test_every_type_is_read_and_written() -> None:
    assert READERS.keys() == set(DataType)
    assert all(is_known(type_id) for type_id in DataType)
    assert not is_known(0x99)


@pytest.mark.parametrize(("type_id", "size"), SIZES.items(), ids=[kind.name for kind in SIZES])
def test_a_value_has_as_many_bytes_as_its_type_says(type_id: DataType, size: int) -> None:
    value, end = decode_value(type_id, bytes(size), 0)
    assert end == size
    assert len(encode_value(type_id, value)) == size
    if size:
        with pytest.raises(MalformedFrame):
            decode_value(type_id, bytes(size - 1), 0)


@pytest.mark.parametrize("type_id", DataType, ids=lambda kind: kind.name)
def test_analog_types_are_those_of_the_table(type_id: DataType) -> None:
    assert is_analog(type_id) == (type_id in ANALOG)


# ZCL8, table 2-11: type, the bytes of its non-value.
@pytest.mark.parametrize(
    ("type_id", "data"),
    [
        (DataType.BOOLEAN, "ff"),
        *((DataType(0x20 + size - 1), "ff" * size) for size in range(1, 9)),
        *((DataType(0x28 + size - 1), "00" * (size - 1) + "80") for size in range(1, 9)),
        (DataType.ENUM8, "ff"),
        (DataType.ENUM16, "ffff"),
        (DataType.SEMI, "007e"),
        (DataType.SINGLE, "0000c07f"),
        (DataType.DOUBLE, "000000000000f87f"),
        (DataType.OCTET_STRING, "ff"),
        (DataType.CHAR_STRING, "ff"),
        (DataType.LONG_OCTET_STRING, "ffff"),
        (DataType.LONG_CHAR_STRING, "ffff"),
        (DataType.ARRAY, "ffffff"),
        (DataType.SET, "ffffff"),
        (DataType.BAG, "ffffff"),
        (DataType.STRUCTURE, "ffff"),
        (DataType.TIME_OF_DAY, "ffffffff"),
        (DataType.DATE, "ffffffff"),
        (DataType.UTC, "ffffffff"),
        (DataType.CLUSTER_ID, "ffff"),
        (DataType.ATTRIBUTE_ID, "ffff"),
        (DataType.BACNET_OID, "ffffffff"),
        (DataType.EUI64, "ffffffffffffffff"),
    ],
)
def test_a_non_value_is_none_in_both_directions(type_id: DataType, data: str) -> None:
    assert _read(type_id, data) is None
    assert encode_value(type_id, None).hex() == data


@pytest.mark.parametrize("type_id", [DataType.DATA8, DataType.BITMAP16, DataType.BITMAP64, DataType.KEY128])
def test_data_bit_maps_and_keys_have_no_non_value(type_id: DataType) -> None:
    raw = b"\xff" * SIZES[type_id]
    value, _ = decode_value(type_id, raw, 0)
    assert value is not None
    assert encode_value(type_id, value) == raw
    with pytest.raises((TypeError, ValueError)):
        encode_value(type_id, None)


@pytest.mark.parametrize(
    ("type_id", "data", "value"),
    [
        (DataType.INT16, "f6ff", -10),
        (DataType.INT24, "feffff", -2),
        (DataType.UINT24, "010203", 0x030201),
        (DataType.UINT48, "010203040506", 0x060504030201),
        (DataType.INT56, "ffffffffffffff", -1),
        (DataType.BOOLEAN, "02", True),
        (DataType.SEMI, "0035", 0.3125),
        (DataType.SINGLE, "0000c842", 100.0),
        (DataType.DOUBLE, struct.pack("<d", math.pi).hex(), math.pi),
        (DataType.CHAR_STRING, "02c3a9", "é"),
        (DataType.CHAR_STRING, "00", ""),
        (DataType.OCTET_STRING, "02c3a9", b"\xc3\xa9"),
        (DataType.LONG_CHAR_STRING, "0200c3a9", "é"),
        (DataType.TIME_OF_DAY, "0d1eff00", TimeOfDay(13, 30, None, 0)),
        (DataType.DATE, "7e0b1702", Date(2026, 11, 23, 2)),
        (DataType.DATE, "ff0bff01", Date(None, 11, None, 1)),
        (DataType.UTC, "0100002f", 0x2F000001),
        (DataType.EUI64, "0403020100 4b1200", 0x00124B0001020304),
        (DataType.ARRAY, "2002000105", Collection(DataType.UINT8, (1, 5))),
        (DataType.SET, "200000", Collection(DataType.UINT8, ())),
        (DataType.BAG, "420100 0161", Collection(DataType.CHAR_STRING, ("a",))),
        (DataType.STRUCTURE, "0200 1001 210102", Structure(((DataType.BOOLEAN, True), (DataType.UINT16, 0x0201)))),
        (DataType.STRUCTURE, "0100 48 2001000f", Structure(((DataType.ARRAY, Collection(DataType.UINT8, (15,))),))),
    ],
)
def test_a_value_is_read_as_its_type_says(type_id: DataType, data: str, value: Any) -> None:
    assert _read(type_id, data) == value


def test_a_character_string_that_is_no_text_is_bytes() -> None:
    assert _read(DataType.CHAR_STRING, "03ff4203") == b"\xff\x42\x03"
    assert encode_value(DataType.CHAR_STRING, b"\xff\x42\x03").hex() == "03ff4203"


def test_a_string_is_at_most_as_long_as_its_length_can_say() -> None:
    assert len(encode_value(DataType.CHAR_STRING, "x" * 254)) == 255
    with pytest.raises(ValueError, match="254"):
        encode_value(DataType.OCTET_STRING, bytes(255))
    assert len(encode_value(DataType.LONG_OCTET_STRING, bytes(255))) == 257


def test_an_unknown_type_is_malformed_to_read_and_our_mistake_to_write() -> None:
    with pytest.raises(MalformedFrame, match="0x99"):
        decode_value(0x99, b"\x00" * 8, 0)
    with pytest.raises(KeyError):
        encode_value(0x99, 0)


def test_structures_are_nested_as_deep_as_a_selector_reaches_and_no_deeper() -> None:
    def nested(levels: int) -> bytes:
        return b"\x01\x00\x4c" * levels + b"\x00\x00"

    value, _ = decode_value(DataType.STRUCTURE, nested(DEPTH_MAX), 0)
    assert encode_value(DataType.STRUCTURE, value) == nested(DEPTH_MAX)
    with pytest.raises(MalformedFrame, match="levels"):
        decode_value(DataType.STRUCTURE, nested(DEPTH_MAX + 1), 0)
    with pytest.raises(MalformedFrame, match="levels"):
        decode_value(DataType.STRUCTURE, nested(5000), 0)


@pytest.mark.parametrize("element_type", ["00", "ff"])
def test_elements_without_bytes_are_refused_however_many_there_are_said_to_be(element_type: str) -> None:
    with pytest.raises(MalformedFrame, match="without bytes"):
        decode_value(DataType.ARRAY, bytes.fromhex(element_type + "fe7f"), 0)


@pytest.mark.parametrize(
    ("type_id", "value"),
    [
        (DataType.UINT8, "1"),
        (DataType.UINT8, 256),
        (DataType.UINT8, -1),
        (DataType.INT8, 128),
        (DataType.SINGLE, "1"),
        (DataType.SEMI, 1e9),
        (DataType.CHAR_STRING, 1),
        (DataType.KEY128, b"short"),
        (DataType.NO_DATA, 1),
        (DataType.DATE, 1),
        (DataType.TIME_OF_DAY, 1),
        (DataType.ARRAY, 1),
        (DataType.STRUCTURE, 1),
    ],
)
def test_what_is_no_value_of_a_type_is_our_mistake(type_id: DataType, value: Any) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        encode_value(type_id, value)
