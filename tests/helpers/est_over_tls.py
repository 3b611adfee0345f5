"""An enrolment server on a free port of loopback, over TLS 1.3, as the development cloud serves it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h11

from simulators.cloud.ca import Issued, server_context
from simulators.cloud.est import EnrolmentServer, Response

Trick = Callable[[str, str], "Response | bytes | None"]
"""What to answer to method and path in the server's place: a response, raw bytes, or None."""


@dataclass
class Served:
    """A running server."""

    server: EnrolmentServer
    port: int = 0
    trick: Trick = lambda _method, _path: None
    drip: bool = False
    """Answers byte by byte, and never ends."""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path and headers of each request."""

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (OSError, h11.ProtocolError):
            # A client that does not trust us, or a test that ends.
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tls: ssl.SSLObject = writer.get_extra_info("ssl_object")
        http = h11.Connection(h11.SERVER)
        request, body = None, b""
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                http.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                break
            else:
                return
        assert request is not None
        method, path = request.method.decode(), request.target.decode()
        headers = {name.decode(): value.decode() for name, value in request.headers}
        self.asked.append((method, path, headers))
        if self.drip:
            await _drip(writer)
        answer = self.trick(method, path)
        if answer is None:
            address = writer.get_extra_info("peername")[0]
            answer = self.server.handle(method, path, headers, body, tls.getpeercert(binary_form=True), address)
        writer.write(answer if isinstance(answer, bytes) else _bytes(http, answer))
        await writer.drain()


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


def _bytes(http: h11.Connection, response: Response) -> bytes:
    headers = [*response.headers.items(), ("Content-Length", str(len(response.body)))]
    events: list[Any] = [h11.Response(status_code=response.status, headers=headers)]
    events += [h11.Data(data=response.body), h11.EndOfMessage()]
    return b"".join(http.send(event) or b"" for event in events)


@asynccontextmanager
async def served_over_tls(
    folder: Path, server: EnrolmentServer, *, shown: Issued | None = None, look_at_dates: bool = True
) -> AsyncIterator[Served]:
    """`shown`: another certificate than one for localhost. The machine's clock judges hubs, unless it shall not."""
    certificate, key = (shown or server.authority.server()).write(folder, "est")
    context = server_context(certificate, key, server.trusted_pem, required=False)
    if not look_at_dates:
        context.verify_flags |= ssl.VerifyFlags(0x200000)
    served = Served(server)
    listening = await asyncio.start_server(served.serve, "127.0.0.1", 0, ssl=context)
    async with listening:
        served.port = listening.sockets[0].getsockname()[1]
        yield served
