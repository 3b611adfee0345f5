"""The CoAP transport against the cloud's front, over mutual TLS 1.3 on real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from hubagent.uplink.message.channel import Down, Up
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports.coap import make_coap
from hubagent.uplink.transports.coap_connection import CoapConnection
from hubagent.uplink.transports.port import ConnectFailed, Connection, Lost, Trouble
from simulators.tcp_proxy import TcpProxy, tcp_proxy
from tests.helpers.certificates import Authority, FileCredentials, Issued, server_context
from tests.helpers.hurried_loop import run_hurried
from tests.hubagent.uplink.transports.a_coap_front import CoapSite, a_coap_front
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar
from tests.hubagent.uplink.transports.connect_proxy import a_connect_proxy

pytestmark = pytest.mark.real_time

Issue = Callable[[Authority, Authority], Issued | None]
"""Of the cloud's authority, or of another one."""


async def test_frames_go_both_ways_over_the_one_connection_that_the_hub_made(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site:
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        connection.send(Up.ALARM, b"smoke")
        assert await site.cloud.frames.get() == (HUB, "evt/alarm", b"smoke")
        assert site.front.send(HUB, Down.COMMAND, b"lamp on")
        assert await ear.frames.get() == ("cmd", b"lamp on")
        connection.close()
        await transport.closed()
        assert await site.cloud.ends.get() == HUB
        assert ear.ends.empty()


async def test_frames_arrive_in_order_and_whole_whatever_their_size(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site:
        ear, transport = WritingEar(), site.transport()
        connection = await transport.connect(ear, FAREWELL)
        frames = [bytes([n]) * (n * n * 37 % FRAME_MAX) for n in range(200)] + [b"", b"z" * FRAME_MAX]
        for frame in frames:
            await has_room(connection, ear)
            connection.send(Up.TELEMETRY, frame)
        assert [(await site.cloud.frames.get())[2] for _ in frames] == frames
        for frame in frames:
            assert site.front.send(HUB, Down.JOB, frame)
            assert await ear.frames.get() == ("job", frame)
        connection.close()
        await transport.closed()


async def test_the_cloud_speaks_coap_by_alpn_over_tls_1_3_without_nagle(tmp_path: Path) -> None:
    """Fault 4."""
    async with a_coap_front(tmp_path) as site:
        transport = site.transport()
        connection = await transport.connect(WritingEar(), FAREWELL)
        assert isinstance(connection, CoapConnection)
        assert connection._transport is not None
        tls = connection._transport.get_extra_info("ssl_object")
        assert (tls.version(), tls.selected_alpn_protocol()) == ("TLSv1.3", "coap")
        for end in (connection._transport, *(it._transport for it in site.front._connections)):
            assert end is not None
            assert end.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert connection.description == f"CoAP over TLS, localhost:{site.front.port}"
        connection.close()
        await transport.closed()


async def test_a_frame_under_another_hubs_name_is_refused_and_says_so(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site:
        forged = FileCredentials("hub-00000002", site.authority.client(HUB), site.authority.anchor)
        ear, transport = WritingEar(), make_coap(site.url, forged)
        connection = await transport.connect(ear, FAREWELL)
        connection.send(Up.EVENT, b"not mine")
        assert await ear.refusals.get() == (Up.EVENT, f"4.03 this connection is {HUB}'s")
        assert site.cloud.frames.empty()
        connection.close()
        await transport.closed()


# The end.


async def test_a_second_connection_of_the_same_hub_takes_the_place_of_the_first(tmp_path: Path) -> None:
    """Fault 2: the first is told why, so that two hubs with one key do not kick each other without a word."""
    async with a_coap_front(tmp_path) as site:
        first_ear, second_ear = WritingEar(), WritingEar()
        first, second = site.transport(), site.transport()
        await first.connect(first_ear, FAREWELL)
        connection = await second.connect(second_ear, FAREWELL)
        assert (await first_ear.ends.get()).trouble is Trouble.REPLACED
        await first.closed()
        assert site.front.send(HUB, Down.ACK, b"to the second")
        assert await second_ear.frames.get() == ("ack", b"to the second")
        assert site.cloud.ends.empty()
        connection.close()
        await second.closed()
        assert await site.cloud.ends.get() == HUB


async def test_a_kick_is_a_connection_lost_to_the_network(tmp_path: Path) -> None:
    """Fault 2."""
    async with a_connected(tmp_path) as (site, ear):
        assert site.front.kick(HUB)
        lost = await ear.ends.get()
        assert lost.trouble in (Trouble.NETWORK, Trouble.CLOSED)
        assert await site.cloud.ends.get() == HUB


async def test_a_release_says_where_and_when_to_come_back(tmp_path: Path) -> None:
    """Fault 1."""
    async with a_connected(tmp_path) as (site, ear):
        assert site.front.release(HUB, "moved", 7, "other.example")
        lost = await ear.ends.get()
        assert (lost.trouble, lost.retry_after_s, lost.server) == (Trouble.REFUSED, 7.0, "other.example:5684")
        assert lost.detail.endswith("moved")
        assert await site.cloud.ends.get() == HUB


async def test_a_front_that_lets_nobody_in_says_so(tmp_path: Path) -> None:
    """Faults 1 and 2: not let in is no success from which a back-off may begin anew."""
    async with a_coap_front(tmp_path) as site:
        assert site.front.refuse(True)
        lost = await refusal(site, site.credentials())
        assert (lost.trouble, lost.retry_after_s) == (Trouble.REFUSED, 0.0)
        assert "no hub is let in now" in lost.detail
        site.front.refuse(False)
        transport = site.transport()
        connection = await transport.connect(WritingEar(), FAREWELL)
        connection.close()
        await transport.closed()
        assert site.cloud.ends.qsize() == 1


async def test_a_front_that_stops_sends_its_hubs_away_in_order(tmp_path: Path) -> None:
    async with a_connected(tmp_path) as (_site, ear):
        pass
    lost = await ear.ends.get()
    assert (lost.trouble, lost.detail.rpartition(": ")[2]) == (Trouble.CLOSED, "the cloud is stopped")


async def test_a_peer_that_does_not_read_fills_less_than_a_megabyte(tmp_path: Path) -> None:
    """Fault 3: what a half-open connection costs until it is noticed."""
    async with a_coap_front(tmp_path) as site:
        transport = site.transport(in_flight_max=10_000)
        connection = await transport.connect(WritingEar(), FAREWELL)
        assert isinstance(connection, CoapConnection)
        site.front.stall(HUB, True)
        sent = 0
        while connection.ready and sent < 10_000:
            connection.send(Up.TELEMETRY, b"x" * FRAME_MAX)
            sent += 1
            await asyncio.sleep(0)
        assert not connection.ready
        tls = connection._transport
        assert tls is not None
        raw = tls._ssl_protocol._transport  # type: ignore[attr-defined]
        assert tls.get_write_buffer_size() + raw.get_write_buffer_size() < 1024 * 1024
        site.front.stall(HUB, False)
        for _ in range(sent):
            await site.cloud.frames.get()
        connection.close()
        await transport.closed()


def test_a_line_that_is_slow_is_not_taken_for_a_dead_one(tmp_path: Path) -> None:
    """It carries a frame a second, and each answer says that the cloud is there, however late a Ping gets through."""

    async def main() -> None:
        async with a_coap_front(tmp_path) as site, tcp_proxy("127.0.0.1", site.front.port) as network:
            ear, transport = WritingEar(), make_coap(f"coaps+tcp://localhost:{network.port}", site.credentials())
            connection = await transport.connect(ear, FAREWELL)
            network.bytes_per_s = FRAME_MAX
            for _ in range(40):
                await has_room(connection, ear)
                connection.send(Up.TELEMETRY, bytes(FRAME_MAX))
            for _ in range(40):
                await site.cloud.frames.get()
            assert (ear.ends.empty(), ear.refusals.empty()) == (True, True)
            network.bytes_per_s = None
            connection.close()
            await transport.closed()

    run_hurried(main)


# Connecting.


async def test_where_the_straight_way_is_blocked_it_goes_through_the_proxy(tmp_path: Path) -> None:
    """Fault 15."""
    async with (
        a_coap_front(tmp_path) as site,
        tcp_proxy("127.0.0.1", site.front.port) as network,
        a_connect_proxy() as proxy,
    ):
        network.refuse()
        proxy.asked = Opening(network)
        url, way = f"coaps+tcp://localhost:{network.port}", f"http://127.0.0.1:{proxy.port}"
        transport = make_coap(url, site.credentials(), proxy=way)
        connection = await transport.connect(WritingEar(), FAREWELL)
        assert proxy.asked == [f"localhost:{network.port}"]
        assert connection.description.endswith(f"through the proxy 127.0.0.1:{proxy.port}")
        connection.send(Up.EVENT, b"through")
        assert await site.cloud.frames.get() == (HUB, "evt", b"through")
        connection.close()
        await transport.closed()


async def test_when_the_cloud_itself_says_no_the_proxy_is_not_asked(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site, a_connect_proxy() as proxy:
        site.front.refuse(True)
        transport = make_coap(site.url, site.credentials(), proxy=f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(ConnectFailed):
            await transport.connect(WritingEar(), FAREWELL)
        assert proxy.asked == []


async def test_a_failed_connect_may_be_tried_again(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site:
        transport = site.transport()
        site.front.refuse(True)
        for _ in range(3):
            with pytest.raises(ConnectFailed):
                await transport.connect(WritingEar(), FAREWELL)
        site.front.refuse(False)
        for _ in range(3):
            ear = WritingEar()
            connection = await transport.connect(ear, FAREWELL)
            connection.close()
        await transport.closed()


async def test_a_server_of_another_protocol_is_not_spoken_to_on_any_port_but_the_default(tmp_path: Path) -> None:
    """RFC 8323, section 8.2."""
    authority = Authority(tmp_path / "ca")
    context = server_context(authority, authority.server())
    heard = asyncio.Event()

    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(100):
            heard.set()
        writer.close()

    async with await asyncio.start_server(web, "127.0.0.1", 0, ssl=context) as server:
        credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectFailed, match='did not choose the protocol "coap"') as failed:
            await make_coap(f"coaps+tcp://localhost:{port}", credentials).connect(WritingEar(), FAREWELL)
        assert failed.value.lost.trouble is Trouble.PROTOCOL


async def test_nobody_at_the_port_is_trouble_of_the_network(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site:
        credentials, url = site.credentials(), site.url
    with pytest.raises(ConnectFailed) as failed:
        await make_coap(url, credentials).connect(WritingEar(), FAREWELL)
    assert failed.value.lost.trouble is Trouble.NETWORK


async def test_the_credentials_own_objection_is_heard_before_anything_is_said(tmp_path: Path) -> None:
    """Fault 11: dates are judged by the clock that the hub trusts, not by OpenSSL's."""
    async with a_coap_front(tmp_path) as site:
        credentials = site.credentials()
        credentials.refuse = "its certificate expired yesterday"
        lost = await refusal(site, credentials)
        assert lost.trouble is Trouble.CERTIFICATE
        assert "expired yesterday" in lost.detail
        assert site.cloud.frames.empty()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("coaps+tcp://cloud.example", "cloud.example:5684"),
        ("coaps+tcp://cloud.example/", "cloud.example:5684"),
        ("coaps+tcp://[2001:db8::1]:7000", "[2001:db8::1]:7000"),
    ],
)
def test_a_url_names_host_and_port(url: str, address: str) -> None:
    assert str(make_coap(url, FileCredentials(HUB, None, Path()))._address) == address


@pytest.mark.parametrize(
    "url",
    [
        "coap+tcp://cloud.example",
        "coaps+tcp://",
        "coaps+tcp://cloud.example/path",
        "coaps+tcp://cloud.example?query",
        "coaps+tcp://user:secret@cloud.example",
        "coaps+tcp://cloud.example:port",
        "cloud.example",
    ],
)
def test_a_url_that_is_none_is_refused_without_its_secrets(url: str) -> None:
    with pytest.raises(ValueError, match=r"write coaps\+tcp://HOST") as refused:
        make_coap(url, FileCredentials(HUB, None, Path()))
    assert "secret" not in str(refused.value)


# Certificates.

NOT_YET = {"since": timedelta(hours=1)}
EXPIRED = {"until": -timedelta(hours=1)}


@pytest.mark.parametrize(
    ("issue", "hub_says", "cloud_says"),
    [
        (lambda _ours, _other: None, "it got none", "it has no certificate"),
        (lambda ours, _other: ours.client(HUB, **EXPIRED), "it has expired", "certificate has expired"),
        (lambda ours, _other: ours.client(HUB, **NOT_YET), "not valid yet", "certificate is not yet valid"),
        (lambda _ours, other: other.client(HUB), "does not know who issued it", "unable to get local issuer"),
        (lambda ours, _other: revoked(ours, ours.client(HUB)), "it was revoked", "certificate revoked"),
        (lambda ours, _other: ours.server(), "not of a kind that it takes", "unsuitable certificate purpose"),
    ],
    ids=["none", "expired", "not yet valid", "another CA", "revoked", "a server's"],
)
async def test_a_hub_without_a_good_certificate_is_not_let_in_and_both_say_why(
    tmp_path: Path, issue: Issue, hub_says: str, cloud_says: str
) -> None:
    """Fault 12. TLS 1.3 tells a client only when it reads for the first time."""
    authority, other = Authority(tmp_path / "ca"), Authority(tmp_path / "other", "Other CA")
    issued = issue(authority, other)
    async with a_coap_front(tmp_path, authority) as site:
        lost = await refusal(site, FileCredentials(HUB, issued, authority.anchor))
        assert lost.trouble is Trouble.IDENTITY
        assert hub_says in lost.detail
        assert cloud_says in site.front.refusals[-1].why
        assert site.cloud.ends.empty()


@pytest.mark.parametrize(
    ("issue", "trouble", "hub_says"),
    [
        (lambda ours, _other: ours.server(**EXPIRED), Trouble.CERTIFICATE, "has expired"),
        (lambda ours, _other: ours.server(**NOT_YET), Trouble.CERTIFICATE, "is not valid yet"),
        (lambda ours, _other: ours.server("cloud.example"), Trouble.CERTIFICATE, "is for another name"),
        (lambda _ours, other: other.server(), Trouble.PORTAL, "nobody whom the hub trusts issued its certificate"),
        (lambda ours, _other: revoked(ours, ours.server()), Trouble.CERTIFICATE, "was revoked"),
        (lambda ours, _other: ours.client("localhost"), Trouble.CERTIFICATE, "is not one for a server"),
    ],
    ids=["expired", "not yet valid", "another name", "another CA", "revoked", "a hub's"],
)
async def test_a_cloud_without_a_good_certificate_is_refused_and_both_say_so(
    tmp_path: Path, issue: Issue, trouble: Trouble, hub_says: str
) -> None:
    """Fault 15: whatever answers in the cloud's place, the hub says nothing to it."""
    authority, other = Authority(tmp_path / "ca"), Authority(tmp_path / "other", "Other CA")
    issued = issue(authority, other)
    async with a_coap_front(tmp_path, authority, issued) as site:
        lost = await refusal(site, site.credentials())
        assert lost.trouble is trouble
        assert hub_says in lost.detail
        await site.front._until_empty()
        assert "may not trust this side's certificate" in site.front.refusals[-1].why


async def test_each_connect_uses_what_is_on_disk_then(tmp_path: Path) -> None:
    """Fault 12: a certificate renewed meanwhile is shown at the next connect."""
    async with a_coap_front(tmp_path) as site:
        expired = site.authority.client(HUB, **EXPIRED)
        credentials = FileCredentials(HUB, expired, site.authority.anchor)
        transport = make_coap(site.url, credentials)
        with pytest.raises(ConnectFailed):
            await transport.connect(WritingEar(), FAREWELL)
        fresh = site.authority.client(HUB)
        expired.certificate.write_bytes(fresh.certificate.read_bytes())
        expired.key.write_bytes(fresh.key.read_bytes())
        connection = await transport.connect(WritingEar(), FAREWELL)
        connection.close()
        await transport.closed()


@asynccontextmanager
async def a_connected(folder: Path) -> AsyncIterator[tuple[CoapSite, WritingEar]]:
    """A hub that is connected; it is not closed by the test."""
    async with a_coap_front(folder) as site:
        ear, transport = WritingEar(), site.transport()
        await transport.connect(ear, FAREWELL)
        yield site, ear
    await transport.closed()


async def has_room(connection: Connection, ear: WritingEar) -> None:
    while not connection.ready:
        ear.room.clear()
        await ear.room.wait()


class Opening(list[str]):
    """The network lets through whoever has asked the proxy."""

    def __init__(self, network: TcpProxy) -> None:
        super().__init__()
        self._network = network

    def append(self, target: str) -> None:
        super().append(target)
        self._network.refuse(False)


async def refusal(site: CoapSite, credentials: FileCredentials) -> Lost:
    ear, transport = WritingEar(), make_coap(site.url, credentials)
    with pytest.raises(ConnectFailed) as failed:
        await transport.connect(ear, FAREWELL)
    await transport.closed()
    assert ear.ends.empty()
    return failed.value.lost


def revoked(authority: Authority, issued: Issued) -> Issued:
    authority.revoke(issued)
    return issued
