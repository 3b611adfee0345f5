"""MQTT 5 over mutual TLS: frames as QoS 1 messages on `hub/<id>/up/...`, heard on `hub/<id>/dn/...`.

paho encodes and decodes (`paho_engine`); connecting, TLS, time-outs and what all of it means are here. Everything that
follows from received bytes happens in the same step of the loop as their arrival.
"""

import asyncio
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlsplit

from hubagent.uplink.message.channel import Up
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports.dial import Address, Credentials, dial
from hubagent.uplink.transports.mqtt_reasons import NO_CONSUMER, lost_by_reason, refusal
from hubagent.uplink.transports.paho_engine import (
    Answered,
    Confirmed,
    Dismissed,
    Engine,
    Event,
    Garbled,
    Heard,
    Opening,
    Subscribed,
)
from hubagent.uplink.transports.port import (
    CONNECT_TIMEOUT_S,
    SILENCE_S,
    ConnectFailed,
    Connection,
    Ear,
    Farewell,
    Limits,
    Lost,
    Trouble,
)
from hubagent.uplink.transports.tls_trouble import lost_by

PORT: Final = 8883
KEEP_ALIVE_S: Final = 12
"""The broker takes us for dead after one and a half times that, as we do the broker after SILENCE_S."""
PING_AFTER_S: Final = 8.0
"""So long nothing was heard, or nothing said, before we ask whether the broker is still there."""
SESSION_EXPIRY_S: Final = 3600
"""So long a broker keeps what it has for us."""
IN_FLIGHT_MAX: Final = 16
RECEIVE_MAXIMUM: Final = 32
OVERHEAD_MAX: Final = 1024
"""Of a packet around its payload: header, topic, properties."""
PACKET_MAX: Final = FRAME_MAX + OVERHEAD_MAX
WRITE_BUFFER_MAX: Final = 64 * 1024
"""More unsent bytes than that, and the connection is not ready."""
GOODBYE_S: Final = 2.0
"""So long what was sent may take to leave after `close`."""
EXPIRY_S: Final = dict.fromkeys(Up, 60)
"""A broker need not keep what the hub sends again anyway; a whole outbox may come twice otherwise."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a broker."""

    address: Address
    alpn: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"mqtts://{self.address}"


class MqttTransport:
    """Connections to one broker, one at a time."""

    def __init__(self, way: Way, credentials: Credentials) -> None:
        self._way = way
        self._credentials = credentials
        self._last: _MqttConnection | None = None

    async def connect(self, ear: Ear, farewell: Farewell) -> Connection:
        await self.closed()
        connection = self._last = _MqttConnection(self._credentials.hub, f"MQTT 5, {self._way}", ear, farewell)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await dial(lambda: connection, self._way.address, self._credentials, alpn=self._way.alpn)
                await connection.opened()
        except TimeoutError as error:
            connection.abort()
            raise ConnectFailed(Lost(Trouble.NETWORK, f"{self._way.address} did not answer in time")) from error
        except BaseException:
            connection.abort()
            raise
        return connection

    async def closed(self) -> None:
        if self._last is not None:
            await self._last.gone()


class _MqttConnection(asyncio.Protocol):
    """From the TLS handshake's end to the socket's."""

    def __init__(self, hub: str, description: str, ear: Ear, farewell: Farewell) -> None:
        loop = asyncio.get_running_loop()
        self._loop = loop
        self._ear = ear
        self.description = description
        self.limits = Limits(FRAME_MAX, IN_FLIGHT_MAX)
        self._up = f"hub/{hub}/up/"
        self._down = f"hub/{hub}/dn/"
        self._opening = Opening(
            client=hub,
            keep_alive_s=KEEP_ALIVE_S,
            session_expiry_s=SESSION_EXPIRY_S,
            receive_maximum=RECEIVE_MAXIMUM,
            packet_max=PACKET_MAX,
            will_topic=self._up + farewell.channel.value,
            will_payload=farewell.payload,
        )
        self._engine = Engine(self._opening)
        self._wire: asyncio.Transport | None = None
        self._opened: asyncio.Future[None] = loop.create_future()
        self._gone: asyncio.Future[None] = loop.create_future()
        self._is_open = False
        self._over = False
        self._paused = False
        self._told_full = False
        self._reading = False
        self._in_flight: dict[int, Up] = {}
        self._ping_after_s = PING_AFTER_S
        self._heard_at = self._said_at = loop.time()
        self._timer: asyncio.TimerHandle | None = None

    # What the transport asks of it.

    async def opened(self) -> None:
        """Until the broker has let us in. Raises ConnectFailed."""
        await self._opened

    async def gone(self) -> None:
        """Until there is no socket any more."""
        if self._wire is not None:
            await asyncio.shield(self._gone)

    def abort(self) -> None:
        self._over = True
        self._stop_clock()
        if not self._opened.done():
            self._opened.cancel()
        if self._wire is not None:
            self._wire.abort()

    # What the session asks of it.

    @property
    def ready(self) -> bool:
        full = self._paused or len(self._in_flight) >= self.limits.in_flight_max or not self._is_open
        self._told_full |= full
        return not full and not self._over

    def send(self, channel: Up, payload: bytes) -> None:
        assert len(payload) <= self.limits.payload_max
        if self._over or not self._is_open:
            return
        # Beyond the window there is only the word of goodbye, which the broker need not confirm.
        confirmed = len(self._in_flight) < self.limits.in_flight_max
        number = self._engine.publish(
            self._up + channel.value, payload, confirmed=confirmed, expiry_s=EXPIRY_S[channel]
        )
        if confirmed:
            self._in_flight[number] = channel
        self._flush()

    def close(self) -> None:
        if self._over:
            return
        self._over = True
        self._stop_clock()
        self._engine.disconnect()
        self._flush()
        if self._wire is not None:
            self._wire.close()
            self._timer = self._loop.call_later(GOODBYE_S, self._wire.abort)

    # What asyncio tells it.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = cast("asyncio.Transport", transport)
        self._wire.set_write_buffer_limits(WRITE_BUFFER_MAX)
        self._heard_at = self._said_at = self._loop.time()
        self._engine.connect(self._opening)
        self._flush()

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        self._heard_at = self._loop.time()
        self._engine.feed(data)
        self._reading = True
        try:
            for event in self._engine.events():
                self._take(event)
                if self._over:
                    break
        finally:
            self._reading = False
        self._flush()
        self._tell_writable()

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._tell_writable()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lose(lost_by(exc, self.description))
        self._stop_clock()
        if not self._gone.done():
            self._gone.set_result(None)

    # What the broker says.

    def _take(self, event: Event) -> None:
        match event:
            case Heard(topic, payload):
                self._hear(topic, payload)
            case Confirmed(number, code, name):
                self._confirm(number, code, name)
            case Answered():
                self._answered(event)
            case Subscribed(code, name):
                self._subscribed(code, name)
            case Dismissed(code, name, server, reason):
                self._lose(lost_by_reason(code, name, server, reason))
            case Garbled(detail):
                self._lose(Lost(Trouble.PROTOCOL, f"what answers does not speak MQTT 5: {detail}"))

    def _answered(self, answer: Answered) -> None:
        if answer.code:
            self._lose(lost_by_reason(answer.code, answer.name, answer.server, answer.reason))
            return
        if answer.keep_alive_s:
            self._ping_after_s = min(PING_AFTER_S, answer.keep_alive_s / 2)
        payload_max = FRAME_MAX if answer.packet_max is None else min(FRAME_MAX, answer.packet_max - OVERHEAD_MAX)
        self.limits = Limits(max(payload_max, 0), min(IN_FLIGHT_MAX, answer.receive_maximum))
        self._engine.subscribe(f"{self._down}#")

    def _subscribed(self, code: int, name: str) -> None:
        if code >= 0x80:
            self._lose(Lost(Trouble.REFUSED, f"the broker does not let the hub listen to {self._down}#: {name}"))
        elif not self._opened.done():
            self._is_open = True
            self._opened.set_result(None)
            self._tick()

    def _hear(self, topic: str, payload: bytes) -> None:
        if self._is_open and topic.startswith(self._down):
            self._ear.received(topic.removeprefix(self._down), payload)

    def _confirm(self, number: int, code: int, name: str) -> None:
        channel = self._in_flight.pop(number, None)
        if channel is not None and (code >= 0x80 or code == NO_CONSUMER):
            self._ear.refused(channel, refusal(code, name))

    def _tell_writable(self) -> None:
        if self._told_full and not self._over and self.ready:
            self._told_full = False
            self._ear.writable()

    def _lose(self, lost: Lost) -> None:
        """Once, to whoever waits for it."""
        if self._over:
            return
        self._over = True
        self._stop_clock()
        if not self._opened.done():
            self._opened.set_exception(ConnectFailed(lost))
        else:
            self._ear.lost(lost)
        if self._wire is not None:
            self._wire.abort()

    # Bytes and time.

    def _flush(self) -> None:
        if self._reading or self._wire is None:
            return
        if output := self._engine.take_output():
            self._said_at = self._loop.time()
            self._wire.write(output)

    def _tick(self) -> None:
        """Ask when it was quiet, give up when it stays quiet. One timer, set anew when it fires."""
        now = self._loop.time()
        silent_at = self._heard_at + SILENCE_S
        ask_at = min(self._heard_at, self._said_at) + self._ping_after_s
        if now >= silent_at:
            self._lose(Lost(Trouble.SILENCE, f"nothing was heard from the broker for {SILENCE_S:.0f} s"))
            return
        if now >= ask_at:
            self._engine.ping()
            self._flush()
            ask_at = now + self._ping_after_s
        self._timer = self._loop.call_at(min(silent_at, ask_at), self._tick)

    def _stop_clock(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def make_mqtt(url: str, credentials: Credentials) -> MqttTransport:
    """By URL: `mqtts://host[:port]`. Raises ValueError for one that cannot be used."""
    parts = urlsplit(url)
    if parts.scheme != "mqtts" or not parts.hostname:
        raise ValueError(f"{url!r} is no address of a broker; write mqtts://HOST or mqtts://HOST:PORT")
    return MqttTransport(Way(Address(parts.hostname, parts.port or PORT)), credentials)
