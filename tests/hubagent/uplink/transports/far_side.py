"""The cloud's end of a transport, as the contract's tests need it: friendly, and as bad as they want it.

One of these for each transport; `SUBJECTS` in `test_contract` is the table.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from hubagent.uplink.message.channel import Down
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.mqtt import MqttTransport
from hubagent.uplink.transports.port import Transport
from hubagent.uplink.transports.ways import Way
from simulators.tcp_proxy import TcpProxy, tcp_proxy
from tests.helpers.certificates import Authority, FileCredentials, server_context
from tests.hubagent.uplink.transports.an_ear import HUB
from tests.hubagent.uplink.transports.scripted_broker import ScriptedBroker, a_scripted_broker, publish_packet
from tests.hubagent.uplink.transports.web_gateway import a_web_gateway


class FarSide(Protocol):
    """Whoever answers; what is set holds for the connection there is, and for the next ones."""

    @property
    def transport(self) -> Transport:
        """To it, through `network`."""
        ...

    @property
    def network(self) -> TcpProxy: ...

    async def frame(self) -> tuple[str, bytes]:
        """The next frame from the hub: channel and payload."""
        ...

    def send(self, channel: Down, payload: bytes) -> None:
        """To the hub."""
        ...

    def send_early(self, channel: Down, payload: bytes) -> bool:
        """Have a frame follow at once on the welcome of the next connection; False where the protocol has no such."""
        ...

    def kick(self) -> None:
        """Close the connection without a word."""
        ...

    def turn_away(self) -> None:
        """From now on let no hub in, and say so in the protocol's way."""
        ...

    def keep_waiting(self) -> None:
        """From now on take connections, TLS and all, and never say the welcome."""
        ...

    def refuse_frames(self) -> None:
        """From now on take no frames, and say so."""
        ...

    def hold_back(self, holding: bool) -> None:
        """Whether frames are taken without being confirmed; those that wait are when it ends."""
        ...

    def garble(self) -> None:
        """Say what is not the protocol."""
        ...

    async def gone(self) -> None:
        """Until the hub's connection is closed."""
        ...


class MqttFarSide:
    """A scripted broker."""

    def __init__(self, broker: ScriptedBroker, network: TcpProxy, transport: Transport) -> None:
        self.transport = transport
        self.network = network
        self._broker = broker

    async def frame(self) -> tuple[str, bytes]:
        published = await self._broker.published.get()
        return published.topic.removeprefix(f"hub/{HUB}/up/"), published.payload

    def send(self, channel: Down, payload: bytes) -> None:
        self._broker.publish(f"hub/{HUB}/dn/{channel.value}", payload)

    def send_early(self, channel: Down, payload: bytes) -> bool:
        self._broker.script.early = publish_packet(f"hub/{HUB}/dn/{channel.value}", payload)
        return True

    def kick(self) -> None:
        self._broker.kick()

    def turn_away(self) -> None:
        self._broker.script.connack = 0x89

    def keep_waiting(self) -> None:
        self._broker.script.welcomes = False

    def refuse_frames(self) -> None:
        self._broker.script.puback = 0x87

    def hold_back(self, holding: bool) -> None:
        self._broker.script.puback = None if holding else 0
        if not holding:
            self._broker.confirm()

    def garble(self) -> None:
        self._broker.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def gone(self) -> None:
        await self._broker.closed.get()


@asynccontextmanager
async def an_mqtt_far_side(folder: Path) -> AsyncIterator[FarSide]:
    authority = Authority(folder)
    context = server_context(authority, authority.server())
    async with a_scripted_broker(context) as broker, tcp_proxy("127.0.0.1", broker.port) as network:
        credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor, authority.crl)
        transport = MqttTransport([Way(Address("localhost", network.port))], credentials)
        yield MqttFarSide(broker, network, transport)


@asynccontextmanager
async def an_mqtt_websocket_far_side(folder: Path) -> AsyncIterator[FarSide]:
    """A scripted broker behind a web server."""
    authority = Authority(folder)
    context = server_context(authority, authority.server())
    async with (
        a_scripted_broker(None) as broker,
        a_web_gateway(broker.port, context) as gateway,
        tcp_proxy("127.0.0.1", gateway.port) as network,
    ):
        credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor, authority.crl)
        transport = MqttTransport([Way(Address("localhost", network.port), websocket_path="/mqtt")], credentials)
        yield MqttFarSide(broker, network, transport)
