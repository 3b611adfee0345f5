"""A verified TLS connection to the cloud: name, address, socket, proxy, handshake.

The name is looked up at each try, and all its addresses are tried side by side (RFC 8305): an address that is dead or
an IPv6 that leads nowhere costs a quarter of a second. There is no way to do without verification.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.happy_eyeballs import reach
from hubagent.uplink.transports.host_name import is_host
from hubagent.uplink.transports.port import CONNECT_TIMEOUT_S, SILENCE_S, ConnectFailed, Lost, Trouble
from hubagent.uplink.transports.proxy import Proxy, tunnel
from hubagent.uplink.transports.tls_trouble import lost_by

REFUSAL_S: Final = 3.0
"""How long a refusal may take to come, at most."""
_HELD_MAX: Final = 1 << 20
"""Bytes from before the check: a read or two of asyncio's TLS. More come to those only who wait for a refusal."""
GOODBYE_S: Final = 2.0
"""How long the other side may take to confirm the end of TLS."""


class PeerRefused(Exception):
    """The other side's certificate is not acceptable; `detail` says why, in plain words."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class CredentialsUnusable(Exception):
    """The hub cannot show who it is, or knows nobody to trust: the text says why, and what to do."""


class Credentials(Protocol):
    """Who the hub is, and whom it trusts."""

    @property
    def hub(self) -> str:
        """The name in its certificate."""
        ...

    def client_context(self) -> ssl.SSLContext:
        """A new one at each call, of what is on disk now: TLS 1.3 only, the host's name checked, our certificate.

        Raises CredentialsUnusable.
        """
        ...

    def check(self, tls: ssl.SSLObject) -> None:
        """What OpenSSL does not look at: the dates, by the clock that the hub trusts. Raises PeerRefused."""
        ...


async def dial(
    protocol_factory: Callable[[], asyncio.Protocol],
    address: Address,
    credentials: Credentials,
    *,
    alpn: Sequence[str] = (),
    proxy: Proxy | None = None,
) -> asyncio.Transport:
    """Connect; `connection_made` of the new protocol was called when this returns. Raises ConnectFailed.

    Cancelled, it leaves no socket behind.
    """
    transport, gate = await _verified(address, credentials, _context(credentials, alpn), proxy)
    gate.open(transport, protocol_factory())
    return transport


async def refusal_of(
    address: Address, credentials: Credentials, *, alpn: Sequence[str] = (), proxy: Proxy | None = None
) -> Lost | None:
    """What the other side has against our certificate, where all it seemed to do was to break the connection off.

    In TLS 1.3 it judges our certificate when the handshake has ended for us, sends its alert, and closes. If it had
    something unread by then the close is a reset, and whoever writes after that finds the alert gone. So this connects
    once more, says nothing, and listens. None: it does not refuse us, or does not say so. Raises ConnectFailed.
    """
    transport, gate = await _verified(address, credentials, _context(credentials, alpn), proxy)
    try:
        async with asyncio.timeout(REFUSAL_S):
            lost = lost_by(await gate.end(), str(address))
    except TimeoutError:
        return None
    finally:
        transport.abort()
    return lost if lost.trouble is Trouble.IDENTITY else None


def _context(credentials: Credentials, alpn: Sequence[str]) -> ssl.SSLContext:
    try:
        context = credentials.client_context()
    except CredentialsUnusable as error:
        raise ConnectFailed(Lost(Trouble.IDENTITY, str(error))) from error
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


async def _verified(
    address: Address, credentials: Credentials, context: ssl.SSLContext, proxy: Proxy | None
) -> "tuple[asyncio.Transport, _Gate]":
    if not is_host(address.host):
        # Neither a proxy nor OpenSSL takes it, and both would say so by an error that means a mistake of ours.
        raise ConnectFailed(Lost(Trouble.NAME, f"{address} can be no host's name: see whether it was written right"))
    raw = await _reach(address, proxy)
    try:
        if proxy is not None:
            await tunnel(raw, proxy, address)
        transport, gate = await _secure(raw, address, context)
        tls = transport.get_extra_info("ssl_object")
        assert isinstance(tls, ssl.SSLObject)
        credentials.check(tls)
    except BaseException as error:
        raw.abort()
        if isinstance(error, PeerRefused):
            lost = Lost(Trouble.CERTIFICATE, f"{address} is not trusted: {error.detail}")
            raise ConnectFailed(lost) from error
        if isinstance(error, OSError | ssl.CertificateError):
            raise ConnectFailed(lost_by(error, str(address))) from error
        raise
    return transport, gate


async def _reach(address: Address, proxy: Proxy | None) -> asyncio.Transport:
    hop = address if proxy is None else proxy.address
    try:
        connected = await reach(hop)
    except OSError as error:
        raise ConnectFailed(lost_by(error, str(proxy or address))) from error
    for level, option, value in _socket_options():
        connected.setsockopt(level, option, value)
    transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=connected)
    return transport


def _socket_options() -> list[tuple[int, int, int]]:
    """No Nagle (it costs 40 ms a message); and should the machine at the other end vanish, the kernel gives up too."""
    options = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1), (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        options += [
            (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(SILENCE_S * 1000)),
            (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, int(SILENCE_S / 2)),
            (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, int(SILENCE_S / 6)),
        ]
    return options


async def _secure(
    raw: asyncio.Transport, address: Address, context: ssl.SSLContext
) -> "tuple[asyncio.Transport, _Gate]":
    gate = _Gate()
    transport = await asyncio.get_running_loop().start_tls(
        raw,
        gate,
        context,
        server_hostname=address.host,
        ssl_handshake_timeout=CONNECT_TIMEOUT_S,
        ssl_shutdown_timeout=GOODBYE_S,
    )
    assert isinstance(transport, asyncio.Transport)
    return transport, gate


class _Gate(asyncio.Protocol):
    """Holds back what the other side says until its certificate was checked: asyncio reads on after the handshake."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._over = asyncio.Event()
        self._error: Exception | None = None

    def data_received(self, data: bytes) -> None:
        if len(self._held) < _HELD_MAX:
            self._held += data

    def connection_lost(self, exc: Exception | None) -> None:
        self._error = exc
        self._over.set()

    async def end(self) -> Exception | None:
        """Wait until the other side ends it."""
        await self._over.wait()
        return self._error

    def open(self, transport: asyncio.Transport, protocol: asyncio.Protocol) -> None:
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        if self._held:
            protocol.data_received(bytes(self._held))
        if self._over.is_set():
            protocol.connection_lost(self._error)
