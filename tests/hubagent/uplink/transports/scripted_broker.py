"""A broker that does what a test tells it: answers with any code, confirms or not, talks nonsense, falls silent.

Its own reading and writing of MQTT 5 (OASIS, 7 March 2019), in as few lines as these tests need; what a real broker
does, mosquitto shows in `test_mqtt`.
"""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, cast

_CONNECT, _CONNACK, _PUBLISH, _PUBACK, _SUBSCRIBE, _SUBACK = 1, 2, 3, 4, 8, 9
_PINGREQ, _PINGRESP, _DISCONNECT = 12, 13, 14

_SIZES: Final = {2: 4, 17: 4, 24: 4, 33: 2, 34: 2, 39: 4, 19: 2}
"""Bytes of each property that this one reads or writes, by its identifier (section 2.2.2.2)."""
SERVER_REFERENCE, REASON_STRING = 28, 31
RECEIVE_MAXIMUM, SERVER_KEEP_ALIVE, MAXIMUM_PACKET_SIZE = 33, 19, 39
SESSION_EXPIRY, MESSAGE_EXPIRY, WILL_DELAY = 17, 2, 24

Properties = dict[int, int | str]


@dataclass(frozen=True)
class Opened:
    """A CONNECT."""

    client: str
    clean_start: bool
    keep_alive_s: int
    properties: Properties
    will_topic: str | None
    will_payload: bytes
    will_properties: Properties


@dataclass(frozen=True)
class Published:
    topic: str
    payload: bytes
    qos: int
    properties: Properties


@dataclass
class Script:
    """How it behaves; may be changed at any time."""

    connack: int = 0
    connack_properties: Properties = field(default_factory=dict)
    suback: int | None = 1
    """None: no answer."""
    early: bytes = b""
    """Sent between CONNACK and SUBACK."""
    puback: int | None = 0
    """None: no answer."""
    answers_pings: bool = True
    welcomes: bool = True
    """False: nothing is answered to a CONNECT."""


class ScriptedBroker:
    def __init__(self) -> None:
        self.port = 0
        self.script = Script()
        self.opened: asyncio.Queue[Opened] = asyncio.Queue()
        self.published: asyncio.Queue[Published] = asyncio.Queue()
        self.disconnects: asyncio.Queue[int] = asyncio.Queue()
        self.closed: asyncio.Queue[BaseException | None] = asyncio.Queue()
        self.pings = 0
        self.confirmed: set[int] = set()
        """Numbers of our messages that the hub has confirmed."""
        self.session: Session | None = None
        """The newest."""
        self.unconfirmed: list[int] = []

    def publish(self, topic: str, payload: bytes, qos: int = 1, number: int = 1) -> None:
        self._newest().write(publish_packet(topic, payload, qos, number))

    def disconnect(self, code: int, properties: Properties | None = None) -> None:
        """As a broker sends a client away."""
        session = self._newest()
        session.write(_packet(_DISCONNECT, 0, bytes([code]) + _pack(properties or {})))
        session.hang_up()

    def say(self, data: bytes) -> None:
        """Bytes as they are."""
        self._newest().write(data)

    def confirm(self, code: int = 0) -> None:
        """What was held back by `puback=None`."""
        for number in self.unconfirmed:
            self._newest().write(puback_packet(number, code))
        self.unconfirmed.clear()

    def kick(self) -> None:
        """Without a word."""
        self._newest().hang_up()

    def _newest(self) -> "Session":
        assert self.session is not None
        return self.session


class Session(asyncio.Protocol):
    def __init__(self, broker: ScriptedBroker) -> None:
        self._broker = broker
        self._unread = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._broker.session = self

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._transport.abort()
        self._broker.closed.put_nowait(exc)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (cut := _cut(self._unread)) is not None:
            kind, flags, body, self._unread = cut
            self._take(kind, flags, body)

    def write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    def hang_up(self) -> None:
        assert self._transport is not None
        self._transport.close()

    def _take(self, kind: int, flags: int, body: bytes) -> None:
        script = self._broker.script
        if kind == _CONNECT:
            self._broker.opened.put_nowait(_read_connect(body))
            if script.welcomes:
                self.write(_packet(_CONNACK, 0, bytes([0, script.connack]) + _pack(script.connack_properties)))
                if script.connack:
                    self.hang_up()
        elif kind == _SUBSCRIBE:
            self.write(script.early)
            if script.suback is not None:
                self.write(_packet(_SUBACK, 0, body[:2] + b"\0" + bytes([script.suback])))
        elif kind == _PUBLISH:
            self._published(flags, body)
        elif kind == _PUBACK:
            self._broker.confirmed.add(int.from_bytes(body[:2], "big"))
        elif kind == _PINGREQ:
            self._broker.pings += 1
            if script.answers_pings:
                self.write(bytes([_PINGRESP << 4, 0]))
        elif kind == _DISCONNECT:
            self._broker.disconnects.put_nowait(body[0] if body else 0)
            self.hang_up()
        else:
            raise AssertionError(f"a hub sends no packet of type {kind}")

    def _published(self, flags: int, body: bytes) -> None:
        qos = flags >> 1 & 3
        topic, rest = _text(body)
        if qos:
            number, rest = int.from_bytes(rest[:2], "big"), rest[2:]
            if self._broker.script.puback is None:
                self._broker.unconfirmed.append(number)
            else:
                self.write(puback_packet(number, self._broker.script.puback))
        properties, payload = _unpack(rest)
        self._broker.published.put_nowait(Published(topic, payload, qos, properties))


def publish_packet(topic: str, payload: bytes, qos: int = 1, number: int = 1) -> bytes:
    middle = struct.pack("!H", number) if qos else b""
    return _packet(_PUBLISH, qos << 1, _with_length(topic.encode()) + middle + b"\0" + payload)


def puback_packet(number: int, code: int) -> bytes:
    return _packet(_PUBACK, 0, struct.pack("!HB", number, code) if code else struct.pack("!H", number))


@asynccontextmanager
async def a_scripted_broker(context: ssl.SSLContext | None) -> AsyncIterator[ScriptedBroker]:
    """Without TLS where there is no context."""
    broker = ScriptedBroker()
    server = await asyncio.get_running_loop().create_server(lambda: Session(broker), "127.0.0.1", 0, ssl=context)
    broker.port = server.sockets[0].getsockname()[1]
    try:
        yield broker
    finally:
        server.close()
        if broker.session is not None:
            broker.session.hang_up()


def _read_connect(body: bytes) -> Opened:
    assert body[:7] == b"\0\4MQTT\5"
    flags = body[7]
    properties, rest = _unpack(body[10:])
    client, rest = _text(rest)
    will_topic, will_payload = None, b""
    will_properties: Properties = {}
    if flags & 4:
        will_properties, rest = _unpack(rest)
        will_topic, rest = _text(rest)
        length = int.from_bytes(rest[:2], "big")
        will_payload = rest[2 : 2 + length]
    return Opened(
        client=client,
        clean_start=bool(flags & 2),
        keep_alive_s=int.from_bytes(body[8:10], "big"),
        properties=properties,
        will_topic=will_topic,
        will_payload=will_payload,
        will_properties=will_properties,
    )


def _cut(data: bytes) -> tuple[int, int, bytes, bytes] | None:
    """Type, flags, the rest of the first packet, and what follows it."""
    length, place = 0, 1
    while place < len(data):
        length |= (data[place] & 0x7F) << 7 * (place - 1)
        place += 1
        if not data[place - 1] & 0x80:
            end = place + length
            return (data[0] >> 4, data[0] & 15, data[place:end], data[end:]) if len(data) >= end else None
    return None


def _packet(kind: int, flags: int, body: bytes) -> bytes:
    return bytes([kind << 4 | flags]) + _variable(len(body)) + body


def _variable(value: int) -> bytes:
    out = bytearray()
    while True:
        value, digit = divmod(value, 128)
        out.append(digit | (0x80 if value else 0))
        if not value:
            return bytes(out)


def _with_length(data: bytes) -> bytes:
    return struct.pack("!H", len(data)) + data


def _text(data: bytes) -> tuple[str, bytes]:
    end = 2 + int.from_bytes(data[:2], "big")
    return data[2:end].decode(), data[end:]


def _pack(properties: Properties) -> bytes:
    out = b""
    for identifier, value in properties.items():
        coded = _with_length(value.encode()) if isinstance(value, str) else value.to_bytes(_SIZES[identifier], "big")
        out += bytes([identifier]) + coded
    return _variable(len(out)) + out


def _unpack(data: bytes) -> tuple[Properties, bytes]:
    size = data[0]
    assert size < 0x80
    rest, found = data[1 : 1 + size], cast("Properties", {})
    while rest:
        end = 1 + _SIZES[rest[0]]
        found[rest[0]], rest = int.from_bytes(rest[1:end], "big"), rest[end:]
    return found, data[1 + size :]
