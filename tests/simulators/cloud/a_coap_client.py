"""A client of the cloud's CoAP front that says what a test wants it to, in the hub's codec, over TLS or in memory."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hubagent.uplink.transports import coap_message as coap
from hubagent.uplink.transports.coap_message import CoapMessage, MessageReader, Oversized

CAPABILITIES = CoapMessage(coap.CSM, options=((coap.MAX_MESSAGE_SIZE, coap.uint(33_000)),))


class CoapClient:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._messages = MessageReader(64 * 1024)
        self._heard: list[CoapMessage | Oversized] = []

    def say(self, *messages: CoapMessage) -> None:
        self.writer.write(b"".join(it.to_bytes() for it in messages))

    async def hear(self) -> CoapMessage | None:
        """The next message; None when the connection is over."""
        while not self._heard:
            data = await self.reader.read(64 * 1024)
            if not data:
                return None
            self._heard += self._messages.feed(data)
        heard = self._heard.pop(0)
        assert isinstance(heard, CoapMessage)
        return heard


@asynccontextmanager
async def a_coap_client(port: int, context: ssl.SSLContext) -> AsyncIterator[CoapClient]:
    reader, writer = await asyncio.open_connection("localhost", port, ssl=context)
    try:
        yield CoapClient(reader, writer)
    finally:
        writer.transport.abort()


def posted(*path: str, code: int = coap.POST, token: bytes = b"\x01", payload: bytes = b"") -> CoapMessage:
    return CoapMessage(code, token, tuple((coap.URI_PATH, part.encode()) for part in path), payload)
