"""Where a dongle plugs in: in memory, at a pseudo terminal, or at a TCP port.

A dongle is an `asyncio.Protocol`. It gets `connection_made` when it is plugged in, which is when it gets its power,
and `connection_lost` when it is unplugged. Hosts come and go meanwhile, and it does not notice: a USB dongle does not
either. What goes wrong on the wire is `simulators.faults`'s.
"""

import asyncio
import errno
import fcntl
import os
import socket
import tty
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hubagent.runtime import PortError

BUFFER_MAX = 65536
"""Bytes on their way in one direction; what comes on top is lost, as in a UART."""
_READ_MAX = 4096


class Cable(ABC):
    """One socket for one dongle, of which `address` tells a host what to open."""

    address: str

    def __init__(self) -> None:
        self._dongle: asyncio.Protocol | None = None
        self._plugged = False
        self.lost_bytes = 0
        """Bytes that the dongle wrote while no host took them."""

    @property
    def plugged(self) -> bool:
        return self._plugged

    async def plug(self, dongle: asyncio.Protocol) -> None:
        """Make the place to plug in, and plug `dongle` in. Raises PortError where that place cannot be made."""
        assert self._dongle is None
        await self._make()
        self._dongle = dongle
        self.replug()

    def unplug(self) -> None:
        """Pull the dongle out: it loses its power, and the host its port. Does nothing when it is out already."""
        if self._plugged:
            assert self._dongle is not None
            self._plugged = False
            self._disappear()
            self._dongle.connection_lost(None)

    def replug(self) -> None:
        """Put the dongle back in, at the same address. Does nothing when it is in already."""
        if not self._plugged and self._dongle is not None:
            self._plugged = True
            self._appear()
            self._dongle.connection_made(_DongleEnd(self))

    async def close(self) -> None:
        """Unplug for good."""
        self.unplug()
        self._dongle = None
        await self._unmake()

    async def _make(self) -> None:  # noqa: B027 - most cables need nothing beforehand
        pass

    async def _unmake(self) -> None:  # noqa: B027 - nor afterwards
        pass

    @abstractmethod
    def _appear(self) -> None: ...

    @abstractmethod
    def _disappear(self) -> None: ...

    @abstractmethod
    def _to_host(self, data: bytes) -> None:
        """Take bytes from the dongle, or count them in `lost_bytes`."""

    def _from_host(self, data: bytes) -> None:
        if self._plugged:
            assert self._dongle is not None
            self._dongle.data_received(data)


class _DongleEnd(asyncio.WriteTransport):
    """What the dongle writes to, from one plugging in to the next unplugging."""

    def __init__(self, cable: Cable) -> None:
        super().__init__()
        self._cable = cable

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._cable.plugged:
            self._cable._to_host(bytes(data))

    def is_closing(self) -> bool:
        return not self._cable.plugged

    def close(self) -> None:
        self._cable.unplug()

    abort = close

    def get_write_buffer_size(self) -> int:
        return 0


class _Pipe:
    """Bytes in one direction, handed over in the loop's next round, all that were written until then at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop, deliver: Callable[[bytes], None]) -> None:
        self._loop = loop
        self._deliver = deliver
        self._buffer = bytearray()
        self._handle: asyncio.Handle | None = None
        self._paused = False

    def write(self, data: bytes) -> int:
        """Returns how many bytes did not fit."""
        taken = data[: max(0, BUFFER_MAX - len(self._buffer))]
        self._buffer += taken
        self._schedule()
        return len(data) - len(taken)

    def pause(self, paused: bool) -> None:
        self._paused = paused
        self._schedule()

    def clear(self) -> None:
        self._buffer.clear()

    def __len__(self) -> int:
        return len(self._buffer)

    def _schedule(self) -> None:
        if self._buffer and self._handle is None and not self._paused:
            self._handle = self._loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        self._handle = None
        if self._buffer and not self._paused:
            data = bytes(self._buffer)
            self._buffer.clear()
            self._deliver(data)


class MemoryCable(Cable):
    """In memory, for virtual time. One host at a time."""

    def __init__(self, address: str = "sim://home") -> None:
        super().__init__()
        self.address = address
        self._host: _HostEnd | None = None

    def open(self, protocol: asyncio.Protocol) -> asyncio.Transport:
        """The host opens the port. Raises PortError: unplugged, or open already."""
        if not self._plugged:
            raise PortError(self.address, "nothing is plugged in here", "plug the dongle in")
        if self._host is not None:
            raise PortError(self.address, "another program has it open", "stop the other program")
        self._host = _HostEnd(self, protocol)
        return self._host

    def _appear(self) -> None:
        pass

    def _disappear(self) -> None:
        if self._host is not None:
            self._host.lose(OSError(errno.EIO, "the device is gone"))

    def _to_host(self, data: bytes) -> None:
        self.lost_bytes += len(data) if self._host is None else self._host.incoming.write(data)

    def _released(self) -> None:
        self._host = None


class _HostEnd(asyncio.Transport):
    """What a host has of a MemoryCable that it opened."""

    def __init__(self, cable: MemoryCable, protocol: asyncio.Protocol) -> None:
        super().__init__()
        loop = asyncio.get_running_loop()
        self.incoming = _Pipe(loop, self._deliver)
        self._loop = loop
        self._cable = cable
        self._protocol = protocol
        self._outgoing = _Pipe(loop, cable._from_host)
        self._closed = False
        protocol.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._closed:
            self._outgoing.write(bytes(data))

    def get_write_buffer_size(self) -> int:
        return len(self._outgoing)

    def pause_reading(self) -> None:
        self.incoming.pause(True)

    def resume_reading(self) -> None:
        self.incoming.pause(False)

    def is_closing(self) -> bool:
        return self._closed

    def close(self) -> None:
        self.lose(None)

    def abort(self) -> None:
        self._outgoing.clear()
        self.lose(None)

    def lose(self, reason: OSError | None) -> None:
        """The port is closed, or gone for `reason`."""
        if not self._closed:
            self._closed = True
            if reason is not None:
                self._outgoing.clear()
            self._cable._released()
            self._loop.call_soon(self._protocol.connection_lost, reason)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self._protocol = protocol

    def _deliver(self, data: bytes) -> None:
        if not self._closed:
            self._protocol.data_received(data)


class PtyCable(Cable):
    """At a pseudo terminal, with a link to it at `path`. Hosts may open and close it as often as they like."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.address = str(path)
        self._path = path
        self._master = -1
        self._slave = -1

    async def _make(self) -> None:
        if self._path.exists() and not self._path.is_symlink():
            raise PortError(self.address, "a file is there already", "name a path that is free")
        if not self._path.parent.is_dir():
            raise PortError(self.address, f"there is no folder {self._path.parent}", "make it, or name another path")

    def _appear(self) -> None:
        self._master, self._slave = os.openpty()
        # Our own end of the slave stays open: without it the kernel hangs the master up when a host closes the port.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        fcntl.fcntl(self._master, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        self._path.unlink(missing_ok=True)
        self._path.symlink_to(os.ttyname(self._slave))
        asyncio.get_running_loop().add_reader(self._master, self._read)

    def _disappear(self) -> None:
        asyncio.get_running_loop().remove_reader(self._master)
        self._path.unlink(missing_ok=True)
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1

    def _to_host(self, data: bytes) -> None:
        try:
            written = os.write(self._master, data)
        except BlockingIOError:
            written = 0
        self.lost_bytes += len(data) - written

    def _read(self) -> None:
        try:
            data = os.read(self._master, _READ_MAX)
        except BlockingIOError:
            return
        self._from_host(data)


class TcpCable(Cable):
    """At a TCP port, as ser2net offers one. A second client is turned away while there is a first."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__()
        self._host = host
        self._port = port
        self._server: asyncio.Server | None = None
        self._client: asyncio.Transport | None = None
        self.address = f"socket://{host}:{port}"

    async def _make(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: _Client(self), self._host, self._port)
        except OSError as error:
            raise PortError(self.address, error.strerror or str(error), "name a port that is free") from error
        self._port = self._server.sockets[0].getsockname()[1]
        self.address = f"socket://{self._host}:{self._port}"

    async def _unmake(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def accepts(self, client: asyncio.Transport) -> bool:
        """Whether `client` is the one to be served from here on."""
        if self._client is None and self._plugged:
            self._client = client
            return True
        return False

    def left(self, client: asyncio.Transport) -> None:
        if client is self._client:
            self._client = None

    def received(self, client: asyncio.Transport, data: bytes) -> None:
        if client is self._client:
            self._from_host(data)

    def _appear(self) -> None:
        pass

    def _disappear(self) -> None:
        if self._client is not None:
            self._client.abort()
            self._client = None

    def _to_host(self, data: bytes) -> None:
        if self._client is None or self._client.get_write_buffer_size() > BUFFER_MAX:
            self.lost_bytes += len(data)
        else:
            self._client.write(data)


class _Client(asyncio.Protocol):
    def __init__(self, cable: TcpCable) -> None:
        self._cable = cable
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._cable.accepts(transport):
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._cable.received(self._transport, data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        assert self._transport is not None
        self._cable.left(self._transport)


def cable_at(place: str) -> Cable:
    """The cable that `pty:PATH`, `tcp://HOST:PORT` (0 is any free port) or `sim://NAME` names. Raises ValueError."""
    if place.startswith("pty:") and len(place) > len("pty:"):
        return PtyCable(Path(place.removeprefix("pty:")).absolute())
    if place.startswith("sim://"):
        return MemoryCable(place)
    parts: Any = urlsplit(place)
    # `port` raises ValueError by itself where it is no number up to 65535.
    if parts.scheme == "tcp" and parts.hostname and parts.port is not None:
        return TcpCable(parts.hostname, parts.port)
    raise ValueError(f"{place!r} is neither pty:PATH nor tcp://HOST:PORT nor sim://NAME")
