"""MQTT in a WebSocket, against aiohttp's; a real broker's is in `test_mqtt`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hubagent.uplink.message.channel import Up
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.mqtt import MqttTransport
from hubagent.uplink.transports.port import ConnectFailed, Lost, Trouble
from hubagent.uplink.transports.ways import Way
from tests.helpers.certificates import Authority, FileCredentials, server_context
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar
from tests.hubagent.uplink.transports.scripted_broker import ScriptedBroker, a_scripted_broker
from tests.hubagent.uplink.transports.web_gateway import WebGateway, a_web_gateway

pytestmark = pytest.mark.real_time

TOPIC = f"hub/{HUB}/dn/cmd"


@dataclass
class Web:
    gateway: WebGateway
    broker: ScriptedBroker
    transport: MqttTransport
    ear: WritingEar

    async def failed(self) -> Lost:
        with pytest.raises(ConnectFailed) as failed:
            await self.transport.connect(self.ear, FAREWELL)
        await self.transport.closed()
        return failed.value.lost


@asynccontextmanager
async def a_web(folder: Path) -> AsyncIterator[Web]:
    authority = Authority(folder)
    context = server_context(authority, authority.server())
    async with a_scripted_broker(None) as broker, a_web_gateway(broker.port, context) as gateway:
        credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor, authority.crl)
        way = Way(Address("localhost", gateway.port), websocket_path="/mqtt")
        yield Web(gateway, broker, MqttTransport([way], credentials), WritingEar())


@pytest.mark.parametrize("piece", [1, 7, 1 << 16])
async def test_packets_travel_in_messages_however_they_are_cut(tmp_path: Path, piece: int) -> None:
    async with asyncio.timeout(20), a_web(tmp_path) as web:
        web.gateway.piece = piece
        connection = await web.transport.connect(web.ear, FAREWELL)
        assert web.gateway.paths == ["/mqtt"]
        assert "wss://localhost" in connection.description
        for number in range(20):
            connection.send(Up.EVENT, b"%d" % number)
            assert (await web.broker.published.get()).payload == b"%d" % number
            web.broker.publish(TOPIC, b"%d" % number, number=number + 1)
            assert await web.ear.frames.get() == ("cmd", b"%d" % number)
        connection.close()
        await web.transport.closed()
        assert await web.broker.disconnects.get() == 0
        assert web.ear.ends.empty()


async def test_the_largest_frames_pass(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_web(tmp_path) as web:
        connection = await web.transport.connect(web.ear, FAREWELL)
        connection.send(Up.EVENT, bytes(FRAME_MAX))
        assert (await web.broker.published.get()).payload == bytes(FRAME_MAX)
        web.broker.publish(TOPIC, bytes(FRAME_MAX))
        assert await web.ear.frames.get() == ("cmd", bytes(FRAME_MAX))
        connection.close()
        await web.transport.closed()


async def test_the_gateway_s_pings_are_answered(tmp_path: Path) -> None:
    """It asks every 200 ms, and closes when there is no answer for half of that."""
    async with asyncio.timeout(20), a_web(tmp_path) as web:
        web.gateway.heartbeat_s = 0.2
        connection = await web.transport.connect(web.ear, FAREWELL)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await web.ear.ends.get()
        connection.close()
        await web.transport.closed()


async def test_a_gateway_that_closes_is_a_loss(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_web(tmp_path) as web:
        await web.transport.connect(web.ear, FAREWELL)
        await web.gateway.drop()
        lost = await web.ear.ends.get()
        assert (lost.trouble, "WebSocket" in lost.detail) == (Trouble.CLOSED, True)
        await web.transport.closed()


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (200, Trouble.PROTOCOL),
        (302, Trouble.PROTOCOL),
        (401, Trouble.IDENTITY),
        (403, Trouble.IDENTITY),
        (404, Trouble.PROTOCOL),
        (429, Trouble.REFUSED),
        (503, Trouble.REFUSED),
    ],
    ids=lambda it: str(it) if isinstance(it, int) else it.value,
)
async def test_a_web_server_without_a_websocket_is_told_by_what_it_answers(
    tmp_path: Path, status: int, trouble: Trouble
) -> None:
    async with asyncio.timeout(20), a_web(tmp_path) as web:
        web.gateway.status = status
        lost = await web.failed()
        assert (lost.trouble, str(status) in lost.detail) == (trouble, True)


async def test_a_websocket_for_something_else_is_not_used(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_web(tmp_path) as web:
        web.gateway.protocols = ()
        lost = await web.failed()
        assert (lost.trouble, "not for MQTT" in lost.detail) == (Trouble.PROTOCOL, True)
        assert web.broker.opened.empty()


async def test_text_is_not_the_protocol(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_web(tmp_path) as web:
        web.gateway.say_text = True
        assert (await web.failed()).trouble is Trouble.PROTOCOL


async def test_a_gateway_that_closes_at_once_is_told_as_such(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_web(tmp_path) as web:
        web.gateway.close_code = 1013
        lost = await web.failed()
        assert (lost.trouble, "1013" in lost.detail) == (Trouble.CLOSED, True)
