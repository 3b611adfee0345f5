"""CoAP over TLS and TCP (RFC 8323) as a transport: `coaps+tcp://host:port`, without a broker.

The hub connects and both ask over the one connection: the hub POSTs to `/hub/<id>/up/<channel>`, the cloud POSTs to
`/dn/<channel>` at the hub. There is no will: the cloud sees the connection end.
"""

import asyncio
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.coap_connection import CoapConnection
from hubagent.uplink.transports.coap_signal import DEFAULT_PORT
from hubagent.uplink.transports.dial import Credentials, dial, refusal_of
from hubagent.uplink.transports.port import (
    CONNECT_TIMEOUT_S,
    ConnectFailed,
    Connection,
    Ear,
    Farewell,
    Lost,
    Trouble,
)
from hubagent.uplink.transports.proxy import Proxy, proxy_of
from hubagent.uplink.transports.ways import FINAL, all_failed

SCHEME: Final = "coaps+tcp"
ALPN: Final = "coap"
IN_FLIGHT_MAX: Final = 16
DIRECT_PATIENCE_S: Final = 5.0
"""Where there is a proxy too: a firewall that drops what it does not know lets everybody wait."""


class CoapTransport:
    """Connections to one cloud, one at a time: straight, or else through a proxy."""

    def __init__(self, address: Address, credentials: Credentials, proxy: Proxy | None, in_flight_max: int) -> None:
        self._address = address
        self._credentials = credentials
        self._proxies: Sequence[Proxy | None] = (None,) if proxy is None else (None, proxy)
        self._in_flight_max = in_flight_max
        self._last: CoapConnection | None = None

    async def connect(self, ear: Ear, farewell: Farewell) -> Connection:
        del farewell
        await self.closed()
        remaining_s = CONNECT_TIMEOUT_S
        failures: list[Lost] = []
        for proxy in self._proxies:
            patience_s = remaining_s if proxy is self._proxies[-1] else DIRECT_PATIENCE_S
            try:
                return await self._connect(ear, proxy, patience_s)
            except ConnectFailed as failed:
                failures.append(failed.lost)
            if failures[-1].trouble in FINAL:
                break
            remaining_s -= patience_s
        raise all_failed(failures)

    async def closed(self) -> None:
        if self._last is not None:
            await self._last.gone()

    async def _connect(self, ear: Ear, proxy: Proxy | None, patience_s: float) -> CoapConnection:
        way = str(self._address) if proxy is None else f"{self._address} through {proxy}"
        connection = self._last = CoapConnection(self._credentials.hub, way, ear, self._in_flight_max)
        try:
            async with asyncio.timeout(patience_s):
                try:
                    transport = await dial(
                        lambda: connection, self._address, self._credentials, alpn=(ALPN,), proxy=proxy
                    )
                    self._check_protocol(transport)
                    await connection.opened()
                except ConnectFailed as failed:
                    raise await self._explained(failed, connection, proxy) from failed
        except TimeoutError as error:
            connection.abandon()
            raise ConnectFailed(_too_late(connection, way, patience_s)) from error
        except BaseException:
            connection.abandon()
            raise
        return connection

    async def _explained(self, failed: ConnectFailed, connection: CoapConnection, proxy: Proxy | None) -> ConnectFailed:
        """Where the other side ended it before its first word: perhaps it did say why."""
        if failed.lost.trouble not in {Trouble.NETWORK, Trouble.CLOSED} or not connection.unheard:
            return failed
        refusal = await refusal_of(self._address, self._credentials, alpn=(ALPN,), proxy=proxy)
        return failed if refusal is None else ConnectFailed(refusal)

    def _check_protocol(self, transport: asyncio.Transport) -> None:
        """RFC 8323, section 8.2: on any port but the default one, who does not say "coap" is not spoken to."""
        tls = transport.get_extra_info("ssl_object")
        if self._address.port != DEFAULT_PORT and tls.selected_alpn_protocol() != ALPN:
            detail = f'{self._address} did not choose the protocol "{ALPN}" in the TLS handshake (ALPN)'
            raise ConnectFailed(Lost(Trouble.PROTOCOL, detail))


def make_coap(
    url: str, credentials: Credentials, *, proxy: str | None = None, in_flight_max: int = IN_FLIGHT_MAX
) -> CoapTransport:
    """By URL: `coaps+tcp://HOST[:PORT]`; `proxy` is one too. Raises ValueError."""
    return CoapTransport(_address(url), credentials, None if proxy is None else proxy_of(proxy), in_flight_max)


def _too_late(connection: CoapConnection, way: str, patience_s: float) -> Lost:
    if connection.unheard:
        return Lost(Trouble.PROTOCOL, f"{way} took the connection, but said nothing in CoAP within {patience_s:.0f} s")
    return Lost(Trouble.NETWORK, f"{way} did not answer in {patience_s:.0f} s")


def _address(url: str) -> Address:
    wrong = ValueError(
        f"{url.rpartition('@')[2]!r} is no address of a cloud; write {SCHEME}://HOST or {SCHEME}://HOST:PORT"
    )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme != SCHEME or not parts.hostname or parts.username is not None:
        raise wrong
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise wrong
    return Address(parts.hostname, port or DEFAULT_PORT)
