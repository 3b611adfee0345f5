"""The cloud's CoAP front as the contract's tests want it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from hubagent.uplink.message.channel import Down
from hubagent.uplink.transports.coap import make_coap
from simulators.cloud.coap_hub import HubConnection
from simulators.tcp_proxy import TcpProxy, tcp_proxy
from tests.hubagent.uplink.transports.a_coap_front import CoapSite, a_coap_front
from tests.hubagent.uplink.transports.an_ear import HUB


class CoapFarSide:
    def __init__(self, site: CoapSite, network: TcpProxy) -> None:
        self.transport = make_coap(f"coaps+tcp://localhost:{network.port}", site.credentials())
        self.network = network
        self._site = site

    async def frame(self) -> tuple[str, bytes]:
        hub, channel, payload = await self._site.cloud.frames.get()
        assert hub == HUB
        return channel, payload

    def send(self, channel: Down, payload: bytes) -> None:
        assert self._site.front.send(HUB, channel, payload)

    def send_early(self, channel: Down, payload: bytes) -> bool:
        """A request that comes before the hub can do anything about it is answered 5.03, and nobody hears of it."""
        del channel, payload
        return False

    def kick(self) -> None:
        self._connection().hang_up()

    def turn_away(self) -> None:
        self._site.front.refuse(True)

    def keep_waiting(self) -> None:
        self._site.front.manners.welcomes = False

    def refuse_frames(self) -> None:
        self._site.front.manners.takes = False

    def hold_back(self, holding: bool) -> None:
        self._site.front.answer(not holding)

    def garble(self) -> None:
        self._connection().write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def gone(self) -> None:
        assert await self._site.cloud.ends.get() == HUB

    def _connection(self) -> HubConnection:
        return self._site.front._hubs[HUB]


@asynccontextmanager
async def a_coap_far_side(folder: Path) -> AsyncIterator[CoapFarSide]:
    async with a_coap_front(folder) as site, tcp_proxy("127.0.0.1", site.front.port) as network:
        yield CoapFarSide(site, network)
