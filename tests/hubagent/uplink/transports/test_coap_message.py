"""The codec of CoAP over TCP: vectors from the specifications, aiocoap as a judge, and whatever else may come."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubagent.uplink.transports import coap_message as coap
from hubagent.uplink.transports.coap_message import CoapMessage, MalformedCoap, MessageReader, Oversized
from simulators.cloud import coap_codec

SIZE_MAX = 33_000

tokens = st.binary(max_size=8)
# Options that aiocoap has no format for: it would read a meaning into the others.
options = st.lists(
    st.tuples(st.integers(2048, 60_000).filter(lambda it: it % 2 == 0), st.binary(max_size=400)), max_size=8
)
messages = st.builds(
    lambda code, token, options, payload: CoapMessage(
        code, token, tuple(sorted(options, key=lambda it: it[0])), payload
    ),
    st.sampled_from((0, 1, 2, 0x44, 0x45, 0x84, 0xA3)),
    tokens,
    options,
    st.one_of(st.binary(max_size=300), st.integers(0, 9000).map(bytes)),
)


def read(data: bytes) -> list[CoapMessage | Oversized]:
    return list(MessageReader(SIZE_MAX).feed(data))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        # RFC 8323, section 5.7: a Ping, and the Pong with its token.
        ("01 e2 42", CoapMessage(coap.PING, b"\x42")),
        ("01 e3 42", CoapMessage(coap.PONG, b"\x42")),
        # RFC 8323, section 3.2, figure 5: neither options nor payload.
        ("01 43 7f", CoapMessage(0x43, b"\x7f")),
        # RFC 8323, section 3.3: what begins a connection, "coap" 7.01 without options.
        ("00 e1", CoapMessage(coap.CSM)),
        # RFC 7252, section 3.1: deltas and lengths from 13 and from 269 on are extended by one and by two bytes.
        ("40 02 d1 00 78 10", CoapMessage(coap.POST, options=((13, b"x"), (14, b"")))),
        ("40 02 e1 00 01 78", CoapMessage(coap.POST, options=((270, b"x"),))),
    ],
)
def test_reads_and_writes_what_the_specification_shows(data: str, message: CoapMessage) -> None:
    assert read(bytes.fromhex(data)) == [message]
    assert message.to_bytes() == bytes.fromhex(data)


@pytest.mark.parametrize("length", [0, 1, 12, 13, 14, 268, 269, 270, 65_804, 65_805, 70_000])
def test_lengths_at_the_edges_of_their_encodings_come_back(length: int) -> None:
    message = (
        CoapMessage(coap.POST, b"\x01", (), b"x" * (length - 1)) if length > 1 else CoapMessage(coap.POST, b"\x01")
    )
    assert list(MessageReader(100_000).feed(message.to_bytes())) == [message]


@pytest.mark.parametrize("number", [1, 12, 13, 14, 268, 269, 270, 65_803])
@pytest.mark.parametrize("length", [0, 12, 13, 268, 269, 1000])
def test_options_at_the_edges_of_their_encodings_come_back(number: int, length: int) -> None:
    message = CoapMessage(coap.POST, options=((number, b"x" * length),))
    assert read(message.to_bytes()) == [message]


@given(messages)
def test_aiocoap_reads_what_this_writes(message: CoapMessage) -> None:
    (found,) = coap_codec.Reader(SIZE_MAX).feed(message.to_bytes())
    assert int(found.code) == message.code
    assert (found.token, found.payload) == (message.token, message.payload)
    assert [(int(it.number), it.encode()) for it in found.opt.option_list()] == list(message.options)


@given(messages)
def test_this_reads_what_aiocoap_writes(message: CoapMessage) -> None:
    theirs = coap_codec.message(message.code, message.token, payload=message.payload)
    for number, value in message.options:
        coap_codec.add_option(theirs, number, value)
    assert read(coap_codec.to_bytes(theirs)) == [message]


@given(st.lists(messages, max_size=4), st.data())
def test_messages_cut_anywhere_come_out_whole_and_in_order(sent: list[CoapMessage], data: st.DataObject) -> None:
    stream = b"".join(it.to_bytes() for it in sent)
    reader = MessageReader(SIZE_MAX)
    found: list[CoapMessage | Oversized] = []
    while stream:
        cut = data.draw(st.integers(1, len(stream)))
        found += reader.feed(stream[:cut])
        stream = stream[cut:]
    assert found == sent


@given(st.binary(max_size=600))
def test_whatever_comes_is_read_or_malformed_and_nothing_else(data: bytes) -> None:
    reader = MessageReader(300)
    with contextlib.suppress(MalformedCoap):
        for found in reader.feed(data):
            assert isinstance(found, Oversized) or list(MessageReader(300).feed(found.to_bytes())) == [found]
    assert len(reader._rest) <= 300


@given(st.binary(max_size=200))
def test_this_and_aiocoap_agree_about_any_options_and_payload(body: bytes) -> None:
    data = coap.frame(coap.POST, b"\x01", body)
    ours, theirs = _ours(data), _theirs(data)
    if theirs is None:
        return
    if body.endswith(b"\xff") and not ours:
        # RFC 7252, section 3: a payload marker with nothing behind it is a format error, which aiocoap overlooks.
        assert theirs == [] or theirs[0][1] == b""
    else:
        assert ours == theirs


def _ours(data: bytes) -> list[tuple[list[int], bytes]]:
    try:
        return [([n for n, _ in it.options], it.payload) for it in read(data) if isinstance(it, CoapMessage)]
    except MalformedCoap:
        return []


def _theirs(data: bytes) -> list[tuple[list[int], bytes]] | None:
    """None where an option is text or a number to aiocoap, and does not look like it."""
    try:
        found = list(coap_codec.Reader(SIZE_MAX).feed(data))
    except coap_codec.MalformedMessage as error:
        return None if "codec can't decode" in str(error) else []
    return [([int(o.number) for o in it.opt.option_list()], it.payload) for it in found]


def test_a_message_full_of_options_costs_no_time() -> None:
    """aiocoap's own codec takes 70 ms for it, and a local command waits behind that."""
    bomb = coap.frame(coap.POST, b"", bytes(32_000))
    began = time.perf_counter()
    with pytest.raises(MalformedCoap, match="more than 64 options"):
        read(bomb)
    assert time.perf_counter() - began < 0.01


def test_of_a_message_that_is_too_large_only_the_head_is_told() -> None:
    large = CoapMessage(coap.POST, b"\x09", (), bytes(50_000)).to_bytes()
    assert read(large + b"\x01\xe2\x42") == [Oversized(coap.POST, b"\x09", 50_001), CoapMessage(coap.PING, b"\x42")]


def test_a_message_of_more_than_a_megabyte_is_malformed() -> None:
    with pytest.raises(MalformedCoap, match="a message of 4295033100 bytes"):
        read(b"\xf0\xff\xff\xff\xff\x02")
