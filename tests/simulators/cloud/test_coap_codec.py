"""What the cloud leans on in aiocoap that aiocoap offers to nobody: the first to fail when it changes."""

import contextlib
import inspect
import time

import aiocoap
import pytest
from aiocoap.transports import tcp
from hypothesis import given
from hypothesis import strategies as st

from simulators.cloud import coap_codec
from simulators.cloud.coap_codec import MalformedMessage, Reader

LEANED_ON = {
    "_extract_message_size": ["data"],
    "_decode_message": ["data"],
    "_serialize": ["msg"],
}


@pytest.mark.parametrize(("name", "parameters"), LEANED_ON.items())
def test_aiocoap_still_has_what_the_cloud_leans_on(name: str, parameters: list[str]) -> None:
    found = getattr(tcp, name, None)
    assert found is not None, (
        f"aiocoap {aiocoap.meta.version} has no {name}: simulators/cloud/coap_codec.py needs another"
    )
    assert list(inspect.signature(found).parameters) == parameters


def test_a_message_goes_out_and_comes_back_as_the_specification_has_it() -> None:
    """RFC 8323, section 3.2: length 7 and token length 2 in one byte, code, token; then options and payload."""
    made = coap_codec.message(2, b"\x00\x07", ("dn", "x"), b"y")
    data = bytes.fromhex("72 02 0007 b2 646e 01 78 ff 79")
    assert coap_codec.to_bytes(made) == data
    (found,) = Reader(100).feed(data)
    assert (int(found.code), found.token, found.opt.uri_path, found.payload) == (2, b"\x00\x07", ("dn", "x"), b"y")
    assert found.code.is_request()


def test_options_of_signals_keep_their_numbers_and_values() -> None:
    made = coap_codec.message(0xE4)
    coap_codec.add_option(made, 4, coap_codec.uint(300))
    coap_codec.add_option(made, 2, b"other.example")
    assert coap_codec.to_bytes(made) == bytes.fromhex("d0 05 e4 2d 00") + b"other.example" + bytes.fromhex("22 012c")


def test_a_message_in_pieces_is_one_when_the_last_has_come() -> None:
    reader = Reader(100)
    data = coap_codec.to_bytes(coap_codec.message(2, b"\x01", ("dn",), b"x" * 50))
    for byte in data[:-1]:
        assert list(reader.feed(bytes([byte]))) == []
    assert len(list(reader.feed(data[-1:] + data))) == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("0f", "a token of 15 bytes"),
        ("d0 60 02", "a message of 112 bytes; 100 is the most"),
        ("10 02 f0", "cannot be read"),
        ("20 02 b1 ff", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_malformed_and_says_why(data: str, why: str) -> None:
    with pytest.raises(MalformedMessage, match=why):
        list(Reader(100).feed(bytes.fromhex(data)))


@given(st.binary(max_size=400))
def test_whatever_comes_is_read_or_malformed_and_nothing_else(data: bytes) -> None:
    with contextlib.suppress(MalformedMessage):
        for found in Reader(300).feed(data):
            assert found.token is not None


def test_a_message_full_of_options_costs_no_time() -> None:
    bomb = bytes.fromhex("e0 8000 02") + bytes(0x8000 + 269)
    began = time.perf_counter()
    with pytest.raises(MalformedMessage, match="more than 64 options"):
        list(Reader(40_000).feed(bomb))
    assert time.perf_counter() - began < 0.01
