"""The far side of a measurement: a stick with two nodes, scripted, that asks the clock when bytes leave and arrive.

It is no simulation. Every subject gets the same bytes in the same order: its frames are acknowledged, a transmission
gets its response, its callback and the lamp's answers, each frame once the one before it is acknowledged. The next
report is due when all of that is over and the subject has been quiet for a while. It blocks: nothing else of ours may
run while it measures.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.supervision import SupervisionReport, SupervisionStatus
from drivers.zwave.command_classes.switch_binary import SwitchBinaryGet, SwitchBinarySet
from drivers.zwave.encapsulation.chain import unwrap
from drivers.zwave.serial_api.controller_info import BackgroundRssi, GetBackgroundRssi
from drivers.zwave.serial_api.function import Message, to_frame
from drivers.zwave.serial_api.send_data import SendData, SendDataBridge, TransmitReport, TransmitStatus
from drivers.zwave.serial_api.table import decode_request
from drivers.zwave.serial_frame import DataFrame, FrameParser, Signal
from simulators.bench.household import LAMP, lamp_report, motion_report, said_by
from simulators.bench.wire import Wire

SILENCE_S: Final = 10.0
"""A subject that says nothing for so long is deemed broken."""
_ACK: Final = Signal.ACK.to_bytes()
_TRANSMITTED: Final = TransmitReport(ack_rssi_dbm=-60).to_bytes()


class NoReaction(Exception):
    """A subject did not do what it is measured at."""


@dataclass(frozen=True, slots=True)
class Reaction:
    ns: int
    """From before the report was written until the whole command was read."""
    command: bytes
    """The frame that the subject wrote."""


class FarSide:
    def __init__(self, wire: Wire, clock_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        self._wire = wire
        self._clock_ns = clock_ns
        self._parser = FrameParser()
        self._to_write: deque[bytes] = deque()
        self._ack_awaited = False
        self._lamp_on = False
        self._switched: tuple[bool, bytes] | None = None

    def react(self, occupied: bool) -> Reaction:
        """Report that the room is occupied, or clear; the time until the lamp is switched. Raises NoReaction."""
        report = motion_report(occupied)
        self._switched = None
        began = self._clock_ns()
        self._put(report)
        ended = self._wait_for_switch(occupied)
        assert self._switched is not None
        return Reaction(ended - began, self._switched[1])

    def flood(self, reports: Sequence[bytes], occupied: bool) -> int:
        """Write all reports, each when the one before it is acknowledged, and at last that of motion.

        The ns until the lamp was switched: then all are handled, as they are handled in their order.
        """
        self._switched = None
        began = self._clock_ns()
        self._to_write.extend((*reports, motion_report(occupied)))
        self._write_next()
        return self._wait_for_switch(occupied) - began

    def settle(self, quiet_s: float = 0.0) -> None:
        """Bring everything under way to its end, and wait until nothing more comes for so long. Raises NoReaction."""
        while True:
            data = self._wire.read(SILENCE_S if self._busy else quiet_s)
            if data:
                self._take(data)
            elif self._busy:
                raise NoReaction("it does not acknowledge a frame")
            else:
                return

    def now_ns(self) -> int:
        return self._clock_ns()

    @property
    def _busy(self) -> bool:
        return self._ack_awaited or bool(self._to_write)

    def _wait_for_switch(self, on: bool) -> int:
        while self._switched is None:
            data = self._wire.read(SILENCE_S)
            at = self._clock_ns()
            if not data:
                raise NoReaction(f"the lamp was not switched within {SILENCE_S:g} s of the report")
            self._take(data)
        if self._switched[0] is not on:
            raise NoReaction("the lamp was switched the other way")
        return at

    def _take(self, data: bytes) -> None:
        for frame in self._parser.feed(data):
            if isinstance(frame, DataFrame):
                self._wire.write(_ACK)
                self._request(frame)
            elif frame is not Signal.ACK:
                raise NoReaction(f"it wrote {frame}")
            else:
                self._ack_awaited = False
        self._write_next()

    def _put(self, data: bytes) -> None:
        self._to_write.append(data)
        self._write_next()

    def _write_next(self) -> None:
        if self._to_write and not self._ack_awaited:
            self._ack_awaited = True
            self._wire.write(self._to_write.popleft())

    def _request(self, frame: DataFrame) -> None:
        request = decode_request(frame)
        if isinstance(request, SendData | SendDataBridge):
            self._say(request.RESPONSE(accepted=True))
            self._say(request.CALLBACK(request.callback_id, TransmitStatus.OK, 1, _TRANSMITTED))
            if request.node_id == LAMP:
                self._lamp(request.command, frame)
        elif isinstance(request, GetBackgroundRssi):
            self._say(BackgroundRssi((-90, -90, -90)))
        else:
            raise NoReaction(f"it asked for function 0x{frame.function:02x} in the middle of a measurement")

    def _lamp(self, data: bytes, frame: DataFrame) -> None:
        """As a lamp with Supervision and a lifeline does: it says that it did it, and what it is now."""
        command, envelope = unwrap(data)
        if envelope.supervision is not None:
            self._lamp_says(SupervisionReport(envelope.supervision.session, SupervisionStatus.SUCCESS))
        if isinstance(command, SwitchBinarySet):
            self._lamp_on = command.on
            self._switched = (command.on, frame.to_bytes())
        if isinstance(command, SwitchBinarySet | SwitchBinaryGet):
            self._to_write.append(lamp_report(self._lamp_on))

    def _lamp_says(self, command: Command) -> None:
        self._to_write.append(said_by(LAMP, command))

    def _say(self, message: Message) -> None:
        self._to_write.append(to_frame(message).to_bytes())
