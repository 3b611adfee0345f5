"""The stick's end of the serial link: it acknowledges, waits to be acknowledged, sends again, and discards collisions.

INS12350-14 §5 and §6 as they bind the chip. Written apart from the agent's link on purpose: the two share the shapes of
frames and nothing else, so that they cannot agree on a mistake.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from typing import Final

from drivers.zwave.serial_frame import MIN_LENGTH, SOF, DataFrame, Signal
from simulators.zwave.stick_faults import StickFaults

FRAME_TIMEOUT_S: Final = 1.5
"""INS12350-14, Data Frame Reception Timeout: given up so long after SOF, without a NAK."""
ACK_TIMEOUT_S: Final = 1.6
"""INS12350-14, Data Frame Delivery Timeout."""
RETRANSMISSIONS_MAX: Final = 3
"""INS12350-14, Retransmission."""
QUEUE_MAX: Final = 64
"""Frames waiting for the host. When it is full the newest is lost, as in a chip with little memory."""
SOFT_RESET: Final = 0x08


def retransmission_wait_s(retransmissions: int) -> float:
    """INS12350-14, Retransmission: 100 ms, and a second more for each time that it was sent again already."""
    return 0.1 + retransmissions


class StickLink:
    """Bytes in by `data_received`, frames out by `received`; `write` is where its own bytes go."""

    def __init__(
        self,
        write: Callable[[bytes], None],
        received: Callable[[DataFrame], None],
        faults: StickFaults,
        rng: random.Random,
    ) -> None:
        self._write = write
        self._received = received
        self._faults = faults
        self._rng = rng
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._frame_timer: asyncio.TimerHandle | None = None
        self._queue: deque[DataFrame] = deque()
        self._waiting_for_ack = False
        self._retransmissions = 0
        self._send_timer: asyncio.TimerHandle | None = None
        self.lost_frames = 0
        """Given up for want of an ACK, or of room in the queue."""

    def send(self, frame: DataFrame) -> None:
        """Queue a frame; it leaves when the ones before it are acknowledged or given up."""
        if len(self._queue) >= QUEUE_MAX:
            self.lost_frames += 1
            return
        self._queue.append(frame)
        if len(self._queue) == 1:
            self._transmit()

    def announce(self, frame: DataFrame) -> None:
        """Write a frame once, heard or not: at power-up nobody may be listening yet."""
        self._put(frame.to_bytes())

    def close(self) -> None:
        """Power is gone, or a reset: everything under way is forgotten."""
        self._queue.clear()
        self._buffer.clear()
        self._waiting_for_ack = False
        for timer in (self._frame_timer, self._send_timer):
            if timer is not None:
                timer.cancel()
        self._frame_timer = self._send_timer = None

    def data_received(self, data: bytes) -> None:
        if self._faults.silent:
            return
        self._buffer += data
        while self._buffer and self._take_one():
            pass
        self._set_frame_timer()

    def _take_one(self) -> bool:
        """Take one frame off the buffer; False while the rest of it is missing."""
        first = self._buffer[0]
        if first != SOF:
            del self._buffer[0]
            self._signal(first)
            return True
        if len(self._buffer) < 2:
            return False
        length = self._buffer[1]
        if length < MIN_LENGTH:
            del self._buffer[0]
            return True
        if len(self._buffer) < length + 2:
            return False
        data = bytes(self._buffer[: length + 2])
        del self._buffer[: length + 2]
        self._data(data)
        return True

    def _set_frame_timer(self) -> None:
        if not self._buffer and self._frame_timer is not None:
            self._frame_timer.cancel()
            self._frame_timer = None
        elif self._buffer and self._frame_timer is None:
            self._frame_timer = self._loop.call_later(FRAME_TIMEOUT_S, self._abort_reception)

    def _abort_reception(self) -> None:
        self._frame_timer = None
        self._buffer.clear()

    def _data(self, data: bytes) -> None:
        if self._frame_timer is not None:
            self._frame_timer.cancel()
            self._frame_timer = None
        try:
            frame = DataFrame.from_bytes(data)
        except ValueError:
            self._put(Signal.NAK.to_bytes())
            return
        if self._waiting_for_ack:
            # INS12350-14 §5.3: a data frame instead of the ACK that the chip waits for is discarded with CAN.
            self._put(Signal.CAN.to_bytes())
        elif self._strikes(self._faults.can):
            self._put(Signal.CAN.to_bytes())
        elif self._strikes(self._faults.nak):
            self._put(Signal.NAK.to_bytes())
        else:
            if not self._strikes(self._faults.lost_ack):
                self._put(self._ack(frame))
            self._received(frame)

    def _ack(self, frame: DataFrame) -> bytes:
        if frame.function == SOFT_RESET and self._strikes(self._faults.bad_ack):
            return bytes((Signal.ACK | self._rng.randrange(1, 16) << 4,))
        return Signal.ACK.to_bytes()

    def _strikes(self, chance: float) -> bool:
        return chance > 0 and self._rng.random() < chance

    def _signal(self, byte: int) -> None:
        if not self._waiting_for_ack:
            return
        if byte == Signal.ACK:
            self._finish()
        elif byte in (Signal.NAK, Signal.CAN):
            self._retransmit(retransmission_wait_s(self._retransmissions))

    def _transmit(self) -> None:
        self._waiting_for_ack = True
        self._put(self._queue[0].to_bytes())
        self._send_timer = self._loop.call_later(ACK_TIMEOUT_S, self._ack_missing)

    def _ack_missing(self) -> None:
        # INS12350-14, Retransmission: the time already waited counts.
        self._retransmit(max(0.0, retransmission_wait_s(self._retransmissions) - ACK_TIMEOUT_S))

    def _retransmit(self, wait_s: float) -> None:
        assert self._send_timer is not None
        self._send_timer.cancel()
        self._waiting_for_ack = False
        if self._retransmissions == RETRANSMISSIONS_MAX:
            self.lost_frames += 1
            self._finish()
            return
        self._retransmissions += 1
        self._send_timer = self._loop.call_later(wait_s, self._transmit)

    def _finish(self) -> None:
        assert self._send_timer is not None
        self._send_timer.cancel()
        self._send_timer = None
        self._waiting_for_ack = False
        self._retransmissions = 0
        self._queue.popleft()
        if self._queue:
            self._transmit()

    def _put(self, data: bytes) -> None:
        if not self._faults.silent:
            self._write(data)
