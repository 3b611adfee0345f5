"""`schema.cddl` says what the codec does: what one of them takes the other takes, as far as a schema can say it."""

import math
from typing import Any

import cbor2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hubagent.uplink.message import down, up
from hubagent.uplink.message.channel import Down, MessageClass, Up
from hubagent.uplink.message.codec import (
    DownMessage,
    UpMessage,
    channel_of,
    decode_content,
    decode_down,
    decode_up,
    encode,
    encode_content,
)
from hubagent.uplink.message.fields import NUMBER_MAX, SECONDS_MAX, MalformedMessage
from tests.hubagent.uplink.message.judge import SCHEMA, faults, faults_on
from tests.hubagent.uplink.message.messages import RULES, contents, messages

HUB, INCARNATION = "hub-00000001", b"12345678"
FULL = {f"attribute{n}": n for n in range(16)}
LONGEST = "\N{LATIN SMALL LETTER U WITH DIAERESIS}" * 256
ARRIVED = (down.Arrived(MessageClass.ALARM, NUMBER_MAX, NUMBER_MAX),) * up.STREAMS_MAX
AT_THEIR_BOUNDS = (
    up.Hello(HUB, INCARNATION, 0, 0, dict.fromkeys(MessageClass, (0, 0)), 0, 0, SECONDS_MAX, False, LONGEST[:64], 0),
    up.Batch(HUB, INCARNATION, MessageClass.ALARM, (up.Message(0, 1, 0, b"x"),) * up.MESSAGES_MAX),
    up.Batch(HUB, INCARNATION, MessageClass.EVENT, (up.Message(0, 1, 0, b"x" * up.CONTENT_MAX),)),
    up.Reported(HUB, INCARNATION, NUMBER_MAX, 0, {f"device-{n}": None for n in range(up.DEVICES_MAX)}),
    up.Reported(HUB, INCARNATION, 1, 0, {"strip": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}}),
    up.Refused(HUB, LONGEST[:64], LONGEST[:32], LONGEST),
    down.Welcome(HUB, INCARNATION, 1, ARRIVED, down.WINDOW_MAX, 0.0, 0, 0, down.SPREAD_MAX_S, 1),
    down.Ack(HUB, INCARNATION, 1, ARRIVED, ARRIVED, 0, 0),
    down.Command(HUB, 1, LONGEST[:64], 0.0, 0.0, LONGEST[:128], FULL),
    down.Desired(HUB, 1, {f"device-{n}": dict(list(FULL.items())[:4]) for n in range(down.WISHES_MAX)}),
    down.Bye(HUB, 1, LONGEST, down.RETRY_AFTER_MAX_S),
)

NASTY: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, NUMBER_MAX, NUMBER_MAX + 1, 2**64 - 1, -(2**64)),
    *(0.0, -0.5, 1.5, 3600.5, float(SECONDS_MAX), SECONDS_MAX + 1.0, math.nan, math.inf, -math.inf, 1e308),
    *("", "x", "alarm", "event", "hello", "UPPER-CASE", HUB, "-hub-0001", "a\nb", "a\u200bc", "\u00a0", "x" * 33),
    *("x" * 65, "x" * 129, "x" * 257, LONGEST, b"", INCARNATION, b"123456789", b"x" * 8193),
    *([], [1, 2], [1, 2, 3], ["alarm", 1, 2], ["alarm", 1], [["alarm", 1, 2]], [["alarm", 1, 2, 3]], [[1, 2, 3, b"x"]]),
    *([[1, 2, 0, b"x"]], [[1, 2, 0, b""]], [[1, 2, 0, "x"]], [["alarm", 1, 2]] * 257, [[1, 2, 0, b"x"]] * 513),
    *({}, {"on": True}, {"on": []}, {"on": b"x"}, {"on": math.nan}, {"": 1}, {"a\nb": 1}, {"x" * 257: 1}),
    *({"alarm": [1, 2]}, {"alarm": [1]}, {"alarm": [1, 2, 3]}, {"other": [1, 2]}, {"alarm": None}),
    *({"dev": {"on": True}}, {"dev": {"on": [1]}}, {"dev": None}, {"dev": 1}, {"dev": {}}, {"dev": {"on": {"": 1}}}),
    *({"dev": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}}, {"dev": {"a": [[[[[[1]]]]]]}}, {"dev": {"a": [[b"x"]]}}),
    *({str(n): 1 for n in range(17)}, {str(n): {} for n in range(129)}, {str(n): None for n in range(513)}),
)
"""What stands in for a value: each of them is wrong somewhere, and right somewhere else."""


def readable(channel: Up | Down, payload: bytes) -> bool:
    try:
        decode_up(channel.value, payload) if isinstance(channel, Up) else decode_down(channel.value, payload)
    except MalformedMessage:
        return False
    return True


def values_of(message: UpMessage | DownMessage) -> dict[str, Any]:
    return {"v": 1, "t": message.TYPE, **message.to_map()}


def beyond_a_schema(values: dict[str, Any]) -> bool:
    """Two numbers compared."""
    if values.get("t") == "reported":
        return _both_whole(values, "version", "since") and values["since"] >= values["version"]
    rows = values.get("messages") if values.get("t") == "batch" else None
    return isinstance(rows, list) and any(isinstance(row, list) and len(row) == 4 and row[2] >= row[1] for row in rows)


def _both_whole(values: dict[str, Any], *keys: str) -> bool:
    return all(type(values.get(key)) is int for key in keys)


@given(messages)
def test_the_schema_takes_every_message(message: UpMessage | DownMessage) -> None:
    payload = encode(message)
    assert faults(payload, "message") == []
    assert faults_on(channel_of(message), payload) == []


@pytest.mark.parametrize("message", AT_THEIR_BOUNDS, ids=lambda it: it.TYPE)
def test_both_take_what_is_as_long_as_may_be(message: UpMessage | DownMessage) -> None:
    payload = encode(message)
    assert faults_on(channel_of(message), payload) == []
    assert readable(channel_of(message), payload)


@given(contents)
def test_the_schema_takes_every_content(content: tuple[float, str, dict[str, Any]]) -> None:
    assert faults(encode_content(*content), "content") == []


@settings(max_examples=400)
@given(messages, st.data())
def test_codec_and_schema_agree_on_a_message_with_another_value(
    message: UpMessage | DownMessage, data: st.DataObject
) -> None:
    values = values_of(message)
    values[data.draw(st.sampled_from(sorted(values)))] = data.draw(st.sampled_from(NASTY))
    agree(channel_of(message), values)


@given(messages, st.data())
def test_codec_and_schema_agree_on_a_message_without_a_value(
    message: UpMessage | DownMessage, data: st.DataObject
) -> None:
    values = values_of(message)
    del values[data.draw(st.sampled_from(sorted(values)))]
    agree(channel_of(message), values)


@given(messages, st.text() | st.integers() | st.binary(), st.sampled_from(NASTY))
@example(up.Offline(HUB, 1), "later", {"a": [1]})
@example(up.Offline(HUB, 1), 1, 1)
@example(up.Offline(HUB, 1), b"boot", 1)
def test_codec_and_schema_agree_on_a_message_with_one_value_more(
    message: UpMessage | DownMessage, key: Any, value: Any
) -> None:
    agree(channel_of(message), {key: value, **values_of(message)})


@given(st.sampled_from([*Up, *Down]), messages)
def test_codec_and_schema_agree_on_what_travels_where(channel: Up | Down, message: UpMessage | DownMessage) -> None:
    agree(channel, values_of(message))


def agree(channel: Up | Down, values: dict[str, Any]) -> None:
    payload = cbor2.dumps(values)
    if not beyond_a_schema(values):
        found = faults_on(channel, payload)
        assert readable(channel, payload) == (not found), (channel, values, found)
    else:
        assert not readable(channel, payload)


@given(contents, st.integers(0, 2), st.sampled_from(NASTY))
def test_codec_and_schema_agree_on_a_content_with_another_value(
    content: tuple[float, str, dict[str, Any]], place: int, value: Any
) -> None:
    parts: list[Any] = list(content)
    parts[place] = value
    payload = cbor2.dumps(parts)
    try:
        decode_content(payload)
    except MalformedMessage:
        assert faults(payload, "content")
    else:
        assert faults(payload, "content") == []


def test_what_follows_itself_is_refused_though_the_schema_cannot_say_so() -> None:
    message = up.Batch(HUB, INCARNATION, MessageClass.EVENT, (up.Message(1, 2, 2, b"x"),))
    assert faults_on(Up.EVENT, encode(message)) == []
    with pytest.raises(MalformedMessage, match="comes after itself"):
        decode_up("evt", encode(message))


def test_the_schema_has_a_rule_for_every_channel_and_type() -> None:
    text = SCHEMA.read_text(encoding="utf-8")
    for rule in (*RULES.values(), "message", "content"):
        assert f"\n{rule} = " in text, rule
