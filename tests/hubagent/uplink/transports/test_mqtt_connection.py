"""What the MQTT transport says on the wire, and what it makes of whatever a broker may say; to a scripted broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hubagent.uplink.message.channel import Down, Up
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.mqtt import MqttTransport
from hubagent.uplink.transports.mqtt_connection import PACKET_MAX, PACKETS_A_STEP
from hubagent.uplink.transports.port import ConnectFailed, Connection, Lost, Trouble
from hubagent.uplink.transports.ways import Way
from tests.helpers.certificates import Authority, FileCredentials, server_context
from tests.helpers.hurried_loop import run_hurried
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar
from tests.hubagent.uplink.transports.scripted_broker import (
    MAXIMUM_PACKET_SIZE,
    MESSAGE_EXPIRY,
    REASON_STRING,
    RECEIVE_MAXIMUM,
    SERVER_KEEP_ALIVE,
    SERVER_REFERENCE,
    SESSION_EXPIRY,
    WILL_DELAY,
    ScriptedBroker,
    a_scripted_broker,
    publish_packet,
)

pytestmark = pytest.mark.real_time


@dataclass
class Played:
    """The hub's side, and the broker's."""

    broker: ScriptedBroker
    transport: MqttTransport
    ear: WritingEar

    async def connect(self) -> Connection:
        return await self.transport.connect(self.ear, FAREWELL)

    async def failed(self) -> Lost:
        with pytest.raises(ConnectFailed) as failed:
            await self.connect()
        await self.transport.closed()
        return failed.value.lost


@asynccontextmanager
async def played(folder: Path) -> AsyncIterator[Played]:
    authority = Authority(folder)
    async with a_scripted_broker(server_context(authority, authority.server())) as broker:
        credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor, authority.crl)
        transport = MqttTransport([Way(Address("localhost", broker.port))], credentials)
        yield Played(broker, transport, WritingEar())
        if transport._last is not None:
            transport._last.close()
        await transport.closed()


async def test_connect_says_who_it_is_keeps_its_session_and_leaves_a_will(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        await it.connect()
        opened = await it.broker.opened.get()
        assert (opened.client, opened.clean_start, opened.keep_alive_s) == (HUB, False, 12)
        assert opened.properties == {SESSION_EXPIRY: 3600, RECEIVE_MAXIMUM: 32, MAXIMUM_PACKET_SIZE: PACKET_MAX}
        assert (opened.will_topic, opened.will_payload) == (f"hub/{HUB}/up/presence", FAREWELL.payload)
        assert opened.will_properties == {WILL_DELAY: 2}


async def test_a_frame_is_confirmed_and_does_not_outlive_its_use_in_the_broker(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        connection = await it.connect()
        connection.send(Up.TELEMETRY, b"x")
        published = await it.broker.published.get()
        assert (published.topic, published.qos) == (f"hub/{HUB}/up/tel", 1)
        assert published.properties == {MESSAGE_EXPIRY: 60}


async def test_what_the_hub_hears_is_confirmed(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        connection = await it.connect()
        it.broker.publish(f"hub/{HUB}/dn/cmd", b"x", number=4711)
        await it.ear.frames.get()
        connection.send(Up.EVENT, b"y")
        await it.broker.published.get()
        assert it.broker.confirmed == {4711}


async def test_no_more_is_under_way_than_the_broker_takes(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        it.broker.script.connack_properties = {RECEIVE_MAXIMUM: 3}
        it.broker.script.puback = None
        connection = await it.connect()
        assert connection.limits.in_flight_max == 3
        count = 0
        while connection.ready:
            connection.send(Up.EVENT, b"x")
            count += 1
        assert count == 3


async def test_a_broker_that_takes_more_is_not_given_more_than_sixteen(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        connection = await it.connect()
        assert connection.limits.in_flight_max == 16


async def test_the_broker_s_word_on_the_size_of_packets_bounds_frames(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        it.broker.script.connack_properties = {MAXIMUM_PACKET_SIZE: 8192}
        connection = await it.connect()
        assert connection.limits.payload_max == 8192 - 1024


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (0x80, Trouble.REFUSED),
        (0x84, Trouble.PROTOCOL),
        (0x85, Trouble.IDENTITY),
        (0x86, Trouble.IDENTITY),
        (0x87, Trouble.IDENTITY),
        (0x88, Trouble.REFUSED),
        (0x89, Trouble.REFUSED),
        (0x8A, Trouble.REFUSED),
        (0x97, Trouble.REFUSED),
        (0x9C, Trouble.REFUSED),
        (0x9D, Trouble.REFUSED),
        (0x9F, Trouble.REFUSED),
    ],
    ids=lambda it: f"0x{it:02x}" if isinstance(it, int) else it.value,
)
async def test_a_connack_that_says_no_is_told_for_what_it_is(tmp_path: Path, code: int, trouble: Trouble) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        it.broker.script.connack = code
        assert (await it.failed()).trouble is trouble


@pytest.mark.parametrize("code", [0x97, 0x9F, 0x89])
async def test_a_broker_that_is_overrun_is_not_tried_again_at_once(tmp_path: Path, code: int) -> None:
    """Fault 1: a fleet that reconnects at once; quota (0x97) and rate (0x9F) are honoured."""
    async with asyncio.timeout(10), played(tmp_path) as it:
        it.broker.script.connack = code
        assert ((await it.failed()).retry_after_s or 0) >= 5


@pytest.mark.parametrize("code", [0x9C, 0x9D])
async def test_another_server_is_named_where_the_broker_names_one(tmp_path: Path, code: int) -> None:
    """Fault 1: the server reference is honoured (MQTT 5.0, section 4.11)."""
    async with asyncio.timeout(10), played(tmp_path) as it:
        it.broker.script.connack = code
        it.broker.script.connack_properties = {SERVER_REFERENCE: "broker-2.example:8883 [fe80::1]:1883"}
        assert (await it.failed()).server == "broker-2.example:8883"
        it.broker.script.connack = 0
        it.broker.script.connack_properties = {}
        await it.connect()
        it.broker.disconnect(code, {SERVER_REFERENCE: "[fe80::9610:3eff:fe1c]"})
        assert (await it.ear.ends.get()).server == "[fe80::9610:3eff:fe1c]"


@pytest.mark.parametrize("said", ["", "user@host:1", " b:1", "host:99999", "host:0", "x" * 300, "hub\n.example"])
async def test_a_server_reference_that_is_none_is_not_followed(tmp_path: Path, said: str) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        it.broker.script.connack = 0x9D
        it.broker.script.connack_properties = {SERVER_REFERENCE: said}
        lost = await it.failed()
        assert (lost.trouble, lost.server) == (Trouble.REFUSED, None)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (0x00, Trouble.CLOSED),
        (0x81, Trouble.PROTOCOL),
        (0x87, Trouble.IDENTITY),
        (0x89, Trouble.REFUSED),
        (0x8B, Trouble.CLOSED),
        (0x8D, Trouble.SILENCE),
        (0x8E, Trouble.REPLACED),
        (0x93, Trouble.PROTOCOL),
        (0x95, Trouble.PROTOCOL),
        (0x96, Trouble.REFUSED),
        (0x97, Trouble.REFUSED),
        (0x98, Trouble.CLOSED),
        (0x9F, Trouble.REFUSED),
        (0xA0, Trouble.CLOSED),
    ],
    ids=lambda it: f"0x{it:02x}" if isinstance(it, int) else it.value,
)
async def test_a_disconnect_is_told_for_what_it_is(tmp_path: Path, code: int, trouble: Trouble) -> None:
    """Fault 2: kicked because another has the same name (0x8E) is not the same as a network that failed."""
    async with asyncio.timeout(10), played(tmp_path) as it:
        await it.connect()
        it.broker.disconnect(code)
        assert (await it.ear.ends.get()).trouble is trouble


async def test_the_broker_s_own_words_are_passed_on_harmless(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        it.broker.script.connack = 0x8A
        it.broker.script.connack_properties = {REASON_STRING: "no\x1b[31m entry" + "!" * 500}
        lost = await it.failed()
        assert "no?[31m entry" in lost.detail
        assert len(lost.detail) < 300


@pytest.mark.parametrize("code", [0x80, 0x87, 0x8F, 0x97, 0x9E, 0xA1, 0xA2])
async def test_a_hub_that_may_not_listen_is_not_connected(tmp_path: Path, code: int) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        it.broker.script.suback = code
        assert (await it.failed()).trouble is Trouble.REFUSED


@pytest.mark.parametrize("code", [0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99])
async def test_a_puback_that_says_no_is_a_refusal(tmp_path: Path, code: int) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        it.broker.script.puback = code
        connection = await it.connect()
        connection.send(Up.ALARM, b"x")
        channel, reason = await it.ear.refusals.get()
        assert channel is Up.ALARM
        assert reason == "no consumer" if code == 0x10 else f"0x{code:02x}" in reason


@pytest.mark.parametrize(
    "topic",
    [f"hub/{HUB}/up/cmd", "hub/hub-00000002/dn/cmd", f"hub/{HUB}/dn", "$SYS/broker", f"HUB/{HUB}/dn/cmd", "x" * 500],
)
async def test_what_is_not_for_this_hub_is_not_heard(tmp_path: Path, topic: str) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        await it.connect()
        it.broker.publish(topic, b"not ours", number=1)
        it.broker.publish(f"hub/{HUB}/dn/{Down.ACK.value}", b"ours", number=2)
        assert await it.ear.frames.get() == ("ack", b"ours")


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00",
        b"\x10\x00",
        b"\x34\x00",
        b"\x36\x00",
        b"\x41\x00",
        b"\x62\x02\x00\x01",
        b"\xd0\x01\x00",
        b"\xf0\x00",
        b"\x20\x00",
        b"\x30\xff\xff\xff\xff\x01",
        b"\x30\xff\xff\xff\x7f",
        b"\x30\x03\x00\x09x",
        b"\x32\x05\x00\x01x\x00\x01",
        b"\x40\x01\x00",
        b"\x40\x04\x00\x01\xee\x00",
        b"\x90\x02\x00\x01",
        b"\xe0\x01\xee",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
    ids=lambda it: it[:6].hex(),
)
async def test_what_no_broker_says_ends_the_connection_as_not_the_protocol(tmp_path: Path, data: bytes) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        await it.connect()
        it.broker.say(data)
        assert (await it.ear.ends.get()).trouble is Trouble.PROTOCOL


async def test_a_message_that_is_larger_than_was_allowed_is_not_even_buffered(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        await it.connect()
        whole = publish_packet(f"hub/{HUB}/dn/cmd", bytes(PACKET_MAX + 1))
        it.broker.say(whole[:100])
        lost = await it.ear.ends.get()
        assert lost.trouble is Trouble.PROTOCOL
        assert str(PACKET_MAX) in lost.detail


async def test_packets_may_come_in_any_pieces(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        await it.connect()
        whole = b"".join(publish_packet(f"hub/{HUB}/dn/cmd", b"%d" % number, number=number) for number in (1, 2, 3))
        for place in range(len(whole)):
            it.broker.say(whole[place : place + 1])
            await asyncio.sleep(0)
        assert [await it.ear.frames.get() for _ in range(3)] == [("cmd", b"1"), ("cmd", b"2"), ("cmd", b"3")]


async def test_of_a_flood_only_so_much_is_read_in_one_step_of_the_loop(tmp_path: Path) -> None:
    async with asyncio.timeout(20), played(tmp_path) as it:
        await it.connect()
        frames, steps, most = 0, 0, 0
        flood = publish_packet(f"hub/{HUB}/dn/cmd", b"x" * 20, qos=0) * 5000
        it.broker.say(flood)
        while frames < 5000:
            before = it.ear.frames.qsize()
            await asyncio.sleep(0)
            steps += 1
            most = max(most, it.ear.frames.qsize() - before)
            frames = it.ear.frames.qsize()
        # Two: one before and one after this task's own turn.
        assert most <= 2 * PACKETS_A_STEP
        assert steps >= 5000 / PACKETS_A_STEP / 2


async def test_sending_from_inside_received_works_and_leaves_in_the_same_step(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        connection = await it.connect()

        def answer(channel: str, payload: bytes) -> None:
            connection.send(Up.RESULT, payload + b" done")

        it.ear.received = answer  # type: ignore[method-assign]
        it.broker.publish(f"hub/{HUB}/dn/cmd", b"command")
        assert (await it.broker.published.get()).payload == b"command done"


async def test_closing_from_inside_received_says_goodbye_and_nothing_more_is_told(tmp_path: Path) -> None:
    async with asyncio.timeout(10), played(tmp_path) as it:
        connection = await it.connect()
        heard = []

        def close(channel: str, payload: bytes) -> None:
            heard.append(payload)
            connection.close()

        it.ear.received = close  # type: ignore[method-assign]
        topic = f"hub/{HUB}/dn/cmd"
        it.broker.say(publish_packet(topic, b"1", number=1) + publish_packet(topic, b"2", number=2))
        assert await it.broker.disconnects.get() == 0
        await it.transport.closed()
        assert heard == [b"1"]
        assert it.ear.ends.empty()


def test_the_broker_s_keepalive_is_kept(tmp_path: Path) -> None:
    async def main() -> None:
        async with played(tmp_path) as it:
            it.broker.script.connack_properties = {SERVER_KEEP_ALIVE: 4}
            await it.connect()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(20):
                    await it.ear.ends.get()
            assert it.broker.pings >= 8

    run_hurried(main)


def test_a_hub_that_only_hears_says_now_and_then_that_it_is_there(tmp_path: Path) -> None:
    async def main() -> None:
        async with played(tmp_path) as it:
            await it.connect()
            for _ in range(40):
                it.broker.publish(f"hub/{HUB}/dn/cmd", b"x", qos=0)
                await asyncio.sleep(1)
            assert it.broker.pings >= 4

    run_hurried(main)


def test_a_broker_that_answers_pings_and_confirms_nothing_is_given_up(tmp_path: Path) -> None:
    async def main() -> None:
        async with played(tmp_path) as it:
            it.broker.script.puback = None
            connection = await it.connect()
            connection.send(Up.EVENT, b"x")
            began = asyncio.get_running_loop().time()
            lost = await it.ear.ends.get()
            assert lost.trouble is Trouble.SILENCE
            assert 30 <= asyncio.get_running_loop().time() - began < 40

    run_hurried(main)


async def test_the_largest_frame_fits_into_what_was_allowed(tmp_path: Path) -> None:
    assert len(publish_packet(f"hub/{'h' * 64}/dn/cmd", bytes(FRAME_MAX))) < PACKET_MAX
