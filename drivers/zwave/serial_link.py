"""The link between host and controller: frames acknowledged, sent again when they were lost, and none taken in twice.

A machine (`hubagent.machine`). Bytes and frames to send go in; bytes to write and frames received come out. What they
say is `exchange`'s. Headings named here are those of INS12350-14, "Serial API Host Application Programming Guide", in
its chapter 6, "Transmission", which is on docs.silabs.com as well.
"""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.zwave.serial_frame import DataFrame, Frame, FrameParser, Signal

ACK_TIMEOUT_S = 1.6
"""Data Frame Delivery Timeout: at least 1600 ms before a data frame is deemed lost."""
RECEPTION_TIMEOUT_S = 1.5
"""Data Frame Reception Timeout: from SOF to the last byte; no NAK is sent then."""
RETRANSMISSIONS_MAX = 3
"""Retransmission."""
NAK_QUIET_S = 0.05
"""One NAK for one burst of garbage. A frame sent again because of a NAK comes 100 ms later (Retransmission), so that
one which is wrong again gets its own."""
DOUBT_S = 60.0
"""How long after the last transmission error an ACK of ours may be believed lost. Our choice: `_is_retransmission`."""
_CONTROLLER_TIMEOUT_S = 1.5
"""The shortest wait for our ACK seen in a controller; Data Frame Delivery Timeout asks for 1.6 s."""
_RETRANSMISSION_LATEST_S = 8.5
"""When the last of three retransmissions comes: 4 timeouts of 1.6 s and waits of 0.1, 1.1, 2.1 s, less one timeout."""


def retransmission_wait_s(n: int) -> float:
    """Retransmission: before number `n`, counted from 0."""
    return 0.1 + n * 1.0


@dataclass(frozen=True, slots=True)
class SendFrame:
    """To be received only when the link is not `busy`."""

    frame: DataFrame
    repeatable: bool = False
    """Whether to send it again although the controller may have it already: after silence, that is. A frame answered
    with NAK or CAN was not executed and is sent again in any case."""
    written: Callable[[], None] | None = None
    """Handed on with the first `Write` of it."""


@dataclass(frozen=True, slots=True)
class Write:
    data: bytes
    written: Callable[[], None] | None = None
    """To be called right after the write."""


@dataclass(frozen=True, slots=True)
class Received:
    """A data frame, acknowledged already."""

    frame: DataFrame


@dataclass(frozen=True, slots=True)
class FrameSent:
    """The controller has acknowledged the frame."""


@dataclass(frozen=True, slots=True)
class FrameUndelivered:
    silent: bool
    """True: no answer, so it may have arrived. False: the controller refused it each time, so it was not executed."""


Effect = Write | Received | FrameSent | FrameUndelivered
_SENT = FrameSent()


@dataclass(slots=True)
class Statistics:
    """Counts since the port was opened."""

    garbage: int = 0
    naks_sent: int = 0
    refused: int = 0
    """NAK and CAN for frames of ours."""
    silences: int = 0
    retransmissions: int = 0
    duplicates: int = 0


@dataclass(slots=True)
class _Sending:
    data: bytes
    repeatable: bool
    deadline: float
    """The end of waiting for the ACK, or of the wait before the next transmission."""
    ack_awaited: bool = True
    refused: bool = False
    retransmissions: int = 0


class SerialLink:
    def __init__(self) -> None:
        self.statistics = Statistics()
        self._effects: list[Effect] = []
        self._parser = FrameParser()
        self._begun_at: float | None = None
        self._sending: _Sending | None = None
        self._last_nak_at = float("-inf")
        self._doubt_until = float("-inf")
        self._last_frame: DataFrame | None = None
        self._last_frame_at = float("-inf")
        self._last_read = 0
        self._reads = 0

    @property
    def busy(self) -> bool:
        """Whether a frame is on its way that is neither acknowledged nor given up."""
        return self._sending is not None

    @property
    def refused(self) -> bool:
        """Whether the last transmission of the frame on its way was answered with NAK or CAN, and so not executed."""
        return self._sending is not None and self._sending.refused

    def settle(self) -> None:
        """Stop caring for the frame on its way: its response has come, so it has arrived, or it is no longer wanted."""
        self._sending = None

    def receive(self, item: bytes | SendFrame, now: float) -> None:
        if isinstance(item, SendFrame):
            self._send(item, now)
        else:
            self._take_in(item, now)

    def handle_timeout(self, now: float) -> None:
        if self._begun_at is not None and now >= self._begun_at + RECEPTION_TIMEOUT_S:
            self._begun_at = None
            self._parser.abort()
            self._garbage(now)
        sending = self._sending
        if sending is not None and now >= sending.deadline:
            if sending.ack_awaited:
                self._silence(sending, now)
            else:
                self._retransmit(sending, now)

    def next_deadline(self) -> float | None:
        reception = None if self._begun_at is None else self._begun_at + RECEPTION_TIMEOUT_S
        if self._sending is None:
            return reception
        return self._sending.deadline if reception is None else min(reception, self._sending.deadline)

    def take_effects(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects

    # --- sending

    def _send(self, wish: SendFrame, now: float) -> None:
        assert self._sending is None, "one frame at a time"
        data = wish.frame.to_bytes()
        self._sending = _Sending(data, wish.repeatable, now + ACK_TIMEOUT_S)
        self._effects.append(Write(data, wish.written))

    def _acknowledged(self) -> None:
        if self._sending is None:
            return
        # Also when it comes late, after a NAK or in the wait before the next transmission: it has arrived.
        self._sending = None
        # The controller takes no frame while it waits for an ACK of its own (it sends CAN), so it has had ours.
        self._last_frame = None
        self._effects.append(_SENT)

    def _refused(self, now: float) -> None:
        sending = self._sending
        if sending is None or not sending.ack_awaited:
            return
        self.statistics.refused += 1
        sending.refused = True
        self._wait_or_give_up(sending, now, silent=False)

    def _silence(self, sending: _Sending, now: float) -> None:
        self.statistics.silences += 1
        self._doubt_until = now + DOUBT_S
        if sending.repeatable:
            self._wait_or_give_up(sending, now, silent=True)
        else:
            self._give_up(silent=True)

    def _wait_or_give_up(self, sending: _Sending, now: float, *, silent: bool) -> None:
        if sending.retransmissions == RETRANSMISSIONS_MAX:
            self._give_up(silent=silent)
            return
        sending.ack_awaited = False
        sending.deadline = now + retransmission_wait_s(sending.retransmissions)

    def _give_up(self, *, silent: bool) -> None:
        self._sending = None
        self._effects.append(FrameUndelivered(silent))

    def _retransmit(self, sending: _Sending, now: float) -> None:
        sending.retransmissions += 1
        sending.refused = False
        sending.ack_awaited = True
        sending.deadline = now + ACK_TIMEOUT_S
        self.statistics.retransmissions += 1
        self._effects.append(Write(sending.data))

    # --- receiving

    def _take_in(self, data: bytes, now: float) -> None:
        self._reads += 1
        sending = self._sending
        frames = self._parser.feed(data, ack_awaited=sending is not None and sending.ack_awaited)
        for frame in frames:
            self._take(frame, now)
        if not self._parser.inside:
            self._begun_at = None
        elif frames or self._begun_at is None:
            self._begun_at = now

    def _take(self, frame: Frame, now: float) -> None:
        if isinstance(frame, DataFrame):
            self._received(frame, now)
        elif frame is Signal.ACK:
            self._acknowledged()
        elif isinstance(frame, Signal):
            if frame is Signal.NAK:
                self._doubt_until = now + DOUBT_S
            self._refused(now)
        else:
            self._garbage(now)
            if frame.nak:
                self._send_nak(now)

    def _received(self, frame: DataFrame, now: float) -> None:
        self._effects.append(_WRITE_ACK)
        if frame == self._last_frame and self._is_retransmission(now):
            self.statistics.duplicates += 1
        else:
            self._last_frame = frame
            self._effects.append(Received(frame))
        self._last_frame_at = now
        self._last_read = self._reads

    def _is_retransmission(self, now: float) -> bool:
        """Whether a frame equal to the one before it, with no ACK and no other frame between them, is the same one.

        A controller sends nothing new before its frame is acknowledged. So what was sent before our ACK could have
        left, because both came with one read after the host had been held up, is a retransmission for certain. Else our
        ACK must have been lost, and the frame be sent again when the controller's timer had ended.
        But a button pressed twice gives the same bytes, too, and on a sound wire no ACK is lost: so this is believed
        only where the wire has shown errors of late, and anywhere else what comes is news. zwave-js drops nothing here.
        """
        if self._reads == self._last_read:
            return True
        if now >= self._doubt_until:
            return False
        asked_for_it = self._last_nak_at >= self._last_frame_at
        earliest = 0.0 if asked_for_it else _CONTROLLER_TIMEOUT_S
        return earliest <= now - self._last_frame_at <= _RETRANSMISSION_LATEST_S

    def _garbage(self, now: float) -> None:
        self.statistics.garbage += 1
        self._doubt_until = now + DOUBT_S

    def _send_nak(self, now: float) -> None:
        if now - self._last_nak_at >= NAK_QUIET_S:
            self._last_nak_at = now
            self.statistics.naks_sent += 1
            self._effects.append(_WRITE_NAK)


_WRITE_ACK = Write(Signal.ACK.to_bytes())
_WRITE_NAK = Write(Signal.NAK.to_bytes())
