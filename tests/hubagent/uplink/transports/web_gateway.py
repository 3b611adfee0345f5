"""An HTTPS server with MQTT in a WebSocket, as a cloud's front door has it: aiohttp's WebSocket before a broker."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import WSMsgType, web


class WebGateway:
    def __init__(self, broker_port: int) -> None:
        self.port = 0
        self.status: int | None = None
        """Answered instead of taking a WebSocket."""
        self.protocols: tuple[str, ...] = ("mqtt",)
        self.piece = 1 << 16
        """Bytes of one message at most: MQTT's packets need not end where they do."""
        self.heartbeat_s: float | None = None
        self.say_text = False
        self.close_code: int | None = None
        self.paths: list[str] = []
        self.pings = 0
        self._broker_port = broker_port
        self._sockets: set[web.WebSocketResponse] = set()

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path)
        if self.status is not None:
            return web.Response(status=self.status, text="x" * 10_000)
        socket = web.WebSocketResponse(protocols=self.protocols, autoping=True, heartbeat=self.heartbeat_s)
        await socket.prepare(request)
        self._sockets.add(socket)
        if self.say_text:
            await socket.send_str("hello")
        if self.close_code is not None:
            await socket.close(code=self.close_code)
            return socket
        reader, writer = await asyncio.open_connection("127.0.0.1", self._broker_port)
        with contextlib.closing(writer):
            async with asyncio.TaskGroup() as group:
                await self._pass_on(group, reader, writer, socket)
        return socket

    async def _pass_on(
        self,
        group: asyncio.TaskGroup,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        socket: web.WebSocketResponse,
    ) -> None:
        down = group.create_task(self._down(reader, socket))
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                writer.write(message.data)
        down.cancel()

    async def drop(self) -> None:
        for socket in self._sockets:
            await socket.close()

    async def _down(self, reader: asyncio.StreamReader, socket: web.WebSocketResponse) -> None:
        while data := await reader.read(self.piece):
            await socket.send_bytes(data)
        await socket.close()


@asynccontextmanager
async def a_web_gateway(broker_port: int, context: ssl.SSLContext) -> AsyncIterator[WebGateway]:
    gateway = WebGateway(broker_port)
    application = web.Application()
    application.router.add_get("/{path:.*}", gateway.take)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        gateway.port = runner.addresses[0][1]
        yield gateway
    finally:
        await gateway.drop()
        await runner.cleanup()
