"""What leads out of a host: its serial ports, and its way to the cloud. All that passes a port is in the trace.

Nothing passes them any more when the process is over, and nothing gets in while it is stalled.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from hubagent.uplink.message.channel import Up
from hubagent.uplink.transports.port import Connection, Ear, Farewell, Limits, Lost, Transport
from simulators.cable import MemoryCable
from simulators.internet.network import HubEnd
from simulators.site.life import Life, back, enter
from simulators.site.trace import Trace

WRITE_BUFFER_MAX: Final = 65536
"""Bytes that wait for a stick that takes in none: more, and the port is closed, as the real one is."""


class Gate:
    """Whether a stick takes in what its host writes. It outlives processes, and all of them stand before the same."""

    def __init__(self) -> None:
        self.shut = False
        self.opened: list[Callable[[], None]] = []
        """Called when it opens; by those who wait for it."""

    def set_shut(self, shut: bool) -> None:
        self.shut = shut
        if not shut:
            waiting, self.opened = self.opened, []
            for told in waiting:
                told()


class HostPort(asyncio.Protocol):
    """Stands between a cable and the driver that opened it, from the opening until the process ends."""

    def __init__(self, radio: str, driver: asyncio.Protocol, trace: Trace, life: Life, gate: Gate) -> None:
        self._radio = radio
        self._driver = driver
        self._trace = trace
        self._life = life
        self._gate = gate
        self._transport: asyncio.WriteTransport | None = None

    def open(self, cable: MemoryCable) -> asyncio.WriteTransport:
        """Raises PortError."""
        cable.open(self)
        assert self._transport is not None
        return self._transport

    def die(self) -> None:
        """The process is gone, and its kernel has closed the port."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = _Out(transport, self._radio, self._trace, self._life, self._gate)
        self._driver.connection_made(self._transport)

    def data_received(self, data: bytes) -> None:
        self._life.hears(self._take, data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._life.hears(self._driver.connection_lost, exc)

    def _take(self, data: bytes) -> None:
        self._trace.add(f"{self._radio}<", data)
        self._driver.data_received(data)


class _Out(asyncio.Transport):
    """What the driver writes to."""

    def __init__(self, transport: asyncio.Transport, radio: str, trace: Trace, life: Life, gate: Gate) -> None:
        super().__init__()
        self._transport = transport
        self._where = f"{radio}>"
        self._trace = trace
        self._life = life
        self._gate = gate
        self._unsent = bytearray()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._life.dead:
            return
        self._trace.add(self._where, bytes(data))
        mark = enter(None)
        try:
            if self._gate.shut:
                self._wait(data)
            else:
                self._transport.write(data)
        finally:
            back(mark)
        self._life.did()

    def _wait(self, data: bytes | bytearray | memoryview) -> None:
        if not self._unsent:
            self._gate.opened.append(self._write_on)
        self._unsent += data
        if len(self._unsent) > WRITE_BUFFER_MAX:
            self._unsent.clear()
            self._transport.close()

    def _write_on(self) -> None:
        if not self._life.dead:
            self._transport.write(bytes(self._unsent))
        self._unsent.clear()

    def get_write_buffer_size(self) -> int:
        return self._transport.get_write_buffer_size() + len(self._unsent)

    def pause_reading(self) -> None:
        mark = enter(None)
        try:
            self._transport.pause_reading()
        finally:
            back(mark)

    def resume_reading(self) -> None:
        mark = enter(None)
        try:
            self._transport.resume_reading()
        finally:
            back(mark)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        mark = enter(None)
        try:
            self._transport.close()
        finally:
            back(mark)

    def abort(self) -> None:
        mark = enter(None)
        try:
            self._transport.abort()
        finally:
            back(mark)


class HostWay:
    """A process's way to its cloud (`hubagent.uplink.transports.port.Transport`)."""

    def __init__(self, way: Transport, life: Life) -> None:
        self._way = way
        self._life = life
        self._end: HubEnd | None = None

    async def connect(self, ear: Ear, farewell: Farewell) -> Connection:
        # The network's part of it, and what it leaves to be done later, is the world's.
        mark = enter(None)
        heard = _HostEar(ear, self._life)
        try:
            end = await self._way.connect(heard, farewell)
        finally:
            back(mark)
        assert isinstance(end, HubEnd)
        self._end = end
        if self._life.dead:
            end.die()
        if self._life.stalled:
            await self._wake(heard)
        return _HostEnd(end, self._life)

    async def _wake(self, heard: "_HostEar") -> None:
        """What comes meanwhile is heard after it was told that it is connected."""
        heard.before = []
        await self._life.going()
        asyncio.get_running_loop().call_soon(heard.catch_up)

    async def closed(self) -> None: ...

    def die(self) -> None:
        """The process is gone; its kernel ends the connection, should the network let it."""
        if self._end is not None:
            self._end.die()


class _HostEar:
    """What the network tells the process."""

    def __init__(self, ear: Ear, life: Life) -> None:
        self._ear = ear
        self._life = life
        self.before: list[Callable[[], None]] | None = None
        """What came before the process knew of its connection."""

    def received(self, channel: str, payload: bytes) -> None:
        self._hear(partial(self._ear.received, channel, payload))

    def writable(self) -> None:
        self._hear(self._ear.writable)

    def refused(self, channel: Up, reason: str) -> None:
        self._hear(partial(self._ear.refused, channel, reason))

    def lost(self, lost: Lost) -> None:
        self._hear(partial(self._ear.lost, lost))

    def catch_up(self) -> None:
        before, self.before = self.before or [], None
        for what in before:
            what()

    def _hear(self, what: Callable[[], None]) -> None:
        if self.before is None:
            self._life.hears(what)
        else:
            self.before.append(what)


class _HostEnd:
    """What the process says to the network (a `Connection`)."""

    def __init__(self, end: HubEnd, life: Life) -> None:
        self._end = end
        self._life = life

    @property
    def limits(self) -> Limits:
        return self._end.limits

    @property
    def description(self) -> str:
        return self._end.description

    @property
    def ready(self) -> bool:
        return self._end.ready

    def send(self, channel: Up, payload: bytes) -> None:
        mark = enter(None)
        try:
            self._end.send(channel, payload)
        finally:
            back(mark)
        self._life.did()

    def close(self) -> None:
        mark = enter(None)
        try:
            self._end.close()
        finally:
            back(mark)
