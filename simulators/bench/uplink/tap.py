"""A tap far away: from the cloud's command to the cloud's knowing that the lamp is lit, radio's bytes and all.

Cloud → broker → hub → stick → lamp → stick → hub → broker → cloud, all on this machine: with nothing between, and with
a network that takes 40 ms each way.
"""

import asyncio
import contextlib
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hubagent.uplink.message.channel import Down
from simulators.bench.uplink.hub import LAMP, a_home, a_hub
from simulators.bench.uplink.site import HUB, Site, a_site
from simulators.tcp_proxy import tcp_proxy

DELAYS_MS: Final = (0.0, 80.0)
FEW_DELAYS_MS: Final = DELAYS_MS[1:]
"""Where a short run only shows that it works."""
PAUSE_S: Final = 0.1
"""Between two taps: nobody is faster, each takes three frames, and brokers want no more than fifty a second."""
WARM_UP: Final = 20
QUIET_S: Final = 3.0
"""Whoever is awake is through with his interview sooner: the air takes no time."""
TAP_S: Final = 10.0
FLOOR: Final = "floor"
AGENT: Final = "hubagent"
_FRAME: Final = bytes(120)
"""As long as a command."""


@dataclass(frozen=True, slots=True)
class Taps:
    """One way's figures, in nanoseconds."""

    way: str
    subject: str
    added_ms: float
    ns: list[int]


async def measure_taps(
    way: str, folder: Path, runs: int, tell: Callable[[str], None], delays_ms: Sequence[float] = DELAYS_MS
) -> list[Taps]:
    """With so much added to each round trip. Raises SubjectBroken, NoBroker, TimeoutError."""
    found = []
    async with a_site(folder / "site", way) as site:
        tell(f"{way}: {runs} taps through the bare way")
        found.append(Taps(way, FLOOR, 0.0, await _floor(site, runs)))
        for added_ms in delays_ms:
            tell(f"{way}: {runs} taps through the hub, {added_ms:g} ms added")
            found.append(Taps(way, AGENT, added_ms, await _taps(site, folder / f"{added_ms:g}", runs, added_ms)))
    return found


async def _taps(site: Site, folder: Path, runs: int, added_ms: float) -> list[int]:
    async with (
        tcp_proxy("127.0.0.1", site.port) as network,
        a_home(folder / "home") as sticks,
        a_hub(folder / "hub", sticks, site, network.port if added_ms else None),
    ):
        network.delay_s = added_ms / 2000
        await site.until(lambda: _lamp(site) is not None)
        # Interviews use the same radio.
        await _interviews(site)
        lamp = _lamp(site)
        assert lamp is not None
        times: list[int] = []
        for number in range(runs + WARM_UP):
            on = number % 2 == 0
            await asyncio.sleep(PAUSE_S)
            times.append(await _tap(site, lamp["id"], on))
        return times[WARM_UP:]


async def _tap(site: Site, device: str, on: bool) -> int:
    began = time.perf_counter_ns()
    site.service.command(HUB, device, {"on": on})
    await site.until(lambda: _is_on(site) is on, TAP_S)
    return time.perf_counter_ns() - began


def _lamp(site: Site) -> dict[str, Any] | None:
    """As the cloud knows it, once it does."""
    devices = site.service.consumer.devices(HUB) if site.is_online() else []
    return next((it for it in devices if it["name"] == LAMP and it["capabilities"].get("on_off")), None)


async def _interviews(site: Site) -> None:
    """Until no more of them end: those who sleep may be in one for hours."""
    left = _interviewed_now(site)
    with contextlib.suppress(TimeoutError):
        while left:
            before = left
            await site.until(lambda: _interviewed_now(site) != before, QUIET_S)  # noqa: B023 - called within this round
            left = _interviewed_now(site)


def _interviewed_now(site: Site) -> list[str]:
    return [it["name"] for it in site.service.consumer.devices(HUB) if it["state"] == "interviewing"]


def _is_on(site: Site) -> bool | None:
    lamp = _lamp(site)
    return None if lamp is None else lamp["capabilities"]["on_off"].get("on")


async def _floor(site: Site, runs: int) -> list[int]:
    """As `_tap`, with an echo for a hub."""
    folder = site.folder / "echo"
    site.authority.hub_with_key(HUB).write(folder, HUB)
    (folder / "anchors.pem").write_bytes(site.authority.anchors_pem)
    async with _echo_of(site, folder) as echo:
        times = []
        for _ in range(runs + WARM_UP):
            await asyncio.sleep(PAUSE_S)
            began = time.perf_counter_ns()
            await echo()
            times.append(time.perf_counter_ns() - began)
        return times[WARM_UP:]


Echo = Callable[[], "asyncio.Future[None]"]


class _Heard:
    """What came back, for whoever waits for it."""

    def __init__(self) -> None:
        self.future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def again(self) -> "asyncio.Future[None]":
        self.future = asyncio.get_running_loop().create_future()
        return self.future

    def come(self) -> None:
        if not self.future.done():
            self.future.set_result(None)

    # As a front's receiver.

    def received(self, _hub: str, _channel: str, _payload: bytes) -> None:
        self.come()

    def gone(self, _hub: str) -> None: ...


@asynccontextmanager
async def _echo_of(site: Site, folder: Path) -> AsyncIterator[Echo]:
    heard = _Heard()
    if site.broker is not None:
        door = site.service.doors[0]
        front = door.front
        assert front is not None
        with site.heard_by(heard):
            async with _echo_process(site.way, site.port, folder):
                await heard.future

                def through_the_broker() -> "asyncio.Future[None]":
                    future = heard.again()
                    front.send(HUB, Down.COMMAND, _FRAME)
                    return future

                yield through_the_broker
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(site.folder / "tls" / "server.pem", site.folder / "tls" / "server.key")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=site.authority.anchors_pem.decode("ascii"))
    made: asyncio.Future[asyncio.Transport] = asyncio.get_running_loop().create_future()
    server = await asyncio.get_running_loop().create_server(lambda: _Pipe(made, heard), "127.0.0.1", 0, ssl=context)
    async with server, _echo_process(site.way, server.sockets[0].getsockname()[1], folder):
        transport = await made
        await heard.future

        def straight() -> "asyncio.Future[None]":
            future = heard.again()
            transport.write(_FRAME)
            return future

        yield straight


class _Pipe(asyncio.Protocol):
    def __init__(self, made: "asyncio.Future[asyncio.Transport]", heard: _Heard) -> None:
        self._made = made
        self._heard = heard

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._made.set_result(transport)

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - that it came is enough
        self._heard.come()


@asynccontextmanager
async def _echo_process(way: str, port: int, folder: Path) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulators.bench.uplink.echo", way, str(port), str(folder), HUB
    )
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
