"""mosquitto as production runs it: what its configuration says, and that the process does as it is told."""

import asyncio
import ssl
from pathlib import Path

import pytest

from hubagent.uplink.message.channel import Up
from hubagent.uplink.transports.port import ConnectFailed, Trouble
from simulators.cloud.broker import Broker, BrokerConf, BrokerFiles, Listener, NoBroker, render_conf
from tests.helpers.certificates import Authority, FileCredentials
from tests.hubagent.uplink.transports.a_broker import BrokerSite, a_broker
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar
from tests.interop.peers import mosquitto

FILES = BrokerFiles(
    anchor=Path("/etc/mosquitto/certs/anchors.pem"),
    certificate=Path("/etc/mosquitto/certs/server.pem"),
    key=Path("/etc/mosquitto/certs/server.key"),
    crl=Path("/etc/mosquitto/certs/revoked.pem"),
    hub_acl=Path("/etc/mosquitto/hubs.acl"),
    consumer_acl=Path("/etc/mosquitto/consumers.acl"),
    persistence=Path("/var/lib/mosquitto"),
)
PRODUCTION = BrokerConf(
    FILES,
    hubs=(Listener(8883), Listener(443)),
    consumers=(Listener(8884, "10.0.0.2"),),
)


def stanzas(text: str) -> dict[str, list[str]]:
    """The lines of each listener, by its address; those before the first one by ''."""
    found: dict[str, list[str]] = {"": []}
    current = ""
    for line in text.splitlines():
        if line.startswith("listener "):
            current = line.removeprefix("listener ")
            found[current] = []
        elif line and not line.startswith("#"):
            found[current].append(line)
    return found


def test_every_listener_wants_a_certificate_over_tls_1_3_and_has_its_own_rules() -> None:
    common, *listeners = stanzas(render_conf(PRODUCTION)).values()
    assert "per_listener_settings true" in common
    assert len(listeners) == 3
    for lines in listeners:
        assert {
            "tls_version tlsv1.3",
            "require_certificate true",
            "use_identity_as_username true",
            f"cafile {FILES.anchor}",
            f"crlfile {FILES.crl}",
        } <= set(lines)
        assert not any(line.startswith(("allow_anonymous", "password_file")) for line in lines)


def test_hubs_and_consumers_have_listeners_of_their_own() -> None:
    found = stanzas(render_conf(PRODUCTION))
    for address in ("8883", "443"):
        assert f"acl_file {FILES.hub_acl}" in found[address]
        assert "use_username_as_clientid true" in found[address]
    assert f"acl_file {FILES.consumer_acl}" in found["8884 10.0.0.2"]
    assert "use_username_as_clientid true" not in found["8884 10.0.0.2"]


def test_a_websocket_listener_says_that_it_is_not_for_production() -> None:
    conf = BrokerConf(FILES, hubs=(Listener(8443, websockets=True),), consumers=())
    assert "# Lets a revoked certificate in" in render_conf(conf)


def test_nagle_is_off_and_what_waits_is_bounded() -> None:
    """Fault 4: Nagle, at the broker's end."""
    common = stanzas(render_conf(PRODUCTION))[""]
    assert "set_tcp_nodelay true" in common
    names = {line.split()[0] for line in common}
    assert {"max_queued_messages", "max_queued_bytes", "max_packet_size", "max_inflight_messages"} <= names


async def test_without_mosquitto_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(NoBroker, match="apt install mosquitto"):
        await Broker(tmp_path, *[tmp_path / "x"] * 3).start()


@pytest.mark.real_time
@pytest.mark.interop
async def test_a_broker_that_cannot_start_says_why(tmp_path: Path) -> None:
    mosquitto()
    authority = Authority(tmp_path / "ca")
    issued = authority.server()
    async with asyncio.timeout(20):
        with pytest.raises(NoBroker, match=r"mosquitto does not start: .*"):
            await Broker(tmp_path / "broker", authority.anchor, issued.certificate, tmp_path / "missing.key").start()


@pytest.mark.real_time
@pytest.mark.interop
async def test_a_port_that_is_taken_is_said_to_be_so(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site:
        taken = (site.broker.port, site.broker.consumer_port)
        issued = site.authority.server()
        second = Broker(tmp_path / "2", site.authority.anchor, issued.certificate, issued.key, ports=taken)
        with pytest.raises(NoBroker, match="in use"):
            await second.start()


@pytest.mark.real_time
@pytest.mark.interop
async def test_it_ends_when_it_is_told_to_and_nothing_is_left(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site:
        for end in (site.broker.stop, site.broker.kill):
            port = site.broker.port
            await end()
            await end()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", port)
            await site.broker.start()
            assert site.broker.port == port


@pytest.mark.real_time
@pytest.mark.interop
async def test_a_broker_that_stands_still_can_be_stopped(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site:
        site.broker.freeze()
        await site.broker.stop()
        await site.broker.start()


@pytest.mark.real_time
@pytest.mark.interop
async def test_what_waits_for_a_consumer_outlives_a_restart(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site:
        async with site.consumer():
            pass
        await say(site, b"while nobody listens")
        await site.broker.restart()
        async with site.consumer() as (_front, cloud):
            assert await cloud.frames.get() == (HUB, "evt", b"while nobody listens")


async def say(site: BrokerSite, payload: bytes) -> None:
    transport = site.transport()
    connection = await transport.connect(WritingEar(), FAREWELL)
    connection.send(Up.EVENT, payload)
    connection.close()
    await transport.closed()


@pytest.mark.real_time
@pytest.mark.interop
async def test_a_hub_that_is_revoked_while_the_broker_runs_is_refused_after_a_reload(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_broker(tmp_path) as site:
        issued = site.authority.client(HUB)
        credentials = FileCredentials(HUB, issued, site.authority.anchor, site.authority.crl)
        transport = site.transport_with(credentials)
        (await transport.connect(WritingEar(), FAREWELL)).close()
        site.authority.revoke(issued)
        site.broker.reload()
        with pytest.raises(ConnectFailed) as failed:  # noqa: PT012 - until the list is read
            # Some times still, until it has read the list.
            while True:
                (await transport.connect(WritingEar(), FAREWELL)).close()
        assert failed.value.lost.trouble is Trouble.IDENTITY
        assert "revoked" in failed.value.lost.detail
        await transport.closed()


@pytest.mark.real_time
@pytest.mark.interop
async def test_neither_plain_text_nor_tls_1_2_is_let_in(tmp_path: Path) -> None:
    connect = bytes.fromhex("10 19 0004 4d515454 05 02 003c 00 000c") + HUB.encode()
    async with asyncio.timeout(20), a_broker(tmp_path, websockets=True) as site:
        issued = site.authority.client(HUB)
        old = ssl.create_default_context(cafile=str(site.authority.anchor))
        old.load_cert_chain(issued.certificate, issued.key)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        for port in (site.broker.port, site.broker.websocket_port, site.broker.consumer_port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(connect)
            try:
                answered = await reader.read(100)
            except ConnectionError:
                answered = b""
            assert not answered.startswith(b"\x20")
            writer.close()
            with pytest.raises(ssl.SSLError, match=r"ALERT_(PROTOCOL_VERSION|HANDSHAKE_FAILURE)"):
                await asyncio.open_connection("localhost", port, ssl=old)
