"""Through an HTTP proxy: CONNECT (RFC 9110, section 9.3.6). What follows is between us and the cloud."""

import asyncio
import base64
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

import h11

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.port import ConnectFailed, Lost, Trouble

PORT: Final = 3128
_MEANINGS: Final = {
    403: "does not let the hub through to",
    405: "does not take CONNECT, which is needed for",
    407: "wants a user and a password (http://USER:PASSWORD@HOST:PORT) before it lets the hub through to",
    502: "cannot reach",
    503: "is overloaded, or cannot reach",
    504: "got no answer from",
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """Prints without its password."""

    address: Address
    credentials: str | None = field(default=None, repr=False)
    """`user:password`."""

    def __str__(self) -> str:
        return f"the proxy {self.address}"


def proxy_of(url: str) -> Proxy:
    """`http://[USER:PASSWORD@]HOST[:PORT]`. Raises ValueError, which does not repeat a URL with a password in it."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORT
    except ValueError as error:
        raise ValueError("the proxy's URL cannot be read; write http://HOST:PORT") from error
    if parts.scheme != "http" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("the proxy's URL is not http://HOST:PORT or http://USER:PASSWORD@HOST:PORT")
    credentials = None
    if parts.username is not None:
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Proxy(Address(parts.hostname, port), credentials)


async def tunnel(transport: asyncio.Transport, proxy: Proxy, target: Address) -> None:
    """Ask for the way to `target`. Raises ConnectFailed."""
    asked = _Asked(proxy, target)
    transport.set_protocol(asked)
    transport.write(asked.request())
    await asked.answered


class _Asked(asyncio.Protocol):
    """Waits for the proxy's answer."""

    def __init__(self, proxy: Proxy, target: Address) -> None:
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._proxy = proxy
        self._target = target
        self._http = h11.Connection(h11.CLIENT)

    def request(self) -> bytes:
        target = _in_ascii(self._target)
        headers = [("Host", target)]
        if self._proxy.credentials is not None:
            encoded = base64.b64encode(self._proxy.credentials.encode()).decode()
            headers.append(("Proxy-Authorization", f"Basic {encoded}"))
        request = h11.Request(method="CONNECT", target=target, headers=headers)
        return (self._http.send(request) or b"") + (self._http.send(h11.EndOfMessage()) or b"")

    def data_received(self, data: bytes) -> None:
        if self.answered.done():
            return
        try:
            self._http.receive_data(data)
            event = self._http.next_event()
            while isinstance(event, h11.InformationalResponse):
                event = self._http.next_event()
        except h11.RemoteProtocolError as error:
            self._fail(Lost(Trouble.PROTOCOL, f"{self._proxy} does not speak HTTP: {str(error)[:100]}"))
            return
        if isinstance(event, h11.Response):
            self._judge(event.status_code)

    def connection_lost(self, exc: Exception | None) -> None:
        reason = f": {exc}" if exc is not None else ""
        self._fail(Lost(Trouble.NETWORK, f"{self._proxy} closed the connection{reason}"))

    def _judge(self, status: int) -> None:
        if not 200 <= status < 300:
            meaning = _MEANINGS.get(status, f"answered {status} to the wish for")
            self._fail(Lost(Trouble.NETWORK, f"{self._proxy} {meaning} {self._target}"))
        elif self._http.trailing_data[0]:
            self._fail(Lost(Trouble.PROTOCOL, f"{self._proxy} says more than it should"))
        else:
            self.answered.set_result(None)

    def _fail(self, lost: Lost) -> None:
        if not self.answered.done():
            self.answered.set_exception(ConnectFailed(lost))


def _in_ascii(target: Address) -> str:
    """HTTP knows no other letters (RFC 9112, section 3.2.3)."""
    return str(Address(target.host.encode("idna").decode(), target.port)) if not target.host.isascii() else str(target)
