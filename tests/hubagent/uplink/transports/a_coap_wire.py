"""A CoAP connection on a wire in memory: a test plays the cloud in bytes, and reads what the hub wrote with aiocoap."""

import asyncio
from typing import Any

from aiocoap.numbers.codes import Code

from hubagent.uplink.transports.coap_connection import CoapConnection
from hubagent.uplink.transports.coap_message import CSM, MAX_MESSAGE_SIZE, CoapMessage, uint
from simulators.cloud.coap_codec import Reader
from tests.hubagent.uplink.transports.an_ear import WritingEar

PEER = "cloud.example:5684"


class MemoryWire(asyncio.Transport):
    """Takes what is written, as long as it is not frozen; then it fills up."""

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self._protocol = protocol
        self._reader = Reader(64 * 1024 * 1024)
        self._high = 64 * 1024
        self._closing = False
        self.written: list[Any] = []
        """The messages."""
        self.writes = 0
        self.last_size = 0
        self.frozen = 0
        """Bytes that wait, where the other side does not read."""
        self.freezes = False
        self.aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self._closing
        self.writes += 1
        self.last_size = len(data)
        self.written += self._reader.feed(bytes(data))
        if self.freezes:
            before, self.frozen = self.frozen, self.frozen + len(data)
            if before < self._high <= self.frozen:
                self._protocol.pause_writing()

    def thaw(self) -> None:
        self.freezes = False
        if self.frozen >= self._high:
            self.frozen = 0
            self._protocol.resume_writing()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        del low
        assert high is not None
        self._high = high

    def get_write_buffer_size(self) -> int:
        return self.frozen

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            if not self.freezes:
                asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        if not self.aborted:
            self.aborted = True
            if not self._closing or self.freezes:
                asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)
            self._closing = True


class Played:
    """The hub's connection, and the cloud's end of its wire."""

    def __init__(self, in_flight_max: int = 16) -> None:
        self.ear = WritingEar()
        self.hub = CoapConnection("hub-00000001", PEER, self.ear, in_flight_max)
        self.wire = MemoryWire(self.hub)
        self.hub.connection_made(self.wire)

    def say(self, *messages: CoapMessage) -> None:
        """In one piece."""
        self.hub.data_received(b"".join(it.to_bytes() for it in messages))

    def codes(self) -> list[str]:
        """Of what the hub has written since the last time, without the CSM."""
        return [str(it.code) for it in self.take()]

    def take(self) -> list[Any]:
        taken, self.wire.written = self.wire.written, []
        return [it for it in taken if it.code != Code.CSM]


def capabilities(size: int = 64 * 1024) -> CoapMessage:
    return CoapMessage(CSM, options=((MAX_MESSAGE_SIZE, uint(size)),))


async def a_connection(in_flight_max: int = 16) -> Played:
    """Opened: the cloud's CSM came."""
    played = Played(in_flight_max)
    played.say(capabilities())
    await played.hub.opened()
    played.take()
    return played
