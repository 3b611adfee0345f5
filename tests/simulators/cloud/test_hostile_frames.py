"""Whatever comes, the consumer goes on, keeps its word to others, and says what was wrong."""

from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubagent.uplink.message.channel import MessageClass, Up
from hubagent.uplink.message.codec import UpMessage
from hubagent.uplink.message.up import Batch, Message, Offline, Refused, Reported
from simulators.cloud.hub import COMPLAINTS_MAX
from tests.simulators.cloud.a_cloud import HUB, INCARNATION, LAMP, OTHER, ACloud, batch, content, hello, reported

CHANNELS = st.sampled_from([it.value for it in Up]) | st.text(max_size=40)
NUMBERS = st.integers(0, 5) | st.integers(0, 2**53)
PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=8,
)
KINDS = st.sampled_from(["command", "mode", "state", "dropped"])


@st.composite
def messages(draw: st.DrawFn) -> tuple[Message, ...]:
    made = []
    for _ in range(draw(st.integers(0, 4))):
        seq = draw(NUMBERS) + 1
        body = draw(st.dictionaries(st.sampled_from(["id", "outcome", "detail", "ms"]), PLAIN, max_size=4))
        octets = (
            cbor2.dumps([draw(st.floats()), draw(KINDS), body]) if draw(st.booleans()) else draw(st.binary(min_size=1))
        )
        made.append(Message(draw(NUMBERS), seq, draw(st.integers(0, seq - 1)), octets))
    return tuple(made)


HUBS = st.sampled_from([HUB, OTHER])
INCARNATIONS = st.sampled_from([INCARNATION, b"incarn-2"])
OLDEST = st.dictionaries(st.sampled_from(MessageClass), st.tuples(NUMBERS, NUMBERS))
MESSAGES: st.SearchStrategy[UpMessage] = st.one_of(
    st.builds(hello, HUBS, incarnation=INCARNATIONS, boot=NUMBERS, epoch=NUMBERS, oldest=OLDEST, desired=NUMBERS),
    st.builds(Offline, HUBS, NUMBERS),
    st.builds(Batch, HUBS, INCARNATIONS, st.sampled_from(MessageClass), messages()),
    st.builds(
        lambda hub, incarnation, since, more, view: Reported(hub, incarnation, since + more, since, {"zwave-2": view}),
        HUBS,
        INCARNATIONS,
        st.integers(0, 5),
        st.integers(1, 5),
        st.none() | st.just(LAMP),
    ),
    st.builds(Refused, HUBS, st.none() | st.just("some"), st.just("busy"), st.just("because")),
)


@given(st.lists(st.tuples(CHANNELS, st.binary(max_size=60)) | st.tuples(CHANNELS, PLAIN.map(cbor2.dumps)), max_size=8))
def test_rubbish_is_counted_and_changes_nothing(frames: list[tuple[str, bytes]]) -> None:
    cloud = ACloud()
    cloud.welcome()
    for channel, payload in frames:
        cloud.hear_raw(HUB, channel, payload)
    cloud.run(1.0)
    assert cloud.consumer.hub(HUB).counts["malformed"] == len(frames)
    assert cloud.said() == []
    assert cloud.stored() == []


@given(st.lists(MESSAGES, max_size=20))
def test_a_hub_that_says_anything_at_all_harms_no_other(frames: list[UpMessage]) -> None:
    cloud = ACloud()
    cloud.welcome(hello(OTHER))
    for message in frames:
        cloud.hear(message, hub=HUB)
    cloud.run(0.1)
    cloud.said(OTHER)
    cloud.hear(batch([1], hub=OTHER))
    cloud.run()
    assert cloud.ack(OTHER).arrived[0].seq == 1
    assert cloud.stored(OTHER) == [("event", 1, 1)]
    assert cloud.consumer.devices(OTHER) == []
    assert cloud.consumer.trouble == ""


def test_a_frame_that_says_it_is_from_another_hub_is_refused() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.welcome(hello(OTHER))
    cloud.hear(batch([1]), hub=OTHER)
    cloud.hear(reported(1, 0, {"zwave-2": LAMP}), hub=OTHER)
    cloud.hear(hello(boot=9), hub=OTHER)
    cloud.hear(Offline(HUB, 1), hub=OTHER)
    cloud.run()
    assert cloud.said() == cloud.said(OTHER) == []
    assert cloud.stored() == cloud.stored(OTHER) == []
    assert cloud.consumer.hub(HUB).online
    assert [it["reason"] for it in cloud.shown("complaint")] == ["wrong-hub"] * 4


def test_complaints_are_kept_in_a_bounded_number() -> None:
    cloud = ACloud()
    for _ in range(1000):
        cloud.hear_raw(HUB, "x" * 1000, b"\xff" * 100)
    complaints = cloud.consumer.hub(HUB).complaints
    assert len(complaints) == COMPLAINTS_MAX
    assert all(len(it["detail"]) <= 200 for it in complaints)
    assert cloud.consumer.hub(HUB).counts["malformed"] == 1000


@pytest.mark.parametrize("number", [2**53, 2**53 - 1])
def test_the_greatest_numbers_are_kept(number: int) -> None:
    cloud = ACloud()
    cloud.welcome(hello(boot=number, epoch=number, desired=number - 1))
    cloud.hear(Batch(HUB, INCARNATION, MessageClass.EVENT, (Message(number, number, 0, content()),)))
    cloud.run()
    assert cloud.ack().arrived[0].seq == number
