"""How soon a hub is back: after its broker returned, after the network fell silent, and when hundreds come at once."""

import asyncio
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hubagent.uplink.message.channel import Up
from hubagent.uplink.transports.coap import make_coap
from hubagent.uplink.transports.mqtt import make_mqtt
from hubagent.uplink.transports.port import CONNECT_TIMEOUT_S, ConnectFailed, Connection, Farewell, Lost, Transport
from simulators.bench.uplink.hub import a_hub
from simulators.bench.uplink.site import Site, a_site
from simulators.tcp_proxy import TcpProxy, tcp_proxy

OUTAGE_S: Final = 1.0
"""How long a broker is away when it is restarted."""
SILENCES: Final = 10
"""Restarts for each silence, which takes twenty seconds."""
HERD: Final = 500
HERD_SPREAD_S: Final = 8.0
HALF_OPEN_S: Final = 40.0
_LOOK_S: Final = 0.02


@dataclass(slots=True)
class Comeback:
    way: str
    back_s: list[float] = field(default_factory=list)
    """From the server's listening again to the hub's being welcomed."""
    noticed_s: list[float] = field(default_factory=list)
    """From the silence of the network to the hub's next attempt."""
    herd_s: list[float] = field(default_factory=list)
    """All at once: from then to each one's connection."""
    spread_s: list[float] = field(default_factory=list)
    """With full jitter: from each one's attempt to its connection."""


async def measure_comeback(way: str, folder: Path, repeats: int, herd: int, tell: Callable[[str], None]) -> Comeback:
    """Raises SubjectBroken, NoBroker, TimeoutError."""
    found = Comeback(way)
    async with a_site(folder / "site", way) as site:
        tell(f"{way}: the server restarts, {repeats} times")
        for number in range(repeats):
            found.back_s.append(await _restart(site, folder / f"hub{number}"))
        silences = max(1, repeats // SILENCES)
        tell(f"{way}: the network falls silent, {silences} times")
        for number in range(silences):
            found.noticed_s.append(await _silence(site, folder / f"silent{number}"))
        tell(f"{way}: {herd} hubs at once, and over {HERD_SPREAD_S:g} s")
        found.herd_s = await _herd(site, folder / "herd", herd, 0.0)
        found.spread_s = await _herd(site, folder / "herd", herd, HERD_SPREAD_S)
    return found


async def _silence(site: Site, folder: Path) -> float:
    loop = asyncio.get_running_loop()
    async with tcp_proxy("127.0.0.1", site.port) as network, a_hub(folder, {}, site, network.port):
        await site.until(site.is_online)
        # A refused handshake is tried once more to learn why: there may have been two connections.
        before, began = network.accepted, loop.time()
        network.stall()
        async with asyncio.timeout(HALF_OPEN_S):
            while network.accepted == before:  # noqa: ASYNC110 - a socket has no event for it
                await asyncio.sleep(_LOOK_S)
        return loop.time() - began


async def _restart(site: Site, folder: Path) -> float:
    """A hub of its own each time: one that was cut off again and again would wait longer, as it should."""
    async with tcp_proxy("127.0.0.1", site.port) as network, a_hub(folder, {}, site, network.port):
        await site.until(site.is_online)
        return await _outage(site, network)


async def _outage(site: Site, network: TcpProxy) -> float:
    loop = asyncio.get_running_loop()
    if site.broker is not None:
        await site.broker.kill()
        site.service.consumer.all_gone()
        await asyncio.sleep(OUTAGE_S)
        await site.broker.start()
        began = loop.time()
    else:
        network.refuse()
        network.cut()
        await site.until(lambda: not site.is_online())
        await asyncio.sleep(OUTAGE_S)
        network.refuse(False)
        began = loop.time()
    await site.until(site.is_online)
    return loop.time() - began


class _Credentials:
    """A hub's, in files of its own."""

    def __init__(self, hub: str, folder: Path) -> None:
        self.hub = hub
        self._folder = folder

    def client_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self._folder / "anchors.pem"))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self._folder / f"{self.hub}.pem", self._folder / f"{self.hub}.key")
        return context

    def check(self, tls: ssl.SSLObject) -> None: ...


class _NoEar:
    def received(self, channel: str, payload: bytes) -> None: ...

    def writable(self) -> None: ...

    def refused(self, channel: Up, reason: str) -> None: ...

    def lost(self, lost: Lost) -> None: ...


async def _herd(site: Site, folder: Path, count: int, spread_s: float) -> list[float]:
    """The seconds that each waited for its connection; a failed attempt counts as the whole time-out."""
    loop = asyncio.get_running_loop()
    rng = random.Random(count)  # noqa: S311 - who comes when
    hubs = [f"herd-{number:08}" for number in range(count)]
    for hub in hubs:
        site.authority.hub_with_key(hub).write(folder, hub)
    (folder / "anchors.pem").write_bytes(site.authority.anchors_pem)
    transports = [_transport(site, _Credentials(hub, folder)) for hub in hubs]

    async def come(hub: str, transport: Transport) -> tuple[float, Connection | None]:
        await asyncio.sleep(rng.uniform(0, spread_s))
        began = loop.time()
        try:
            connection = await transport.connect(_NoEar(), Farewell(Up.PRESENCE, hub.encode()))
        except ConnectFailed:
            return CONNECT_TIMEOUT_S, None
        return loop.time() - began, connection

    with site.heard_by(_Nobody()):
        async with asyncio.TaskGroup() as tasks:
            coming = [tasks.create_task(come(hub, it)) for hub, it in zip(hubs, transports, strict=True)]
        came = [task.result() for task in coming]
        for _, connection in came:
            if connection is not None:
                connection.close()
        for transport in transports:
            await transport.closed()
    return [waited for waited, _ in came]


class _Nobody:
    def received(self, _hub: str, _channel: str, _payload: bytes) -> None: ...

    def gone(self, _hub: str) -> None: ...


def _transport(site: Site, credentials: _Credentials) -> Transport:
    return make_coap(site.url(), credentials) if site.way == "coap" else make_mqtt(site.url(), credentials)
