"""Numbered messages through everything that kills: the broker, the hub, the consumer, and a network that falls silent.

What is promised is what the hub said to be durable before it was killed. Counted afterwards in the cloud's database:
what of it is missing, and what is there twice. What came more than once on the wire, the consumer has counted.
"""

import asyncio
import json
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from hubagent.uplink.message.codec import decode_content
from simulators.bench.report import Table
from simulators.bench.subjects import SubjectBroken
from simulators.bench.uplink.hub import free_tcp_port
from simulators.bench.uplink.site import HUB, identify, write_tls
from simulators.cloud.broker import Broker
from simulators.cloud.ca import Authority
from simulators.tcp_proxy import TcpProxy, tcp_proxy

MESSAGES: Final = 20_000
PER_S: Final = 4000
FEW: Final = 2000
AWAY_S: Final = 2.0
DOWN_S: Final = 0.5
SILENT_S: Final = 3.0
"""Shorter than it takes to notice: what was under way arrives late, or again."""
EMPTY_S: Final = 180.0


@dataclass(frozen=True, slots=True)
class Loss:
    """One repetition."""

    way: str
    seed: int
    promised: int
    arrived: int
    lost: int
    twice: int
    """After the receiver's check."""
    repeated: int
    """On the wire."""
    kills: str


async def measure_loss(way: str, seed: int, folder: Path, messages: int = MESSAGES) -> Loss:
    """Raises SubjectBroken, NoBroker, TimeoutError."""
    rng = random.Random(f"{seed}:loss")  # noqa: S311 - a plan
    async with _Scene.of(way, folder) as scene:
        plan = _plan(rng, messages)
        for at, what in plan:
            await scene.hub_reaches(at)
            await getattr(scene, what)()
        await scene.hub_reaches(messages)
        await scene.finish()
    return _count(way, seed, folder, scene.promised, " ".join(what for _, what in plan))


def _plan(rng: random.Random, messages: int) -> list[tuple[int, str]]:
    """After how many messages what is done: everything comes, at a moment of its own and in an order of its own."""
    what = ["kill_server", "kill_hub", "kill_server", "kill_hub", "consumer_away", "silence"]
    rng.shuffle(what)
    return sorted(zip((rng.randrange(messages // 10, messages) for _ in what), what, strict=True))


class _Scene:
    """The processes of one repetition."""

    def __init__(self, way: str, folder: Path, network: TcpProxy, port: int, broker: Broker | None) -> None:
        self._way = way
        self._folder = folder
        self._network = network
        self._port = port
        self._broker = broker
        self._cloud: asyncio.subprocess.Process | None = None
        self._hub: asyncio.subprocess.Process | None = None
        self._seal = Path()
        self.promised: dict[int, int] = {}
        """By the hub's start, up to which number."""

    @classmethod
    @asynccontextmanager
    async def of(cls, way: str, folder: Path) -> AsyncIterator["_Scene"]:
        authority = write_tls(folder)
        async with AsyncExitStack() as ending:
            broker: Broker | None = None
            if way == "mqtt":
                tls = folder / "tls"
                made = Broker(folder / "broker", tls / "anchors.pem", tls / "server.pem", tls / "server.key")
                broker = await ending.enter_async_context(made)
                hubs, consumer = broker.port, broker.consumer_port
            else:
                hubs = consumer = free_tcp_port()
            network = await ending.enter_async_context(tcp_proxy("127.0.0.1", hubs))
            scene = cls(way, folder, network, consumer, broker)
            ending.push_async_callback(scene.end)
            await scene.begin(authority)
            yield scene

    async def begin(self, authority: Authority) -> None:
        self._seal = identify(authority, self._folder, self._folder / "state", HUB)
        await self._start_cloud()
        await self._start_hub()

    async def end(self) -> None:
        for process in (self._hub, self._cloud):
            await _kill(process)

    async def hub_reaches(self, messages: int) -> None:
        """Until so many are promised, over all starts."""
        while sum(self.promised.values()) < messages:
            await self._hear_hub()

    async def finish(self) -> None:
        """The hub says no more, and everything that it has arrives."""
        assert self._hub is not None
        assert self._hub.stdin is not None
        self._hub.stdin.write(b"end\n")
        async with asyncio.timeout(EMPTY_S):
            while await self._hear_hub() != "empty":
                pass

    # What goes wrong.

    async def kill_hub(self) -> None:
        await _kill(self._hub)
        await self._read_rest()
        await self._start_hub()

    async def kill_server(self) -> None:
        """The broker, or where there is none the cloud itself."""
        if self._broker is None:
            await self.consumer_away(DOWN_S)
            return
        await self._broker.kill()
        await asyncio.sleep(DOWN_S)
        await self._broker.start()

    async def consumer_away(self, seconds: float = AWAY_S) -> None:
        await _kill(self._cloud)
        await asyncio.sleep(seconds)
        await self._start_cloud()

    async def silence(self) -> None:
        self._network.stall()
        await asyncio.sleep(SILENT_S)
        self._network.resume()

    # Processes.

    async def _start_cloud(self) -> None:
        self._cloud = await _spawn("cloud_side", self._way, str(self._port), str(self._folder))
        assert self._cloud.stdout is not None
        if await self._cloud.stdout.readline() != b"ready\n":
            raise SubjectBroken("the cloud did not start")

    async def _start_hub(self) -> None:
        scheme = {"coap": "coaps+tcp", "mqtt": "mqtts"}[self._way]
        url = f"{scheme}://localhost:{self._network.port}"
        self._hub = await _spawn("hub_side", url, str(self._seal), str(self._folder / "state"), str(PER_S))
        await self._hear_hub()

    async def _hear_hub(self) -> str:
        assert self._hub is not None
        assert self._hub.stdout is not None
        line = (await self._hub.stdout.readline()).decode()
        if not line:
            raise SubjectBroken("the hub ended by itself")
        return self._heard(line)

    def _heard(self, line: str) -> str:
        word, *numbers = line.split()
        if word == "durable" and len(numbers) == 2:
            self.promised[int(numbers[0])] = int(numbers[1])
        return word

    async def _read_rest(self) -> None:
        assert self._hub is not None
        assert self._hub.stdout is not None
        for line in (await self._hub.stdout.read()).decode().splitlines(keepends=True):
            if line.endswith("\n"):
                self._heard(line)


async def _spawn(module: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"simulators.bench.loss.{module}",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def _kill(process: asyncio.subprocess.Process | None) -> None:
    if process is not None and process.returncode is None:
        process.kill()
        await process.wait()


def _count(way: str, seed: int, folder: Path, promised: dict[int, int], kills: str) -> Loss:
    times: Counter[tuple[int, int]] = Counter()
    with closing(sqlite3.connect(folder / "cloud.db")) as database:
        for (content,) in database.execute("SELECT content FROM history WHERE kind = 'variable'"):
            _at, _kind, body = decode_content(content)
            times[int(body["name"]), int(body["value"])] += 1
        counts: str = database.execute("SELECT counts FROM hubs").fetchone()[0]
    wanted = [(boot, number) for boot, last in promised.items() for number in range(1, last + 1)]
    return Loss(
        way=way,
        seed=seed,
        promised=len(wanted),
        arrived=len(times),
        lost=sum(1 for it in wanted if it not in times),
        twice=sum(count - 1 for count in times.values()),
        repeated=_repeated(counts),
        kills=kills,
    )


def _repeated(counts: str) -> int:
    found: int = json.loads(counts).get("duplicates", 0)
    return found


async def measure_losses(
    folder: Path, repeats: int, messages: int, tell: Callable[[str], None], ways: Sequence[str] = ("coap", "mqtt")
) -> list[Loss]:
    found = []
    for way in ways:
        for seed in range(1, repeats + 1):
            tell(f"{way}: {messages} numbered messages and six misfortunes, seed {seed}")
            found.append(await measure_loss(way, seed, folder / f"loss-{way}-{seed}", messages))
    return found


def table(losses: Sequence[Loss]) -> Table:
    head = ("", "seed", "promised", "arrived", "lost", "twice", "repeated on the wire", "what happened")
    return head, [tuple(str(it) for it in asdict(loss).values()) for loss in losses]


def view(losses: Sequence[Loss]) -> list[dict[str, Any]]:
    return [asdict(loss) for loss in losses]


def failed_gates(losses: Sequence[Loss]) -> list[str]:
    return [
        f"{it.way}, seed {it.seed}: {it.lost} of {it.promised} promised messages were lost, {it.twice} came twice"
        for it in losses
        if it.lost or it.twice
    ]
