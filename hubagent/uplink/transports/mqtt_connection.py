"""One MQTT connection from the end of the TLS handshake to the end of the socket.

Everything that follows from received bytes happens in the same step of the loop as their arrival, but for a flood: of
that so many packets are read a step, so that the home does not wait for the cloud.
"""

import asyncio
from typing import Final, Protocol, cast

from hubagent.uplink.message.channel import Up
from hubagent.uplink.message.codec import FRAME_MAX
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
from hubagent.uplink.transports.port import SILENCE_S, ConnectFailed, Ear, Farewell, Limits, Lost, Trouble
from hubagent.uplink.transports.tls_trouble import lost_by

KEEP_ALIVE_S: Final = 12
"""The broker takes us for dead after one and a half times that, as we do the broker after SILENCE_S."""
PING_AFTER_S: Final = 8.0
"""So long nothing was heard, or nothing said, before we ask whether the broker is still there."""
CONFIRM_S: Final = 30.0
"""A broker that answers pings and confirms nothing for so long is given up as well."""
SESSION_EXPIRY_S: Final = 3600
"""So long a broker keeps what it has for us."""
WILL_DELAY_S: Final = 2
"""So long a broker waits with our will: who is back by then, on a new connection perhaps, was never gone."""
IN_FLIGHT_MAX: Final = 16
RECEIVE_MAXIMUM: Final = 32
OVERHEAD_MAX: Final = 1024
"""Of a packet around its payload: header, topic, properties."""
PACKET_MAX: Final = FRAME_MAX + OVERHEAD_MAX
WRITE_BUFFER_MAX: Final = 64 * 1024
"""More unsent bytes than that, and the connection is not ready."""
UNREAD_MAX: Final = 64 * 1024
"""More unread packets than that, and the socket is not read."""
PACKETS_A_STEP: Final = 4
EARLY_MAX: Final = 2 * RECEIVE_MAXIMUM
"""Frames that are kept from between the broker's welcome and ours."""
GOODBYE_S: Final = 2.0
"""So long what was sent may take to leave after `close`."""
EXPIRY_S: Final = 60
"""A broker need not keep what the hub sends again anyway; a whole outbox may come twice otherwise."""


class Wire(Protocol):
    """What carries the bytes: TLS, or a WebSocket in it."""

    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def set_write_buffer_limits(self, high: int) -> None: ...


class MqttConnection(asyncio.Protocol):
    """Made before it is dialled; open when `opened` returns."""

    def __init__(self, hub: str, peer: str, ear: Ear, farewell: Farewell) -> None:
        loop = asyncio.get_running_loop()
        self.description = f"MQTT 5, {peer}"
        self.limits = Limits(FRAME_MAX, IN_FLIGHT_MAX)
        self._loop = loop
        self._peer = peer
        self._ear = ear
        self._up = f"hub/{hub}/up/"
        self._down = f"hub/{hub}/dn/"
        self._engine = Engine(
            Opening(
                client=hub,
                keep_alive_s=KEEP_ALIVE_S,
                session_expiry_s=SESSION_EXPIRY_S,
                receive_maximum=RECEIVE_MAXIMUM,
                packet_max=PACKET_MAX,
                will_topic=self._up + farewell.channel.value,
                will_payload=farewell.payload,
                will_delay_s=WILL_DELAY_S,
            )
        )
        self._socket: asyncio.Transport | None = None
        self._wire: Wire | None = None
        """Taken from when there is one to write on."""
        self._opened: asyncio.Future[None] = loop.create_future()
        self._gone: asyncio.Future[None] = loop.create_future()
        self._early: list[Heard | Lost] | None = []
        """What is said only when the session has this connection in its hands; None from then on."""
        self._heard_anything = False
        self._over = False
        self._paused = False
        self._had_room = True
        self._reading = False
        self._step: asyncio.Handle | None = None
        self._in_flight: dict[int, Up] = {}
        self._ping_after_s = PING_AFTER_S
        self._heard_at = self._said_at = self._confirmed_at = loop.time()
        self._timer: asyncio.TimerHandle | None = None

    # What the transport asks of it.

    async def opened(self) -> None:
        """Until the broker has let us in. Raises ConnectFailed."""
        await self._opened
        # What came in the meantime is told when the caller has gone on.
        self._loop.call_soon(self._begin)

    def carried_by(self, socket: asyncio.Transport) -> None:
        """What was dialled, from when that is so."""
        self._socket = socket
        if self._over:
            socket.abort()

    async def gone(self) -> None:
        """Until there is no socket any more."""
        if self._socket is not None:
            await asyncio.shield(self._gone)

    @property
    def unheard(self) -> bool:
        """It was secured, and ended by the other side, which has not said a word in the protocol."""
        return self._gone.done() and self._socket is not None and not self._heard_anything

    def abort(self) -> None:
        """Without a word, to anybody."""
        self._end()
        if not self._opened.cancel() and not self._opened.cancelled():
            self._opened.exception()
        if self._socket is not None:
            self._socket.abort()

    # What the session asks of it.

    @property
    def ready(self) -> bool:
        return not self._over and not self._paused and len(self._in_flight) < self.limits.in_flight_max

    def send(self, channel: Up, payload: bytes) -> None:
        assert len(payload) <= self.limits.payload_max
        if self._over:
            return
        # Beyond the window there is only the word of goodbye, which the broker need not confirm.
        confirmed = len(self._in_flight) < self.limits.in_flight_max
        number = self._engine.publish(self._up + channel.value, payload, confirmed=confirmed, expiry_s=EXPIRY_S)
        if confirmed:
            if not self._in_flight:
                self._confirmed_at = self._loop.time()
            self._in_flight[number] = channel
        self._flush()
        self._had_room = self.ready

    def close(self) -> None:
        if self._over:
            return
        self._end()
        self._engine.disconnect()
        self._reading = False
        self._flush()
        if self._wire is not None:
            self._wire.close()
            self._timer = self._loop.call_later(GOODBYE_S, self._wire.abort)

    # What asyncio, or the WebSocket, tells it.

    def connection_made(self, transport: object) -> None:
        self._wire = cast("Wire", transport)
        self._wire.set_write_buffer_limits(high=WRITE_BUFFER_MAX)
        self._heard_at = self._said_at = self._loop.time()
        self._engine.connect()
        self._flush()

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        self._heard_anything = True
        self._heard_at = self._loop.time()
        self._engine.feed(data)
        if self._step is None:
            self._read()
        elif self._engine.unread > UNREAD_MAX and self._wire is not None:
            self._wire.pause_reading()

    def pause_writing(self) -> None:
        self._paused = True
        self._had_room = False

    def resume_writing(self) -> None:
        self._paused = False
        self._tell_room()

    def connection_lost(self, exc: Exception | None) -> None:
        # A WebSocket that ends with reasons has heard the other side.
        self._heard_anything |= isinstance(exc, ConnectFailed)
        self._lose(lost_by(exc, self._peer))
        self._stop_clock()
        if not self._gone.done():
            self._gone.set_result(None)

    # What the broker says.

    def _read(self) -> None:
        """Some packets; more in the next step of the loop."""
        self._step = None
        self._reading = True
        for _ in range(PACKETS_A_STEP):
            if self._over or not self._engine.next_packet():
                break
            for event in self._engine.take_events():
                if not self._over:
                    self._take(event)
        else:
            if not self._over:
                self._step = self._loop.call_soon(self._read)
        self._reading = False
        if self._over:
            return
        if self._step is None and self._wire is not None:
            self._wire.resume_reading()
        self._flush()
        self._tell_room()

    def _take(self, event: Event) -> None:
        match event:
            case Heard():
                self._hear(event)
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
            self._opened.set_result(None)
            self._tick()

    def _begin(self) -> None:
        early, self._early = self._early or [], None
        for word in early:
            if isinstance(word, Lost):
                self._ear.lost(word)
            elif not self._over:
                self._hear(word)

    def _hear(self, heard: Heard) -> None:
        if not heard.topic.startswith(self._down):
            return
        if self._early is None:
            self._ear.received(heard.topic.removeprefix(self._down), heard.payload)
        elif len(self._early) < EARLY_MAX:
            self._early.append(heard)

    def _confirm(self, number: int, code: int, name: str) -> None:
        channel = self._in_flight.pop(number, None)
        if channel is None:
            return
        self._confirmed_at = self._heard_at
        if code >= 0x80 or code == NO_CONSUMER:
            self._ear.refused(channel, refusal(code, name))

    def _tell_room(self) -> None:
        if not self._had_room and self.ready:
            self._had_room = True
            self._ear.writable()

    def _lose(self, lost: Lost) -> None:
        """Once, to whoever waits for it."""
        if self._over:
            return
        self._end()
        if not self._opened.done():
            self._opened.set_exception(ConnectFailed(lost))
        elif self._early is not None:
            self._early.append(lost)
        else:
            self._ear.lost(lost)
        if self._wire is not None:
            self._wire.abort()

    # Bytes and time.

    def _end(self) -> None:
        self._over = True
        self._stop_clock()
        if self._step is not None:
            self._step.cancel()
            self._step = None

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
        if self._in_flight and now >= self._confirmed_at + CONFIRM_S:
            self._lose(Lost(Trouble.SILENCE, f"the broker answers, but has confirmed nothing for {CONFIRM_S:.0f} s"))
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
