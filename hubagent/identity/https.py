"""A small HTTP client for the enrolment server: one request on one verified connection, bounded in size and time.

Redirects are refused: they would lead to a server that nobody named. The bytes are h11's (RFC 9112), the connection is
the one that the uplink uses too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import h11

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.dial import Credentials, dial
from hubagent.uplink.transports.port import ConnectFailed, Lost, Trouble
from hubagent.uplink.transports.proxy import Proxy
from hubagent.uplink.transports.tls_trouble import lost_by

TIMEOUT_S: Final = 30.0
"""For all of it: name, connection, request, answer."""
BODY_MAX: Final = 1024 * 1024
"""Bytes of an answer."""
_CHUNK: Final = 16 * 1024
_ALPN: Final = ("http/1.1",)


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """May have a claim code in them."""
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """By name in small letters."""
    body: bytes


Ask = Callable[[Address, Credentials, Request], Awaitable[Answer]]
"""Raises ConnectFailed."""


async def ask(address: Address, credentials: Credentials, request: Request, proxy: Proxy | None = None) -> Answer:
    """Send one request; the answer, whatever its status. Raises ConnectFailed."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await _exchange(address, credentials, request, proxy)
    except TimeoutError as error:
        raise ConnectFailed(Lost(Trouble.NETWORK, f"{address} did not answer within {TIMEOUT_S:g} s")) from error
    except h11.ProtocolError as error:
        detail = f"{address} does not speak HTTP as it should: {str(error)[:200]}"
        raise ConnectFailed(Lost(Trouble.PROTOCOL, detail)) from error
    except OSError as error:
        raise ConnectFailed(lost_by(error, str(address))) from error


async def _exchange(address: Address, credentials: Credentials, request: Request, proxy: Proxy | None) -> Answer:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport = await dial(lambda: protocol, address, credentials, alpn=_ALPN, proxy=proxy)
    try:
        http = h11.Connection(h11.CLIENT)
        headers = [("Host", str(address)), ("User-Agent", "hubagent"), ("Connection", "close")]
        headers += [("Content-Length", str(len(request.body)))] if request.body else []
        headers += list(request.headers.items())
        events: list[Any] = [h11.Request(method=request.method, target=request.path, headers=headers)]
        events += [h11.Data(data=request.body)] if request.body else []
        for event in (*events, h11.EndOfMessage()):
            transport.write(http.send(event) or b"")
        return await _answer(http, reader, address)
    finally:
        transport.abort()


async def _answer(http: h11.Connection, reader: asyncio.StreamReader, address: Address) -> Answer:
    heard, status, headers, body = False, 0, {}, bytearray()
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            data = await reader.read(_CHUNK)
            if not data and not heard:
                raise ConnectFailed(lost_by(None, str(address)))
            heard = True
            http.receive_data(data)
        elif isinstance(event, h11.Response):
            status = event.status_code
            headers = {name.decode("ascii"): value.decode("latin-1") for name, value in event.headers}
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > BODY_MAX:
                detail = f"{address} sent more than {BODY_MAX} bytes as an answer"
                raise ConnectFailed(Lost(Trouble.PROTOCOL, detail))
        elif isinstance(event, h11.EndOfMessage):
            return Answer(status, headers, bytes(body))
