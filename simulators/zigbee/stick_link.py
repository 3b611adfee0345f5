"""The NCP's end of ASH: it acknowledges, sends its own frames again until they are acknowledged, and fails in the end.

UG101 (UART-EZSP Gateway Protocol Reference) §5-§7 as they bind the NCP. Written apart from the agent's link on purpose:
the two share the shapes of frames and nothing else, so that they cannot agree on a mistake. Where UG101 leaves a choice
it is made as Silicon Labs' NCP firmware makes it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from drivers.zigbee.ash import CANCEL, Ack, Data, Error, Frame, Garbage, Nak, Parser, Reset, ResetAck, ResetCode

WINDOW: Final = 5
"""UG101 §7, TX_K: DATA frames on their way without an acknowledgement."""
ACK_TIMEOUTS_MAX: Final = 4
"""UG101 §7, ACK_TIMEOUTS: one more in a row and the NCP fails."""
ACK_WAIT_FIRST_S: Final = 1.6
ACK_WAIT_MIN_S: Final = 0.4
ACK_WAIT_MAX_S: Final = 3.2
"""UG101 §7, T_RX_ACK_INIT, _MIN and _MAX."""
ACK_DELAY_S: Final = 0.02
"""UG101 §7, T_TX_ACK_DELAY: before an acknowledgement that no DATA frame carried."""
NOT_READY_S: Final = 1.0
"""UG101 §7, T_REMOTE_NOTRDY: so long after the host said that it is not ready, callbacks are sent all the same."""
REBOOT_S: Final = 0.05
QUEUE_MAX: Final = 64
"""Frames of each kind waiting for the host. When it is full the newest is lost, as in a chip with little memory."""


class _State(Enum):
    OFF = auto()
    CONNECTED = auto()
    FAILED = auto()


class StickLink:
    """Bytes in by `data_received`, EZSP frames out by `received`; `write` is where its own bytes go.

    RST makes it forget everything, call `reset`, and say RSTACK `reboot_s` later; until then it is deaf. As constructed
    it is a stick that was plugged in long ago, when nobody heard its RSTACK.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        write: Callable[[bytes], None],
        received: Callable[[bytes], None],
        reset: Callable[[], None],
    ) -> None:
        self.reboot_s = REBOOT_S
        self.lost_frames = 0
        """For want of room in the queue."""
        self._loop = loop
        self._write = write
        self._received = received
        self._reset = reset
        self._reboot_timer: asyncio.TimerHandle | None = None
        self._ack_timer: asyncio.TimerHandle | None = None
        self._delay_timer: asyncio.TimerHandle | None = None
        self._ready_timer: asyncio.TimerHandle | None = None
        self._begin_anew(_State.CONNECTED)

    @property
    def failed(self) -> bool:
        return self._state is _State.FAILED

    @property
    def idle(self) -> bool:
        """Nothing is to be sent, or to be acknowledged, by either side."""
        return not (self._urgent or self._callbacks or self._unacked or self._delay_timer is not None)

    @property
    def numbers(self) -> tuple[int, int]:
        """Of its next DATA frame, and of the one that it expects next."""
        return self._next_number, self._expected

    # --- what the stick does with it

    def send(self, payload: bytes, *, callback: bool = False) -> bool:
        """Queue an EZSP frame; false if it is lost. Responses go before callbacks, and only those wait for a host that
        is not ready."""
        # Callbacks never take the room of a response: a command that was heard is answered.
        queue = self._callbacks if callback else self._urgent
        if self._state is not _State.CONNECTED or len(queue) >= QUEUE_MAX:
            self.lost_frames += 1
            return False
        queue.append(payload)
        self._transmit()
        return True

    def power_on(self, reason: int) -> None:
        """Begin anew, and say so, heard or not. After an assert or a watchdog a real NCP says `error` instead."""
        self._begin_anew(_State.CONNECTED)
        # The cancel byte ends whatever the host has taken for the beginning of a frame.
        self._write(CANCEL + ResetAck(reason).to_bytes())

    def error(self, code: int) -> None:
        """Fail: from now on everything but RST is answered with ERROR (UG101 §6)."""
        self._begin_anew(_State.FAILED)
        self._error_code = code
        self._write(CANCEL + Error(code).to_bytes())

    def close(self) -> None:
        """Power is gone: everything under way is forgotten, and nothing is heard until `power_on`."""
        self._begin_anew(_State.OFF)

    # --- coming up and going down

    def _begin_anew(self, state: _State) -> None:
        for timer in (self._reboot_timer, self._ack_timer, self._delay_timer, self._ready_timer):
            if timer is not None:
                timer.cancel()
        self._reboot_timer = self._ack_timer = self._delay_timer = self._ready_timer = None
        self._state = state
        self._error_code = 0
        self._parser = Parser()
        self._urgent: deque[bytes] = deque()
        self._callbacks: deque[bytes] = deque()
        self._unacked: deque[tuple[int, bytes]] = deque()
        self._next_number = 0
        self._expected = 0
        self._rejecting = False
        self._ack_wait_s = ACK_WAIT_FIRST_S
        self._ack_awaited_since = 0.0
        self._ack_timeouts = 0

    def _reboot(self) -> None:
        self._begin_anew(_State.OFF)
        self._reset()
        self._reboot_timer = self._loop.call_later(self.reboot_s, self.power_on, ResetCode.SOFTWARE)

    # --- receiving

    def data_received(self, data: bytes) -> None:
        parser = self._parser
        for frame in parser.feed(data):
            # Bytes that came behind an RST are lost in the reboot.
            if self._state is _State.OFF or self._parser is not parser:
                return
            self._take(frame)

    def _take(self, frame: Frame | Garbage) -> None:
        if isinstance(frame, Reset):
            self._reboot()
        elif self._state is _State.FAILED:
            if not isinstance(frame, Garbage):
                self._write(Error(self._error_code).to_bytes())
        elif isinstance(frame, Garbage):
            # Only what looks like a DATA frame is worth a NAK.
            if frame.data[0] < 0x80:
                self._reject()
        elif isinstance(frame, Data):
            self._take_data(frame)
        elif isinstance(frame, Ack | Nak) and self._acknowledged(frame.acked):
            self._heed_readiness(ready=not frame.not_ready)
            if isinstance(frame, Nak):
                self._retransmit()
            self._transmit()

    def _take_data(self, frame: Data) -> None:
        if frame.number != self._expected and not frame.retransmitted:
            # What a copy of an old frame acknowledges is as old, and eight numbers come round soon.
            self._reject()
            return
        if not self._acknowledged(frame.acked):
            self._reject()
            return
        if frame.number != self._expected:
            self._put_ack()
        else:
            self._rejecting = False
            self._expected = (self._expected + 1) % 8
            if frame.retransmitted:
                self._put_ack()
            elif self._delay_timer is None:
                self._delay_timer = self._loop.call_later(ACK_DELAY_S, self._put_ack)
            self._received(frame.payload)
        if self._state is _State.CONNECTED:
            self._transmit()

    def _reject(self) -> None:
        """UG101 §5.5: one NAK, and none again before the expected frame has come."""
        if not self._rejecting:
            self._rejecting = True
            self._ack_leaves()
            self._write(Nak(self._expected).to_bytes())

    def _put_ack(self) -> None:
        self._ack_leaves()
        self._write(Ack(self._expected).to_bytes())

    def _ack_leaves(self) -> None:
        if self._delay_timer is not None:
            self._delay_timer.cancel()
            self._delay_timer = None

    def _heed_readiness(self, *, ready: bool) -> None:
        if self._ready_timer is not None:
            self._ready_timer.cancel()
        self._ready_timer = None if ready else self._loop.call_later(NOT_READY_S, self._ready_again)

    def _ready_again(self) -> None:
        self._ready_timer = None
        self._transmit()

    # --- sending

    def _transmit(self) -> None:
        """Whatever may go: responses first, and as many as the window has room for."""
        while len(self._unacked) < WINDOW:
            if self._urgent:
                payload = self._urgent.popleft()
            elif self._callbacks and self._ready_timer is None:
                payload = self._callbacks.popleft()
            else:
                return
            number = self._next_number
            self._next_number = (number + 1) % 8
            self._unacked.append((number, payload))
            self._put_data(number, payload, again=False)

    def _put_data(self, number: int, payload: bytes, *, again: bool) -> None:
        self._ack_leaves()
        if self._ack_timer is None:
            self._await_ack()
        self._write(Data(number, payload, self._expected, again).to_bytes())

    def _await_ack(self) -> None:
        self._ack_awaited_since = self._loop.time()
        self._ack_timer = self._loop.call_later(self._ack_wait_s, self._ack_missing)

    def _stop_awaiting(self) -> None:
        if self._ack_timer is not None:
            self._ack_timer.cancel()
            self._ack_timer = None

    def _acknowledged(self, acked: int) -> bool:
        """Take frames for delivered up to, and without, this number. False if it is a number that cannot be."""
        oldest = (self._next_number - len(self._unacked)) % 8
        delivered = (acked - oldest) % 8
        if delivered > len(self._unacked):
            return False
        if delivered:
            for _ in range(delivered):
                self._unacked.popleft()
            self._ack_timeouts = 0
            waited_s = self._loop.time() - self._ack_awaited_since
            # UG101 §5.4 has the wait follow what is observed; this is how the firmware does that.
            self._set_ack_wait((7 * self._ack_wait_s + 4 * waited_s) / 8)
            self._stop_awaiting()
            if self._unacked:
                self._await_ack()
        return True

    def _set_ack_wait(self, wait_s: float) -> None:
        self._ack_wait_s = min(max(wait_s, ACK_WAIT_MIN_S), ACK_WAIT_MAX_S)

    def _ack_missing(self) -> None:
        self._ack_timer = None
        self._set_ack_wait(2 * self._ack_wait_s)
        self._ack_timeouts += 1
        if self._ack_timeouts > ACK_TIMEOUTS_MAX:
            self.error(ResetCode.ACK_TIMEOUTS)
        else:
            self._retransmit()

    def _retransmit(self) -> None:
        """UG101 §5.4: everything from the first frame on that is not acknowledged, in order."""
        self._stop_awaiting()
        for number, payload in tuple(self._unacked):
            self._put_data(number, payload, again=True)
