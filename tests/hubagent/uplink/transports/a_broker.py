"""mosquitto as production runs it, with a test CA, hubs and the cloud's consumer; and ears that write down."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.mqtt import MqttTransport
from hubagent.uplink.transports.ways import Way
from simulators.cloud.broker import CONSUMER, Broker
from simulators.cloud.mqtt_front import MqttFront
from tests.helpers.certificates import Authority, FileCredentials, Issued
from tests.hubagent.uplink.transports.an_ear import HUB
from tests.interop.peers import mosquitto


@dataclass
class WritingReceiver:
    """Writes down what hubs say."""

    frames: asyncio.Queue[tuple[str, str, bytes]] = field(default_factory=asyncio.Queue)

    def received(self, hub: str, channel: str, payload: bytes) -> None:
        self.frames.put_nowait((hub, channel, payload))

    def gone(self, hub: str) -> None:
        raise AssertionError(f"a broker's front cannot know that {hub} is gone")


class BrokerSite:
    """A broker with its CA."""

    def __init__(self, broker: Broker, authority: Authority, revoked: Issued) -> None:
        self.broker = broker
        self.authority = authority
        self.revoked = revoked
        """The certificate of a hub that is not one any more; the broker knows."""

    @property
    def address(self) -> Address:
        return Address("localhost", self.broker.port)

    def credentials(self, hub: str = HUB) -> FileCredentials:
        return FileCredentials(hub, self.authority.client(hub), self.authority.anchor, self.authority.crl)

    def transport(self, hub: str = HUB) -> MqttTransport:
        return self.transport_with(self.credentials(hub))

    def transport_with(self, credentials: FileCredentials) -> MqttTransport:
        return MqttTransport([Way(self.address)], credentials)

    @asynccontextmanager
    async def consumer(
        self, name: str = CONSUMER, keep_alive_s: int = 10
    ) -> AsyncIterator[tuple[MqttFront, WritingReceiver]]:
        """Listening from when this is entered."""
        receiver = WritingReceiver()
        front = MqttFront(
            "127.0.0.1",
            self.broker.consumer_port,
            self.consumer_context(),
            receiver,
            client=name,
            keep_alive_s=keep_alive_s,
        )
        front.listen(True)
        try:
            async with asyncio.timeout(5):
                await front.listening()
            yield front, receiver
        finally:
            front.close()

    def consumer_context(self) -> ssl.SSLContext:
        issued = self.authority.client(CONSUMER)
        context = ssl.create_default_context(cafile=str(self.authority.anchor))
        context.load_cert_chain(issued.certificate, issued.key)
        return context


@asynccontextmanager
async def a_broker(folder: Path, *, websockets: bool = False) -> AsyncIterator[BrokerSite]:
    mosquitto()
    authority = Authority(folder / "ca")
    issued, revoked = authority.server(), authority.client(HUB)
    authority.revoke(revoked)
    async with Broker(
        folder / "broker", authority.anchor, issued.certificate, issued.key, authority.crl, websockets=websockets
    ) as broker:
        yield BrokerSite(broker, authority, revoked)
