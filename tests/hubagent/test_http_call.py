"""What a rule's HTTP request puts on the wire, and what is said when it fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hubagent.http_call import BadUrl, CallFailed, Request, call, check_url
from hubagent.runtime import Runtime, real_runtime

HOSTS = frozenset({"example.org", "192.0.2.7:8080"})


@pytest.mark.parametrize(
    "url", ["https://example.org", "http://example.org/a?b=c", "https://example.org:443/", "http://192.0.2.7:8080/x"]
)
def test_a_host_that_is_allowed(url: str) -> None:
    assert check_url(url, HOSTS).hostname in ("example.org", "192.0.2.7")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org.evil.net/",
        "https://evil.net/?example.org",
        "https://evil.net#example.org",
        "https://example.org@evil.net/",
        "https://evil.net\\@example.org/",
        "https://example.org:8443/",
        "http://192.0.2.7/",
        "http://localhost/",
        "http://[::1]/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "//example.org/",
        "https:///path",
        "https://example.org:99999/",
        "https://example.org/a b",
        "https://example.org/\r\nX: y",
        "https://exämple.org/",
        "https://example.org/" + "a" * 3000,
    ],
)
def test_a_host_that_is_not_allowed_however_it_is_written(url: str) -> None:
    with pytest.raises(BadUrl):
        check_url(url, HOSTS)


def test_the_error_says_where_to_allow_it() -> None:
    with pytest.raises(BadUrl, match=r"other.org is not among the hosts .* allow_hosts under"):
        check_url("https://other.org/", HOSTS)


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadUrl) as refused:
        check_url("https://me:geheim@example.org/", HOSTS)
    assert "geheim" not in str(refused.value)


class _Server:
    """Answers each connection with `answer`, and keeps what was asked."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.asked = b""
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked = await reader.read(65536)
        writer.write(self.answer)
        writer.close()

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset({f"127.0.0.1:{self.port}"})

    async def call(self, request: Request, timeout_s: float = 5.0) -> int:
        return await call(_runtime().connect, request, self.hosts, timeout_s)


def _runtime() -> Runtime:
    async def no_ports(port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
        raise AssertionError

    return real_runtime(no_ports)


@asynccontextmanager
async def a_server(answer: bytes) -> AsyncIterator[_Server]:
    made = _Server(answer)
    async with await asyncio.start_server(made.serve, "127.0.0.1", 0) as server:
        made.port = server.sockets[0].getsockname()[1]
        yield made


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.real_time
async def test_a_request_arrives_whole() -> None:
    async with a_server(OK) as server:
        url = f"http://127.0.0.1:{server.port}/hook?room=hall"
        assert await server.call(Request("POST", url, "21 °C")) == 200
        head, _, body = server.asked.partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0] == b"POST /hook?room=hall HTTP/1.1"
    assert f"host: 127.0.0.1:{server.port}".encode() in head.lower()
    assert b"content-length: 6" in head.lower()
    assert body == "21 °C".encode()


@pytest.mark.real_time
async def test_a_get_has_no_body() -> None:
    async with a_server(OK) as server:
        assert await server.call(Request("GET", f"http://127.0.0.1:{server.port}")) == 200
    assert server.asked.startswith(b"GET / HTTP/1.1\r\n")
    assert b"content-length" not in server.asked.lower()


@pytest.mark.real_time
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n", "answered 500"),
        (b"SSH-2.0-OpenSSH_9\r\n", "does not speak HTTP"),
        (b"", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", "does not speak HTTP"),
    ],
)
async def test_an_answer_that_is_none_is_told(answer: bytes, said: str) -> None:
    async with a_server(answer) as server:
        with pytest.raises(CallFailed, match=said):
            await server.call(Request("POST", f"http://127.0.0.1:{server.port}/"))


@pytest.mark.real_time
async def test_a_redirect_is_not_followed() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n"
    async with a_server(answer) as server:
        assert await server.call(Request("GET", f"http://127.0.0.1:{server.port}/")) == 302


@pytest.mark.real_time
async def test_an_answer_without_end_is_left_unread() -> None:
    endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    endless += (b"4000\r\n" + b"x" * 0x4000 + b"\r\n") * 100
    async with a_server(endless) as server:
        assert await server.call(Request("GET", f"http://127.0.0.1:{server.port}/")) == 200


async def test_a_host_that_never_answers_is_given_up() -> None:
    async def connect(_host: str, _port: int, *, tls: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        assert tls
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    with pytest.raises(CallFailed, match=r"example.org did not answer within 5 s"):
        await call(connect, Request("GET", "https://example.org/"), HOSTS, 5.0)
    assert asyncio.get_running_loop().time() == 5.0


async def test_a_host_that_refuses_is_told() -> None:
    async def connect(_host: str, _port: int, *, tls: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        raise ConnectionRefusedError(111, "Connection refused")

    with pytest.raises(CallFailed, match=r"example.org: Connection refused"):
        await call(connect, Request("GET", "https://example.org/"), HOSTS, 5.0)


async def test_a_body_has_its_bound() -> None:
    async def connect(_host: str, _port: int, *, tls: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        raise AssertionError

    with pytest.raises(CallFailed, match="at most 65536"):
        await call(connect, Request("POST", "https://example.org/", "x" * 70_000), HOSTS, 5.0)


async def test_a_name_that_no_host_can_have_is_told() -> None:
    async def connect(_host: str, _port: int, *, tls: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        raise UnicodeError("label empty or too long")

    with pytest.raises(CallFailed, match=r"a\.\.b can be no host's name"):
        await call(connect, Request("GET", "https://a..b/"), frozenset({"a..b"}), 5.0)


async def test_half_a_letter_in_a_body_is_sent_as_a_question_mark() -> None:
    async def connect(_host: str, _port: int, *, tls: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        raise ConnectionRefusedError(111, "Connection refused")

    with pytest.raises(CallFailed, match="Connection refused"):
        await call(connect, Request("POST", "https://example.org/", "\ud800"), HOSTS, 5.0)
