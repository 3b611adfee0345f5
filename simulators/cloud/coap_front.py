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
from simulators.cloud.coap_hub import HubConnection, Manners
from simulators.cloud.front import Receiver

_log = logging.getLogger(__name__)

ALPN: Final = "coap"
REPLACED: Final = "replaced: another connection has come with this name"
CONNECTIONS_MAX: Final = 4096
"""Those that are still shaking hands included."""
GOODBYE_S: Final = 1.0
"""For hubs to leave when they are told to."""
REFUSALS_KEPT: Final = 100
TELL_AGAIN_AFTER_S: Final = 10.0
"""The same client with the same trouble is logged no more often."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A client that was not let in."""

    host: str
    why: str


class CoapFront:
    """Listens while its block lasts. It can misbehave: each such method names the fault that it makes.

    Numbers of faults are those of the uplink's requirements: 1 a fleet is sent away and returns, 2 a hub is kicked,
    3 a connection is half-open.
    """

    def __init__(self, receiver: Receiver, context: ssl.SSLContext, host: str, port: int) -> None:
        self.manners = Manners()
        self.refusals: deque[Refusal] = deque(maxlen=REFUSALS_KEPT)
        self._context = _speaking_coap(context)
        self._receiver = receiver
        self._address = (host, port)
        self._refusing = False
        self._server: asyncio.Server | None = None
        self._connections: set[HubConnection] = set()
        self._hubs: dict[str, HubConnection] = {}
        self._empty = asyncio.Event()
        self._told_at: dict[Refusal, float] = {}

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: HubConnection(self._context, self), *self._address, backlog=CONNECTIONS_MAX
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for connection in tuple(self._connections):
            connection.release("the cloud is stopped")
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self._until_empty()
        except TimeoutError:
            for connection in tuple(self._connections):
                connection.kick()
            await self._until_empty()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def hubs(self) -> list[str]:
        """Those that are connected."""
        return sorted(self._hubs)

    def use(self, context: ssl.SSLContext) -> None:
        """For connections to come: another certificate, other anchors, a newer list of what is revoked."""
        self._context = _speaking_coap(context)

    def send(self, hub: str, channel: Down, payload: bytes) -> bool:
        connection = self._hubs.get(hub)
        return connection is not None and connection.send(channel, payload)

    # Misbehaviour.

    def kick(self, hub: str) -> bool:
        """Break the hub's connection without a word (fault 2)."""
        connection = self._hubs.get(hub)
        if connection is not None:
            connection.kick()
        return connection is not None

    def refuse(self, refusing: bool, /) -> bool:
        """From now on let no hub in, or let them again (faults 1 and 2)."""
        self._refusing = refusing
        return True

    def listen(self, listening: bool, /) -> bool:
        """It is what hubs are connected to: without it there is nobody who would keep what they say."""
        del listening
        return False

    def answer(self, answering: bool) -> None:
        """Take what hubs say without answering it; or answer again, and all that was not (fault 3)."""
        self.manners.answers = answering
        for connection in self._connections if answering else ():
            connection.answer()

    def stall(self, hub: str, stalling: bool) -> bool:
        """Keep the connection and be silent on it, as a half-open one is (fault 3); False where there is none."""
        connection = self._hubs.get(hub)
        if connection is not None:
            connection.stall(stalling)
        return connection is not None

    def release(self, hub: str, why: str = "", hold_off_s: int | None = None, server: str | None = None) -> bool:
        """Send the hub away in order, perhaps elsewhere and not at once (fault 1); False where there is none."""
        connection = self._hubs.get(hub)
        if connection is not None:
            connection.release(why, hold_off_s, server)
        return connection is not None

    # What connections say.

    def opened(self, connection: HubConnection) -> bool:
        if len(self._connections) >= CONNECTIONS_MAX:
            return False
        self._connections.add(connection)
        return True

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

    def closed(self, connection: HubConnection) -> None:
        self._connections.discard(connection)
        if self._hubs.get(connection.hub) is connection:
            del self._hubs[connection.hub]
            self._receiver.gone(connection.hub)
        if not self._connections:
            self._empty.set()

    def turned_away(self, connection: HubConnection, why: str) -> None:
        refusal = Refusal(connection.host, why)
        self.refusals.append(refusal)
        now = asyncio.get_running_loop().time()
        self._told_at = {it: at for it, at in self._told_at.items() if at + TELL_AGAIN_AFTER_S > now}
        if refusal not in self._told_at and len(self._told_at) < REFUSALS_KEPT:
            self._told_at[refusal] = now
            _log.warning("%s was not let in: %s", refusal.host, refusal.why)

    async def _until_empty(self) -> None:
        while self._connections:
            self._empty.clear()
            await self._empty.wait()


def _speaking_coap(context: ssl.SSLContext) -> ssl.SSLContext:
    """RFC 8323, section 8.2: on any port but 5684 both sides have to say so."""
    context.set_alpn_protocols([ALPN])
    return context
