"""paho-mqtt's client as a protocol engine: bytes in, events out, bytes out. No socket, no thread, no clock.

paho is given a pipe of ours in the place of a socket; it encodes, decodes and counts, and nothing else of it is used:
not its loop, its reconnecting, its keepalive, its queue or its TLS. All that it is leaned on for besides its
documented calls is `_create_socket`, that what that returns is used by recv, send, setblocking and close only, and that
of a message's properties nothing but `pack` is asked (paho-mqtt 2.2.0, client.py); the tests hold all three against
whatever paho is installed.

Packets are cut out of the stream here, because paho would buffer one of 256 MB.
"""

import functools
from dataclasses import dataclass
from typing import Any, Final, cast

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

_LENGTH_BYTES_MAX: Final = 4
"""Of a packet's length (MQTT 5.0, section 1.5.5)."""
_ACCEPTED: Final = frozenset(
    (
        PacketTypes.CONNACK << 4,
        PacketTypes.PUBACK << 4,
        PacketTypes.SUBACK << 4,
        PacketTypes.PINGRESP << 4,
        PacketTypes.DISCONNECT << 4,
        # PUBLISH: QoS 0, or QoS 1 perhaps again; each perhaps kept by the broker before.
        *(PacketTypes.PUBLISH << 4 | flags for flags in (0b0000, 0b0001, 0b0010, 0b0011, 0b1010, 0b1011)),
    )
)
"""The first bytes (MQTT 5.0, section 2.1) that a server may send to a client that asked neither for QoS 2 nor for
authentication."""
PINGREQ: Final = b"\xc0\x00"


@dataclass(frozen=True, slots=True)
class Answered:
    """CONNACK: connected where `code` is 0."""

    code: int
    name: str
    receive_maximum: int
    packet_max: int | None
    keep_alive_s: int | None
    """What the server wants instead."""
    server: str | None
    reason: str | None
    """The server's own words."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    code: int
    name: str


@dataclass(frozen=True, slots=True)
class Heard:
    """PUBLISH; the topic is empty where it is no UTF-8."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Confirmed:
    """PUBACK of what `publish` numbered so."""

    number: int
    code: int
    name: str


@dataclass(frozen=True, slots=True)
class Dismissed:
    """DISCONNECT from the server."""

    code: int
    name: str
    server: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Garbled:
    """What came is no MQTT 5."""

    detail: str


Event = Answered | Subscribed | Heard | Confirmed | Dismissed | Garbled


@dataclass(frozen=True, slots=True)
class Opening:
    """What CONNECT says."""

    client: str
    keep_alive_s: int
    session_expiry_s: int
    receive_maximum: int
    packet_max: int
    will_topic: str
    will_payload: bytes
    will_delay_s: int


class Engine:
    """One connection's worth of MQTT 5. Made new for each."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._unread = bytearray()
        self._pipe = _Pipe()
        self._events: list[Event] = []
        self._client = self._make_client()

    @property
    def unread(self) -> int:
        """Bytes that were fed and not read yet."""
        return len(self._unread)

    def connect(self) -> None:
        opening = self._opening
        properties = _properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = opening.session_expiry_s
        properties.ReceiveMaximum = opening.receive_maximum
        properties.MaximumPacketSize = opening.packet_max
        # Host and port are not used: the pipe is there already.
        self._client.connect(
            "pipe", 1, keepalive=opening.keep_alive_s, clean_start=cast("Any", False), properties=properties
        )

    def subscribe(self, topic_filter: str) -> None:
        """At QoS 1, without what is retained: nobody may leave a command lying about for us."""
        options = SubscribeOptions(qos=1, noLocal=True, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
        self._client.subscribe(topic_filter, options=options)

    def publish(self, topic: str, payload: bytes, *, confirmed: bool, expiry_s: int | None) -> int:
        """`confirmed` asks for a PUBACK (QoS 1), which comes with the number that this returns."""
        properties = None if expiry_s is None else _expiring(expiry_s)
        return self._client.publish(topic, payload, qos=1 if confirmed else 0, properties=properties).mid

    def ping(self) -> None:
        self._pipe.output += PINGREQ

    def disconnect(self) -> None:
        """The will is not published after that."""
        self._client.disconnect()

    def take_output(self) -> bytes:
        """What is to be sent now."""
        if self._client.want_write():
            self._client.loop_write()
        output = bytes(self._pipe.output)
        self._pipe.output.clear()
        return output

    def feed(self, data: bytes) -> None:
        self._unread += data

    def next_packet(self) -> bool:
        """Read one more of what was fed; False where no whole one is there."""
        packet = self._cut_packet()
        if packet is None:
            return False
        if isinstance(packet, Garbled):
            self._events.append(packet)
            return True
        said = len(self._events)
        self._pipe.input += packet
        if self._client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS and len(self._events) == said:
            self._events.append(Garbled(f"a malformed {PacketTypes.Names[packet[0] >> 4]}"))
        return True

    def take_events(self) -> list[Event]:
        """What was read says. Not told from inside paho's callbacks: it holds a lock there that `publish` takes."""
        taken, self._events = self._events, []
        return taken

    def _cut_packet(self) -> bytes | Garbled | None:
        """Fixed header, then so many bytes as that says (MQTT 5.0, section 2.1)."""
        unread = self._unread
        if unread and unread[0] not in _ACCEPTED:
            return Garbled(f"a packet that begins with 0x{unread[0]:02x}")
        length, place = 0, 1
        while True:
            if len(unread) <= place:
                return None
            length |= (unread[place] & 0x7F) << 7 * (place - 1)
            place += 1
            if not unread[place - 1] & 0x80:
                break
            if place > _LENGTH_BYTES_MAX:
                return Garbled("a packet's length has more than four bytes")
        size = place + length
        if size > self._opening.packet_max:
            return Garbled(f"a packet of {size} bytes; at most {self._opening.packet_max} were allowed")
        if len(unread) < size:
            return None
        packet = bytes(unread[:size])
        del unread[:size]
        return packet

    def _make_client(self) -> "_PipedClient":
        opening = self._opening
        client = _PipedClient(self._pipe, opening.client)
        will = _properties(PacketTypes.WILLMESSAGE)
        will.WillDelayInterval = opening.will_delay_s
        client.will_set(opening.will_topic, opening.will_payload, qos=1, properties=will)
        # In flight is what the connection above sees to; paho's own queue stays empty.
        client.max_inflight_messages_set(0)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_disconnect = self._on_disconnect
        return client

    def _on_connect(self, _c: Client, _u: object, _f: ConnectFlags, code: ReasonCode, said: Properties | None) -> None:
        self._events.append(
            Answered(
                code=code.value,
                name=str(code).lower(),
                receive_maximum=_said(said, "ReceiveMaximum", 65535),
                packet_max=_said(said, "MaximumPacketSize", None),
                keep_alive_s=_said(said, "ServerKeepAlive", None),
                server=_said(said, "ServerReference", None),
                reason=_said(said, "ReasonString", None),
            )
        )

    def _on_subscribe(
        self, _c: Client, _u: object, _number: int, codes: list[ReasonCode], _said: Properties | None
    ) -> None:
        self._events.extend(Subscribed(code.value, str(code).lower()) for code in codes[:1])

    def _on_message(self, _c: Client, _u: object, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        self._events.append(Heard(topic, bytes(message.payload)))

    def _on_publish(self, _c: Client, _u: object, number: int, code: ReasonCode, _said: Properties | None) -> None:
        self._events.append(Confirmed(number, code.value, str(code).lower()))

    def _on_disconnect(
        self, _c: Client, _u: object, flags: DisconnectFlags, code: ReasonCode, said: Properties | None
    ) -> None:
        if flags.is_disconnect_packet_from_server:
            server, reason = _said(said, "ServerReference", None), _said(said, "ReasonString", None)
            self._events.append(Dismissed(code.value, str(code).lower(), server, reason))


class _Pipe:
    """What paho takes for a socket."""

    def __init__(self) -> None:
        self.input = bytearray()
        self.output = bytearray()

    def recv(self, size: int) -> bytes:
        if not self.input:
            raise BlockingIOError
        taken = bytes(self.input[:size])
        del self.input[:size]
        return taken

    def send(self, data: bytes | bytearray) -> int:
        self.output += data
        return len(data)

    def setblocking(self, _flag: bool) -> None:
        """It never blocks."""

    def fileno(self) -> int:
        return -1

    def close(self) -> None:
        """There is nothing behind it."""


class _PipedClient(Client):
    def __init__(self, pipe: _Pipe, client: str) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2, client, protocol=MQTTProtocolVersion.MQTTv5, reconnect_on_failure=False
        )
        self._pipe = pipe

    def _create_socket(self) -> Any:
        return self._pipe


def _said(properties: Properties | None, name: str, otherwise: Any) -> Any:
    return getattr(properties, name, otherwise)


class _Packed:
    """Properties as bytes: to make and pack paho's takes half as long as all the rest of a message."""

    def __init__(self, properties: Any) -> None:
        self._bytes: bytes = properties.pack()

    def pack(self) -> bytes:
        return self._bytes


@functools.cache
def _expiring(seconds: int) -> Any:
    properties = _properties(PacketTypes.PUBLISH)
    properties.MessageExpiryInterval = seconds
    return _Packed(properties)


def _properties(packet_type: int) -> Any:
    return Properties(packet_type)  # type: ignore[no-untyped-call]  # paho has annotations for the client only
