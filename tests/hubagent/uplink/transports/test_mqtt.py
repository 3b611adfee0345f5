"""The MQTT transport with a real broker: mosquitto, set up as in production."""

import asyncio
import socket
import statistics
from pathlib import Path

import pytest

from hubagent.uplink.message.channel import Down, Up
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.mqtt import MqttTransport
from hubagent.uplink.transports.port import ConnectFailed, Trouble
from hubagent.uplink.transports.ways import Way
from simulators.tcp_proxy import tcp_proxy
from tests.helpers.hurried_loop import run_hurried
from tests.hubagent.uplink.transports.a_broker import BrokerSite, a_broker
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar

pytestmark = [pytest.mark.real_time, pytest.mark.interop]

OTHER_HUB = "hub-00000002"
BACK_WITHIN_S = 1.5


async def test_frames_go_both_ways_through_mosquitto_with_tls_on_both_sides(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (front, cloud):
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        connection.send(Up.ALARM, b"smoke")
        assert await cloud.frames.get() == (HUB, "evt/alarm", b"smoke")
        assert front.send(HUB, Down.COMMAND, b"lamp on")
        assert await ear.frames.get() == ("cmd", b"lamp on")
        connection.close()
        await transport.closed()
        assert ear.ends.empty()


async def test_the_last_will_is_heard_when_the_hub_vanishes_and_not_when_it_says_goodbye(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (_front, cloud):
        transport = site.transport()
        connection = await transport.connect(WritingEar(), FAREWELL)
        connection.send(Up.PRESENCE, b"goodbye")
        connection.close()
        await transport.closed()
        assert await cloud.frames.get() == (HUB, "presence", b"goodbye")
        async with tcp_proxy("127.0.0.1", site.broker.port) as network:
            vanishing = MqttTransport([Way(Address("localhost", network.port))], site.credentials())
            await vanishing.connect(WritingEar(), FAREWELL)
            network.cut()
            await vanishing.closed()
        assert await cloud.frames.get() == (HUB, "presence", FAREWELL.payload)
        assert cloud.frames.empty()


async def test_a_hub_that_is_back_at_once_was_never_gone(tmp_path: Path) -> None:
    async with (
        asyncio.timeout(20),
        a_broker(tmp_path) as site,
        site.consumer() as (_front, cloud),
        tcp_proxy("127.0.0.1", site.broker.port) as network,
    ):
        transport = MqttTransport([Way(Address("localhost", network.port))], site.credentials())
        ear = WritingEar()
        await transport.connect(ear, FAREWELL)
        network.cut()
        await ear.ends.get()
        connection = await transport.connect(ear, FAREWELL)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(4):
                await cloud.frames.get()
        connection.close()
        await transport.closed()


async def test_a_second_hub_with_the_same_name_takes_the_place_of_the_first(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site:
        first, ear, second = site.transport(), WritingEar(), site.transport()
        await first.connect(ear, FAREWELL)
        connection = await second.connect(WritingEar(), FAREWELL)
        # mosquitto says why from 2.0.15 on (mosquitto#2607); before, it only closes.
        assert (await ear.ends.get()).trouble in {Trouble.REPLACED, Trouble.CLOSED}
        connection.close()
        await first.closed()
        await second.closed()


async def test_a_broker_that_stops_says_so_and_the_hub_is_back_within_a_second_and_a_half(tmp_path: Path) -> None:
    async with asyncio.timeout(30), a_broker(tmp_path) as site:
        for end in (site.broker.stop, site.broker.kill):
            ear, transport = WritingEar(), site.transport()
            await transport.connect(ear, FAREWELL)
            await end()
            assert (await ear.ends.get()).trouble in {Trouble.CLOSED, Trouble.NETWORK}
            with pytest.raises(ConnectFailed) as failed:
                await transport.connect(ear, FAREWELL)
            assert failed.value.lost.trouble is Trouble.NETWORK
            await site.broker.start()
            async with asyncio.timeout(BACK_WITHIN_S):
                connection = await transport.connect(ear, FAREWELL)
            connection.close()
            await transport.closed()


async def test_where_nobody_listens_for_hubs_a_frame_is_refused_for_want_of_a_consumer(tmp_path: Path) -> None:
    """PUBACK 0x10, a success by its class: what it confirms is gone."""
    async with asyncio.timeout(20), a_broker(tmp_path) as site:
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        connection.send(Up.EVENT, b"into the void")
        assert await ear.refusals.get() == (Up.EVENT, "no consumer")
        connection.close()
        await transport.closed()


async def test_what_hubs_say_while_the_consumer_is_away_waits_for_it_in_the_broker(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (front, cloud):
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        front.listen(False)
        connection.send(Up.EVENT, b"while you were away")
        front.listen(True)
        assert await cloud.frames.get() == (HUB, "evt", b"while you were away")
        assert ear.refusals.empty()
        connection.close()
        await transport.closed()


async def test_what_is_said_to_a_hub_that_is_away_for_a_moment_waits_for_it_in_the_broker(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (front, _cloud):
        transport = site.transport()
        (await transport.connect(WritingEar(), FAREWELL)).close()
        await transport.closed()
        assert front.send(HUB, Down.COMMAND, b"lamp on")
        ear = WritingEar()
        connection = await transport.connect(ear, FAREWELL)
        assert await ear.frames.get() == ("cmd", b"lamp on")
        connection.close()
        await transport.closed()


def test_a_broker_that_hangs_is_noticed_within_twenty_seconds(tmp_path: Path) -> None:
    """Fault 3: half-open; here the other end's process stands still, and its kernel goes on confirming."""

    async def main() -> None:
        async with a_broker(tmp_path) as site:
            ear, transport = WritingEar(), site.transport()
            await transport.connect(ear, FAREWELL)
            site.broker.freeze()
            began = asyncio.get_running_loop().time()
            assert (await ear.ends.get()).trouble is Trouble.SILENCE
            assert asyncio.get_running_loop().time() - began < 20
            site.broker.thaw()
            await transport.closed()

    run_hurried(main)


async def test_a_hub_can_neither_speak_nor_listen_under_another_s_name(tmp_path: Path) -> None:
    """Tried with a hub's own certificate, and the client identifier and topics of another."""
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (front, cloud):
        victim, victims_ear = site.transport(OTHER_HUB), WritingEar()
        theirs = await victim.connect(victims_ear, FAREWELL)
        credentials = site.credentials(HUB)
        credentials.hub = OTHER_HUB
        ear, thief = WritingEar(), MqttTransport([Way(site.address)], credentials)
        posing = await thief.connect(ear, FAREWELL)
        posing.send(Up.ALARM, b"I am somebody else")
        assert await ear.refusals.get() == (Up.ALARM, "not authorized (0x87)")
        assert front.send(OTHER_HUB, Down.COMMAND, b"unlock")
        assert await victims_ear.frames.get() == ("cmd", b"unlock")
        # The one whose name was used noticed nothing, and was heard.
        theirs.send(Up.EVENT, b"still here")
        assert await cloud.frames.get() == (OTHER_HUB, "evt", b"still here")
        posing.send(Up.EVENT, b"still posing")
        await ear.refusals.get()
        assert (ear.frames.empty(), victims_ear.ends.empty(), cloud.frames.empty()) == (True, True, True)
        for connection, transport in ((posing, thief), (theirs, victim)):
            connection.close()
            await transport.closed()


async def test_a_hub_on_the_consumers_listener_and_a_consumer_on_the_hubs_reach_nothing(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (_front, cloud):
        ear = WritingEar()
        inside = MqttTransport([Way(Address("localhost", site.broker.consumer_port))], site.credentials())
        connection = await inside.connect(ear, FAREWELL)
        connection.send(Up.ALARM, b"x")
        assert await ear.refusals.get() == (Up.ALARM, "not authorized (0x87)")
        connection.close()
        await inside.closed()
        assert cloud.frames.empty()


async def test_nagle_waits_nowhere_on_the_way(tmp_path: Path) -> None:
    """Fault 4: with Nagle's algorithm at one of the four ends, the way there and back takes 40 ms and more."""
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (front, cloud):
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        took = []
        for number in range(101):
            began = asyncio.get_running_loop().time()
            assert front.send(HUB, Down.COMMAND, b"%d" % number)
            await ear.frames.get()
            connection.send(Up.RESULT, b"%d" % number)
            await cloud.frames.get()
            took.append(asyncio.get_running_loop().time() - began)
        assert statistics.median(took) < 0.02
        connection.close()
        await transport.closed()


async def test_the_kernel_is_told_to_send_at_once_and_to_give_up_in_time(tmp_path: Path) -> None:
    """Fault 4: Nagle. Fault 3: half-open TCP, should our own deadlines fail."""
    async with asyncio.timeout(20), a_broker(tmp_path) as site:
        transport = site.transport()
        connection = await transport.connect(WritingEar(), FAREWELL)
        wire = transport._last._socket.get_extra_info("socket")  # type: ignore[union-attr]
        assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 18_000
        assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        connection.close()
        await transport.closed()


async def test_mosquitto_s_websocket_is_a_way(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path, websockets=True) as site:
        way = Way(Address("localhost", site.broker.websocket_port), websocket_path="/mqtt")
        await talk(site, MqttTransport([way], site.credentials()))


async def talk(site: BrokerSite, transport: MqttTransport) -> None:
    """A few words, a large one, and the end."""
    async with site.consumer() as (front, cloud):
        ear = WritingEar()
        connection = await transport.connect(ear, FAREWELL)
        for payload in (b"x", bytes(32 * 1024)):
            connection.send(Up.EVENT, payload)
            assert await cloud.frames.get() == (HUB, "evt", payload)
            assert front.send(HUB, Down.COMMAND, payload)
            assert await ear.frames.get() == ("cmd", payload)
        connection.close()
        await transport.closed()
        assert ear.ends.empty()
