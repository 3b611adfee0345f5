"""Who is refused for a certificate, on either side, and how plainly that is said; through real handshakes."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.dial import dial
from hubagent.uplink.transports.mqtt import MqttTransport
from hubagent.uplink.transports.port import ConnectFailed, Lost, Trouble
from hubagent.uplink.transports.ways import Way
from tests.helpers.certificates import DAY, Authority, FileCredentials, Issued, server_context
from tests.hubagent.uplink.transports.a_broker import BrokerSite, a_broker
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar

pytestmark = pytest.mark.real_time

HOUR = datetime.timedelta(hours=1)


def expired_server(authority: Authority) -> Issued:
    return authority.server(since=-2 * DAY, until=-HOUR)


def future_server(authority: Authority) -> Issued:
    return authority.server(since=HOUR, until=DAY)


def server_of_another_name(authority: Authority) -> Issued:
    return authority.server("another.example")


def revoked_server(authority: Authority) -> Issued:
    issued = authority.server()
    authority.revoke(issued)
    return issued


def server_of_another_authority(authority: Authority) -> Issued:
    return Authority(authority.crl.parent / "other", "Portal CA").server()


def server_with_a_client_s_certificate(authority: Authority) -> Issued:
    return authority.client("localhost")


@asynccontextmanager
async def a_server(context: ssl.SSLContext | None) -> AsyncIterator[int]:
    """It takes connections and says nothing of its own."""
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def failed_dial(port: int, credentials: FileCredentials) -> Lost:
    with pytest.raises(ConnectFailed) as failed:
        await dial(asyncio.Protocol, Address("localhost", port), credentials)
    return failed.value.lost


@pytest.mark.parametrize(
    ("make", "trouble", "word"),
    [
        (expired_server, Trouble.CERTIFICATE, "has expired"),
        (future_server, Trouble.CERTIFICATE, "not valid yet"),
        (server_of_another_name, Trouble.CERTIFICATE, "another name"),
        (revoked_server, Trouble.CERTIFICATE, "was revoked"),
        (server_of_another_authority, Trouble.PORTAL, "captive portal"),
        (server_with_a_client_s_certificate, Trouble.CERTIFICATE, "not one for a server"),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
async def test_the_hub_refuses_a_server_whose_certificate_is_not_right(
    tmp_path: Path, make: Callable[[Authority], Issued], trouble: Trouble, word: str
) -> None:
    authority = Authority(tmp_path)
    issued = make(authority)
    async with asyncio.timeout(10), a_server(server_context(authority, issued, client_needed=False)) as port:
        credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor, authority.crl)
        lost = await failed_dial(port, credentials)
    assert lost.trouble is trouble
    assert word in lost.detail
    assert f"localhost:{port}" in lost.detail


async def test_what_the_credentials_check_finds_is_said_and_nothing_is_sent(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    async with asyncio.timeout(10), a_server(server_context(authority, authority.server())) as port:
        credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor)
        credentials.refuse = "its certificate expires in 1970"
        lost = await failed_dial(port, credentials)
    assert (lost.trouble, "1970" in lost.detail) == (Trouble.CERTIFICATE, True)


@pytest.mark.parametrize(
    ("said", "trouble", "words"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n", Trouble.PORTAL, "captive portal"),
        (bytes.fromhex("15 0303 0002 02 46"), Trouble.PROTOCOL, "does not speak TLS 1.3"),
        (bytes.fromhex("15 0303 0002 02 28"), Trouble.PROTOCOL, "no cipher in common"),
        (bytes.fromhex("15 0303 0002 02 78"), Trouble.PROTOCOL, "TLS with localhost"),
        (b"", Trouble.NETWORK, "broken off"),
    ],
    ids=["http", "alert protocol_version", "alert handshake_failure", "alert no_application_protocol", "nothing"],
)
async def test_what_answers_without_a_handshake_is_told_apart(
    tmp_path: Path, said: bytes, trouble: Trouble, words: str
) -> None:
    """Fault 15: a captive portal. Alerts: RFC 8446, sections 5.1 and 6."""

    class Speaker(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            transport.write(said)
            transport.close()

    authority = Authority(tmp_path)
    server = await asyncio.get_running_loop().create_server(Speaker, "127.0.0.1", 0)
    async with asyncio.timeout(10), server:
        port = server.sockets[0].getsockname()[1]
        lost = await failed_dial(port, FileCredentials(HUB, authority.client(HUB), authority.anchor))
    assert lost.trouble is trouble
    assert words in lost.detail


async def test_certificates_are_read_anew_at_each_connect(tmp_path: Path) -> None:
    """Fault 12: a certificate that was renewed is used without a restart. Fault 13: a second anchor counts at once."""
    old, new = Authority(tmp_path / "old", "Old CA"), Authority(tmp_path / "new", "New CA")
    anchors = tmp_path / "anchors.pem"
    anchors.write_bytes(old.anchor.read_bytes())
    issued = old.client(HUB, until=-HOUR)
    credentials = FileCredentials(HUB, issued, anchors)
    async with asyncio.timeout(10), a_server(server_context(new, new.server())) as port:
        assert (await failed_dial(port, credentials)).trouble is Trouble.PORTAL
        anchors.write_bytes(old.anchor.read_bytes() + new.anchor.read_bytes())
        renewed = new.client(HUB)
        issued.certificate.write_bytes(renewed.certificate.read_bytes())
        issued.key.write_bytes(renewed.key.read_bytes())
        transport = await dial(asyncio.Protocol, Address("localhost", port), credentials)
        transport.abort()


def no_certificate(_site: BrokerSite) -> None:
    return None


def expired(site: BrokerSite) -> Issued:
    return site.authority.client(HUB, since=-2 * DAY, until=-HOUR)


def not_yet_valid(site: BrokerSite) -> Issued:
    return site.authority.client(HUB, since=HOUR, until=DAY)


def revoked(site: BrokerSite) -> Issued:
    return site.revoked


def of_another_authority(site: BrokerSite) -> Issued:
    return Authority(site.authority.crl.parent / "other", "Other CA").client(HUB)


@pytest.mark.interop
@pytest.mark.parametrize(
    ("make", "word"),
    [
        (no_certificate, "it got none"),
        (expired, "it has expired"),
        (not_yet_valid, "not valid yet"),
        (revoked, "it was revoked"),
        (of_another_authority, "does not know who issued it"),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
async def test_mosquitto_refuses_a_hub_whose_certificate_is_not_right_and_the_hub_says_why(
    tmp_path: Path, make: Callable[[BrokerSite], Issued | None], word: str
) -> None:
    """In TLS 1.3 the refusal comes after the handshake has ended for the client: with the first thing it reads."""
    async with asyncio.timeout(20), a_broker(tmp_path) as site:
        credentials = FileCredentials(HUB, make(site), site.authority.anchor, site.authority.crl)
        transport = MqttTransport([Way(site.address)], credentials)
        with pytest.raises(ConnectFailed) as failed:
            await transport.connect(WritingEar(), FAREWELL)
        await transport.closed()
    assert failed.value.lost.trouble is Trouble.IDENTITY
    assert word in failed.value.lost.detail
