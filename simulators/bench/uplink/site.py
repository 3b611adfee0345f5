"""The cloud that the measurements talk to, in this process, and the hub's identity there."""

import asyncio
import sqlite3
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hubagent.cli.drivers import open_serial
from hubagent.identity.files import IdentityFiles
from hubagent.identity.key import OPERATIONAL, read_plain_key
from hubagent.identity.seal import seal_source
from hubagent.runtime import Runtime, real_runtime
from simulators.cloud.broker import CONSUMER, Broker
from simulators.cloud.ca import Authority, new_authority, server_context
from simulators.cloud.coap_front import CoapFront
from simulators.cloud.consumer import Consumer
from simulators.cloud.front import Receiver
from simulators.cloud.items import Changed
from simulators.cloud.mqtt_front import MqttFront
from simulators.cloud.service import Door, Service

HUB: Final = "hub-00000001"
WAYS: Final = ("coap", "mqtt")
_SCHEMES: Final = {"coap": "coaps+tcp", "mqtt": "mqtts"}
LISTEN_S: Final = 10.0


@dataclass
class Ears:
    """Hand on what a front hears: to the service, or to somebody who measures the way alone."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.to: Receiver = door

    def received(self, hub: str, channel: str, payload: bytes) -> None:
        self.to.received(hub, channel, payload)

    def gone(self, hub: str) -> None:
        self.to.gone(hub)


@dataclass
class Site:
    """One cloud with one front."""

    way: str
    folder: Path
    authority: Authority
    service: Service
    ears: Ears
    port: int
    """Where hubs come."""
    broker: Broker | None = None

    def url(self, port: int | None = None) -> str:
        return f"{_SCHEMES[self.way]}://localhost:{port or self.port}"

    def identify(self, state_dir: Path, hub: str = HUB) -> Path:
        """As the function of that name."""
        return identify(self.authority, self.folder, state_dir, hub)

    async def until(self, right: Callable[[], bool], timeout_s: float = 60.0) -> None:
        """Until the consumer knows that it is so. Raises TimeoutError."""
        changed = asyncio.Event()

        def hear(_change: Changed) -> None:
            changed.set()

        end = self.service.listen(hear)
        try:
            async with asyncio.timeout(timeout_s):
                while not right():
                    changed.clear()
                    await changed.wait()
        finally:
            end()

    @contextmanager
    def heard_by(self, receiver: Receiver) -> Iterator[None]:
        """What hubs say goes to `receiver` meanwhile, and not to the consumer."""
        self.ears.to = receiver
        try:
            yield
        finally:
            self.ears.to = self.ears.door

    def is_online(self, hub: str = HUB) -> bool:
        return any(one.id == hub and one.online for one in self.service.consumer.hubs())


def identify(authority: Authority, folder: Path, state_dir: Path, hub: str) -> Path:
    """Give `hub` an identity in its state folder, as `hubagent provision` does; the file of its sealing key."""
    seal_file = folder / f"{hub}.seal"
    seal = seal_source(f"file:{seal_file}", {}).make()
    issued = authority.hub_with_key(hub)
    files = IdentityFiles(state_dir)
    files.prepare()
    key = read_plain_key(issued.key_pem)
    files.write_pair(files.operational, key.sealed(seal, OPERATIONAL), [issued.certificate, *issued.chain])
    files.write(files.anchors, authority.anchors_pem)
    return seal_file


def write_tls(folder: Path) -> Authority:
    """A new authority; in FOLDER/tls the anchors, the server's certificate and the consumer's."""
    authority = new_authority(real_runtime(open_serial).wall)
    tls = folder / "tls"
    authority.server().write(tls, "server")
    authority.hub_with_key(CONSUMER).write(tls, CONSUMER)
    (tls / "anchors.pem").write_bytes(authority.anchors_pem)
    return authority


def consumer_context(tls: Path) -> ssl.SSLContext:
    """What the consumer shows the broker."""
    context = ssl.create_default_context(cafile=str(tls / "anchors.pem"))
    context.load_cert_chain(tls / f"{CONSUMER}.pem", tls / f"{CONSUMER}.key")
    return context


@asynccontextmanager
async def a_site(folder: Path, way: str) -> AsyncIterator[Site]:
    """Raises NoBroker."""
    runtime = real_runtime(open_serial)
    authority = write_tls(folder)
    tls = folder / "tls"
    certificate, key, anchors = tls / "server.pem", tls / "server.key", tls / "anchors.pem"
    async with AsyncExitStack() as closing:
        service = Service(_consumer(folder, runtime))
        closing.callback(service.close)
        door = service.door()
        ears = Ears(door)
        if way == "coap":
            context = server_context(certificate, key, authority.anchors_pem)
            front = await closing.enter_async_context(CoapFront(ears, context, "127.0.0.1", 0))
            door.front = front
            yield Site(way, folder, authority, service, ears, front.port)
            return
        broker = await closing.enter_async_context(Broker(folder / "broker", anchors, certificate, key))
        mqtt = await _mqtt_front(broker, ears, tls)
        closing.callback(mqtt.close)
        yield Site(way, folder, authority, service, ears, broker.port, broker)


def _consumer(folder: Path, runtime: Runtime) -> Consumer:
    folder.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(folder / "cloud.db", isolation_level=None)
    return Consumer(database, runtime.wall, runtime.entropy)


async def _mqtt_front(broker: Broker, ears: Ears, tls: Path) -> MqttFront:
    front = MqttFront("127.0.0.1", broker.consumer_port, consumer_context(tls), ears)
    ears.door.front = front
    front.listen(True)
    async with asyncio.timeout(LISTEN_S):
        await front.listening()
    return front
