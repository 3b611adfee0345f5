"""All of the cloud on real sockets: how it starts, what survives, who is let in, and what it says when it cannot."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hubagent.cli.drivers import open_serial
from hubagent.identity.est import NotAuthorised
from hubagent.identity.identity import Identity
from hubagent.identity.opening import enrolment_of, open_identity
from hubagent.identity.provisioning import Wishes, provision_hub
from hubagent.identity.renewal import renew_now
from hubagent.runtime import real_runtime
from hubagent.uplink.message.channel import Up
from hubagent.uplink.message.codec import decode_down, encode
from hubagent.uplink.message.down import Welcome
from hubagent.uplink.message.up import Offline
from hubagent.uplink.transports.coap import make_coap
from hubagent.uplink.transports.mqtt import make_mqtt
from hubagent.uplink.transports.port import ConnectFailed, Connection, Farewell, Lost, Trouble
from simulators.cloud.broker import NoBroker
from simulators.cloud.database import CloudFileUnusable
from simulators.cloud.running import Cloud, CloudSetting, NoHttp, running_cloud
from simulators.listening import PortTaken
from tests.helpers.an_identity import an_identity
from tests.hubagent.uplink.transports.an_ear import WritingEar
from tests.interop.peers import mosquitto
from tests.simulators.cloud.a_cloud import hello

pytestmark = pytest.mark.real_time

HUB = "hub-00000001"


def setting(state: Path | None = None, *, mqtt: bool = False) -> CloudSetting:
    runtime = real_runtime(open_serial)
    return CloudSetting(runtime.wall, runtime.entropy, state, http_port=0, est_port=0, coap_port=0, mqtt=mqtt)


@asynccontextmanager
async def connected(
    cloud: Cloud, whose: Path | Identity, way: str = "coap"
) -> AsyncIterator[tuple[Connection, WritingEar]]:
    """A hub that has been welcomed; one with an identity in that folder where it has none yet."""
    identity = whose if isinstance(whose, Identity) else an_identity(whose, cloud.authority, HUB)
    ear = WritingEar()
    transport = make_coap(cloud.coap_url, identity) if way == "coap" else make_mqtt(str(cloud.mqtt_url), identity)
    async with asyncio.timeout(10):
        connection = await transport.connect(ear, Farewell(Up.PRESENCE, encode(Offline(HUB, 1))))
        try:
            connection.send(Up.PRESENCE, encode(hello(HUB)))
            assert isinstance(decode_down(*await ear.frames.get()), Welcome)
            yield connection, ear
        finally:
            connection.close()
            await transport.closed()


async def lost(ear: WritingEar) -> Lost:
    async with asyncio.timeout(10):
        return await ear.ends.get()


async def until_online(cloud: Cloud, *, online: bool) -> None:
    changed = asyncio.Event()
    end = cloud.service.listen(lambda _change: changed.set())
    try:
        async with asyncio.timeout(10):
            while cloud.service.consumer.hub(HUB).online != online:
                changed.clear()
                await changed.wait()
    finally:
        end()


async def test_a_hub_comes_by_coap_and_its_leaving_is_noticed(tmp_path: Path) -> None:
    async with running_cloud(setting()) as cloud:
        async with connected(cloud, tmp_path):
            assert cloud.service.consumer.hub(HUB).online
        await until_online(cloud, online=False)


async def test_a_hub_comes_by_a_broker_and_its_leaving_is_noticed(tmp_path: Path) -> None:
    mosquitto()
    async with running_cloud(setting(mqtt=True)) as cloud, connected(cloud, tmp_path, "mqtt") as (connection, _):
        assert cloud.service.consumer.hub(HUB).online
        connection.send(Up.PRESENCE, encode(Offline(HUB, 1)))
        await until_online(cloud, online=False)


async def test_a_cloud_that_starts_again_knows_its_hubs_and_is_known_to_them(tmp_path: Path) -> None:
    state = tmp_path / "cloud"
    async with running_cloud(setting(state)) as cloud, connected(cloud, tmp_path):
        anchors, token = cloud.files.anchors.read_bytes(), cloud.token
    async with running_cloud(setting(state)) as cloud:
        assert cloud.files.anchors.read_bytes() == anchors
        assert cloud.token != token
        assert not cloud.service.consumer.hub(HUB).online
        async with connected(cloud, tmp_path):
            assert cloud.service.consumer.hub(HUB).online


async def test_a_hub_that_is_revoked_is_put_out_and_not_let_in_again(tmp_path: Path) -> None:
    async with running_cloud(setting()) as cloud:
        async with connected(cloud, tmp_path) as (_, ear):
            identity = an_identity(tmp_path / "again", cloud.authority, HUB)
            certificate = identity.certificate()
            assert certificate is not None
            cloud.authority.revoke(certificate.serial_number)
            cloud.coap.kick(HUB)
            await lost(ear)
        with pytest.raises(ConnectFailed) as raised:
            await make_coap(cloud.coap_url, identity).connect(WritingEar(), Farewell(Up.PRESENCE, b""))
        assert raised.value.lost.trouble is Trouble.IDENTITY


@pytest.mark.parametrize("way", ["coap", "mqtt"])
async def test_a_hub_is_enrolled_with_a_claim_code_renews_and_is_out_when_it_is_revoked(
    tmp_path: Path, way: str
) -> None:
    if way == "mqtt":
        mosquitto()
    async with running_cloud(setting(mqtt=way == "mqtt")) as cloud:
        clock = asyncio.get_running_loop().time
        seal = f"file:{tmp_path / 'seal.key'}"
        identity = open_identity(tmp_path / "state", seal, {}, cloud.setting.wall, clock)
        enrolment = enrolment_of(identity, cloud.est_url)
        assert enrolment is not None
        told: list[str] = []
        wishes = Wishes(claim=cloud.claim(HUB), anchor=cloud.files.anchors)
        assert (await provision_hub(identity, enrolment, wishes, told.append, 10.0)).hub == HUB
        first = identity.certificate()
        await renew_now(identity, enrolment)
        second = identity.certificate()
        assert first is not None
        assert second is not None
        assert first.serial_number != second.serial_number
        async with connected(cloud, identity, way) as (_, ear):
            assert cloud.revoke(HUB)
            await lost(ear)
        with pytest.raises(ConnectFailed):
            async with connected(cloud, identity, way):
                pass
        with pytest.raises(NotAuthorised):
            await renew_now(identity, enrolment)


async def test_certificates_and_lists_are_renewed_under_those_who_are_connected(tmp_path: Path) -> None:
    mosquitto()
    async with running_cloud(setting(mqtt=True)) as cloud:
        before = cloud.files.certificate.read_bytes()
        async with connected(cloud, tmp_path) as (connection, ear):
            cloud.renew_files()
            connection.send(Up.PRESENCE, encode(hello(HUB, number=2)))
            assert isinstance(decode_down(*await ear.frames.get()), Welcome)
        assert cloud.files.certificate.read_bytes() != before
        for way in ("coap", "mqtt"):
            async with connected(cloud, tmp_path, way):
                pass


@pytest.mark.parametrize("fault", ["kill-broker", "restart-broker"])
async def test_a_broker_that_ends_comes_back_and_the_consumer_with_it(tmp_path: Path, fault: str) -> None:
    mosquitto()
    async with running_cloud(setting(mqtt=True)) as cloud:
        async with connected(cloud, tmp_path, "mqtt") as (_, ear):
            cloud.misbehaviour.do(fault, {})
            await lost(ear)
        assert cloud.mqtt is not None
        async with asyncio.timeout(10):
            await cloud.mqtt.deaf()
            await cloud.mqtt.listening()
        async with asyncio.timeout(10), connected(cloud, tmp_path, "mqtt"):
            pass


async def test_somebody_with_the_hubs_identity_takes_its_place(tmp_path: Path) -> None:
    mosquitto()
    async with running_cloud(setting(mqtt=True)) as cloud, connected(cloud, tmp_path, "mqtt") as (_, ear):
        cloud.misbehaviour.do("take-over", {"hub": HUB})
        # Not every version of mosquitto says why before it closes.
        assert (await lost(ear)).trouble in {Trouble.REPLACED, Trouble.CLOSED}


async def test_a_broker_that_was_frozen_or_stopped_is_there_at_the_end(tmp_path: Path) -> None:
    mosquitto()
    async with running_cloud(setting(mqtt=True)) as cloud:
        cloud.misbehaviour.do("freeze-broker", {})
        cloud.misbehaviour.do("behave", {})
        async with connected(cloud, tmp_path, "mqtt"):
            cloud.misbehaviour.do("freeze-broker", {})
            cloud.misbehaviour.do("stop-broker", {})


async def test_a_half_open_connection_is_for_one_hub_and_ends(tmp_path: Path) -> None:
    async with running_cloud(setting()) as cloud, connected(cloud, tmp_path) as (connection, ear):
        cloud.misbehaviour.do("half-open", {"hub": HUB})
        connection.send(Up.PRESENCE, encode(hello(HUB, number=2)))
        await asyncio.sleep(0.1)
        assert ear.frames.empty()
        cloud.misbehaviour.do("behave", {})
        connection.send(Up.PRESENCE, encode(hello(HUB, number=3)))
        async with asyncio.timeout(5):
            assert isinstance(decode_down(*await ear.frames.get()), Welcome)


async def test_a_file_that_is_no_makers_root_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_text("nothing")
    with pytest.raises(ValueError, match=r"root.pem has no certificates in PEM form"):
        async with running_cloud(replace(setting(), manufacturers=(tmp_path / "root.pem",))):
            pass


async def test_two_clouds_do_not_share_a_folder(tmp_path: Path) -> None:
    async with running_cloud(setting(tmp_path / "cloud")):
        with pytest.raises(CloudFileUnusable, match="another cloud uses"):
            async with running_cloud(setting(tmp_path / "cloud")):
                pass


async def test_a_port_that_is_taken_is_said_to_be() -> None:
    async with running_cloud(setting()) as cloud:
        ports = (
            (cloud.http_port, replace(setting(), http_port=cloud.http_port)),
            (cloud.est_port, replace(setting(), est_port=cloud.est_port)),
            (cloud.coap.port, replace(setting(), coap_port=cloud.coap.port)),
        )
        for taken, wanted in ports:
            with pytest.raises(PortTaken, match=f"127.0.0.1:{taken} is taken: another cloud may run already"):
                async with running_cloud(wanted):
                    pass


async def test_an_address_that_this_machine_has_not_is_said_to_be_none() -> None:
    with pytest.raises(PortTaken, match="is not this machine's"):
        async with running_cloud(replace(setting(), host="192.0.2.1")):
            pass


async def test_without_aiohttp_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("simulators.cloud.web")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with pytest.raises(NoHttp, match=r"pip install 'hubagent\[sim\]'"):
        async with running_cloud(setting()):
            pass
    async with running_cloud(replace(setting(), http_port=None, est_port=None)) as cloud:
        assert cloud.page_url is None


async def test_without_mosquitto_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulators.cloud.broker._SYSTEM_PROGRAMS", "/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoBroker, match="apt install mosquitto"):
        async with running_cloud(setting(mqtt=True)):
            pass


async def test_nothing_in_its_folder_is_for_others_to_read(tmp_path: Path) -> None:
    state = tmp_path / "cloud"
    async with running_cloud(setting(state)):
        assert state.stat().st_mode & 0o077 == 0
        keys = list(state.rglob("*.key"))
        assert len(keys) >= 3
        assert all(key.stat().st_mode & 0o077 == 0 for key in keys)
