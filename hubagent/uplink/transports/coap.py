"""CoAP over TLS and TCP (RFC 8323) as a transport: `coaps+tcp://host:port`, without a broker.

The hub connects and both ask over the one connection: the hub POSTs to `/hub/<id>/up/<channel>`, the cloud POSTs to
`/dn/<channel>` at the hub. There is no will: the cloud sees the connection end.
"""

import asyncio
from typing import Final
from urllib.parse import urlsplit

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.coap_connection import CoapConnection
from hubagent.uplink.transports.coap_signal import DEFAULT_PORT
from hubagent.uplink.transports.dial import Credentials, dial
from hubagent.uplink.transports.port import (
    CONNECT_TIMEOUT_S,
    ConnectFailed,
    Connection,
    Ear,
    Farewell,
    Lost,
    Transport,
    Trouble,
)

SCHEME: Final = "coaps+tcp"
ALPN: Final = "coap"
IN_FLIGHT_MAX: Final = 16


def make_coap(url: str, credentials: Credentials, *, in_flight_max: int = IN_FLIGHT_MAX) -> Transport:
    """Raises ValueError for a URL that is none of ours."""
    return _Coap(_address(url), credentials, in_flight_max)


class _Coap:
    def __init__(self, address: Address, credentials: Credentials, in_flight_max: int) -> None:
        self._address = address
        self._credentials = credentials
        self._in_flight_max = in_flight_max
        self._last: CoapConnection | None = None

    async def connect(self, ear: Ear, farewell: Farewell) -> Connection:
        del farewell
        connection = CoapConnection(self._credentials.hub, self._address, ear, self._in_flight_max)
        self._last = connection
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                transport = await dial(lambda: connection, self._address, self._credentials, alpn=(ALPN,))
                self._check_protocol(transport)
                await connection.opened()
        except TimeoutError as error:
            connection.abandon()
            what = "takes connections, but does not speak CoAP" if connection.secured else "does not answer"
            trouble = Trouble.PROTOCOL if connection.secured else Trouble.NETWORK
            raise ConnectFailed(Lost(trouble, f"{self._address} {what}")) from error
        except BaseException:
            connection.abandon()
            raise
        return connection

    async def closed(self) -> None:
        if self._last is not None:
            await self._last.gone()

    def _check_protocol(self, transport: asyncio.Transport) -> None:
        """RFC 8323, section 8.2: on any port but the default one, who does not say "coap" is not spoken to."""
        tls = transport.get_extra_info("ssl_object")
        if self._address.port != DEFAULT_PORT and tls.selected_alpn_protocol() != ALPN:
            detail = f'{self._address} did not choose the protocol "{ALPN}" in the TLS handshake (ALPN)'
            raise ConnectFailed(Lost(Trouble.PROTOCOL, detail))


def _address(url: str) -> Address:
    parts = urlsplit(url)
    if parts.scheme != SCHEME or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
        raise ValueError(f"{url}: expected {SCHEME}://HOST or {SCHEME}://HOST:PORT")
    return Address(parts.hostname, parts.port or DEFAULT_PORT)
