"""Firmware files: read whole or refused with a reason. The makers' headers are from files that they publish."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.ota_upgrade.ota_file import (
    ELEMENTS_MAX,
    FILE_SIZE_MAX,
    ElementTag,
    FieldControl,
    OtaFile,
    OtaHeader,
    find_ota_file,
)
from tests.drivers.zigbee.zcl.any_record import records

# As in a file of Innr's for a lamp, for hardware 0.0 to 1.1.
INNR = OtaHeader(
    header_length=60,
    field_control=FieldControl.HARDWARE_VERSIONS,
    manufacturer_code=0x1166,
    image_type=0x012B,
    file_version=0x24031511,
    zigbee_stack_version=2,
    header_string=b"Light".ljust(32, b"\x00"),
    total_image_size=0,
    minimum_hardware_version=0x0000,
    maximum_hardware_version=0x0101,
)
INNR_BYTES = "1ef1ee0b00013c00040066112b01111503240200" + b"Light".hex() + "00" * 27 + "0000000000000101"


def element(tag: int, data: bytes) -> bytes:
    return tag.to_bytes(2, "little") + len(data).to_bytes(4, "little") + data


def file_of(*elements: bytes, header: OtaHeader = INNR) -> bytes:
    body = b"".join(elements)
    return replace(header, total_image_size=header.header_length + len(body)).to_bytes() + body


def test_a_header_has_the_bytes_of_the_makers_file() -> None:
    assert INNR.to_bytes().hex() == INNR_BYTES
    assert OtaHeader.from_bytes(bytes.fromhex(INNR_BYTES)) == INNR
    assert INNR.title == "Light"


def test_a_header_has_the_fields_that_its_control_says() -> None:
    control = FieldControl.SECURITY_CREDENTIAL_VERSION | FieldControl.DEVICE_SPECIFIC | FieldControl.HARDWARE_VERSIONS
    header = replace(
        INNR,
        header_length=69,
        field_control=control,
        security_credential_version=2,
        destination=0x00124B0000000001,
    )
    assert header.to_bytes()[56:].hex() == "020100000000 4b1200".replace(" ", "") + "00000101"
    short = replace(
        INNR, header_length=56, field_control=0, minimum_hardware_version=None, maximum_hardware_version=None
    )
    assert len(short.to_bytes()) == 56
    assert short.fits_hardware(0xFFFF)
    assert INNR.fits_hardware(0x0101)
    assert not INNR.fits_hardware(0x0102)


def test_a_file_is_read_with_its_parts() -> None:
    data = file_of(element(ElementTag.UPGRADE_IMAGE, b"firmware"), element(0xF123, b"own"))
    read = OtaFile.from_bytes(data + b"padding")
    assert read.data == data
    assert [(one.tag, one.start, one.data) for one in read.elements] == [(0, 60, b"firmware"), (0xF123, 74, b"own")]


def test_a_telink_part_has_two_bytes_more() -> None:
    raw = element(ElementTag.TELINK_AES, b"firmware")
    data = file_of(raw[:6] + b"\x12\x34" + raw[6:], element(ElementTag.UPGRADE_IMAGE, b"x"))
    assert [one.data for one in OtaFile.from_bytes(data).elements] == [b"firmware", b"x"]


def test_what_fills_a_file_up_behind_its_parts_is_sent_with_it() -> None:
    """As in LEDVANCE's: two bytes, which are counted in the header."""
    data = file_of(element(ElementTag.UPGRADE_IMAGE, b"firmware"), b"\xff\xff")
    read = find_ota_file(data)
    assert read.data == data
    assert [one.data for one in read.elements] == [b"firmware"]


def test_a_file_of_philips_hues_has_no_parts_and_is_served_all_the_same() -> None:
    data = file_of(bytes.fromhex("2a0001") + bytes(range(200)), header=replace(INNR, manufacturer_code=0x100B))
    read = find_ota_file(data)
    assert (read.data, read.elements, read.integrity) == (data, (), None)


def test_what_makers_put_before_a_file_is_passed_over() -> None:
    # IKEA signs its files: "NGIS" and a length stand before them.
    data = file_of(element(0, b"firmware"))
    assert find_ota_file(b"NGIS" + bytes(60) + data).data == data
    assert find_ota_file(data).data == data
    with pytest.raises(MalformedFrame, match="nowhere near"):
        find_ota_file(bytes(5000) + data)


def test_blocks_are_cut_from_the_file_and_the_last_is_shorter() -> None:
    read = OtaFile.from_bytes(file_of(element(0, bytes(range(100)))))
    blocks = [read.block(offset, 50) for offset in range(0, len(read.data), 50)]
    assert b"".join(blocks) == read.data
    assert len(blocks[-1]) == len(read.data) % 50
    assert read.block(len(read.data), 50) == b""
    with pytest.raises(MalformedFrame):
        read.block(len(read.data) + 1, 50)


def test_an_integrity_code_is_of_all_before_it() -> None:
    image = element(ElementTag.UPGRADE_IMAGE, b"firmware")
    assert OtaFile.from_bytes(file_of(image)).integrity is None
    whole = file_of(image, element(ElementTag.INTEGRITY_CODE, bytes(range(16))))
    assert OtaFile.from_bytes(whole).integrity == (60 + len(image), bytes(range(16)))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no OTA file"),
        (b"\x1e\xf1\xee", "no OTA file"),
        (b"PK\x03\x04" + bytes(60), "begins with 504b0304"),
        (bytes.fromhex(INNR_BYTES)[:40], "missing"),
        (bytes.fromhex(INNR_BYTES), "0 bytes"),
        (file_of(), "nothing in it"),
        (file_of(element(0, b"x"))[:-1] + bytes(FILE_SIZE_MAX), "at most"),
        (file_of(element(0, b"firmware"))[:-1], "73 are there"),
        (file_of(element(0, b"firmware")[:-1]), "missing"),
        (file_of(b"\x00\x00\x01"), "missing"),
        (file_of(element(0, b""), header=replace(INNR, header_version=0x0200)), "version 0x0200"),
        (file_of(element(0, b""), header=replace(INNR, header_length=58)), "58 bytes and has 60"),
        (file_of(element(0, b"") * (ELEMENTS_MAX + 1)), "elements"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_with_a_reason(data: bytes, says: str) -> None:
    with pytest.raises(MalformedFrame, match=says):
        OtaFile.from_bytes(data)


@given(
    header=records(OtaHeader),
    parts=st.lists(st.tuples(st.integers(0, 0xEFFF), st.binary(max_size=20)), min_size=1, max_size=4),
)
def test_any_file_comes_back_as_it_went(header: OtaHeader, parts: list[tuple[int, bytes]]) -> None:
    header = replace(header, magic=INNR.magic, header_version=0x0100, header_length=len(header.to_bytes()))
    read = OtaFile.from_bytes(file_of(*(element(*part) for part in parts), header=header))
    assert [(one.tag, one.data) for one in read.elements] == parts
    assert replace(read.header, total_image_size=0) == replace(header, total_image_size=0)


@given(data=st.binary(max_size=200), at=st.integers(0, 100), byte=st.integers(0, 255))
def test_arbitrary_files_raise_only_malformed_frame(data: bytes, at: int, byte: int) -> None:
    changed = bytearray(file_of(element(0, b"firmware")))
    changed[at % len(changed)] = byte
    for file in (data, INNR.to_bytes() + data, bytes(changed)):
        try:
            find_ota_file(file)
        except MalformedFrame:
            continue
