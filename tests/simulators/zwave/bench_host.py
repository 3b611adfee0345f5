"""A host for the stick that does nothing by itself but acknowledge: what it got, a test looks at."""

import asyncio
import random
from collections import deque
from typing import TypeVar

from drivers.zwave.serial_api.function import Message, Request, to_frame
from drivers.zwave.serial_frame import SOF, DataFrame, Signal
from simulators.zwave.flavours import SERIES_700, Flavour
from simulators.zwave.memory import Memory
from simulators.zwave.network import Air, Network
from simulators.zwave.stick import Stick
from simulators.zwave.stick_faults import StickFaults
from tests.helpers.plain_switch import PlainSwitch

_M = TypeVar("_M", bound=Message)


class BenchHost(asyncio.WriteTransport):
    """The host's end: `frames` and `signals` are what the stick wrote, each with the time."""

    def __init__(self, stick: Stick, *, acknowledges: bool = True) -> None:
        super().__init__()
        self.stick = stick
        self.acknowledges = acknowledges
        self.frames: deque[tuple[float, DataFrame]] = deque()
        self.signals: deque[tuple[float, bytes]] = deque()
        self.text = b""
        """What was neither frame nor signal."""
        self._loop = asyncio.get_running_loop()

    def plug(self) -> None:
        self.stick.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        data = bytes(data)
        if len(data) > 1 and data[0] != SOF:
            self.text += data
            return
        if data[0] != SOF:
            self.signals.append((self._loop.time(), data))
            return
        self.frames.append((self._loop.time(), DataFrame.from_bytes(data)))
        if self.acknowledges:
            self._loop.call_soon(self.stick.data_received, Signal.ACK.to_bytes())

    def ask(self, request: Message) -> None:
        self.stick.data_received(to_frame(request).to_bytes())

    def take(self, kind: type[_M]) -> list[_M]:
        """All messages of this kind that came, in order; they are forgotten."""
        taken = [frame for _, frame in self.frames if (frame.type, frame.function) == (kind.TYPE, kind.FUNCTION)]
        self.frames = deque(it for it in self.frames if it[1] not in taken)
        return [kind.from_payload(frame.payload) for frame in taken]

    def one(self, kind: type[_M]) -> _M:
        """The only message of this kind that came."""
        (message,) = self.take(kind)
        return message

    async def answer(self, request: Request, kind: type[_M], within_s: float = 0.1) -> _M:
        """Ask, let `within_s` pass, and take the one answer of `kind`."""
        self.ask(request)
        await asyncio.sleep(within_s)
        return self.one(kind)


class World:
    """A stick, its network and a few plain switches in reach of it: "a", "b", ..."""

    def __init__(
        self,
        switches: str = "",
        *,
        flavour: Flavour = SERIES_700,
        memory: Memory | None = None,
        air: Air | None = None,
        acknowledges: bool = True,
    ) -> None:
        rng = random.Random(7)
        self.faults = StickFaults()
        self.network = Network(memory or Memory.open(None, rng), rng, air or Air())
        self.stick = Stick(self.network, rng, flavour, self.faults)
        self.switches = {name: PlainSwitch() for name in switches}
        for name, switch in self.switches.items():
            self.network.place(name, switch)
        self.host = BenchHost(self.stick, acknowledges=acknowledges)

    def plugged(self) -> BenchHost:
        """Plug it in, forget what it says of its start, and give the host."""
        self.host.plug()
        self.host.frames.clear()
        return self.host
