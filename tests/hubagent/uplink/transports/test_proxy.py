"""Through an HTTP proxy, and what proxies answer that do not want to."""

import asyncio
from pathlib import Path

import pytest

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.dial import dial
from hubagent.uplink.transports.port import ConnectFailed, Lost, Trouble
from hubagent.uplink.transports.proxy import Proxy, proxy_of, tunnel
from tests.helpers.certificates import Authority, FileCredentials, server_context
from tests.hubagent.uplink.transports.an_ear import HUB
from tests.hubagent.uplink.transports.connect_proxy import ConnectProxy, a_connect_proxy

SECRET = "very:secret%1"


@pytest.mark.parametrize(
    ("url", "address", "credentials"),
    [
        ("http://proxy.example", Address("proxy.example", 3128), None),
        ("http://proxy.example:8080/", Address("proxy.example", 8080), None),
        ("http://[fe80::1]:8080", Address("fe80::1", 8080), None),
        ("http://ann:very%3Asecret%251@proxy.example", Address("proxy.example", 3128), f"ann:{SECRET}"),
        ("http://ann@proxy.example", Address("proxy.example", 3128), "ann:"),
    ],
)
def test_a_proxy_is_read_from_its_url(url: str, address: Address, credentials: str | None) -> None:
    assert proxy_of(url) == Proxy(address, credentials)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "proxy.example:8080",
        "https://ann:hunter2@proxy.example",
        "socks5://ann:hunter2@proxy.example",
        "http://ann:hunter2@proxy.example:99999",
        "http://ann:hunter2@proxy.example/path",
        "http://ann:hunter2@/",
        "http://[ann:hunter2@proxy.example",
    ],
)
def test_a_url_that_is_no_proxy_s_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="http://HOST:PORT") as refused:
        proxy_of(url)
    assert "hunter2" not in str(refused.value)


def test_a_proxy_s_password_is_in_nothing_that_is_printed() -> None:
    proxy = proxy_of("http://ann:hunter2@proxy.example")
    assert "hunter2" not in f"{proxy} {proxy!r}"


async def test_a_name_of_other_letters_is_asked_for_as_http_can_say_it() -> None:
    class Wire(asyncio.Transport):
        said = b""

        def set_protocol(self, protocol: asyncio.BaseProtocol) -> None: ...

        def write(self, data: bytes | bytearray | memoryview) -> None:
            self.said += bytes(data)
            raise ConnectionError

    wire = Wire()
    with pytest.raises(ConnectionError):
        await tunnel(
            wire,
            Proxy(Address("proxy.example", 3128)),
            Address("b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example", 8883),
        )
    assert wire.said.startswith(b"CONNECT xn--bcher-kva.example:8883 HTTP/1.1")


async def dialled(folder: Path, proxy: ConnectProxy, login: str | None = None) -> Lost | None:
    """Through the proxy to a server on loopback: None where that succeeds."""
    authority = Authority(folder)
    server = await asyncio.get_running_loop().create_server(
        asyncio.Protocol, "127.0.0.1", 0, ssl=server_context(authority, authority.server())
    )
    async with server:
        target = Address("localhost", server.sockets[0].getsockname()[1])
        credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor)
        way = Proxy(Address("127.0.0.1", proxy.port), login)
        try:
            transport = await dial(asyncio.Protocol, target, credentials, proxy=way)
        except ConnectFailed as failed:
            return failed.lost
        transport.abort()
        assert proxy.asked == [str(target)]
        return None


@pytest.mark.real_time
async def test_tls_goes_through_the_tunnel_end_to_end(tmp_path: Path) -> None:
    async with asyncio.timeout(10), a_connect_proxy() as proxy:
        assert await dialled(tmp_path, proxy) is None


@pytest.mark.real_time
async def test_a_proxy_gets_the_login_that_it_wants(tmp_path: Path) -> None:
    async with asyncio.timeout(10), a_connect_proxy() as proxy:
        proxy.login = f"ann:{SECRET}"
        assert await dialled(tmp_path, proxy, f"ann:{SECRET}") is None


@pytest.mark.real_time
async def test_a_login_that_is_wrong_is_named_and_not_told(tmp_path: Path) -> None:
    async with asyncio.timeout(10), a_connect_proxy() as proxy:
        proxy.login = "ann:other"
        lost = await dialled(tmp_path, proxy, f"ann:{SECRET}")
    assert lost is not None
    assert "wants a user and a password" in lost.detail
    assert SECRET not in repr(lost)


@pytest.mark.real_time
@pytest.mark.parametrize(
    ("answer", "trouble", "words"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", Trouble.NETWORK, "does not let the hub through"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", Trouble.NETWORK, "cannot reach"),
        (b"HTTP/1.0 504 Gateway Timeout\r\n\r\n", Trouble.NETWORK, "got no answer"),
        (b"HTTP/1.1 418 I'm a teapot\r\n\r\n", Trouble.NETWORK, "418"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Trouble.PROTOCOL, "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\n\r\nand more", Trouble.PROTOCOL, "more than it should"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 40_000, Trouble.PROTOCOL, "does not speak HTTP"),
        (b"", Trouble.NETWORK, "closed the connection"),
    ],
    ids=["403", "502", "504", "418", "ssh", "talkative", "endless", "nothing"],
)
async def test_what_a_proxy_answers_is_told_plainly(
    tmp_path: Path, answer: bytes, trouble: Trouble, words: str
) -> None:
    async with asyncio.timeout(10), a_connect_proxy() as proxy:
        proxy.answer = answer
        lost = await dialled(tmp_path, proxy)
    assert lost is not None
    assert (lost.trouble, words in lost.detail, "the proxy" in lost.detail) == (trouble, True, True)


@pytest.mark.real_time
async def test_a_proxy_that_is_not_there_is_named(tmp_path: Path) -> None:
    proxy = ConnectProxy()
    proxy.port = 1
    lost = await dialled(tmp_path, proxy)
    assert lost is not None
    assert (lost.trouble, lost.detail) == (
        Trouble.NETWORK,
        "the proxy 127.0.0.1:1 cannot be reached: connection refused",
    )
