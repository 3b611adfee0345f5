"""The floor: what remains when nothing is understood. It acknowledges frames and writes ready-made commands.

A process of its own, `python -m simulators.bench.zwave.floor URL [DELAY_S]` or that of another radio. It is as the
agent in all that is not thought: the same Python, asyncio, and the agent's own opener of ports.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import Final

from drivers.serial_port import open_serial_port

BAUD: Final = 115200


class Floor(asyncio.Protocol):
    """What to say to what is each radio's. `delay_s` makes it slower on purpose, to see whether that is measured."""

    def __init__(self, delay_s: float = 0.0) -> None:
        self._delay_s = delay_s
        self._transport: asyncio.WriteTransport | None = None
        self.ended = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    def write_command(self, data: bytes) -> None:
        if self._delay_s:
            asyncio.get_running_loop().call_later(self._delay_s, self.write, data)
        else:
            self.write(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.ended.set()


def run_floor(make: Callable[[float], Floor], arguments: Sequence[str]) -> None:
    asyncio.run(_echo(make(float(arguments[1]) if len(arguments) > 1 else 0.0), arguments[0]))


async def _echo(floor: Floor, port: str) -> None:
    floor.connection_made(await open_serial_port(port, BAUD, floor))
    sys.stderr.write("ready\n")
    sys.stderr.flush()
    await floor.ended.wait()
