"""Serial ports by path, and serial ports behind TCP by URL, as asyncio transports without threads.

The one importer of pyserial, which opens and configures the port; bytes go past it, straight to the file descriptor.
What the bytes mean, and when to open a port again, is the drivers'.
"""

import asyncio
import contextlib
import errno
import os
import socket
import stat
from pathlib import Path
from urllib.parse import urlsplit

import serial

from hubagent.runtime import PortError

WRITE_BUFFER_MAX = 65536
"""Bytes. A port that takes in none of so many is dead, and is closed."""
CONNECT_TIMEOUT_S = 10.0
KEEPALIVE_IDLE_S = 10
KEEPALIVE_INTERVAL_S = 5
KEEPALIVE_PROBES = 3
"""So that a host that vanished is noticed within half a minute."""
_READ_MAX = 4096
_HOLDERS_MAX = 3


async def open_serial_port(port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
    """The real `Runtime.open_serial`. `port` is a path (a tty, a by-id link, a pty) or `socket://HOST:PORT`.

    `tcp://` means the same as `socket://`; `baud` counts for paths only. When the port hangs up or is unplugged,
    `protocol.connection_lost` is called. Raises PortError.
    """
    if "://" in port:
        return await _connect(port, protocol)
    transport = SerialTransport(port, _open_tty(port, baud), protocol, asyncio.get_running_loop())
    protocol.connection_made(transport)
    return transport


class SerialTransport(asyncio.WriteTransport):
    """A tty on the event loop. `write` hands everything to the kernel that it takes, before it returns."""

    def __init__(
        self, port: str, tty: serial.Serial, protocol: asyncio.Protocol, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__({"port": port})
        self._port = port
        self._tty = tty
        self._fd: int = tty.fileno()
        self._protocol = protocol
        self._loop = loop
        self._unsent = bytearray()
        self._closing = False
        loop.add_reader(self._fd, self._read)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._closing:
            return
        if not self._unsent:
            sent = self._send(data)
            if sent == len(data):
                return
            data = data[sent:]
            if not self._closing:
                self._loop.add_writer(self._fd, self._write_on)
        self._unsent += data
        if len(self._unsent) > WRITE_BUFFER_MAX:
            self._end(TimeoutError(f"{self._port} takes in nothing"))

    def get_write_buffer_size(self) -> int:
        return len(self._unsent)

    def can_write_eof(self) -> bool:
        return False

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        """At once: what the kernel has not taken is lost. A frame cut short does no harm, a driver that hangs does."""
        self._end(None)

    def abort(self) -> None:
        self._end(None)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    def _send(self, data: bytes | bytearray | memoryview) -> int:
        try:
            return os.write(self._fd, data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as error:
            self._end(error)
            return 0

    def _write_on(self) -> None:
        del self._unsent[: self._send(self._unsent)]
        if not self._unsent and not self._closing:
            self._loop.remove_writer(self._fd)

    def _read(self) -> None:
        try:
            data = os.read(self._fd, _READ_MAX)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(error)
            return
        if data:
            self._protocol.data_received(data)
        else:
            self._end(ConnectionResetError(f"{self._port} hung up"))

    def _end(self, error: OSError | None) -> None:
        if self._closing:
            return
        self._closing = True
        self._unsent.clear()
        self._loop.remove_reader(self._fd)
        self._loop.remove_writer(self._fd)
        self._tty.close()
        self._loop.call_soon(self._protocol.connection_lost, error)


def _open_tty(port: str, baud: int) -> serial.Serial:
    _check_kind(port)
    try:
        # inter_byte_timeout=0 asks for VMIN=1: only so does a read of nothing mean that the port hung up.
        tty = serial.Serial(port, baud, timeout=0, write_timeout=0, inter_byte_timeout=0, exclusive=True)
    except serial.SerialException as error:
        raise _explained(port, error) from error
    except ValueError as error:
        raise PortError(
            port, f"it cannot run at {baud} baud", "give it the speed that the stick's maker names"
        ) from error
    _ask_for_low_latency(tty)
    return tty


def _ask_for_low_latency(tty: serial.Serial) -> None:
    """Otherwise an FTDI chip holds bytes back for 16 ms. Ports that have no such mode hold nothing back."""
    with contextlib.suppress(ValueError, NotImplementedError):
        tty.set_low_latency_mode(True)


def _check_kind(port: str) -> None:
    try:
        mode = os.stat(port).st_mode
    except FileNotFoundError as error:
        raise PortError(port, "there is no such port", _what_there_is()) from error
    except PermissionError as error:
        raise PortError(port, "no permission to look at it", _permission(port)) from error
    except ValueError as error:  # with a NUL in it
        raise PortError(port, "it is no path", _what_there_is()) from error
    except OSError as error:
        raise PortError(port, _text(error), _what_there_is()) from error
    if not stat.S_ISCHR(mode):
        raise PortError(port, "it is not a serial device", _what_there_is())


def _explained(port: str, error: serial.SerialException) -> PortError:
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return PortError(port, "no permission to open it", _permission(port))
        case errno.EBUSY | errno.EAGAIN:
            return PortError(port, "another program has it open", _who_has(port))
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return PortError(port, "there is no such port any more", _what_there_is())
        case None:
            return PortError(port, "it is not a serial device", _what_there_is())
        case _:
            return PortError(port, _text(error), "unplug the stick and plug it in again")


def _what_there_is() -> str:
    return "see what there is with `ls -l /dev/serial/by-id/`, and give that path"


def _permission(port: str) -> str:
    try:
        group = Path(port).group()
    except (KeyError, OSError):
        group = "dialout"
    if group == "root":
        group = "dialout"
    return f"join its group with `sudo usermod -aG {group} $USER` and log in again"


def _who_has(port: str) -> str:
    holders = _holders(port)
    if holders:
        return f"stop {' and '.join(holders)}"
    return f"find it with `sudo fuser -v {port}` and stop it"


def _holders(port: str) -> list[str]:
    """The programs that have `port` open, as far as this user may know."""
    device = os.path.realpath(port)
    holders: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            with os.scandir(process / "fd") as entries:
                if any(os.readlink(entry.path) == device for entry in entries):
                    name = (process / "comm").read_text().strip()
                    holders.append(f"{name} (process {process.name})")
        except OSError:  # another user's, or ended meanwhile
            continue
    return holders[:_HOLDERS_MAX]


async def _connect(port: str, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
    host, number = _address(port)
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            transport, _ = await asyncio.get_running_loop().create_connection(lambda: protocol, host, number)
    except TimeoutError as error:
        raise PortError(port, "no answer", f"check that {host} is on and in this network") from error
    except ConnectionRefusedError as error:
        remedy = f"start what shall listen on port {number} of {host}, for example ser2net or `hubagent sim up`"
        raise PortError(port, "connection refused", remedy) from error
    except (socket.gaierror, ValueError) as error:  # ValueError: of a name that cannot even be asked for
        raise PortError(port, f"no host is called {host}", "check the name, or give its address") from error
    except OSError as error:
        raise PortError(port, _text(error), f"check that {host} is on and in this network") from error
    connected = transport.get_extra_info("socket")
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_KEEPIDLE"):
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_IDLE_S)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, KEEPALIVE_PROBES)
    return transport


def _address(port: str) -> tuple[str, int]:
    try:
        url = urlsplit(port)
        scheme, host, number = url.scheme, url.hostname, url.port
    except ValueError:  # of brackets that do not match, or a port that can be none
        scheme, host, number = "", None, None
    if scheme not in ("socket", "tcp") or not host or not number:
        raise PortError(port, "it is not an address", "write a path, or socket://HOST:PORT")
    return host, number


def _text(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
