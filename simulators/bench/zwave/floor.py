"""The floor at a Z-Wave stick: an ACK for every frame, and a command behind it where that is a report of motion."""

import sys
from typing import Final

from drivers.zwave.command_classes.switch_binary import SwitchBinarySet
from drivers.zwave.encapsulation.chain import wrap
from drivers.zwave.encapsulation.envelope import Envelope, Supervised
from drivers.zwave.serial_api.function import to_frame
from drivers.zwave.serial_api.send_data import RELIABLE, SendData
from simulators.bench.floor import Floor, run_floor
from simulators.bench.zwave.reports import LAMP, motion_report

_ACK: Final = b"\x06"


def _command(on: bool) -> bytes:
    wrapped = wrap(SwitchBinarySet(on), Envelope(supervision=Supervised(1, status_updates=True)))
    return to_frame(SendData(LAMP, wrapped, RELIABLE, 1)).to_bytes()


class ZwaveFloor(Floor):
    def __init__(self, delay_s: float = 0.0) -> None:
        super().__init__(delay_s)
        self._answers = {motion_report(on): _command(on) for on in (True, False)}

    def data_received(self, data: bytes) -> None:
        if len(data) == 1:
            return
        self.write(_ACK)
        command = self._answers.get(data)
        if command is not None:
            self.write_command(command)


if __name__ == "__main__":
    run_floor(ZwaveFloor, sys.argv[1:])
