"""The bad network of other tests does what it says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from simulators.tcp_proxy import TcpProxy, tcp_proxy

pytestmark = pytest.mark.real_time


@asynccontextmanager
async def an_echo() -> AsyncIterator[TcpProxy]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server, tcp_proxy("127.0.0.1", server.sockets[0].getsockname()[1]) as network:
        yield network


@asynccontextmanager
async def a_client(network: TcpProxy) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", network.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def test_bytes_pass_and_the_end_passes_after_them() -> None:
    async with an_echo() as network, a_client(network) as (reader, writer):
        writer.write(b"x" * 1_000_000)
        writer.write_eof()
        assert len(await reader.read()) == 1_000_000
        assert network.accepted == 1


async def test_a_delay_is_added_to_each_direction() -> None:
    async with an_echo() as network, a_client(network) as (reader, writer):
        network.delay_s = 0.1
        began = asyncio.get_running_loop().time()
        writer.write(b"x")
        assert await reader.readexactly(1) == b"x"
        assert asyncio.get_running_loop().time() - began >= 0.2


async def test_a_slow_network_lets_so_many_bytes_through() -> None:
    async with an_echo() as network, a_client(network) as (reader, writer):
        network.bytes_per_s = 100_000
        began = asyncio.get_running_loop().time()
        writer.write(b"x" * 20_000)
        await reader.readexactly(20_000)
        assert asyncio.get_running_loop().time() - began >= 0.2


async def test_a_stalled_network_says_nothing_and_goes_on_where_it_was() -> None:
    async with an_echo() as network, a_client(network) as (reader, writer):
        writer.write(b"1")
        assert await reader.readexactly(1) == b"1"
        network.stall()
        writer.write(b"2")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await reader.read(1)
        network.resume()
        assert await reader.readexactly(1) == b"2"


async def test_a_cut_breaks_the_connections_there_are_and_lets_new_ones_through() -> None:
    async with an_echo() as network:
        async with a_client(network) as (reader, writer):
            writer.write(b"1")
            assert await reader.readexactly(1) == b"1"
            network.cut()
            with suppress(ConnectionError):
                assert await reader.read(1) == b""
        async with a_client(network) as (reader, writer):
            writer.write(b"2")
            assert await reader.readexactly(1) == b"2"


async def test_nobody_is_let_through_to_a_target_that_is_not_there() -> None:
    async with an_echo() as network:
        network.target = ("127.0.0.1", 1)
        async with a_client(network) as (reader, _writer):
            with suppress(ConnectionError):
                assert await reader.read(1) == b""
