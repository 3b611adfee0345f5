"""The cloud's CoAP front with a test CA and hubs; what hubs say is written down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hubagent.uplink.transports.coap import CoapTransport, make_coap
from simulators.cloud.coap_front import CoapFront
from tests.helpers.certificates import Authority, FileCredentials, Issued, server_context
from tests.hubagent.uplink.transports.an_ear import HUB


@dataclass
class FrontReceiver:
    """Writes down what hubs say, and who is gone."""

    frames: asyncio.Queue[tuple[str, str, bytes]] = field(default_factory=asyncio.Queue)
    ends: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def received(self, hub: str, channel: str, payload: bytes) -> None:
        self.frames.put_nowait((hub, channel, payload))

    def gone(self, hub: str) -> None:
        self.ends.put_nowait(hub)


class CoapSite:
    """A front with its CA."""

    def __init__(self, front: CoapFront, cloud: FrontReceiver, authority: Authority) -> None:
        self.front = front
        self.cloud = cloud
        self.authority = authority

    @property
    def url(self) -> str:
        return f"coaps+tcp://localhost:{self.front.port}"

    def credentials(self, hub: str = HUB) -> FileCredentials:
        return FileCredentials(hub, self.authority.client(hub), self.authority.anchor, self.authority.crl)

    def transport(self, hub: str = HUB, in_flight_max: int = 16) -> CoapTransport:
        return make_coap(self.url, self.credentials(hub), in_flight_max=in_flight_max)


@asynccontextmanager
async def a_coap_front(
    folder: Path, authority: Authority | None = None, certificate: Issued | None = None
) -> AsyncIterator[CoapSite]:
    authority = authority or Authority(folder / "ca")
    cloud = FrontReceiver()
    context = server_context(authority, certificate or authority.server())
    # In a hurried second less; a test that waits for what never comes shall say so.
    async with asyncio.timeout(200), CoapFront(cloud, context, "127.0.0.1", 0) as front:
        yield CoapSite(front, cloud, authority)
