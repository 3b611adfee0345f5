"""Frames and the parser. Bytes with a source are captures of zwave-js; the others are built by hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.zwave.serial_frame import DataFrame, Frame, FrameParser, FrameType, Garbage, Signal

VERSION_REQUEST = bytes.fromhex("01030015e9")
"""FUNC_ID_ZW_GET_VERSION, as many hosts log it."""
REPORT = DataFrame(FrameType.REQUEST, 0x04, bytes.fromhex("0002032503ff")).to_bytes()

frames = st.builds(DataFrame, st.sampled_from(FrameType), st.integers(0, 255), st.binary(max_size=252))


def _in_pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


def test_a_frame_has_the_bytes_that_hosts_send() -> None:
    assert DataFrame(FrameType.REQUEST, 0x15).to_bytes() == VERSION_REQUEST
    assert DataFrame.from_bytes(VERSION_REQUEST) == DataFrame(FrameType.REQUEST, 0x15)


@given(frames)
def test_a_frame_is_decoded_to_what_was_encoded(frame: DataFrame) -> None:
    assert DataFrame.from_bytes(frame.to_bytes()) == frame


@given(st.lists(st.one_of(frames, st.sampled_from(Signal)), max_size=6), st.lists(st.integers(0, 2000), max_size=8))
def test_the_pieces_a_stream_comes_in_make_no_difference(sent: list[DataFrame | Signal], cuts: list[int]) -> None:
    stream = b"".join(frame.to_bytes() for frame in sent)
    parser = FrameParser()
    received: list[Frame] = []
    for piece in _in_pieces(stream, cuts):
        received += parser.feed(piece)
    assert received == sent
    assert not parser.inside


@given(st.lists(st.binary(max_size=40), max_size=20), st.booleans())
def test_no_byte_is_lost_or_invented_whatever_comes(pieces: list[bytes], ack_awaited: bool) -> None:
    parser = FrameParser()
    length = 0
    for piece in pieces:
        for frame in parser.feed(piece, ack_awaited=ack_awaited):
            length += len(frame.data) if isinstance(frame, Garbage) else len(frame.to_bytes())
    length += len(parser.abort().data)
    assert length == sum(map(len, pieces))


def test_a_frame_is_inside_until_its_last_byte() -> None:
    parser = FrameParser()
    for byte in REPORT[:-1]:
        assert parser.feed(bytes((byte,))) == []
        assert parser.inside
    assert parser.feed(REPORT[-1:]) == [DataFrame.from_bytes(REPORT)]
    assert not parser.inside


def test_a_wrong_checksum_is_garbage_that_asks_for_a_nak() -> None:
    wrong = REPORT[:-1] + bytes((REPORT[-1] ^ 1,))
    assert FrameParser().feed(wrong) == [Garbage(wrong, nak=True)]


def test_bytes_that_start_no_frame_are_skipped_up_to_the_next_sof() -> None:
    """Fault 4: garbage."""
    assert FrameParser().feed(b"\xff\x00\x7f" + REPORT) == [Garbage(b"\xff\x00\x7f"), DataFrame.from_bytes(REPORT)]


def test_a_frame_too_short_to_be_one_costs_only_its_sof() -> None:
    assert FrameParser().feed(b"\x01\x01" + VERSION_REQUEST[1:]) == [
        Garbage(b"\x01"),
        DataFrame.from_bytes(VERSION_REQUEST),
    ]


def test_an_aborted_frame_does_not_spoil_the_next() -> None:
    """Fault 4: half a frame."""
    parser = FrameParser()
    assert parser.feed(REPORT[:4]) == []
    assert parser.abort() == Garbage(REPORT[:4])
    assert parser.feed(REPORT) == [DataFrame.from_bytes(REPORT)]


def test_a_signal_in_the_middle_of_garbage_is_not_believed() -> None:
    """A frame whose SOF was lost may contain 0x15 and 0x18; taken for NAK, a command would be executed twice."""
    assert all(isinstance(frame, Garbage) for frame in FrameParser().feed(b"\x09\x00\x13\x15\x18\x06"))


@pytest.mark.parametrize("byte", [0x16, 0x26, 0x86, 0xF6])
def test_an_awaited_ack_may_have_a_garbled_high_nibble(byte: int) -> None:
    """Fault 9."""
    assert FrameParser().feed(bytes((byte,)), ack_awaited=True) == [Signal.ACK]
    assert FrameParser().feed(bytes((byte,)) + REPORT, ack_awaited=True) == [Signal.ACK, DataFrame.from_bytes(REPORT)]


def test_a_garbled_ack_that_nobody_awaits_is_garbage() -> None:
    assert FrameParser().feed(b"\x86") == [Garbage(b"\x86")]


def test_a_garbled_ack_among_other_odd_bytes_is_garbage() -> None:
    assert FrameParser().feed(b"\x86\x33", ack_awaited=True) == [Garbage(b"\x86\x33")]
    assert FrameParser().feed(b"\x33\x86", ack_awaited=True) == [Garbage(b"\x33\x86")]
