"""A network that can be made bad: a loopback port in front of another, through which bytes pass, late, slowly, or not.

async with tcp_proxy("127.0.0.1", broker.port) as network:
    ...connect to network.port...
    network.stall()
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import cast

BUFFER_MAX = 64 * 1024
"""Bytes on their way in one direction, when it is slow: no more are taken from the sender."""


class TcpProxy:
    """Made by `tcp_proxy`. What is set holds for connections there are and for those to come."""

    def __init__(self, group: asyncio.TaskGroup, host: str, port: int) -> None:
        self.target = (host, port)
        """May be changed: for connections to come."""
        self.port = 0
        self.delay_s = 0.0
        """Added to each direction."""
        self.bytes_per_s: float | None = None
        """In each direction."""
        self.passed = 0
        """Bytes, both ways."""
        self.accepted = 0
        """Connections so far."""
        self.stalled = False
        self._refusing = False
        self._group = group
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._ends: set[_End] = set()

    def cut(self) -> None:
        """Break all connections, as a router that restarts and answers with resets; new ones are let through."""
        for end in list(self._ends):
            end.abort()

    def refuse(self, refusing: bool = True) -> None:
        """Whether new connections are broken at once."""
        self._refusing = refusing

    def stall(self) -> None:
        """Half-open: nothing passes in either direction, and no end is told. New connections hang as well."""
        self.stalled = True
        for end in self._ends:
            end.hold()

    def resume(self) -> None:
        """What was stalled goes on, with all that was sent meanwhile."""
        self.stalled = False
        for end in list(self._ends):
            end.go_on()

    def accept(self) -> "_End":
        """A protocol for one side of a new connection."""
        near = _End(self)
        self.accepted += 1
        self._group.create_task(self._join(near))
        return near

    async def empty(self) -> None:
        """Until nobody is connected any more."""
        await self._quiet.wait()

    async def _join(self, near: "_End") -> None:
        if self._refusing:
            near.abort()
            return
        far = _End(self)
        near.other, far.other = far, near
        try:
            await asyncio.get_running_loop().create_connection(lambda: far, *self.target)
        except OSError:
            near.abort()

    def opened(self, end: "_End") -> None:
        self._ends.add(end)
        self._quiet.clear()

    def closed(self, end: "_End") -> None:
        self._ends.discard(end)
        if not self._ends:
            self._quiet.set()


class _End(asyncio.Protocol):
    """One side's socket; what it reads is written by `other`."""

    def __init__(self, proxy: TcpProxy) -> None:
        self.other: _End | None = None
        self._proxy = proxy
        self._transport: asyncio.Transport | None = None
        self._waiting: deque[tuple[float, bytes | None]] = deque()
        self._size = 0
        self._free_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._full = False
        self._over = False
        self._ended = 0
        """Directions that are at their end: at two, nothing is left to be said."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._proxy.opened(self)
        if self._over:
            self._transport.abort()
        else:
            self._read_or_not()
            self._pass_on()

    def data_received(self, data: bytes) -> None:
        assert self.other is not None
        self.other.take(data)

    def eof_received(self) -> bool:
        if self.other is not None:
            self.other.take(None)
        self._end_direction()
        return True

    def _end_direction(self) -> None:
        self._ended += 1
        if self._ended == 2 and self._transport is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - that it is gone is enough
        self._proxy.closed(self)
        self._forget()
        # A side that is gone tells the other, unless the network between them is dead.
        if self.other is not None and not self._proxy.stalled:
            self.other.abort()

    def pause_writing(self) -> None:
        self._full = True
        self._tell_other()

    def resume_writing(self) -> None:
        self._full = False
        self._tell_other()

    def take(self, data: bytes | None) -> None:
        """Write this when its time has come; None: the end."""
        now = asyncio.get_running_loop().time()
        rate = self._proxy.bytes_per_s
        size = 0 if data is None else len(data)
        self._free_at = max(self._free_at, now + self._proxy.delay_s) + (size / rate if rate else 0.0)
        self._waiting.append((self._free_at, data))
        self._size += size
        self._pass_on()
        self._tell_other()

    def abort(self) -> None:
        self._over = True
        self._forget()
        if self._transport is not None:
            self._transport.abort()

    def hold(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._read_or_not()

    def go_on(self) -> None:
        if self.other is not None and self.other._over:
            self.abort()
            return
        self._read_or_not()
        self._pass_on()

    def _pass_on(self) -> None:
        if self._transport is None or self._timer is not None or self._proxy.stalled:
            return
        loop = asyncio.get_running_loop()
        while self._waiting and self._waiting[0][0] <= loop.time():
            _, data = self._waiting.popleft()
            if data is None:
                # Who has just gone, and of whom nobody was told yet, hears no end.
                with suppress(OSError):
                    self._transport.write_eof()
                self._end_direction()
            else:
                self._size -= len(data)
                self._proxy.passed += len(data)
                self._transport.write(data)
        if self._waiting:
            self._timer = loop.call_at(self._waiting[0][0], self._fire)
        self._tell_other()

    def _fire(self) -> None:
        self._timer = None
        self._pass_on()

    def _tell_other(self) -> None:
        if self.other is not None:
            self.other._read_or_not()

    def _read_or_not(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        other = self.other
        late = self._proxy.delay_s > 0 and not self._proxy.bytes_per_s
        full = other is None or other._full or (other._size > BUFFER_MAX and not late)
        if full or self._proxy.stalled:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _forget(self) -> None:
        self._over = True
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


@asynccontextmanager
async def tcp_proxy(host: str, port: int) -> AsyncIterator[TcpProxy]:
    """Listening on a free port of 127.0.0.1 while this lasts."""
    async with asyncio.TaskGroup() as group:
        proxy = TcpProxy(group, host, port)
        server = await asyncio.get_running_loop().create_server(proxy.accept, "127.0.0.1", 0)
        proxy.port = server.sockets[0].getsockname()[1]
        try:
            yield proxy
        finally:
            server.close()
            proxy.cut()
