"""One HTTP request of a rule, to a host that hub.toml allows: the bytes are h11's, the connection is the runtime's.

No redirect is followed, because it would lead to a host that nobody allowed; no cookie is kept, and of the answer only
the status counts. HTTP/1.1: RFC 9112.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import h11

from hubagent.runtime import Connect

URL_MAX: Final = 2048
"""Characters."""
BODY_MAX: Final = 64 * 1024
"""Bytes of a request."""
ANSWER_MAX: Final = 1024 * 1024
"""Bytes of an answer that are read; the rest is left unread."""
_CHUNK: Final = 16 * 1024
_PORTS: Final = {"http": 80, "https": 443}
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


class BadUrl(ValueError):
    """No URL that a rule may call: the text says why."""


class CallFailed(Exception):
    """The host did not answer as it should: the text says how."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"


def check_url(url: str, hosts: frozenset[str]) -> SplitResult:
    """The parts of a URL to one of `hosts`, which are written "host" or "host:port". Raises BadUrl."""
    if len(url) > URL_MAX or not url.isascii() or any(letter <= " " or letter == "\x7f" for letter in url):
        raise BadUrl(f"a URL is at most {URL_MAX} printable ASCII letters without spaces")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadUrl(f"{url!r} is no URL: {error}") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BadUrl(f"{url!r} is no http:// or https:// URL")
    if "@" in parts.netloc:
        raise BadUrl("a name or password in a URL would end up in logs; it is not allowed there")
    usual = _PORTS[parts.scheme]
    port = port or usual
    names = {f"{parts.hostname}:{port}"} | ({parts.hostname} if port == usual else set())
    if not names & hosts:
        raise BadUrl(f"{min(names)} is not among the hosts that rules may call; add it to allow_hosts under [rules]")
    return parts


async def call(connect: Connect, request: Request, hosts: frozenset[str], timeout_s: float) -> int:
    """Send the request; its status, which is below 400. Raises BadUrl, CallFailed."""
    parts = check_url(request.url, hosts)
    body = request.body.encode(errors="replace")
    if len(body) > BODY_MAX:
        raise CallFailed(f"the body has {len(body)} bytes; at most {BODY_MAX} are sent")
    try:
        async with asyncio.timeout(timeout_s):
            status = await _exchange(connect, parts, request, body)
    except TimeoutError as error:
        raise CallFailed(f"{parts.netloc} did not answer within {timeout_s:g} s") from error
    except OSError as error:
        raise CallFailed(f"{parts.netloc}: {error.strerror or error}") from error
    except UnicodeError as error:  # of a resolver that cannot ask for such a name
        raise CallFailed(f"{parts.hostname} can be no host's name") from error
    except h11.ProtocolError as error:
        raise CallFailed(f"{parts.netloc} does not speak HTTP as it should: {error}") from error
    if status >= 400:
        raise CallFailed(f"{parts.netloc} answered {status}")
    return status


async def _exchange(connect: Connect, parts: SplitResult, request: Request, body: bytes) -> int:
    assert parts.hostname is not None
    tls = parts.scheme == "https"
    reader, writer = await connect(parts.hostname, parts.port or _PORTS[parts.scheme], tls=tls)
    try:
        http = h11.Connection(h11.CLIENT)
        _send(http, writer.write, parts, request, body)
        await writer.drain()
        return await _status(http, reader)
    finally:
        writer.close()


def _send(
    http: h11.Connection, write: Callable[[bytes], None], parts: SplitResult, request: Request, body: bytes
) -> None:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", parts.netloc), ("User-Agent", "hubagent"), ("Connection", "close")]
    if body or request.method in ("POST", "PUT", "PATCH"):
        headers += [("Content-Length", str(len(body))), ("Content-Type", request.content_type)]
    events: list[Any] = [h11.Request(method=request.method, target=target, headers=headers)]
    events += [h11.Data(data=body)] if body else []
    for event in (*events, h11.EndOfMessage()):
        write(http.send(event) or b"")


async def _status(http: h11.Connection, reader: asyncio.StreamReader) -> int:
    """Of the answer, once the whole of it is there, or as much as anybody wants."""
    status = received = 0
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            data = await reader.read(_CHUNK)
            received += len(data)
            http.receive_data(data)
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed) or received > ANSWER_MAX:
            return status
