"""The floor: what remains when nothing is understood. It acknowledges frames and writes ready-made commands.

`python -m simulators.bench.floor tcp://HOST:PORT [DELAY_S]` (or a path), as a process of its own. It is as the agent in
all that is not thought: the same Python, asyncio, and the agent's own opener of ports.
"""

import asyncio
import sys
from typing import Final

from drivers.serial_port import open_serial_port
from drivers.zwave.command_classes.switch_binary import SwitchBinarySet
from drivers.zwave.encapsulation.chain import wrap
from drivers.zwave.encapsulation.envelope import Envelope, Supervised
from drivers.zwave.serial_api.function import to_frame
from drivers.zwave.serial_api.send_data import RELIABLE, SendData
from simulators.bench.household import LAMP, motion_report

BAUD: Final = 115200
_ACK: Final = b"\x06"


def _command(on: bool) -> bytes:
    wrapped = wrap(SwitchBinarySet(on), Envelope(supervision=Supervised(1, status_updates=True)))
    return to_frame(SendData(LAMP, wrapped, RELIABLE, 1)).to_bytes()


class Floor(asyncio.Protocol):
    """`delay_s` makes it slower on purpose, to see whether that is measured."""

    def __init__(self, delay_s: float = 0.0) -> None:
        self._delay_s = delay_s
        self._transport: asyncio.WriteTransport | None = None
        self._answers = {motion_report(on): _command(on) for on in (True, False)}
        self.ended = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        if len(data) == 1:
            return
        self._transport.write(_ACK)
        command = self._answers.get(data)
        if command is None:
            return
        if self._delay_s:
            asyncio.get_running_loop().call_later(self._delay_s, self._transport.write, command)
        else:
            self._transport.write(command)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.ended.set()


async def echo(port: str, delay_s: float) -> None:
    floor = Floor(delay_s)
    floor.connection_made(await open_serial_port(port, BAUD, floor))
    sys.stderr.write("ready\n")
    sys.stderr.flush()
    await floor.ended.wait()


if __name__ == "__main__":
    asyncio.run(echo(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.0))
