"""One CoAP connection to the cloud (RFC 8323): frames up are POSTs of ours, frames down are the cloud's POSTs to us.

aiocoap has neither keep-alive nor time-outs nor back-pressure on TCP, and starts a task for each request. Here is no
task at all: what the socket brings is given to the ear before the next read, in order, and one timer watches silence.

What is heard counts when it is a whole message: who sends a byte a second is as silent as who sends nothing.
"""

import asyncio
from typing import Final

from hubagent.uplink.message.channel import Down, Up
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports import coap_message as coap
from hubagent.uplink.transports.coap_message import CoapMessage, MalformedCoap, MessageReader, Oversized
from hubagent.uplink.transports.coap_signal import (
    FOREIGN_OPTIONS,
    lost_by_abort,
    lost_by_release,
    message_size_of,
    refusal,
)
from hubagent.uplink.transports.dial import Address
from hubagent.uplink.transports.port import SILENCE_S, ConnectFailed, Ear, Limits, Lost, Trouble
from hubagent.uplink.transports.tls_trouble import lost_by

PING_AFTER_S: Final = 8.0
"""Of silence. Two of them fit into SILENCE_S: one may be lost with the packet that a route swallowed while it moved."""
PONG_GRACE_S: Final = 2.0
"""What an answer to a Ping is given at least, even where the machine slept meanwhile."""
REQUEST_TIMEOUT_S: Final = 60.0
"""A frame that is not answered while others are was not taken. Where none is answered, SILENCE_S counts."""
CLOSE_TIMEOUT_S: Final = 3.0
"""For what was sent last to leave; then the socket is closed all the same."""
MESSAGE_MAX: Final = FRAME_MAX + 256
"""Bytes of a message that we take: a frame and its options."""
BUFFER_HIGH: Final = 64 * 1024
"""Bytes that wait for the other side to read; more, and no frame is sent."""
BUFFER_MAX: Final = 256 * 1024
"""Where it asks on and on without reading our answers."""
ANSWERS_WAITING_MAX: Final = 64
"""Answers that wait for the other side to read; what it asks beyond that is not done."""

_CHANNELS: Final = {channel.value for channel in Down}


class CoapConnection(asyncio.Protocol):
    """Both the protocol that asyncio calls and the connection that the session has."""

    def __init__(self, hub: str, peer: Address, ear: Ear, in_flight_max: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._ear = ear
        self._peer = peer
        self._paths = {channel: _path("hub", hub, "up", *channel.value.split("/")) for channel in Up}
        self._in_flight_max = in_flight_max
        self._limits = Limits(_payload_max(coap.BASE_MESSAGE_SIZE, self._paths), in_flight_max)
        self._reader = MessageReader(MESSAGE_MAX)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tokens = 0
        self._in_flight: dict[bytes, tuple[Up, float]] = {}
        self._answers: list[bytes] = []
        self._answers_waiting = 0
        self._greeted = False
        """By the other side's CSM."""
        self._told = False
        """Whether the ear was given this connection."""
        self._paused = False
        self._blocked = False
        """Whether somebody may wait for `writable`."""
        self._over = False
        self._lost: Lost | None = None
        self._heard_at = self._loop.time()
        self._pinged_at: float | None = None
        self._answered_at = self._heard_at
        self._settled = asyncio.Event()
        self._gone = asyncio.Event()

    # What the transport is told.

    async def opened(self) -> None:
        """Until the other side's CSM came: it has taken our certificate, and speaks CoAP. Raises ConnectFailed."""
        await self._settled.wait()
        if self._lost is not None:
            raise ConnectFailed(self._lost)
        self._told = True

    def abandon(self) -> None:
        """Without a word, at once."""
        self._stop()
        if self._transport is not None:
            self._transport.abort()

    async def gone(self) -> None:
        """Until the socket is closed."""
        if self._transport is not None:
            await self._gone.wait()

    @property
    def secured(self) -> bool:
        """Whether there was a connection at all, the other side's certificate included."""
        return self._transport is not None

    # What the session sees.

    @property
    def limits(self) -> Limits:
        return self._limits

    @property
    def description(self) -> str:
        return f"CoAP over TLS, {self._peer}"

    @property
    def ready(self) -> bool:
        return not (self._over or self._paused or len(self._in_flight) >= self._in_flight_max)

    def send(self, channel: Up, payload: bytes) -> None:
        if self._over:
            return
        assert len(payload) <= self._limits.payload_max
        self._tokens = self._tokens + 1 & 0xFFFFFFFF
        token = self._tokens.to_bytes(4, "big")
        self._in_flight[token] = (channel, self._loop.time())
        self._write(coap.frame(coap.POST, token, self._paths[channel], payload))
        if not self.ready:
            self._blocked = True

    def close(self) -> None:
        if self._over:
            return
        self._write(coap.frame(coap.RELEASE))
        self._hang_up()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=BUFFER_HIGH)
        size = (coap.MAX_MESSAGE_SIZE, coap.uint(MESSAGE_MAX))
        self._write(CoapMessage(coap.CSM, options=(size,)).to_bytes())
        self._heard_at = self._loop.time()
        self._timer = self._loop.call_at(self._heard_at + PING_AFTER_S, self._look)

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._reader.feed(data):
                if self._over:
                    return
                self._heard_at = self._loop.time()
                self._pinged_at = None
                self._take(message)
        except MalformedCoap as error:
            self._abort(str(error))
        self._flush()
        if self._blocked and self.ready:
            self._blocked = False
            self._ear.writable()

    def pause_writing(self) -> None:
        self._paused = self._blocked = True

    def resume_writing(self) -> None:
        self._paused = False
        self._answers_waiting = 0
        if self._blocked and self.ready:
            self._blocked = False
            self._ear.writable()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(lost_by(exc, str(self._peer)))
        self._stop()
        self._gone.set()

    # What comes.

    def _take(self, message: CoapMessage | Oversized) -> None:
        kind = message.code >> 5
        if not self._greeted and message.code != coap.CSM:
            self._abort("a CSM has to come first")
        elif isinstance(message, Oversized):
            if kind or not message.code:
                self._abort(f"a message of {message.size} bytes; {MESSAGE_MAX} is the most")
            else:
                self._answer(message.token, coap.TOO_LARGE)
        elif kind == 0:
            if message.code:  # An empty message keeps a connection alive (RFC 8323, section 5.4).
                self._take_request(message)
        elif kind in (2, 4, 5):
            self._take_response(message)
        elif kind == 7:
            self._take_signal(message)
        else:
            self._abort(f"there is no code {coap.dotted(message.code)}")

    def _take_request(self, message: CoapMessage) -> None:
        path = []
        for number, value in message.options:
            if number == coap.URI_PATH:
                path.append(value.decode("utf-8", "replace"))
            elif number & 1 and number not in FOREIGN_OPTIONS:
                self._answer(message.token, coap.BAD_OPTION)
                return
        channel = "/".join(path[1:])
        if path[:1] != ["dn"] or channel not in _CHANNELS:
            self._answer(message.token, coap.NOT_FOUND)
        elif message.code != coap.POST:
            self._answer(message.token, coap.METHOD_NOT_ALLOWED)
        elif len(message.payload) > FRAME_MAX:
            self._answer(message.token, coap.TOO_LARGE)
        elif not self._told or self._answers_waiting >= ANSWERS_WAITING_MAX:
            self._answer(message.token, coap.SERVICE_UNAVAILABLE)
        else:
            self._answer(message.token, coap.CHANGED)
            self._ear.received(channel, message.payload)

    def _answer(self, token: bytes, code: int) -> None:
        self._answers.append(coap.frame(code, token))
        if self._paused:
            self._answers_waiting += 1

    def _take_response(self, message: CoapMessage) -> None:
        sent = self._in_flight.pop(message.token, None)
        if sent is None:
            return
        self._answered_at = self._heard_at
        if message.code >> 5 != 2:
            self._ear.refused(sent[0], refusal(message))

    def _take_signal(self, message: CoapMessage) -> None:
        unknown = next((number for number, _ in message.options if number & 1), None)
        if unknown is not None:
            bad = ((coap.BAD_CSM_OPTION, coap.uint(unknown)),) if message.code == coap.CSM else ()
            self._abort(f"option {unknown} is not known", bad)
        elif message.code == coap.CSM:
            self._take_capabilities(message)
        elif message.code == coap.PING:
            self._answers.append(coap.frame(coap.PONG, message.token))
        elif message.code == coap.RELEASE:
            self._leave(lost_by_release(message, str(self._peer)))
        elif message.code == coap.ABORT:
            self._leave(lost_by_abort(message, str(self._peer)))
        elif message.code != coap.PONG:
            self._abort(f"there is no signal {coap.dotted(message.code)}")

    def _take_capabilities(self, message: CoapMessage) -> None:
        size = message_size_of(message)
        if size is not None:
            payload_max = _payload_max(size, self._paths)
            if payload_max <= 0:
                self._abort(f"messages of {size} bytes are too small for any frame")
                return
            self._limits = Limits(payload_max, self._in_flight_max)
        self._greeted = True
        self._settled.set()

    # What time brings.

    def _look(self) -> None:
        now = self._loop.time()
        self._drop_unanswered(now)
        if self._over:
            return
        if self._unanswered_since() + SILENCE_S <= now:
            self._give_up(f"{self._peer} answered no frame for {SILENCE_S:.0f} s")
            return
        if self._pinged_at is None:
            due = self._heard_at + PING_AFTER_S
        elif now >= self._heard_at + SILENCE_S and now >= self._pinged_at + PONG_GRACE_S:
            self._give_up(f"{self._peer} said nothing for {SILENCE_S:.0f} s")
            return
        else:
            due = self._pinged_at + PING_AFTER_S
        if due <= now:
            self._pinged_at = now
            self._write(coap.frame(coap.PING))
            due = now + PING_AFTER_S
        if self._pinged_at is not None:
            due = min(due, max(self._heard_at + SILENCE_S, self._pinged_at + PONG_GRACE_S))
        due = min(due, self._unanswered_since() + SILENCE_S)
        self._timer = self._loop.call_at(due, self._look)

    def _unanswered_since(self) -> float:
        """From when on the other side has owed an answer and given none at all."""
        if not self._in_flight:
            return float("inf")
        _, sent_at = next(iter(self._in_flight.values()))
        return max(sent_at, self._answered_at)

    def _drop_unanswered(self, now: float) -> None:
        overdue = [token for token, (_, at) in self._in_flight.items() if at + REQUEST_TIMEOUT_S <= now]
        for token in overdue:
            channel, _ = self._in_flight.pop(token)
            self._ear.refused(channel, f"no answer within {REQUEST_TIMEOUT_S:.0f} s")

    # How it ends.

    def _abort(self, why: str, options: coap.Options = ()) -> None:
        """The other side broke the protocol: tell it, and end."""
        if self._over:
            return
        self._flush()
        self._write(CoapMessage(coap.ABORT, options=options, payload=why.encode()).to_bytes())
        self._leave(Lost(Trouble.PROTOCOL, f"{self._peer} does not speak CoAP as it should: {why}"))

    def _give_up(self, detail: str) -> None:
        """Nobody is there to be told."""
        self._end(Lost(Trouble.SILENCE, detail))
        if self._transport is not None:
            self._transport.abort()

    def _leave(self, lost: Lost) -> None:
        """After the answers to what was asked before (RFC 8323, section 5.5)."""
        self._flush()
        self._end(lost)
        self._hang_up()

    def _end(self, lost: Lost) -> None:
        if self._over:
            return
        self._stop()
        self._lost = lost
        self._settled.set()
        if self._told:
            self._ear.lost(lost)

    def _stop(self) -> None:
        self._over = True
        self._in_flight.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _hang_up(self) -> None:
        self._stop()
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()
            self._timer = self._loop.call_later(CLOSE_TIMEOUT_S, self._transport.abort)

    # The wire.

    def _flush(self) -> None:
        if self._answers and not self._over:
            self._write(b"".join(self._answers))
            self._answers.clear()
            assert self._transport is not None
            if self._paused and self._transport.get_write_buffer_size() > BUFFER_MAX:
                self._end(Lost(Trouble.PROTOCOL, f"{self._peer} asks without reading the answers"))
                self._transport.abort()

    def _write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)


def _path(*segments: str) -> bytes:
    return coap.encode_options(tuple((coap.URI_PATH, segment.encode()) for segment in segments))


def _payload_max(message_size: int, paths: dict[Up, bytes]) -> int:
    """What fits into a message of the other side's: head of 6, token of 4, the path, a marker."""
    return min(FRAME_MAX, message_size - 11 - max(len(path) for path in paths.values()))
