"""Just enough of MQTT 3.1.1 to talk with a broker on this machine: QoS 0, no password, no keep-alive.

Sections are those of the OASIS standard of 29 October 2014.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

CONNECT, CONNACK, PUBLISH, SUBSCRIBE, SUBACK, DISCONNECT = 1, 2, 3, 8, 9, 14
"""§2.2.1."""
CLEAN_SESSION = 0x02
PACKET_ID = 1
CONNECT_S = 10.0


@dataclass(frozen=True, slots=True)
class Message:
    topic: str
    payload: bytes


def packet(kind: int, body: bytes, flags: int = 0) -> bytes:
    """§2.2: the fixed header with its length of one to four bytes, and what follows it."""
    length, left = bytearray(), len(body)
    while True:
        left, seven = divmod(left, 128)
        length.append(seven | (0x80 if left else 0))
        if not left:
            return bytes((kind << 4 | flags, *length)) + body


def text(value: str) -> bytes:
    """§1.5.3."""
    encoded = value.encode()
    return len(encoded).to_bytes(2, "big") + encoded


class MqttClient(asyncio.Protocol):
    """Everything that is published comes to `heard`."""

    def __init__(self, heard: Callable[[Message], None]) -> None:
        self._heard = heard
        self._transport: asyncio.WriteTransport | None = None
        self._buffer = b""
        self._subscribed = asyncio.Event()

    def publish(self, topic: str, payload: bytes) -> None:
        """§3.3."""
        self._write(PUBLISH, text(topic) + payload)

    async def subscribed(self) -> None:
        """From here on nothing is missed, and what was retained has been asked for."""
        async with asyncio.timeout(CONNECT_S):
            await self._subscribed.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        # §3.1: protocol level 4, keep-alive 0, no client identifier.
        self._write(CONNECT, text("MQTT") + bytes((4, CLEAN_SESSION, 0, 0)) + text(""))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (taken := self._take()) is not None:
            first, body = taken
            self._take_packet(first >> 4, body)

    def close(self) -> None:
        assert self._transport is not None
        self._write(DISCONNECT, b"")
        self._transport.close()

    def _take_packet(self, kind: int, body: bytes) -> None:
        if kind == CONNACK:
            assert body[1] == 0, f"the broker refused with {body[1]}"
            # §3.8: one subscription, of everything, at QoS 0.
            self._write(SUBSCRIBE, PACKET_ID.to_bytes(2, "big") + text("#") + b"\x00", flags=2)
        elif kind == SUBACK:
            self._subscribed.set()
        elif kind == PUBLISH:
            end = 2 + int.from_bytes(body[:2], "big")
            self._heard(Message(body[2:end].decode(), body[end:]))

    def _take(self) -> tuple[int, bytes] | None:
        """The next packet's first byte and what follows its length; None while it is not all there."""
        length, shift, at = 0, 0, 1
        while True:
            if at >= len(self._buffer):
                return None
            length |= (self._buffer[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if not self._buffer[at - 1] & 0x80:
                break
        if len(self._buffer) < at + length:
            return None
        first, body = self._buffer[0], self._buffer[at : at + length]
        self._buffer = self._buffer[at + length :]
        return first, body

    def _write(self, kind: int, body: bytes, flags: int = 0) -> None:
        assert self._transport is not None
        self._transport.write(packet(kind, body, flags))


@asynccontextmanager
async def mqtt_client(port: int, heard: Callable[[Message], None]) -> AsyncIterator[MqttClient]:
    """A client of the broker on this machine's `port`, subscribed to everything."""
    _, client = await asyncio.get_running_loop().create_connection(lambda: MqttClient(heard), "127.0.0.1", port)
    try:
        await client.subscribed()
        yield client
    finally:
        client.close()
