"""Real ptys and real sockets, for a moment each."""

import asyncio
import errno
import os
import pty
import socket
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from drivers.serial_port import WRITE_BUFFER_MAX, open_serial_port
from hubagent.runtime import PortError

pytestmark = pytest.mark.real_time


class Reader(asyncio.Protocol):
    def __init__(self) -> None:
        self.data = b""
        self.news = asyncio.Event()
        self.lost: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.data += data
        self.news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set_result(exc)

    async def until(self, length: int) -> bytes:
        async with asyncio.timeout(5):
            while len(self.data) < length:
                self.news.clear()
                await self.news.wait()
        return self.data


class Pty:
    """`end` is the dongle's; the port is at `path`."""

    def __init__(self) -> None:
        self.end, self._other = pty.openpty()
        tty.setraw(self._other)
        self.path = os.ttyname(self._other)
        # The path stays until the dongle's end is closed.
        os.close(self._other)
        self._open = True

    def close(self) -> None:
        if self._open:
            self._open = False
            os.close(self.end)


@pytest.fixture
def dongle() -> Iterator[Pty]:
    dongle = Pty()
    yield dongle
    dongle.close()


async def test_bytes_go_both_ways_over_a_pty(dongle: Pty) -> None:
    reader = Reader()
    transport = await open_serial_port(dongle.path, 115200, reader)
    assert reader.transport is transport
    every_byte = bytes(range(256))
    os.write(dongle.end, every_byte)
    assert await reader.until(256) == every_byte
    transport.write(every_byte)
    assert os.read(dongle.end, 1000) == every_byte, "written before write() returned, and not changed by the tty"
    transport.close()
    assert await reader.lost is None


async def test_a_link_to_the_port_is_followed(dongle: Pty, tmp_path: Path) -> None:
    by_id = tmp_path / "usb-Stick_1-if00"
    by_id.symlink_to(dongle.path)
    transport = await open_serial_port(str(by_id), 115200, Reader())
    transport.write(b"\x06")
    assert os.read(dongle.end, 10) == b"\x06"
    transport.close()


async def test_unplugging_is_told_once(dongle: Pty) -> None:
    reader = Reader()
    transport = await open_serial_port(dongle.path, 115200, reader)
    dongle.close()
    async with asyncio.timeout(5):
        error = await reader.lost
    assert isinstance(error, OSError)
    assert transport.is_closing()
    transport.write(b"\x06")
    transport.close()


async def test_what_the_kernel_does_not_take_is_sent_later(dongle: Pty) -> None:
    transport = await open_serial_port(dongle.path, 115200, Reader())
    sent = bytes(range(256)) * 200
    transport.write(sent)
    assert transport.get_write_buffer_size() > 0
    received = b""
    os.set_blocking(dongle.end, False)
    async with asyncio.timeout(5):
        while len(received) < len(sent):
            try:
                received += os.read(dongle.end, 65536)
            except BlockingIOError:
                await asyncio.sleep(0)
    assert received == sent
    assert transport.get_write_buffer_size() == 0
    transport.close()


async def test_a_port_that_takes_nothing_is_closed_before_memory_fills(dongle: Pty) -> None:
    reader = Reader()
    transport = await open_serial_port(dongle.path, 115200, reader)
    for _ in range(10):
        transport.write(bytes(WRITE_BUFFER_MAX // 4))
    assert transport.is_closing()
    assert isinstance(await reader.lost, TimeoutError)


async def test_a_second_opener_is_told_who_has_it(dongle: Pty) -> None:
    transport = await open_serial_port(dongle.path, 115200, Reader())
    with pytest.raises(PortError, match="another program has it open") as caught:
        await open_serial_port(dongle.path, 115200, Reader())
    assert f"process {os.getpid()}" in caught.value.remedy
    transport.close()
    again = await open_serial_port(dongle.path, 115200, Reader())
    again.close()


async def test_a_port_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PortError, match="there is no such port") as caught:
        await open_serial_port(str(tmp_path / "ttyUSB7"), 115200, Reader())
    assert "ls -l /dev/serial/by-id/" in caught.value.remedy


@pytest.mark.parametrize("path", ["/dev/null", "/", __file__])
async def test_a_file_that_is_no_serial_port(path: str) -> None:
    with pytest.raises(PortError, match="it is not a serial device"):
        await open_serial_port(path, 115200, Reader())


async def test_a_port_without_permission(dongle: Pty, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever runs the tests may be root, to whom nothing is forbidden.
    def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(errno.EACCES, "could not open port")

    monkeypatch.setattr(serial, "Serial", refuse)
    with pytest.raises(PortError, match="no permission to open it") as caught:
        await open_serial_port(dongle.path, 115200, Reader())
    assert "sudo usermod -aG" in caught.value.remedy


class Host(asyncio.Protocol):
    """The other end of a TCP connection: sends everything back."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if data == b"bye":
            self.transport.close()
        else:
            self.transport.write(data)


@pytest.mark.parametrize("scheme", ["socket", "tcp"])
async def test_bytes_go_both_ways_over_tcp(scheme: str) -> None:
    async with await asyncio.get_running_loop().create_server(Host, "127.0.0.1", 0) as server:
        number = server.sockets[0].getsockname()[1]
        reader = Reader()
        transport = await open_serial_port(f"{scheme}://127.0.0.1:{number}", 115200, reader)
        connected = transport.get_extra_info("socket")
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert connected.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        transport.write(b"\x01\x03\x00\x15\xe9")
        assert await reader.until(5) == b"\x01\x03\x00\x15\xe9"
        transport.write(b"bye")
        async with asyncio.timeout(5):
            assert await reader.lost is None


async def test_nobody_listening() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number = taken.getsockname()[1]
        with pytest.raises(PortError, match="connection refused") as caught:
            await open_serial_port(f"socket://127.0.0.1:{number}", 115200, Reader())
    assert str(number) in caught.value.remedy


@pytest.mark.parametrize("port", ["socket://stick..example:5555", f"socket://{64 * 'x'}.example:1", "tcp://a\0b:1"])
async def test_a_host_that_cannot_even_be_asked_for(port: str) -> None:
    with pytest.raises(PortError, match="no host is called"):
        await open_serial_port(port, 115200, Reader())


async def test_a_path_that_the_system_does_not_take() -> None:
    with pytest.raises(PortError, match="it is no path"):
        await open_serial_port("/dev/tty\0", 115200, Reader())


@pytest.mark.parametrize(
    "port", ["socket://", "socket://host", "tcp://host:99999", "rfc2217://host:1", "tcp://:5", "socket://[::1:5"]
)
async def test_an_address_that_is_none(port: str) -> None:
    with pytest.raises(PortError, match=r"socket://HOST:PORT"):
        await open_serial_port(port, 115200, Reader())
