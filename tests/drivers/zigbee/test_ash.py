"""ASH frames in bytes and back, and the parser. Bytes with a source are in tests/vectors/zigbee/ash.toml."""

import tomllib
from binascii import crc_hqx
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.zigbee import ash
from drivers.zigbee.ash import (
    CANCEL,
    FLAG,
    RECEIVED_MAX,
    Ack,
    Data,
    Error,
    Frame,
    Garbage,
    Nak,
    Parser,
    Reset,
    ResetAck,
    reset_text,
)

VECTORS = tomllib.loads((Path(__file__).parents[2] / "vectors/zigbee/ash.toml").read_text())
DATA = Data(3, bytes.fromhex("009001450000112233"), 5)
OTHER = Data(4, bytes(range(100)), 5, retransmitted=True)

numbers = st.integers(0, 7)
frames: st.SearchStrategy[Frame] = st.one_of(
    st.builds(Data, numbers, st.binary(min_size=3, max_size=RECEIVED_MAX), numbers, st.booleans()),
    st.builds(Ack, numbers, st.booleans()),
    st.builds(Nak, numbers, st.booleans()),
    st.builds(Reset),
    st.builds(ResetAck, st.integers(0, 255), st.integers(0, 255)),
    st.builds(Error, st.integers(0, 255), st.integers(0, 255)),
)


def _parse(data: bytes) -> list[Frame | Garbage]:
    return Parser().feed(data)


def _in_pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


@pytest.mark.parametrize("vector", VECTORS["vector"], ids=lambda vector: vector["source"])
def test_a_frame_has_the_bytes_of_its_source(vector: dict[str, Any]) -> None:
    fields = dict(vector.get("fields", {}))
    if "payload" in fields:
        fields["payload"] = bytes.fromhex(fields["payload"])
    frame = getattr(ash, vector["frame"])(**fields)
    data = bytes.fromhex(vector["bytes"])
    assert frame.to_bytes() == data
    assert _parse(data) == [frame]


@pytest.mark.parametrize("vector", VECTORS["crc"], ids=lambda vector: vector["source"])
def test_the_crc_is_that_of_the_specification(vector: dict[str, Any]) -> None:
    assert crc_hqx(bytes.fromhex(vector["bytes"]), 0xFFFF) == 0


@pytest.mark.parametrize("vector", VECTORS["misprint"], ids=lambda vector: vector["source"])
def test_what_is_printed_with_a_wrong_crc_is_garbage(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["bytes"])
    assert _parse(data) == [Garbage(data[:-1])]


@given(st.lists(frames, max_size=6), st.lists(st.integers(0, 4000), max_size=8))
def test_the_pieces_a_stream_comes_in_make_no_difference(sent: list[Frame], cuts: list[int]) -> None:
    parser = Parser()
    received: list[Frame | Garbage] = []
    for piece in _in_pieces(b"".join(frame.to_bytes() for frame in sent), cuts):
        received += parser.feed(piece)
    assert received == sent


@given(frames)
def test_no_reserved_byte_is_sent_but_for_the_escape_and_the_flag(frame: Frame) -> None:
    data = frame.to_bytes()
    assert data.find(FLAG) == len(data) - 1
    assert not set(data) & {0x11, 0x13, 0x18, 0x1A}


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_whatever_comes_raises_nothing_and_does_not_spoil_the_frame_after_the_next_flag(pieces: list[bytes]) -> None:
    parser = Parser()
    for piece in pieces:
        parser.feed(piece)
    parser.feed(FLAG)
    assert parser.feed(DATA.to_bytes()) == [DATA]


@given(st.binary(max_size=30), frames)
def test_a_cancel_byte_drops_what_was_begun(begun: bytes, frame: Frame) -> None:
    begun = begun.replace(FLAG, b"")
    assert _parse(begun + CANCEL + frame.to_bytes()) == [frame]
    parser = Parser()
    parser.feed(begun)
    assert parser.feed(CANCEL + frame.to_bytes()) == [frame]


def test_a_stick_puts_a_cancel_byte_before_its_rstack() -> None:
    assert _parse(bytes.fromhex("1ac1020b0a527e")) == [ResetAck(0x0B)]


def test_the_cancel_bytes_before_a_reset_are_no_frames() -> None:
    assert _parse(CANCEL * 32 + Reset().to_bytes()) == [Reset()]


@pytest.mark.parametrize("at", [1, 5, 9])
def test_a_substitute_byte_spoils_its_frame_and_no_other(at: int) -> None:
    data = DATA.to_bytes()
    found = _parse(data[:at] + b"\x18" + data[at:] + OTHER.to_bytes())
    assert isinstance(found[0], Garbage)
    assert found[1:] == [OTHER]


@pytest.mark.parametrize("flow", [b"\x11", b"\x13", b"\x13\x11"])
def test_xon_and_xoff_may_stand_anywhere(flow: bytes) -> None:
    data = OTHER.to_bytes()
    for at in range(len(data)):
        assert _parse(data[:at] + flow + data[at:]) == [OTHER]


def test_an_escape_byte_before_a_reserved_byte_has_no_effect() -> None:
    """UG101 §4.2."""
    ack = Ack(1).to_bytes()
    assert _parse(ack[:-1] + b"\x7d" + FLAG) == [Ack(1)]
    frame = Data(0, bytes((0x42 ^ 0x11, 0x21, 0xA8)), 0)  # randomised: 11 00 00
    assert frame.to_bytes()[1:3] == b"\x7d\x31"
    assert _parse(frame.to_bytes().replace(b"\x7d", b"\x7d\x7d")) == [frame]


def test_flags_between_frames_are_nothing() -> None:
    assert _parse(FLAG * 5 + Ack(1).to_bytes() + FLAG * 3) == [Ack(1)]


def test_every_flipped_bit_is_noticed() -> None:
    data = OTHER.to_bytes()
    for at in range(len(data)):
        for bit in range(8):
            damaged = data[:at] + bytes((data[at] ^ 1 << bit,)) + data[at + 1 :] + FLAG
            assert all(isinstance(frame, Garbage) for frame in _parse(damaged)), (at, bit)


def _with_crc(body: bytes) -> bytes:
    """A frame as it should not be, with a CRC as it should."""
    frame = body + crc_hqx(body, 0xFFFF).to_bytes(2, "big")
    return b"".join(
        bytes((0x7D, byte ^ 0x20)) if byte in b"\x11\x13\x18\x1a\x7d\x7e" else bytes((byte,)) for byte in frame
    )


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("an ACK with data", b"\x81\x00"),
        ("a NAK with data", b"\xa1\x00"),
        ("an RST with data", b"\xc0\x00"),
        ("an RSTACK without a reason", b"\xc1\x02"),
        ("an RSTACK with more than a reason", b"\xc1\x02\x0b\x00"),
        ("an ERROR without data", b"\xc2"),
        ("a control byte that does not exist", b"\xc3"),
        ("the reserved control byte", b"\xff"),
        ("a DATA frame without data", b"\x25"),
        ("a DATA frame with less than the shortest EZSP frame", b"\x25\x42\x21"),
        ("a DATA frame with more than any EZSP frame", b"\x25" + bytes(RECEIVED_MAX + 1)),
    ],
)
def test_a_frame_of_no_known_shape_is_garbage_whatever_its_crc(what: str, body: bytes) -> None:
    data = _with_crc(body)
    assert _parse(data + FLAG + Ack(1).to_bytes()) == [Garbage(data), Ack(1)], what


@pytest.mark.parametrize("control", [0x91, 0xB1])
def test_the_reserved_bit_of_ack_and_nak_may_be_anything(control: int) -> None:
    assert _parse(_with_crc(bytes((control,))) + FLAG) == [Ack(1) if control == 0x91 else Nak(1)]


def test_a_frame_that_does_not_end_takes_no_more_memory_than_the_longest() -> None:
    parser = Parser()
    for _ in range(1000):
        assert parser.feed(b"\x55" * 1000) == []
    found = parser.feed(FLAG)
    assert len(found) == 1
    assert isinstance(found[0], Garbage)
    assert len(found[0].data) < 1000
    assert parser.feed(DATA.to_bytes()) == [DATA]


def test_a_cancel_byte_ends_also_what_does_not_end() -> None:
    parser = Parser()
    parser.feed(b"\x55" * 5000)
    assert parser.feed(CANCEL + DATA.to_bytes()) == [DATA]


def test_a_code_is_said_with_its_name() -> None:
    assert reset_text(0x06) == "code 0x06, assert"
    assert reset_text(0x51) == "code 0x51, ack timeouts"
    assert reset_text(0x83) == "code 0x83, of the chip"
    assert reset_text(0x44) == "code 0x44, unknown"
