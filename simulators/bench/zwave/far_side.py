"""The far side at a Z-Wave stick. A transmission gets its response, its callback and the lamp's answers, each frame
once the one before it is acknowledged."""

import time
from collections.abc import Callable
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
from simulators.bench.far_side import FarSide, NoReaction
from simulators.bench.wire import Wire
from simulators.bench.zwave.reports import LAMP, lamp_report, motion_report, said_by

_ACK: Final = Signal.ACK.to_bytes()
_TRANSMITTED: Final = TransmitReport(ack_rssi_dbm=-60).to_bytes()


class ZwaveFarSide(FarSide):
    def __init__(self, wire: Wire, clock_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        super().__init__(wire, clock_ns)
        self._parser = FrameParser()
        self._lamp_on = False

    def lamp_reports(self, count: int) -> list[bytes]:
        return [lamp_report(number % 2 == 0) for number in range(count)]

    def _motion_report(self, occupied: bool) -> bytes:
        return motion_report(occupied)

    def _framed(self, item: bytes) -> bytes:
        return item

    def _take(self, data: bytes) -> None:
        for frame in self._parser.feed(data):
            if isinstance(frame, DataFrame):
                self._wire.write(_ACK)
                self._request(frame)
            elif frame is not Signal.ACK:
                raise NoReaction(f"it wrote {frame}")
            else:
                self._unacked = 0
        self._write_next()

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
