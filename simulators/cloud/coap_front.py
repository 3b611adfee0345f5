"""Hubs that come by CoAP over TLS and TCP (RFC 8323), each known by the name in its certificate.

Both sides ask over the connection that the hub made: it POSTs to `/hub/<id>/up/<channel>`, and is POSTed to at
`/dn/<channel>`.
"""

import asyncio
import logging
import ssl
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from hubagent.uplink.message.channel import Down
from simulators.cloud.coap_hub import HubConnection
from simulators.cloud.front import Receiver

_log = logging.getLogger(__name__)

ALPN: Final = "coap"
REPLACED: Final = "replaced: another connection has come with this name"
REFUSALS_KEPT: Final = 100


@dataclass(frozen=True, slots=True)
class Refusal:
    """A client that was not let in."""

    peer: str
    why: str


class CoapFront:
    """Listens while its block lasts.

    `context` asks for client certificates; another one put in its place counts for connections to come.
    """

    def __init__(self, receiver: Receiver, context: ssl.SSLContext, host: str, port: int) -> None:
        context.set_alpn_protocols([ALPN])
        self.context = context
        self.answering = True
        """False: frames are taken, and never answered."""
        self.refusals: deque[Refusal] = deque(maxlen=REFUSALS_KEPT)
        self._receiver = receiver
        self._refusing = False
        self._address = (host, port)
        self._server: asyncio.Server | None = None
        self._hubs: dict[str, HubConnection] = {}

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: HubConnection(self.context, self), *self._address)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for connection in list(self._hubs.values()):
            connection.kick()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def hubs(self) -> list[str]:
        return sorted(self._hubs)

    def send(self, hub: str, channel: Down, payload: bytes) -> bool:
        connection = self._hubs.get(hub)
        return connection is not None and connection.send(channel, payload)

    def kick(self, hub: str) -> bool:
        connection = self._hubs.get(hub)
        if connection is not None:
            connection.kick()
        return connection is not None

    def refuse(self, refusing: bool, /) -> bool:
        self._refusing = refusing
        return True

    def listen(self, listening: bool, /) -> bool:
        """It is what hubs are connected to: without it there is nobody who would keep what they say."""
        del listening
        return False

    def stall(self, hub: str, stalling: bool) -> bool:
        """Keep the connection and be silent on it, as a half-open one is; False where there is none."""
        connection = self._hubs.get(hub)
        if connection is not None:
            connection.stall(stalling)
        return connection is not None

    def release(self, hub: str, why: str = "", hold_off_s: int | None = None, server: str | None = None) -> bool:
        """Send the hub away in order, perhaps to another server and not at once; False where it is not connected."""
        connection = self._hubs.get(hub)
        if connection is not None:
            connection.release(why, hold_off_s, server)
        return connection is not None

    def arrived(self, connection: HubConnection) -> None:
        if self._refusing:
            connection.release("no hub is let in now", hold_off_s=0)
            return
        before = self._hubs.get(connection.hub)
        self._hubs[connection.hub] = connection
        if before is not None:
            before.abort(REPLACED)

    def heard(self, connection: HubConnection, channel: str, payload: bytes) -> None:
        self._receiver.received(connection.hub, channel, payload)

    def left(self, connection: HubConnection) -> None:
        if self._hubs.get(connection.hub) is connection:
            del self._hubs[connection.hub]
            self._receiver.gone(connection.hub)

    def turned_away(self, connection: HubConnection, why: str) -> None:
        self.refusals.append(Refusal(connection.peer, why))
        _log.info("%s was not let in: %s", connection.peer, why)
