"""What is said arrives as it was said, on the channel that it travels on."""

from typing import Any

import pytest
from hypothesis import given

from hubagent.uplink.message import down, up
from hubagent.uplink.message.channel import CHANNELS, Down, MessageClass, Up
from hubagent.uplink.message.codec import (
    FRAME_MAX,
    DownMessage,
    UpMessage,
    channel_of,
    decode_content,
    decode_down,
    decode_up,
    encode,
    encode_content,
    identifier_in,
)
from hubagent.uplink.message.fields import MalformedMessage
from tests.hubagent.uplink.message.messages import MESSAGES, contents, messages

HUB = "hub-00000001"
OFFLINE = up.Offline(HUB, 3)


def decode(channel: Up | Down, payload: bytes) -> UpMessage | DownMessage:
    return decode_up(channel.value, payload) if isinstance(channel, Up) else decode_down(channel.value, payload)


@given(messages)
def test_every_message_arrives_as_it_was_said(message: UpMessage | DownMessage) -> None:
    payload = encode(message)
    assert decode(channel_of(message), payload) == message
    assert len(payload) <= FRAME_MAX


@given(contents)
def test_every_content_arrives_as_it_was_said(content: tuple[float, str, dict[str, Any]]) -> None:
    assert decode_content(encode_content(*content)) == content


@given(messages)
def test_a_message_is_refused_on_every_channel_but_its_own(message: UpMessage | DownMessage) -> None:
    own, payload = channel_of(message), encode(message)
    for channel in (*Up, *Down):
        if isinstance(channel, Up) == isinstance(own, Up) and channel is not own:
            with pytest.raises(MalformedMessage) as caught:
                decode(channel, payload)
            assert caught.value.reason == "wrong-channel"


@given(messages)
def test_what_one_side_says_the_other_never_does(message: UpMessage | DownMessage) -> None:
    payload = encode(message)
    for channel in Down if isinstance(channel_of(message), Up) else Up:
        with pytest.raises(MalformedMessage) as caught:
            decode(channel, payload)
        assert caught.value.reason == "unknown-type"


def test_there_is_something_to_say_of_every_type_and_on_every_channel() -> None:
    named = [
        it for module in (up, down) for it in vars(module).values() if isinstance(it, type) and hasattr(it, "TYPE")
    ]
    assert set(named) == set(MESSAGES)
    assert set(CHANNELS) == set(MessageClass)


@pytest.mark.parametrize("channel", ["", "evt/", "evt/alarm/x", "EVT", "presence\0", "x" * 100_000, "hub/x/up/evt"])
def test_no_other_channel_carries_anything(channel: str) -> None:
    with pytest.raises(MalformedMessage) as caught:
        decode_up(channel, encode(OFFLINE))
    assert caught.value.reason == "wrong-channel"
    assert len(str(caught.value)) < 200


@given(messages)
def test_a_message_that_cannot_be_read_is_told_by_its_identifier_where_it_has_one(
    message: UpMessage | DownMessage,
) -> None:
    assert identifier_in(encode(message)) == getattr(message, "id", None)


def test_a_batch_of_alarms_is_no_batch_of_events() -> None:
    alarms = up.Batch(HUB, b"12345678", MessageClass.ALARM, (up.Message(1, 1, 0, b"x"),))
    assert decode_up("evt/alarm", encode(alarms)) == alarms
    with pytest.raises(MalformedMessage, match="alarm messages do not travel on evt"):
        decode_up("evt", encode(alarms))
