"""An HTTP proxy that does CONNECT and nothing else (RFC 9110, section 9.3.6); it writes down what it is asked."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ConnectProxy:
    def __init__(self) -> None:
        self.port = 0
        self.login: str | None = None
        """`user:password`, where it wants one."""
        self.answer: bytes | None = None
        """Said instead of doing what is asked."""
        self.asked: list[str] = []
        """The targets."""
        self._group = asyncio.TaskGroup()

    def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._group.create_task(self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError, asyncio.IncompleteReadError):
            request, *headers = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            method, target, _version = request.split(" ")
            assert method == "CONNECT"
            self.asked.append(target)
            wanted = self.login and f"Proxy-Authorization: Basic {base64.b64encode(self.login.encode()).decode()}"
            if wanted and wanted.lower() not in map(str.lower, headers):
                writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            elif self.answer is not None:
                writer.write(self.answer)
            else:
                await self._join(target, reader, writer)

    async def _join(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = target.rpartition(":")
        far_reader, far_writer = await asyncio.open_connection(host.strip("[]"), int(port))
        with contextlib.closing(far_writer):
            writer.write(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(reader, far_writer, writer))
                group.create_task(_pump(far_reader, writer, far_writer))


async def _pump(reader: asyncio.StreamReader, to: asyncio.StreamWriter, back: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            to.write(data)
            await to.drain()
    to.close()
    back.close()


@asynccontextmanager
async def a_connect_proxy() -> AsyncIterator[ConnectProxy]:
    proxy = ConnectProxy()
    async with proxy._group:
        server = await asyncio.start_server(proxy.take, "127.0.0.1", 0)
        proxy.port = server.sockets[0].getsockname()[1]
        try:
            yield proxy
        finally:
            server.close()
