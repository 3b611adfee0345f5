"""Which ways there are to a broker, in which order they are tried, and what is said when none works."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from hubagent.uplink.message.channel import Up
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.mqtt import MqttTransport, make_mqtt
from hubagent.uplink.transports.port import CONNECT_TIMEOUT_S, ConnectFailed, Lost, Trouble
from hubagent.uplink.transports.proxy import Proxy
from hubagent.uplink.transports.ways import Way, all_failed, ways_of
from simulators.tcp_proxy import TcpProxy, tcp_proxy
from tests.helpers.certificates import Authority, FileCredentials, server_context
from tests.helpers.hurried_loop import run_hurried
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar
from tests.hubagent.uplink.transports.connect_proxy import a_connect_proxy
from tests.hubagent.uplink.transports.scripted_broker import ScriptedBroker, a_scripted_broker
from tests.hubagent.uplink.transports.web_gateway import a_web_gateway

PROXY = Proxy(Address("proxy.example", 3128))


def test_a_broker_is_reached_by_its_port_then_by_443_then_by_a_websocket() -> None:
    """Fault 15: 8883 blocked."""
    assert [str(way) for way in ways_of("mqtts://cloud.example")] == [
        "mqtts://cloud.example:8883",
        "mqtts://cloud.example:443 (ALPN mqtt)",
        "wss://cloud.example:443/mqtt",
    ]


def test_each_way_is_also_tried_through_the_proxy() -> None:
    assert [str(way) for way in ways_of("mqtts://cloud.example", PROXY)][3:] == [
        "mqtts://cloud.example:8883 through the proxy proxy.example:3128",
        "mqtts://cloud.example:443 (ALPN mqtt) through the proxy proxy.example:3128",
        "wss://cloud.example:443/mqtt through the proxy proxy.example:3128",
    ]


def test_aws_has_its_own_name_for_the_protocol() -> None:
    ways = ways_of("mqtts://x.iot.eu-central-1.amazonaws.com", alpn="x-amzn-mqtt-ca")
    assert ways[1].protocols == ("x-amzn-mqtt-ca",)


@pytest.mark.parametrize(
    ("url", "way"),
    [
        ("mqtts://cloud.example:18883", "mqtts://cloud.example:18883"),
        ("mqtts://[fe80::1]:1234/", "mqtts://[fe80::1]:1234"),
        ("wss://cloud.example/mqtt", "wss://cloud.example:443/mqtt"),
        ("wss://cloud.example", "wss://cloud.example:443/mqtt"),
        ("wss://cloud.example:8443/other/path", "wss://cloud.example:8443/other/path"),
    ],
)
def test_a_url_with_a_port_or_a_path_means_that_one(url: str, way: str) -> None:
    assert [str(it) for it in ways_of(url)] == [way]


def test_there_are_no_fallbacks_where_none_are_wanted() -> None:
    assert [str(it) for it in ways_of("mqtts://cloud.example", fallbacks=False)] == ["mqtts://cloud.example:8883"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cloud.example",
        "mqtt://cloud.example",
        "ws://cloud.example/mqtt",
        "https://cloud.example",
        "mqtts://",
        "mqtts://cloud.example/path",
        "mqtts://cloud.example:99999",
        "mqtts://ann:hunter2@cloud.example",
        "wss://cloud.example/mqtt?token=1",
        "mqtts://[cloud",
    ],
)
def test_a_url_that_is_no_broker_s_is_refused_and_the_right_form_named(url: str) -> None:
    with pytest.raises(ValueError, match="mqtts://HOST") as refused:
        ways_of(url)
    assert "hunter2" not in str(refused.value)


def test_the_way_that_worked_last_time_is_tried_first(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    credentials = FileCredentials(HUB, None, authority.anchor)
    transport = make_mqtt("mqtts://cloud.example", credentials, first="wss://cloud.example:443/mqtt")
    assert str(transport.way) == "wss://cloud.example:443/mqtt"
    assert str(make_mqtt("mqtts://cloud.example", credentials, first="nonsense").way) == "mqtts://cloud.example:8883"


def test_of_several_failures_the_most_telling_one_is_named_and_all_are_told() -> None:
    failed = all_failed(
        [
            Lost(Trouble.NETWORK, "8883 is blocked"),
            Lost(Trouble.PORTAL, "somebody else answers"),
            Lost(Trouble.NETWORK, "8883 is blocked"),
        ]
    )
    assert failed.lost == Lost(Trouble.PORTAL, "somebody else answers; 8883 is blocked")


class Network:
    """A broker with ports of its own, for MQTT and for the web, each behind a network that can be made bad."""

    def __init__(self, broker: ScriptedBroker, ports: list[TcpProxy], credentials: FileCredentials) -> None:
        self.broker = broker
        self.credentials = credentials
        self.plain, self.alpn, self.web = ports
        self.ways = [
            Way(Address("localhost", self.plain.port)),
            Way(Address("localhost", self.alpn.port), alpn="mqtt"),
            Way(Address("localhost", self.web.port), websocket_path="/mqtt"),
        ]
        self.transport = MqttTransport(self.ways, credentials)

    async def connect(self) -> str:
        """The description of the connection, which is closed again."""
        connection = await self.transport.connect(WritingEar(), FAREWELL)
        connection.send(Up.EVENT, b"x")
        await self.broker.published.get()
        connection.close()
        await self.transport.closed()
        return connection.description

    async def failed(self) -> Lost:
        with pytest.raises(ConnectFailed) as failed:
            await self.connect()
        await self.transport.closed()
        return failed.value.lost


@asynccontextmanager
async def a_network(folder: Path) -> AsyncIterator[Network]:
    authority = Authority(folder)
    context = server_context(authority, authority.server())
    context.set_alpn_protocols(["mqtt"])
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(a_scripted_broker(context))
        plain = await stack.enter_async_context(a_scripted_broker(None))
        plain.published = broker.published
        gateway = await stack.enter_async_context(
            a_web_gateway(plain.port, server_context(authority, authority.server()))
        )
        ports = [
            await stack.enter_async_context(tcp_proxy("127.0.0.1", port))
            for port in (broker.port, broker.port, gateway.port)
        ]
        yield Network(broker, ports, FileCredentials(HUB, authority.client(HUB), authority.anchor, authority.crl))


@pytest.mark.real_time
async def test_the_first_way_that_is_open_is_taken_and_remembered(tmp_path: Path) -> None:
    """Fault 15: 8883 blocked; first 443 by ALPN, then a WebSocket."""
    async with asyncio.timeout(20), a_network(tmp_path) as network:
        assert str(network.ways[0]) in await network.connect()
        network.plain.refuse()
        assert str(network.ways[1]) in await network.connect()
        network.alpn.refuse()
        assert str(network.ways[2]) in await network.connect()
        tried = network.plain.accepted
        assert str(network.ways[2]) in await network.connect()
        assert (network.plain.accepted, network.transport.way) == (tried, network.ways[2])
        network.web.refuse()
        network.plain.refuse(False)
        assert str(network.ways[0]) in await network.connect()


@pytest.mark.real_time
async def test_another_way_s_certificate_is_never_accepted_and_the_state_is_portal(tmp_path: Path) -> None:
    """Fault 15: a captive portal that answers on all ports with its own certificate."""
    other = Authority(tmp_path / "portal", "Portal CA")
    portal = await asyncio.get_running_loop().create_server(
        asyncio.Protocol, "127.0.0.1", 0, ssl=server_context(other, other.server(), client_needed=False)
    )
    async with asyncio.timeout(20), portal, a_network(tmp_path / "cloud") as network:
        for port in (network.plain, network.alpn, network.web):
            port.target = portal.sockets[0].getsockname()[:2]
        assert (await network.failed()).trouble is Trouble.PORTAL
        assert network.broker.opened.empty()
        network.alpn.target = ("127.0.0.1", network.broker.port)
        assert str(network.ways[1]) in await network.connect()


@pytest.mark.real_time
@pytest.mark.parametrize("code", [0x87, 0x97])
async def test_what_the_cloud_itself_refuses_is_not_tried_again_by_another_way(tmp_path: Path, code: int) -> None:
    async with asyncio.timeout(20), a_network(tmp_path) as network:
        network.broker.script.connack = code
        assert (await network.failed()).trouble in {Trouble.IDENTITY, Trouble.REFUSED}
        assert (network.plain.accepted, network.alpn.accepted, network.web.accepted) == (1, 0, 0)


@pytest.mark.real_time
async def test_each_way_goes_through_the_proxy_too(tmp_path: Path) -> None:
    """Fault 15: a proxy is the only way out."""
    async with asyncio.timeout(20), a_network(tmp_path) as network, a_connect_proxy() as proxy:
        proxy.login = "ann:hunter2"
        way_out = Proxy(Address("127.0.0.1", proxy.port), "ann:hunter2")
        for way in network.ways:
            through = Way(way.address, way.alpn, way.websocket_path, way_out)
            network.transport = MqttTransport([through], network.credentials)
            description = await network.connect()
            assert "through the proxy" in description
            assert "hunter2" not in description
        assert len(proxy.asked) == 3


def test_a_way_on_which_nothing_comes_back_leaves_time_for_the_others(tmp_path: Path) -> None:
    """Fault 15: 8883 blocked by a firewall that swallows everything."""

    async def main() -> None:
        async with a_network(tmp_path) as network:
            network.plain.stall()
            began = asyncio.get_running_loop().time()
            assert str(network.ways[1]) in await network.connect()
            assert asyncio.get_running_loop().time() - began < CONNECT_TIMEOUT_S

    run_hurried(main)


def test_all_ways_together_take_no_longer_than_a_connect_may_and_each_has_its_turn(tmp_path: Path) -> None:
    async def main() -> None:
        async with a_network(tmp_path) as network:
            for port in (network.plain, network.alpn, network.web):
                port.stall()
            for _ in range(3):
                began = asyncio.get_running_loop().time()
                assert (await network.failed()).trouble is Trouble.NETWORK
                assert asyncio.get_running_loop().time() - began < CONNECT_TIMEOUT_S + 2
            assert min(port.accepted for port in (network.plain, network.alpn, network.web)) >= 1

    run_hurried(main)
