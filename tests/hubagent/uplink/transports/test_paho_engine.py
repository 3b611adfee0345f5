"""paho as an engine: what is leaned on of its insides, and that nothing it is fed does it harm."""

import inspect
import threading  # noqa: TID251 - counted, to see that there are none

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import Client

from hubagent.uplink.transports.paho_engine import (
    Answered,
    Confirmed,
    Dismissed,
    Engine,
    Event,
    Garbled,
    Heard,
    Opening,
    Subscribed,
    _Pipe,
)
from tests.hubagent.uplink.transports.scripted_broker import puback_packet, publish_packet

OPENING = Opening(
    client="hub-00000001",
    keep_alive_s=12,
    session_expiry_s=3600,
    receive_maximum=32,
    packet_max=4096,
    will_topic="hub/hub-00000001/up/presence",
    will_payload=b"gone",
    will_delay_s=2,
)
CONNACK = bytes.fromhex("20 03 00 00 00")
SUBACK = bytes.fromhex("90 04 00 01 00 01")


def an_engine() -> Engine:
    engine = Engine(OPENING)
    engine.connect()
    return engine


def read(engine: Engine, data: bytes) -> list[Event]:
    engine.feed(data)
    events = []
    while engine.next_packet():
        events += engine.take_events()
        if events and isinstance(events[-1], Garbled):
            break
    return events


def opened() -> Engine:
    engine = an_engine()
    read(engine, CONNACK)
    engine.subscribe("hub/hub-00000001/dn/#")
    read(engine, SUBACK)
    engine.take_output()
    return engine


def test_paho_makes_its_socket_where_ours_is_put_in() -> None:
    """`_create_socket` is private: when this fails, a new paho makes its sockets elsewhere."""
    assert list(inspect.signature(Client._create_socket).parameters) == ["self"]
    engine = an_engine()
    assert engine._client.socket() is engine._pipe
    connect = engine.take_output()
    assert connect[:8] == b"\x10" + bytes([len(connect) - 2]) + b"\0\4MQTT"


def test_paho_asks_its_socket_for_nothing_that_the_pipe_has_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """When this fails, a new paho uses its socket in another way than by recv, send, setblocking, fileno and close."""
    used = set()

    class WatchedPipe(_Pipe):
        def __getattribute__(self, name: str) -> object:
            if name not in {"input", "output"}:
                used.add(name)
            return super().__getattribute__(name)

    monkeypatch.setattr("hubagent.uplink.transports.paho_engine._Pipe", WatchedPipe)
    engine = opened()
    engine.publish("a", b"x", confirmed=True, expiry_s=1)
    read(engine, publish_packet("b", b"y") + puback_packet(2, 0))
    engine.disconnect()
    engine.take_output()
    assert used <= {"recv", "send", "setblocking", "close"}


def test_paho_starts_no_thread() -> None:
    before = threading.active_count()
    opened().publish("a", b"x", confirmed=True, expiry_s=None)
    assert threading.active_count() == before


def test_paho_sends_at_once_what_is_published_outside_its_callbacks() -> None:
    engine = opened()
    engine.publish("a", b"x", confirmed=True, expiry_s=None)
    assert bytes(engine._pipe.output) == bytes.fromhex("32 07 0001 61") + b"\0\2" + b"\0x"


def test_a_publish_has_its_expiry_and_its_number() -> None:
    engine = opened()
    number = engine.publish("a", b"x", confirmed=True, expiry_s=60)
    assert engine.take_output() == bytes.fromhex("32 0c 0001 61 0002 05 02 0000003c 78")
    assert number == 2


def test_a_publish_that_need_not_be_confirmed_is_qos_0() -> None:
    engine = opened()
    engine.publish("a", b"x", confirmed=False, expiry_s=None)
    assert engine.take_output() == bytes.fromhex("30 05 0001 61 00 78")


def test_the_subscription_is_qos_1_without_our_own_and_without_what_is_kept() -> None:
    engine = an_engine()
    read(engine, CONNACK)
    engine.take_output()
    engine.subscribe("t/#")
    # Options: QoS 1, No Local, Retain Handling 2 (MQTT 5.0, section 3.8.3.1).
    assert engine.take_output() == bytes.fromhex("82 09 0001 00 0003") + b"t/#" + bytes([0b0010_0101])


def test_what_is_heard_is_confirmed_in_the_same_breath() -> None:
    engine = opened()
    assert read(engine, publish_packet("b", b"y", number=7)) == [Heard("b", b"y")]
    assert engine.take_output() == bytes.fromhex("40 02 0007")


def test_the_words_of_a_server_are_read() -> None:
    engine = an_engine()
    said = bytes.fromhex("20 19 01 00 16 21 0005 27 00002000 13 0014 1f 0002") + b"hi" + bytes.fromhex("1c 0001") + b"s"
    (answered,) = read(engine, said[:1] + bytes([len(said) - 2]) + said[2:4] + bytes([len(said) - 5]) + said[5:])
    assert answered == Answered(
        code=0,
        name="success",
        receive_maximum=5,
        packet_max=8192,
        keep_alive_s=20,
        server="s",
        reason="hi",
    )
    engine.subscribe("t")
    assert read(engine, bytes.fromhex("90 04 0001 00 87")) == [Subscribed(0x87, "not authorized")]
    number = engine.publish("a", b"x", confirmed=True, expiry_s=None)
    assert read(engine, puback_packet(number, 0x10)) == [Confirmed(number, 0x10, "no matching subscribers")]
    assert read(engine, bytes.fromhex("e0 02 8e 00")) == [Dismissed(0x8E, "session taken over", None, None)]


def test_a_number_that_was_not_given_is_confirmed_to_nobody() -> None:
    assert read(opened(), puback_packet(999, 0)) == []


def test_numbers_go_round_and_none_is_left_behind() -> None:
    engine = opened()
    for _ in range(70_000):
        number = engine.publish("a", b"", confirmed=True, expiry_s=None)
        assert 0 < number < 65536
        assert read(engine, puback_packet(number, 0)) == [Confirmed(number, 0, "success")]
        engine.take_output()


@given(st.binary(max_size=200))
def test_nothing_that_is_read_raises(data: bytes) -> None:
    for engine in (an_engine(), opened()):
        read(engine, data)
        assert engine.unread <= max(len(data), OPENING.packet_max)


_PACKETS = (
    CONNACK,
    SUBACK,
    publish_packet("hub/hub-00000001/dn/cmd", b"x" * 30),
    publish_packet("t", b"", qos=0),
    puback_packet(2, 0x87),
    bytes.fromhex("20 0d 00 00 0a 21 0005 27 00002000 24 01"),
    bytes.fromhex("e0 08 8b 06 1f 0003 616263"),
    bytes.fromhex("d0 00"),
)


@given(
    st.sampled_from(_PACKETS),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=4),
    st.sampled_from(_PACKETS),
)
def test_no_packet_that_was_damaged_raises(packet: bytes, damage: list[tuple[int, int]], following: bytes) -> None:
    damaged = bytearray(packet)
    for place, value in damage:
        if place < len(damaged):
            damaged[place] = value
    for engine in (an_engine(), opened()):
        engine.publish("a", b"x", confirmed=True, expiry_s=None)
        read(engine, bytes(damaged) + following)
        engine.take_output()


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_however_packets_are_cut_they_say_the_same(cuts: list[int]) -> None:
    whole = publish_packet("a", b"1", number=1) + puback_packet(2, 0) + publish_packet("b", b"2", qos=0) * 3
    at_once, in_pieces = opened(), opened()
    for engine in (at_once, in_pieces):
        engine.publish("c", b"x", confirmed=True, expiry_s=None)
    heard, place = [], 0
    for cut in [*cuts, len(whole)]:
        heard += read(in_pieces, whole[place : place + cut])
        place += cut
    assert heard == read(at_once, whole)
