"""The cloud as a client of a real broker: what it hears, what it can say, and that it comes back."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubagent.uplink.message.channel import Down, Up
from simulators.cloud.mqtt_front import MqttFront
from tests.hubagent.uplink.transports.a_broker import WritingReceiver, a_broker
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar

pytestmark = [pytest.mark.real_time, pytest.mark.interop]

BACK_WITHIN_S = 1.5


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    yield
    gc.collect()


async def test_it_hears_many_hubs_each_by_its_name(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (_front, cloud):
        names = [f"hub-0000000{number}" for number in range(5)]
        for name in names:
            transport = site.transport(name)
            connection = await transport.connect(WritingEar(), FAREWELL)
            connection.send(Up.EVENT, name.encode())
            connection.close()
            await transport.closed()
        heard = [await cloud.frames.get() for _ in names]
        assert heard == [(name, "evt", name.encode()) for name in names]


async def test_a_burst_comes_whole_and_in_order_however_tls_packs_it(tmp_path: Path) -> None:
    async with asyncio.timeout(30), a_broker(tmp_path) as site, site.consumer() as (_front, cloud):
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        for number in range(3000):
            while not connection.ready:
                ear.room.clear()
                await ear.room.wait()
            connection.send(Up.TELEMETRY, b"%d" % number)
        assert [int((await cloud.frames.get())[2]) for _ in range(3000)] == list(range(3000))
        connection.close()
        await transport.closed()


async def test_what_it_says_arrives_in_order_though_it_says_it_all_at_once(tmp_path: Path) -> None:
    async with asyncio.timeout(30), a_broker(tmp_path) as site, site.consumer() as (front, _cloud):
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        for number in range(1000):
            assert front.send(HUB, Down.COMMAND, b"%d" % number + bytes(1000))
        heard = [(await ear.frames.get())[1] for _ in range(1000)]
        assert [int(payload.rstrip(b"\0")) for payload in heard] == list(range(1000))
        connection.close()
        await transport.closed()


async def test_answering_from_inside_received_works(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site:

        class Answering(WritingReceiver):
            def received(self, hub: str, channel: str, payload: bytes) -> None:
                assert front.send(hub, Down.ACK, payload + b" heard")

        front = MqttFront("127.0.0.1", site.broker.consumer_port, site.consumer_context(), Answering())
        front.listen(True)
        await front.listening()
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        connection.send(Up.EVENT, b"x")
        assert await ear.frames.get() == ("ack", b"x heard")
        connection.close()
        await transport.closed()
        front.close()


async def test_it_is_back_within_a_second_and_a_half_of_the_broker_s_return(tmp_path: Path) -> None:
    async with asyncio.timeout(30), a_broker(tmp_path) as site, site.consumer() as (front, _cloud):
        for end in (site.broker.stop, site.broker.kill):
            await end()
            await front.deaf()
            assert not front.send(HUB, Down.ACK, b"x")
            await site.broker.start()
            async with asyncio.timeout(BACK_WITHIN_S):
                await front.listening()


async def test_it_waits_for_a_broker_that_is_not_there_yet(tmp_path: Path) -> None:
    async with asyncio.timeout(30), a_broker(tmp_path) as site:
        await site.broker.kill()
        front = MqttFront("127.0.0.1", site.broker.consumer_port, site.consumer_context(), WritingReceiver())
        front.listen(True)
        assert not front.is_listening
        await site.broker.start()
        await front.listening()
        front.close()


async def test_away_it_says_nothing_and_hears_later_what_was_said_meanwhile(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (front, cloud):
        assert front.listen(False)
        assert not front.send(HUB, Down.ACK, b"x")
        transport = site.transport()
        connection = await transport.connect(WritingEar(), FAREWELL)
        connection.send(Up.EVENT, b"meanwhile")
        connection.close()
        await transport.closed()
        assert front.listen(True)
        assert front.listen(True)
        assert await cloud.frames.get() == (HUB, "evt", b"meanwhile")


async def test_what_nobody_got_is_counted(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (front, cloud):
        assert front.send("hub-nobody-here", Down.COMMAND, b"x")
        transport = site.transport()
        connection = await transport.connect(WritingEar(), FAREWELL)
        connection.send(Up.EVENT, b"by now the broker has answered")
        await cloud.frames.get()
        assert front.refused == 1
        connection.close()
        await transport.closed()


async def test_of_consumers_that_share_each_frame_goes_to_one(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site:
        receivers = [WritingReceiver(), WritingReceiver()]
        fronts = [
            MqttFront(
                "127.0.0.1",
                site.broker.consumer_port,
                site.consumer_context(),
                receiver,
                client=f"cloud-{number}",
                share="cloud",
            )
            for number, receiver in enumerate(receivers)
        ]
        for front in fronts:
            front.listen(True)
            await front.listening()
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        for number in range(10):
            connection.send(Up.EVENT, b"%d" % number)
        heard: set[int] = set()
        while len(heard) < 10:
            for receiver in receivers:
                while not receiver.frames.empty():
                    payload = int(receiver.frames.get_nowait()[2])
                    assert payload not in heard
                    heard.add(payload)
            await asyncio.sleep(0)
        connection.close()
        await transport.closed()
        for front in fronts:
            front.close()


async def test_a_broker_that_hangs_is_given_up(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer(keep_alive_s=1) as (front, _cloud):
        site.broker.freeze()
        await front.deaf()
        # Once it has tried again in vain, for as long as it has patience.
        front.listen(False)
        front.listen(True)
        site.broker.thaw()
        await front.listening()


async def test_it_can_neither_kick_nor_refuse_a_hub(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site, site.consumer() as (front, _cloud):
        assert (front.kick(HUB), front.refuse(True)) == (False, False)
