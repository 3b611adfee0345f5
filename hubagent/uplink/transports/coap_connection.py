"""One CoAP connection to the cloud (RFC 8323): frames up are POSTs of ours, frames down are the cloud's POSTs to us.

aiocoap has neither keep-alive nor time-outs nor back-pressure on TCP, and starts a task for each request. Here is no
task at all: what the socket brings is given to the ear before the next read, in order, and one timer watches silence.
"""

import asyncio
from dataclasses import replace
from typing import Final

from hubagent.uplink.message.channel import Up
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports import coap_message as coap
from hubagent.uplink.transports.coap_liveness import Liveness, Verdict
from hubagent.uplink.transports.coap_message import CoapMessage, MalformedCoap, MessageReader, Oversized
from hubagent.uplink.transports.coap_outstanding import REQUEST_TIMEOUT_S, Outstanding
from hubagent.uplink.transports.coap_request import NotDone, channel_asked
from hubagent.uplink.transports.coap_signal import (
    lost_by_abort,
    lost_by_release,
    message_size_of,
    refusal,
)
from hubagent.uplink.transports.port import SILENCE_S, ConnectFailed, Ear, Limits, Lost, Trouble
from hubagent.uplink.transports.tls_trouble import lost_by

CLOSE_TIMEOUT_S: Final = 3.0
"""For what was sent last to leave; then the socket is closed all the same."""
MESSAGE_MAX: Final = FRAME_MAX + 256
"""Bytes of a message that we take: a frame and its options."""
BUFFER_HIGH: Final = 64 * 1024
"""Bytes that wait for the other side to read; more, and no frame is sent."""
ANSWERS_WAITING_MAX: Final = 64
"""Answers that wait for the other side to read; what it asks beyond that is not done."""
ANSWERS_BEARABLE: Final = 4096
"""Whoever asks on and on and reads no answer is no use."""


class CoapConnection(asyncio.Protocol):
    """Both the protocol that asyncio calls and the connection that the session has. `peer` is for people."""

    def __init__(self, hub: str, peer: str, ear: Ear, in_flight_max: int) -> None:
        self._loop = asyncio.get_running_loop()
        now = self._loop.time()
        self._liveness = Liveness(now)
        self._outstanding = Outstanding(in_flight_max, now)
        self._ear = ear
        self._peer = peer
        self._paths = {channel: _path("hub", hub, "up", *channel.value.split("/")) for channel in Up}
        self._in_flight_max = in_flight_max
        self._limits = Limits(_payload_max(coap.BASE_MESSAGE_SIZE, self._paths), in_flight_max)
        self._reader = MessageReader(MESSAGE_MAX)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._reading = False
        self._leaving: list[bytes] = []
        """What leaves when all is read that has come: one TLS record and one call of the kernel for all of it."""
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
    def unheard(self) -> bool:
        """There was a connection, and the other side has not said a word of CoAP on it."""
        return self._transport is not None and not self._greeted

    # What the session sees.

    @property
    def limits(self) -> Limits:
        return self._limits

    @property
    def description(self) -> str:
        return f"CoAP over TLS, {self._peer}"

    @property
    def ready(self) -> bool:
        return not (self._over or self._paused or self._outstanding.full)

    def send(self, channel: Up, payload: bytes) -> None:
        if self._over:
            return
        assert len(payload) <= self._limits.payload_max
        token = self._outstanding.add(channel, self._loop.time())
        self._write(coap.frame(coap.POST, token, self._paths[channel], payload))
        self._blocked = not self.ready

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

    def data_received(self, data: bytes) -> None:
        self._reading = True
        try:
            for message in self._reader.feed(data):
                if self._over:
                    break
                self._liveness.heard(self._loop.time())
                self._take(message)
        except MalformedCoap as error:
            self._abort(str(error))
        self._wake()
        self._reading = False
        self._flush()

    def pause_writing(self) -> None:
        self._paused = self._blocked = True

    def resume_writing(self) -> None:
        self._paused = False
        self._answers_waiting = 0
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        lost = lost_by(exc, self._peer)
        if not self._greeted and lost.trouble in (Trouble.CLOSED, Trouble.NETWORK):
            # TLS 1.3 tells a client last; a server that drops the alert looks like one that has gone.
            lost = replace(
                lost, detail=f"{lost.detail} before its first word; perhaps it refuses the hub's certificate"
            )
        self._end(lost)
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
        if not self._told or self._answers_waiting >= ANSWERS_WAITING_MAX:
            self._answer(message.token, coap.SERVICE_UNAVAILABLE)
            return
        try:
            channel = channel_asked(message)
        except NotDone as refused:
            self._answer(message.token, refused.code)
            return
        self._answer(message.token, coap.CHANGED)
        self._ear.received(channel, message.payload)

    def _answer(self, token: bytes, code: int) -> None:
        self._write(coap.frame(code, token))
        if self._paused:
            self._answers_waiting += 1
            if self._answers_waiting > ANSWERS_BEARABLE:
                self._break_off(Lost(Trouble.PROTOCOL, f"{self._peer} asks on and on without reading the answers"))

    def _take_response(self, message: CoapMessage) -> None:
        channel = self._outstanding.answered(message.token, self._loop.time())
        if channel is not None and message.code >> 5 != 2:
            self._ear.refused(channel, refusal(message))

    def _take_signal(self, message: CoapMessage) -> None:
        unknown = next((number for number, _ in message.options if number & 1), None)
        if unknown is not None:
            bad = ((coap.BAD_CSM_OPTION, coap.uint(unknown)),) if message.code == coap.CSM else ()
            self._abort(f"option {unknown} is not known", bad)
        elif message.code == coap.CSM:
            self._take_capabilities(message)
        elif message.code == coap.PING:
            self._answer(message.token, coap.PONG)
        elif message.code == coap.RELEASE:
            self._leave(lost_by_release(message, self._peer))
        elif message.code == coap.ABORT:
            self._leave(lost_by_abort(message, self._peer))
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
        if not self._greeted:
            self._greeted = True
            self._settled.set()
            self._timer = self._loop.call_at(self._liveness.next_look(), self._look)

    def _wake(self) -> None:
        if self._blocked and self.ready:
            self._blocked = False
            if self._told:
                self._ear.writable()

    # What time brings.

    def _look(self) -> None:
        now = self._loop.time()
        for channel in self._outstanding.take_overdue(now):
            self._ear.refused(channel, f"no answer within {REQUEST_TIMEOUT_S:.0f} s")
        self._wake()
        if self._over:
            return
        owed_since = self._outstanding.owed_since()
        verdict = self._liveness.look(now)
        if verdict is Verdict.GONE:
            self._break_off(Lost(Trouble.SILENCE, f"{self._peer} said nothing for {SILENCE_S:.0f} s"))
        elif owed_since is not None and now >= owed_since + SILENCE_S:
            self._break_off(Lost(Trouble.SILENCE, f"{self._peer} answered no frame for {SILENCE_S:.0f} s"))
        else:
            if verdict is Verdict.ASK:
                self._write(coap.frame(coap.PING))
            due = self._liveness.next_look()
            self._timer = self._loop.call_at(
                due if owed_since is None else min(due, owed_since + SILENCE_S), self._look
            )

    # How it ends.

    def _abort(self, why: str, options: coap.Options = ()) -> None:
        """The other side broke the protocol: tell it, and end."""
        if self._over:
            return
        self._write(CoapMessage(coap.ABORT, options=options, payload=why.encode()).to_bytes())
        self._leave(Lost(Trouble.PROTOCOL, f"{self._peer} does not speak CoAP as it should: {why}"))

    def _break_off(self, lost: Lost) -> None:
        """Nobody is there to be told."""
        self._end(lost)
        if self._transport is not None:
            self._transport.abort()

    def _leave(self, lost: Lost) -> None:
        """After the answers to what was asked before (RFC 8323, section 5.5)."""
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
        self._outstanding.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _hang_up(self) -> None:
        self._stop()
        self._flush()
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()
            self._timer = self._loop.call_later(CLOSE_TIMEOUT_S, self._transport.abort)

    # The wire.

    def _write(self, data: bytes) -> None:
        if self._reading:
            self._leaving.append(data)
        else:
            self._transport_write(data)

    def _flush(self) -> None:
        if self._leaving:
            self._transport_write(b"".join(self._leaving))
            self._leaving.clear()

    def _transport_write(self, data: bytes) -> None:
        assert self._transport is not None
        if not self._transport.is_closing():
            self._transport.write(data)


def _path(*segments: str) -> bytes:
    return coap.encode_options(tuple((coap.URI_PATH, segment.encode()) for segment in segments))


def _payload_max(message_size: int, paths: dict[Up, bytes]) -> int:
    """What fits into a message of the other side's: head of 6, token of 4, the path, a marker."""
    return min(FRAME_MAX, message_size - 11 - max(len(path) for path in paths.values()))
