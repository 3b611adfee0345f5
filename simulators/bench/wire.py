"""The wire between the bench and one subject: a TCP connection or a pseudo terminal, and always the bench's own end.

While a subject starts, a simulated stick is plugged in and the event loop carries its bytes. While it is measured the
file descriptor is read and written directly (`far_side`), so that no event loop of ours is part of what is measured.
"""

import asyncio
import os
import select
import socket
import tty
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

READ_MAX: Final = 4096


class Wire(ABC):
    """One end of it; the subject opens the other one at `url`."""

    url: str
    """What a subject opens: `tcp://HOST:PORT`, or a path."""

    def __init__(self) -> None:
        self._fd = -1
        self.traffic = 0
        """How often something came or went."""

    @contextmanager
    def plugged(self, dongle: asyncio.Protocol) -> Iterator[None]:
        """Let `dongle` have the wire, and its power, while the event loop runs."""
        loop = asyncio.get_running_loop()
        dongle.connection_made(_DongleEnd(self))
        self._attend(loop, dongle)
        try:
            yield
        finally:
            self._forsake(loop)
            dongle.connection_lost(None)

    def write(self, data: bytes) -> None:
        """Nothing happens while no subject has it open."""
        self.traffic += 1
        if self._fd >= 0:
            os.write(self._fd, data)

    def read(self, timeout_s: float) -> bytes:
        """Wait for bytes; none after `timeout_s`. Raises ConnectionError where the subject has hung up."""
        readable = select.poll()
        readable.register(self._fd, select.POLLIN)
        if not readable.poll(timeout_s * 1000):
            return b""
        data = os.read(self._fd, READ_MAX)
        if not data:
            raise ConnectionError(f"the subject closed {self.url}")
        return data

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def _attend(self, loop: asyncio.AbstractEventLoop, dongle: asyncio.Protocol) -> None: ...

    def _forsake(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._fd >= 0:
            loop.remove_reader(self._fd)

    def _hand_on(self, dongle: asyncio.Protocol) -> bool:
        """Give what came to the dongle; False where the subject has hung up."""
        data = os.read(self._fd, READ_MAX)
        self.traffic += 1
        if data:
            dongle.data_received(data)
        return bool(data)


class TcpWire(Wire):
    """On a free port of the loopback interface, without Nagle's delay. A subject may hang up and come again."""

    def __init__(self) -> None:
        super().__init__()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._peer: socket.socket | None = None
        self.url = f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"

    def accept(self) -> None:
        """Wait for the subject, which takes the place of the one before."""
        self._hang_up()
        self._peer, _ = self._listening.accept()
        self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._fd = self._peer.fileno()

    def close(self) -> None:
        self._hang_up()
        self._listening.close()

    def _attend(self, loop: asyncio.AbstractEventLoop, dongle: asyncio.Protocol) -> None:
        def readable() -> None:
            try:
                there = self._hand_on(dongle)
            except ConnectionError:
                there = False
            if not there:
                loop.remove_reader(self._fd)
                self._hang_up()

        def come() -> None:
            if self._fd >= 0:
                loop.remove_reader(self._fd)
            self.accept()
            loop.add_reader(self._fd, readable)

        loop.add_reader(self._listening, come)

    def _forsake(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.remove_reader(self._listening)
        super()._forsake(loop)

    def _hang_up(self) -> None:
        if self._peer is not None:
            self._peer.close()
            self._peer = None
        self._fd = -1


class PtyWire(Wire):
    """At a pseudo terminal. Our own end of the other side stays open, so that nobody's closing hangs it up."""

    def __init__(self) -> None:
        super().__init__()
        self._fd, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.url = os.ttyname(self._slave)

    def close(self) -> None:
        os.close(self._slave)
        os.close(self._fd)
        self._fd = -1

    def _attend(self, loop: asyncio.AbstractEventLoop, dongle: asyncio.Protocol) -> None:
        loop.add_reader(self._fd, self._hand_on, dongle)


WIRES: Final = {"tcp": TcpWire, "pty": PtyWire}


class _DongleEnd(asyncio.WriteTransport):
    """What the dongle writes to."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._wire.write(bytes(data))

    def is_closing(self) -> bool:
        return False
