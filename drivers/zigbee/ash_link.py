"""The link between host and NCP: frames are acknowledged, sent again when they were lost, and none is taken in twice.

A machine (`hubagent.machine`). Bytes and payloads to send go in; bytes to write and payloads received come out. What
they say is `exchange_machine`'s. UG101 (UART-EZSP Gateway Protocol Reference) §5-§7 as they bind the host; where it
leaves a choice, that of Silicon Labs' host library is taken.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.zigbee.ash import CANCEL, Ack, Data, Error, Frame, Garbage, Nak, Parser, Reset, ResetAck, ResetCode

WINDOW: Final = 5
"""§5.1, §7 TX_K: DATA frames on their way without an acknowledgement; fewer than 8, the numbers that there are."""
ACK_WAIT_FIRST_S: Final = 1.6
ACK_WAIT_MIN_S: Final = 0.4
ACK_WAIT_MAX_S: Final = 3.2
"""§7, T_RX_ACK_INIT, _MIN and _MAX."""
ACK_TIMEOUTS_MAX: Final = 4
"""§7, ACK_TIMEOUTS: one more in a row and the link has failed."""
NAKS_MAX: Final = 32
"""In a row. By §5 there are never two, so this is for an NCP that does not keep to it."""
RESET_WAIT_S: Final = 3.2
"""§5, T_RSTACK_MAX."""
RESETS_MAX: Final = 5
"""§5: so often a reset is tried."""
_ANY_REASON_AFTER: Final = 2
"""Resets, after which an RSTACK counts whatever reason it gives."""
_VERSION: Final = 2
_RESET: Final = CANCEL * 32 + Reset().to_bytes()
"""What the NCP may have taken for the beginning of a frame is cancelled, as many as may be lost in a UART."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Reset the NCP, and begin anew with it. `LinkUp` or `LinkFailed` follows."""


@dataclass(frozen=True, slots=True)
class SendPayload:
    """To be received only when the link `has_room`."""

    payload: bytes
    written: Callable[[], None] | None = None
    """Handed on with the first `Write` of it."""


@dataclass(frozen=True, slots=True)
class Write:
    data: bytes
    written: Callable[[], None] | None = None
    """To be called right after the write."""


@dataclass(frozen=True, slots=True)
class Received:
    payload: bytes


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The NCP has restarted because it was asked to."""


@dataclass(frozen=True, slots=True)
class LinkReset:
    """The NCP has restarted by itself. The link is up again, and what was on its way is forgotten on both sides."""

    code: int
    """Why, see `ResetCode`."""


@dataclass(frozen=True, slots=True)
class LinkFailed:
    """Nothing more can be sent before the next `Connect`."""

    code: int | None
    """What the NCP said in an ERROR frame; None: it does not acknowledge, or does not come up after a reset."""


Effect = Write | Received | LinkUp | LinkReset | LinkFailed


@dataclass(slots=True)
class Statistics:
    """Counts since the port was opened."""

    garbage: int = 0
    naks_sent: int = 0
    naks_received: int = 0
    silences: int = 0
    """Times that an acknowledgement did not come."""
    retransmissions: int = 0
    duplicates: int = 0


class AshLink:
    """The effects of bytes are the payloads first. The acknowledgement of them is handed out when `take_effects` is
    called and nothing else is left: a DATA frame that was sent meanwhile, as an answer, carries it."""

    def __init__(self, window: int = WINDOW) -> None:
        assert 0 < window < 8
        self.statistics = Statistics()
        self._window = window
        self._effects: list[Effect] = []
        self._parser = Parser()
        self._connected = False
        self._resets = 0
        """Tries of a reset under way."""
        self._deadline: float | None = None
        """For an acknowledgement, or for RSTACK."""
        self._begin_anew()

    def _begin_anew(self) -> None:
        """§5: after a reset all numbers are 0, on both sides."""
        self._unacked: deque[Data] = deque()
        self._oldest = 0
        """The number of the first frame that is not acknowledged; of the next one, when all are."""
        self._expected = 0
        self._ack_owed = False
        self._rejecting = False
        self._ack_wait_s = ACK_WAIT_FIRST_S
        self._ack_awaited_since = 0.0
        self._timeouts = 0
        self._naks = 0
        self._deadline = None

    @property
    def has_room(self) -> bool:
        """Whether a payload can be sent now."""
        return self._connected and len(self._unacked) < self._window

    @property
    def connected(self) -> bool:
        return self._connected

    def receive(self, item: bytes | SendPayload | Connect, now: float) -> None:
        if isinstance(item, bytes):
            for frame in self._parser.feed(item):
                if self._connected:
                    self._take(frame, now)
                elif self._resets and isinstance(frame, ResetAck):
                    self._came_up(frame)
        elif isinstance(item, SendPayload):
            self._effects.append(self.send(item.payload, item.written, now))
        else:
            self._connected = False
            self._parser = Parser()
            self._begin_anew()
            self._resets = 0
            self._reset(now)

    def handle_timeout(self, now: float) -> None:
        if self._deadline is None or now < self._deadline:
            return
        if self._connected:
            self._silence(now)
        elif self._resets < RESETS_MAX:
            self._reset(now)
        else:
            self._fail(None)

    def next_deadline(self) -> float | None:
        return self._deadline

    def take_effects(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects or list(self.take_acknowledgement())

    def take_acknowledgement(self) -> tuple[Write, ...]:
        """The one that is owed, if no DATA frame has carried it."""
        if not self._ack_owed:
            return ()
        self._ack_owed = False
        return (_WRITE_ACK[self._expected],)

    # --- coming up and going down

    def _reset(self, now: float) -> None:
        self._resets += 1
        self._deadline = now + RESET_WAIT_S
        self._effects.append(Write(_RESET))

    def _came_up(self, frame: ResetAck) -> None:
        # §5: whatever else comes before RSTACK is discarded. One with another reason was sent when the NCP got power
        # or the TCP connection was made, and that for our RST is still to come.
        expected = frame.reason == ResetCode.SOFTWARE or self._resets > _ANY_REASON_AFTER
        if frame.version == _VERSION and expected:
            self._connected = True
            self._resets = 0
            self._deadline = None
            self._effects.append(LinkUp())

    def _fail(self, code: int | None) -> None:
        self._connected = False
        self._resets = 0
        self._begin_anew()
        self._effects.append(LinkFailed(code))

    # --- receiving

    def _take(self, frame: Frame | Garbage, now: float) -> None:
        if isinstance(frame, Data):
            self._take_data(frame, now)
        elif isinstance(frame, Ack | Nak):
            # The not-ready bit is not for NCPs to set (§2.1).
            if self._acknowledged(frame.acked, now) and isinstance(frame, Nak):
                self._refused(now)
        elif isinstance(frame, Garbage):
            self.statistics.garbage += 1
            # What looks like an ACK or NAK is not worth a NAK: whoever waits for it waits no longer than for another.
            if frame.data[0] < 0x80:
                self._reject()
        elif isinstance(frame, ResetAck):
            self._begin_anew()
            self._effects.append(LinkReset(frame.reason))
        elif isinstance(frame, Error):
            self._fail(frame.code)

    def _take_data(self, frame: Data, now: float) -> None:
        if frame.number != self._expected and not frame.retransmitted:
            # One before it was lost; or it is a copy of an old one, and what it acknowledges is as old: eight numbers
            # come round soon, and frames would be taken for delivered that are not. It comes again with a new one.
            self._reject()
        elif frame.acked != self._oldest and not self._acknowledged(frame.acked, now):
            self._reject()
        elif frame.number == self._expected:
            self._expected = (frame.number + 1) & 7
            self._rejecting = False
            self._ack_owed = True
            self._effects.append(Received(frame.payload))
        else:
            # §5.5: it was received before, and the acknowledgement was lost.
            self.statistics.duplicates += 1
            self._ack_owed = True

    def _reject(self) -> None:
        """§5.5: one NAK, and none again before the expected frame has come."""
        if not self._rejecting:
            self._rejecting = True
            self._ack_owed = False
            self.statistics.naks_sent += 1
            self._effects.append(_WRITE_NAK[self._expected])

    # --- sending

    def send(self, payload: bytes, written: Callable[[], None] | None, now: float) -> Write:
        """As `SendPayload`, on the hot path: its one effect at once, when no other one is left to take."""
        assert self.has_room, "wait until the link has room"
        number = (self._oldest + len(self._unacked)) & 7
        frame = Data(number, payload, self._expected)
        self._ack_owed = False
        self._unacked.append(frame)
        if self._deadline is None:
            self._await_ack(now)
        return Write(frame.to_bytes(), written)

    def _await_ack(self, now: float) -> None:
        self._ack_awaited_since = now
        self._deadline = now + self._ack_wait_s

    def _acknowledged(self, acked: int, now: float) -> bool:
        """Frames up to this number, and without it, have arrived. False if it is a number that cannot be."""
        delivered = (acked - self._oldest) & 7
        if delivered > len(self._unacked):
            self.statistics.garbage += 1
            return False
        if delivered:
            for _ in range(delivered):
                self._unacked.popleft()
            self._oldest = acked
            self._timeouts = self._naks = 0
            # §5.4: the wait follows what is observed; how, is the choice of Silicon Labs' host library.
            self._set_ack_wait((7 * self._ack_wait_s + 4 * (now - self._ack_awaited_since)) / 8)
            self._deadline = None
            if self._unacked:
                self._await_ack(now)
        return True

    def _set_ack_wait(self, wait_s: float) -> None:
        self._ack_wait_s = min(max(wait_s, ACK_WAIT_MIN_S), ACK_WAIT_MAX_S)

    def _refused(self, now: float) -> None:
        self.statistics.naks_received += 1
        self._naks += 1
        if self._naks > NAKS_MAX:
            self._fail(None)
        else:
            self._retransmit(now)

    def _silence(self, now: float) -> None:
        self.statistics.silences += 1
        self._timeouts += 1
        self._set_ack_wait(2 * self._ack_wait_s)
        if self._timeouts > ACK_TIMEOUTS_MAX:
            self._fail(None)
        else:
            self._retransmit(now)

    def _retransmit(self, now: float) -> None:
        """§5.4: everything from the first frame on that is not acknowledged, in order."""
        if not self._unacked:
            return
        self._ack_owed = False
        self.statistics.retransmissions += len(self._unacked)
        again = [Data(frame.number, frame.payload, self._expected, True).to_bytes() for frame in self._unacked]
        self._effects.append(Write(b"".join(again)))
        self._await_ack(now)


_WRITE_ACK: Final = tuple(Write(Ack(number).to_bytes()) for number in range(8))
_WRITE_NAK: Final = tuple(Write(Nak(number).to_bytes()) for number in range(8))
