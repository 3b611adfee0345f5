"""A host's serial port: what passes it is in the trace, and nothing passes it any more when the process is over."""

import asyncio
from collections.abc import Callable

from simulators.cable import MemoryCable
from simulators.site.trace import Trace


class HostPort(asyncio.Protocol):
    """Stands between a cable and the driver that opened it, from the opening until the process ends."""

    def __init__(self, radio: str, driver: asyncio.Protocol, trace: Trace) -> None:
        self._radio = radio
        self._driver = driver
        self._trace = trace
        self._transport: asyncio.WriteTransport | None = None
        self._dead = False

    def open(self, cable: MemoryCable) -> asyncio.WriteTransport:
        """Raises PortError."""
        cable.open(self)
        assert self._transport is not None
        return self._transport

    def die(self) -> None:
        """The process is gone, and its kernel has closed the port."""
        self._dead = True
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = _Out(transport, self._radio, self._trace, lambda: self._dead)
        self._driver.connection_made(self._transport)

    def data_received(self, data: bytes) -> None:
        if not self._dead:
            self._trace.add(f"{self._radio}<", data)
            self._driver.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._dead:
            self._driver.connection_lost(exc)


class _Out(asyncio.Transport):
    """What the driver writes to."""

    def __init__(
        self, transport: asyncio.WriteTransport, radio: str, trace: Trace, is_dead: Callable[[], bool]
    ) -> None:
        super().__init__()
        self._transport = transport
        self._where = f"{radio}>"
        self._trace = trace
        self._is_dead = is_dead

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._is_dead():
            self._trace.add(self._where, bytes(data))
            self._transport.write(data)

    def get_write_buffer_size(self) -> int:
        return self._transport.get_write_buffer_size()

    def pause_reading(self) -> None:
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.resume_reading()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()
