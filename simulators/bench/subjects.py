"""What is measured, each a process of its own, as it is run in earnest: floor and agent. Peers are each radio's."""

import asyncio
import os
import socket
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hubagent.api.client import AgentUnreachable, Client, Lost, connect
from simulators.bench.household import RULES, Household
from simulators.bench.wire import Wire

PROJECT: Final = Path(__file__).parents[2]
PEERS: Final = PROJECT / ".peers"
NODE_MODULES: Final = PEERS / "node_modules"
START_S: Final = 60.0
INTERVIEWS_S: Final = 300.0
PAIRING_S: Final = 60.0
_LOOK_S: Final = 0.02
"""Between two questions whether the interviews are over."""
_LINE_MAX: Final = 1 << 20
_CPU_OF_PROCESS: Final = 2


class SubjectMissing(Exception):
    """It cannot be measured on this machine."""


class SubjectBroken(Exception):
    """It did not start, or ended."""


@dataclass(frozen=True, slots=True)
class Known:
    """How long a start took, from the start of the process. `interviewed_s` is None where there are no interviews."""

    ready_s: float
    interviewed_s: float | None


class Subject(ABC):
    """One kind of process. `folder` keeps what it keeps between two starts."""

    name: str

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    @asynccontextmanager
    async def running(self, wire: Wire, household: Household) -> AsyncIterator[Known]:
        """The process, from when it knows its nodes. Raises SubjectBroken, SubjectMissing."""
        self._folder.mkdir(exist_ok=True)
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *self._command(wire, household),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **self._environment()},
            limit=_LINE_MAX,
        )
        self._process = process
        try:
            await self._line("ready", START_S)
            ready_s = time.perf_counter() - began
            interviewed = await self._interviewed(household)
            yield Known(ready_s, time.perf_counter() - began if interviewed else None)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.communicate()
            self._process = None

    def cpu_ns(self) -> int:
        """What all threads of the process have used so far."""
        # clock_getcpuclockid(3) as Linux has it.
        return time.clock_gettime_ns(~self._pid << 3 | _CPU_OF_PROCESS)

    def memory_mb(self) -> float:
        """Resident at the moment, in MB of 10⁶ bytes."""
        for line in Path(f"/proc/{self._pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise SubjectBroken(f"{self.name} has no memory any more")

    @property
    def _pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def _line(self, begins: str, timeout_s: float) -> str:
        """The next line of its stderr that begins so."""
        assert self._process is not None
        assert self._process.stderr is not None
        said: list[str] = []
        try:
            async with asyncio.timeout(timeout_s):
                async for line in self._process.stderr:
                    said.append(line.decode(errors="replace").rstrip())
                    if said[-1].startswith(begins):
                        return said[-1]
        except TimeoutError:
            said.append(f"and then nothing for {timeout_s:g} s")
        raise SubjectBroken(f"{self.name} did not become {begins}: " + "\n".join(said[-5:]))

    def _write(self, line: bytes) -> None:
        """To its stdin."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(line)

    @abstractmethod
    def _command(self, wire: Wire, household: Household) -> list[str]: ...

    def _environment(self) -> dict[str, str]:
        return {}

    async def _interviewed(self, household: Household) -> bool:  # noqa: ARG002 - for those who ask
        """Wait until every node is known; False where the subject asks none."""
        return False


class Pairs(Subject):
    """One that lets devices in."""

    @abstractmethod
    async def pair(self, press: Callable[[], None]) -> None:
        """Open the network, press, and wait until the one that came is known. Raises SubjectBroken."""


class Floor(Subject):
    """`module` is each radio's."""

    name = "floor"

    def __init__(self, folder: Path, module: str, delay_s: float = 0.0) -> None:
        super().__init__(folder)
        self._module = module
        self._delay_s = delay_s

    def _command(self, wire: Wire, household: Household) -> list[str]:
        return [sys.executable, "-m", self._module, wire.url, str(self._delay_s), *household.members]


class Agent(Pairs):
    """`hubagent run`, with its store, its API and the rules."""

    name = "hubagent"

    def __init__(self, folder: Path, radio: str) -> None:
        super().__init__(folder)
        self._radio = radio
        self._api = ("127.0.0.1", 0)

    async def latencies_ms(self) -> list[float]:
        """What it measured itself from the report's bytes read to the command's bytes written, as far as it recalls."""
        async with connect(self._api) as client:
            page = await client.get("v1", "events", since=1)
            found: list[float] = []
            while page["events"]:
                found += [it["latency_ms"] for it in page["events"] if it.get("latency_ms") is not None]
                page = await client.get("v1", "events", since=page["next"])
            return found

    def _command(self, wire: Wire, household: Household) -> list[str]:  # noqa: ARG002 - the stick tells
        self._api = ("127.0.0.1", _free_port())
        (self._folder / "rules.toml").write_text(RULES, encoding="utf-8")
        config = self._folder / "hub.toml"
        config.write_text(self._toml(wire), encoding="utf-8")
        return [sys.executable, "-m", "hubagent", "run", "--config", str(config)]

    def _toml(self, wire: Wire) -> str:
        return (
            '[hub]\nname = "bench"\nstate_dir = "state"\n'
            f'[drivers.{self._radio}]\nport = "{wire.url}"\n'
            '[rules]\nfiles = ["rules.toml"]\n'
            f'[api]\nlisten = "127.0.0.1:{self._api[1]}"\n'
        )

    async def pair(self, press: Callable[[], None]) -> None:
        try:
            async with asyncio.timeout(PAIRING_S), connect(self._api) as client:
                await self._follow_pairing(client, press)
        except (TimeoutError, AgentUnreachable) as error:
            raise SubjectBroken(f"{self.name} did not pair a device: {error}") from error

    async def _follow_pairing(self, client: Client, press: Callable[[], None]) -> None:
        wish = {"action": "pair", "protocol": self._radio, "timeout": PAIRING_S}
        started = await client.post(("v1", "pairing"), wish)
        async for event in client.events(started["since"]):
            if isinstance(event, Lost) or event["event"] != "pairing" or event["session"] != started["session"]:
                continue
            if event["step"] == "ready":
                press()
            if event["final"]:
                if not event["ok"]:
                    raise SubjectBroken(f"{self.name} did not pair a device: {event['text']}")
                return

    async def _interviewed(self, household: Household) -> bool:
        try:
            async with asyncio.timeout(INTERVIEWS_S), connect(self._api) as client:
                while True:
                    devices = (await client.get("v1", "devices"))["devices"]
                    known = [device for device in devices if device["state"] in ("ready", "asleep")]
                    if len(known) == len(devices) >= household.nodes:
                        return True
                    await asyncio.sleep(_LOOK_S)
        except (TimeoutError, AgentUnreachable) as error:
            raise SubjectBroken(f"{self.name} did not interview every node: {error}") from error


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
