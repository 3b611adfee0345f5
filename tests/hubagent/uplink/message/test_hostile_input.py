"""Whatever arrives is read or refused: nothing else is raised, and neither time nor memory grow with what it claims."""

import gc
import random
import time
import tracemalloc
from collections.abc import Callable
from typing import Final

import cbor2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hubagent.uplink.message import down, up
from hubagent.uplink.message.channel import Down, MessageClass, Up
from hubagent.uplink.message.codec import (
    FRAME_MAX,
    NESTING_MAX,
    DownMessage,
    UpMessage,
    decode_content,
    decode_down,
    decode_up,
    encode,
    encode_content,
    identifier_in,
)
from hubagent.uplink.message.fields import MalformedMessage, text
from tests.hubagent.uplink.message.messages import contents, messages

HUB = "hub-00000001"
OFFLINE = up.Offline(HUB, 3)


def say(extra: bytes) -> bytes:
    """Offline, with one key more, whose CBOR is `extra`."""
    return b"\xa5" + encode(OFFLINE)[1:] + b"\x61x" + extra


def read(payload: bytes) -> list[str]:
    """On every channel, and as a content; why it was refused."""
    found: list[tuple[str, str]] = []
    readings: list[Callable[[], object]] = [lambda: decode_content(payload)]
    readings += [lambda channel=channel: decode_up(channel.value, payload) for channel in Up]  # type: ignore[misc]
    readings += [lambda channel=channel: decode_down(channel.value, payload) for channel in Down]  # type: ignore[misc]
    for reading in readings:
        try:
            reading()
        except MalformedMessage as error:
            found.append((error.reason, str(error)))
    for reason, detail in found:
        assert reason in up.REASONS
        assert text(detail, "what Refused says of it")
    identifier_in(payload)
    return [reason for reason, _ in found]


def refused(payload: bytes) -> str:
    with pytest.raises(MalformedMessage) as caught:
        decode_up("presence", payload)
    assert decode_up("presence", encode(OFFLINE)) == OFFLINE
    return caught.value.reason


@given(st.binary(max_size=200))
@example(b"")
def test_random_bytes_are_no_message(payload: bytes) -> None:
    assert len(read(payload)) == 1 + len(Up) + len(Down)


@given(messages, st.data())
def test_a_message_cut_short_is_none(message: UpMessage | DownMessage, data: st.DataObject) -> None:
    payload = encode(message)
    assert len(read(payload[: data.draw(st.integers(0, len(payload) - 1))])) == 1 + len(Up) + len(Down)


@given(messages, st.binary(min_size=1, max_size=3))
def test_a_message_with_something_after_it_is_none(message: UpMessage | DownMessage, rest: bytes) -> None:
    assert len(read(encode(message) + rest)) == 1 + len(Up) + len(Down)


@given(messages.map(encode) | contents.map(lambda it: encode_content(*it)), st.data())
def test_bits_that_turned_over_are_read_or_refused(payload: bytes, data: st.DataObject) -> None:
    turned = bytearray(payload)
    for _ in range(data.draw(st.integers(1, 4))):
        turned[data.draw(st.integers(0, len(turned) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    read(bytes(turned))


@given(messages.map(encode), messages.map(encode), st.data())
def test_pieces_of_messages_put_together_are_read_or_refused(one: bytes, two: bytes, data: st.DataObject) -> None:
    read(one[: data.draw(st.integers(0, len(one)))] + two[data.draw(st.integers(0, len(two))) :])


TAGS: Final = {
    "date": b"\xc0\x74" + b"2013-03-21T20:04:00Z",
    "seconds": b"\xc1\x00",
    "bignum": b"\xc2\x41\x01",
    "huge bignum": b"\xc2\x59\x7f\x00" + b"\xff" * 0x7F00,
    "negative bignum": b"\xc3\x41\x01",
    "decimal": bytes.fromhex("c4821a7fffffff01"),
    "bigfloat": bytes.fromhex("c5820101"),
    "string references": b"\xd9\x01\x00\x82\x63aaa\xd8\x19\x00",
    "a list in itself": b"\xd8\x1c\x81\xd8\x1d\x00",
    "shared and never used": b"\xd8\x1c\x80",
    "rational": bytes.fromhex("d81e820102"),
    "pattern": b"\xd8\x23\x6a(a+)+(b+)+",
    "mail": b"\xd8\x24\x62((",
    "uuid": b"\xd8\x25\x50" + b"x" * 16,
    "set": b"\xd9\x01\x02\x80",
    "address": b"\xd9\x01\x04\x44abcd",
    "CBOR says that it is CBOR": b"\xd9\xd9\xf7\xa0",
    "unknown": b"\xda\xff\xff\xff\xff\x00",
}


@pytest.mark.parametrize("tagged", TAGS.values(), ids=TAGS)
def test_a_tag_is_refused_wherever_it_is(tagged: bytes) -> None:
    payload = say(tagged)
    if len(payload) <= FRAME_MAX:
        cbor2.loads(b"\x81" + tagged)
    assert refused(payload) == "malformed"
    assert refused(tagged) == "malformed"
    with pytest.raises(MalformedMessage):
        decode_content(b"\x83\x00\x61x\xa1\x61x" + tagged)


@given(st.integers(0, 2**64 - 1))
def test_no_tag_whatever_its_number_is_taken(tag: int) -> None:
    assert refused(say(b"\xdb" + tag.to_bytes(8, "big") + b"\x00")) == "malformed"


OTHERS: Final = {
    "list without length": b"\x9f\xff",
    "map without length": b"\xbf\xff",
    "bytes without length": b"\x5f\x41a\xff",
    "text without length": b"\x7f\x61a\xff",
    "break": b"\xff",
    "reserved": b"\x1c",
    "short simple value in two bytes": b"\xf8\x18",
    "no UTF-8": b"\x61\xff",
    "half a surrogate": b"\x63\xed\xa0\x80",
    "one key twice": b"\xa2\x61a\x01\x61a\x02",
    "a number as key": b"\xa1\x01\x02",
    "a list as key": b"\xa1\x80\x02",
    "null as key": b"\xa1\xf6\x02",
    "NaN as key": b"\xa1\xf9\x7e\x00\x00",
    "bytes of two GB": b"\x5a\x7f\xff\xff\xff",
    "bytes of 2^63": b"\x5b\x7f" + b"\xff" * 7,
    "text of two GB": b"\x7a\x7f\xff\xff\xffabc",
    "list of 2^64": b"\x9b" + b"\xff" * 8 + b"\x00" * 100,
    "list of four billions": b"\x9a" + b"\xff" * 4 + b"\x00" * 100,
    "map of 2^63": b"\xbb\x7f" + b"\xff" * 7 + b"\x61a\x00",
    "lists in lists": b"\x81" * NESTING_MAX + b"\x00",
    "lists in lists to the end": b"\x81" * (FRAME_MAX - 200),
    "maps in maps to the end": b"\xa1\x61a" * 10_000,
}


@pytest.mark.parametrize("extra", OTHERS.values(), ids=OTHERS)
def test_what_is_no_cbor_of_ours_is_refused_even_where_it_would_be_skipped(extra: bytes) -> None:
    assert refused(say(extra)) == "malformed"


def test_a_key_of_the_message_that_comes_twice_is_refused() -> None:
    assert refused(b"\xa5" + encode(OFFLINE)[1:] + b"\x64boot\x04") == "malformed"


def test_the_deepest_that_may_be_is_read() -> None:
    assert decode_up("presence", say(b"\x81" * (NESTING_MAX - 1) + b"\x00")) == OFFLINE


def test_a_device_with_parts_is_not_too_deep() -> None:
    capabilities = {"on_off": {"on": True, "list": [{"of": "maps"}]}}
    strip = {"id": "strip", "endpoints": {"1": {"capabilities": capabilities}}}
    message = up.Reported(HUB, b"12345678", 1, 0, {"strip": strip})
    assert decode_up("rep", encode(message)) == message


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"v": 2}, "unknown-version"),
        ({"v": 0}, "unknown-version"),
        ({"v": 2, "t": 3}, "unknown-version"),
        ({"v": "1"}, "malformed"),
        ({"v": True}, "malformed"),
        ({"v": 1.0}, "malformed"),
        ({"t": "offlin"}, "unknown-type"),
        ({"t": "command"}, "unknown-type"),
        ({"t": "x" * 33}, "malformed"),
        ({"t": None}, "malformed"),
        ({"t": "hello\n"}, "malformed"),
    ],
)
def test_another_version_or_type_is_refused_by_its_name(values: dict[str, object], reason: str) -> None:
    assert refused(cbor2.dumps({"v": 1, "t": "offline", **OFFLINE.to_map(), **values})) == reason


@pytest.mark.parametrize("value", [[], "x", 1, None, True, b"x", [{"v": 1, "t": "offline"}]])
def test_what_is_no_map_is_no_message(value: object) -> None:
    assert refused(cbor2.dumps(value)) == "malformed"


def test_a_frame_that_is_too_long_is_not_even_looked_at() -> None:
    assert refused(say(b"\x59\x7f\xff" + b"x" * 0x7FFF)) == "oversized"
    assert refused(b"\xff" * (FRAME_MAX + 1)) == "oversized"
    longest = say(b"\x59" + (FRAME_MAX - len(say(b"\x59\x00\x00"))).to_bytes(2, "big"))
    longest += b"x" * (FRAME_MAX - len(longest))
    assert len(longest) == FRAME_MAX
    assert decode_up("presence", longest) == OFFLINE


def bomb(item: bytes, before: bytes = b"", count: int | None = None) -> bytes:
    """A frame full of `item` in one list, where a device would have a value."""
    head = encode(up.Reported(HUB, b"12345678", 1, 0, {}))[:-1] + b"\xa1\x63dev\xa1\x61x" + before
    count = (FRAME_MAX - len(head) - 3) // len(item) if count is None else count
    return head + b"\x99" + count.to_bytes(2, "big") + item * count


BOMBS: Final = {
    "empty lists": bomb(b"\x80"),
    "empty maps": bomb(b"\xa0"),
    "maps of one": bomb(b"\xa1\x60\x00"),
    "maps of lists": bomb(b"\xa1\x61a\x81\x80"),
    "numbers": bomb(b"\x17"),
    "long numbers": bomb(b"\x3b" + b"\xff" * 8),
    "halves": bomb(b"\xf9\x3c\x00"),
    "letters": bomb(b"\x62\xc3\xbc"),
    "nulls": bomb(b"\xf6"),
    "deepest": bomb(b"\x81\x81\x81\x80"),
    "a map of very many": encode(up.Reported(HUB, b"12345678", 1, 0, {"d": {f"{n:x}": n % 9 for n in range(5000)}})),
    "a hello of very many": say(b"\xb9\x13\x88" + b"".join(b"\x64%04x\x00" % n for n in range(5000))),
    "many messages": encode(up.Batch(HUB, b"12345678", MessageClass.EVENT, (up.Message(1, 2, 1, b"x"),) * 512)),
    "many arrived": encode(down.Ack(HUB, b"12345678", 1, (down.Arrived(MessageClass.EVENT, 1, 1),) * 256, (), 0, 0)),
    "noise": random.Random(7).randbytes(FRAME_MAX),
    "one text": say(b"\x79\x7f\x00" + b"x" * 0x7F00),
}
"""Frames that cost much for their length. Measured on a shared core: at most 10 ms and 3 MB a reading."""


@pytest.mark.parametrize("payload", BOMBS.values(), ids=BOMBS)
def test_a_frame_full_of_anything_costs_little_time_and_memory(payload: bytes) -> None:
    assert len(payload) <= FRAME_MAX
    read(payload)
    # What the other tests left is not looked through for garbage meanwhile, as in the agent, which freezes its own.
    gc.freeze()
    try:
        began = time.process_time()
        read(payload)
        spent = time.process_time() - began
    finally:
        gc.unfreeze()
    assert spent < 0.4
    tracemalloc.start()
    try:
        read(payload)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6 * 2**20
