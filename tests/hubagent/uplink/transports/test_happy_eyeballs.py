"""Fault 14: DNS moved, first address dead, IPv6 broken."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.dial import dial
from hubagent.uplink.transports.happy_eyeballs import ADDRESSES_MAX, ATTEMPT_DELAY_S, _interleaved, reach
from hubagent.uplink.transports.port import ConnectFailed, Trouble
from tests.helpers.certificates import Authority, FileCredentials
from tests.hubagent.uplink.transports.an_ear import HUB

pytestmark = pytest.mark.real_time

NAME = "cloud.example"


class Resolver:
    """In the place of the loop's: a name's addresses, as a test wants them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.addresses: list[str] = []
        self.asked = 0
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", self._getaddrinfo)

    async def _getaddrinfo(self, host: str, port: int, **_: Any) -> list[Any]:
        assert host == NAME
        self.asked += 1
        if not self.addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (socket.AF_INET6 if ":" in it else socket.AF_INET, socket.SOCK_STREAM, 6, "", (it, port))
            for it in self.addresses
        ]


@contextlib.asynccontextmanager
async def a_server(host: str, port: int = 0) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    async with server:
        yield server.sockets[0].getsockname()[1]


@contextlib.contextmanager
def a_dead_address(host: str, port: int) -> Iterator[None]:
    """Nothing that is sent there is answered: a listener that takes nobody, and whose queue is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((host, port), backlog=0))
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(listener.getsockname())
        yield


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    yield
    gc.collect()


async def reached(port: int) -> tuple[str, float]:
    """Whom, and after how long."""
    began = asyncio.get_running_loop().time()
    async with asyncio.timeout(5):
        with contextlib.closing(await reach(Address(NAME, port))) as connected:
            return connected.getpeername()[0], asyncio.get_running_loop().time() - began


async def test_a_dead_first_address_costs_a_quarter_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Resolver(monkeypatch)
    async with a_server("127.0.0.1") as port:
        with a_dead_address("127.0.0.2", port):
            resolver.addresses = ["127.0.0.2", "127.0.0.1"]
            whom, took = await reached(port)
    assert whom == "127.0.0.1"
    assert ATTEMPT_DELAY_S <= took < ATTEMPT_DELAY_S + 0.2


async def test_an_address_that_refuses_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Resolver(monkeypatch)
    async with a_server("127.0.0.1") as port:
        resolver.addresses = ["127.0.0.2", "127.0.0.3", "127.0.0.1"]
        whom, took = await reached(port)
    assert whom == "127.0.0.1"
    assert took < ATTEMPT_DELAY_S


async def test_an_ipv6_that_leads_nowhere_does_not_hold_up_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Resolver(monkeypatch)
    async with a_server("127.0.0.1") as port:
        # RFC 3849's, which is routed nowhere: unreachable at once, or never answered.
        resolver.addresses = ["2001:db8::1", "2001:db8::2", "127.0.0.1"]
        whom, took = await reached(port)
    assert whom == "127.0.0.1"
    assert took < 2 * ATTEMPT_DELAY_S


async def test_a_name_is_looked_up_at_each_try(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Resolver(monkeypatch)
    async with a_server("127.0.0.1") as port, a_server("127.0.0.2", port):
        for number, host in enumerate(("127.0.0.1", "127.0.0.2"), 1):
            resolver.addresses = [host]
            assert (await reached(port))[0] == host
            assert resolver.asked == number


async def test_an_address_needs_no_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Resolver(monkeypatch)
    async with a_server("127.0.0.1") as port:
        (await reach(Address("127.0.0.1", port))).close()
    assert resolver.asked == 0


async def test_attempts_that_lost_are_closed_and_none_is_begun_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolver = Resolver(monkeypatch)
    async with a_server("127.0.0.1") as port:
        with a_dead_address("127.0.0.2", port), a_dead_address("127.0.0.3", port):
            resolver.addresses = ["127.0.0.2", "127.0.0.3", "127.0.0.1", "127.0.0.4"]
            assert (await reached(port))[0] == "127.0.0.1"
            assert len(asyncio.all_tasks()) == 1


async def test_when_all_addresses_fail_each_is_told_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    resolver = Resolver(monkeypatch)
    resolver.addresses = ["127.0.0.2", "127.0.0.3"]
    authority = Authority(tmp_path)
    with pytest.raises(ConnectFailed) as failed:
        await dial(asyncio.Protocol, Address(NAME, 1), FileCredentials(HUB, None, authority.anchor))
    assert failed.value.lost.trouble is Trouble.NETWORK
    assert failed.value.lost.detail == (
        "cloud.example:1 cannot be reached: 127.0.0.2: connection refused; 127.0.0.3: connection refused"
    )


async def test_a_name_that_nobody_knows_is_the_name_s_trouble(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Resolver(monkeypatch)
    authority = Authority(tmp_path)
    with pytest.raises(ConnectFailed) as failed:
        await dial(asyncio.Protocol, Address(NAME, 1), FileCredentials(HUB, None, authority.anchor))
    assert failed.value.lost.trouble is Trouble.NAME
    assert NAME in failed.value.lost.detail


@pytest.mark.parametrize("name", ["a..b", "x" * 100])
async def test_a_name_that_dns_cannot_be_asked_for_has_no_address(name: str) -> None:
    with pytest.raises(socket.gaierror, match="there can be no such name"):
        await reach(Address(name, 1))


async def test_a_name_with_very_many_addresses_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Resolver(monkeypatch)
    resolver.addresses = [f"127.0.1.{number}" for number in range(200)]
    with pytest.raises(OSError, match="refused") as failed:
        await reach(Address(NAME, 1))
    assert str(failed.value).count("refused") == ADDRESSES_MAX


def test_families_take_turns_beginning_with_the_resolver_s_choice() -> None:
    six, four = socket.AF_INET6, socket.AF_INET
    found = [(six, "a"), (six, "b"), (six, "c"), (four, "x"), (four, "y")]
    assert _interleaved(found) == [(six, "a"), (four, "x"), (six, "b"), (four, "y"), (six, "c")]
    assert _interleaved(found[3:]) == [(four, "x"), (four, "y")]
