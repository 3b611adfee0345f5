"""The hub of a site: a host with clock, disk and power, and the agent's process on it, life after life."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Final

from hubagent.agent import Agent, run_agent
from hubagent.cli.drivers import InstalledDrivers
from hubagent.clock import TrustedClock
from hubagent.config import Config, load_config
from hubagent.runtime import PortError, Runtime
from hubagent.uplink.place import Link
from hubagent.uplink.transports.port import Connection, Ear, Farewell, Transport
from simulators.cable import MemoryCable
from simulators.internet.network import HubEnd, Internet
from simulators.runtime import simulated_runtime
from simulators.site.clock import HostClock
from simulators.site.disk import Disk
from simulators.site.ports import HostPort
from simulators.site.trace import Trace

HUB: Final = "hub-00000001"
"""Its name in the cloud."""
RESTART_S: Final = 5.0
"""After which a service manager starts a process that ended by itself."""
_BUILT: Final = 1_760_000_000.0
"""When the simulated agent was made: before every simulated day, however old this program gets."""


@dataclass(frozen=True, slots=True)
class Plugs:
    """What the host is connected to."""

    cables: Mapping[str, MemoryCable]
    """By radio."""
    net: Internet | None


_process: ContextVar["_Process | None"] = ContextVar("process", default=None)


def in_a_dead_process() -> bool:
    """Whether who runs is a process that was killed: what it still does, or logs, did not happen."""
    process = _process.get()
    return process is not None and process.dead


class Hub:
    """`power_on` starts it, and the agent with it; `tasks` is where its processes live."""

    def __init__(
        self,
        seed: object,
        disk: Disk,
        clock: HostClock,
        plugs: Plugs,
        settings: Mapping[str, str],
        trace: Trace,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self.agent: Agent | None = None
        """While every driver is up."""
        self.lives = 0
        self.crashes: list[BaseException] = []
        """What ended the agent without anybody's doing."""
        self.on_made: list[Callable[[Agent], None]] = []
        """Called each time that an agent is made, before anything happens in it."""
        self.on_agent: list[Callable[[Agent], None]] = []
        """Called each time that an agent is ready."""
        self.disk = disk
        self.clock = clock
        self.kinds = InstalledDrivers()
        self._seed = seed
        self._plugs = plugs
        self._settings = settings
        self._trace = trace
        self._tasks = tasks
        self._root = disk.folder
        self._process: _Process | None = None
        self._on = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._coming: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    def power_on(self) -> None:
        """Start the agent; nothing where it runs."""
        self._forget_coming()
        if self._process is not None:
            return
        if self.disk.dead:
            before, self.disk = self.disk, self.disk.next_life(self._root.with_name(f"{self._root.name}.{self.lives}"))
            if before.folder != self._root:
                shutil.rmtree(before.folder, ignore_errors=True)
        self.lives += 1
        self._process = _Process(self, self._runtime(), self.config())
        self._process.task = self._tasks.create_task(self._process.run(), name=f"agent {self.lives}")

    def kill(self, back_after_s: float | None = RESTART_S) -> None:
        """As kill -9 does: the process is gone, between any two of its steps. None: it stays away."""
        self._end(self.disk.kill, back_after_s)

    def cut_power(self, back_after_s: float | None = 30.0) -> None:
        """Now, between two writes of its disk."""
        self._end(self.disk.cut_power, back_after_s)

    def cut_power_at(self, write: int, back_after_s: float | None = 30.0) -> None:
        """In the middle of the write to its disk after so many others (1: the next)."""
        # The writer's own step ends first; whatever it still does reaches nobody.
        self.disk.cut_power_at(write, lambda: self._end(lambda: None, back_after_s))

    async def stop(self) -> None:
        """In order, as on SIGTERM."""
        self._forget_coming()
        process, self._process = self._process, None
        self.agent = None
        if process is not None:
            process.ended = True
            process.task.cancel()
            await asyncio.wait((process.task,))
            if not process.task.cancelled() and (error := process.task.exception()) is not None:
                raise error
        self._on.clear()
        self.disk.kill()

    async def ready(self) -> Agent:
        """The agent, as soon as every driver of it is up. Raises what ended its first life."""
        while self.agent is None:
            await self._on.wait()
            if self.agent is None:
                self._on.clear()
                if self.crashes and self.lives == 1:
                    raise self.crashes[-1]
        return self.agent

    def config(self) -> Config:
        """As from a hub.toml that says just this."""
        environment = {
            "HUBAGENT_HUB__STATE_DIR": str(self.disk.folder),
            "HUBAGENT_API__LISTEN": "off",
            **{f"HUBAGENT_DRIVERS__{radio.upper()}__PORT": cable.address for radio, cable in self._cables},
            **self._settings,
        }
        return load_config(None, environment, self.kinds)

    # --- what its process tells

    def is_made(self, process: "_Process", agent: Agent) -> None:
        if process is self._process:
            for told in self.on_made:
                told(agent)

    def is_ready(self, process: "_Process", agent: Agent) -> None:
        if process is self._process:
            self.agent = agent
            self._on.set()
            for told in self.on_agent:
                told(agent)

    def ended(self, process: "_Process", error: BaseException) -> None:
        """By itself, which it never should."""
        if process is not self._process:
            return
        self.crashes.append(error)
        self.disk.kill()
        process.die()
        self._process = self.agent = None
        self._on.set()
        self._later(RESTART_S)

    # --- inside

    @property
    def _cables(self) -> list[tuple[str, MemoryCable]]:
        return sorted(self._plugs.cables.items())

    def _end(self, how: Callable[[], None], back_after_s: float | None) -> None:
        how()
        process, self._process = self._process, None
        self.agent = None
        self._on.clear()
        if process is not None:
            process.die()
            # In the next step, as a process cannot take itself away.
            self._loop.call_soon(process.task.cancel)
        self._later(back_after_s)

    def _later(self, seconds: float | None) -> None:
        self._forget_coming()
        if seconds is not None:
            self._coming = self._loop.call_later(seconds, self.power_on)

    def _forget_coming(self) -> None:
        if self._coming is not None:
            self._coming.cancel()
            self._coming = None

    def _runtime(self) -> Runtime:
        seed = f"{self._seed}:hub:{self.lives}"
        return replace(self.disk.runtime(simulated_runtime(seed, {})), wall=self.clock)

    # --- what a process opens

    def cable(self, port: str) -> tuple[str, MemoryCable]:
        """Raises PortError."""
        found = [(radio, cable) for radio, cable in self._cables if cable.address == port]
        if not found:
            places = ", ".join(cable.address for _, cable in self._cables)
            raise PortError(port, "there is no such port", f"ports of this site: {places}")
        return found[0]

    @property
    def net(self) -> Internet | None:
        return self._plugs.net

    @property
    def trace(self) -> Trace:
        return self._trace


class _Process:
    """One life of the agent. What it opened is taken from it when it dies."""

    def __init__(self, hub: Hub, runtime: Runtime, config: Config) -> None:
        self.task: asyncio.Task[None]
        self.ended = False
        """Told to end, or dead."""
        self.dead = False
        self._hub = hub
        self._runtime = replace(runtime, open_serial=self._open_serial)
        self._config = config
        self._ports: list[HostPort] = []
        self._end: HubEnd | None = None
        self._way = None if hub.net is None else hub.net.transport(HUB)

    async def run(self) -> None:
        _process.set(self)
        try:
            await run_agent(self._runtime, self._config, self._hub.kinds, self._ready, self._link(), made=self._made)
        except Exception as error:
            if not self.dead:
                if self.ended:
                    raise
                self._hub.ended(self, error)

    def die(self) -> None:
        self.ended = self.dead = True
        for port in self._ports:
            port.die()
        if self._end is not None:
            self._end.die()

    def _made(self, agent: Agent) -> None:
        self._hub.is_made(self, agent)

    def _ready(self, _seconds: float, agent: Agent) -> None:
        self._hub.is_ready(self, agent)

    async def _open_serial(self, port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
        del baud
        radio, cable = self._hub.cable(port)
        if self.ended:
            raise PortError(port, "the process is over", "start it")
        host = HostPort(radio, protocol, self._hub.trace)
        transport = host.open(cable)
        self._ports.append(host)
        return transport

    # --- the way to the cloud

    def _link(self) -> Link | None:
        if self._way is None:
            return None
        loop_time = asyncio.get_running_loop().time
        clock = TrustedClock(self._runtime.wall, loop_time, self._config.state_dir / "clock", built=_BUILT)
        return Link(HUB, self._transport, clock)

    def _transport(self, _server: str | None) -> Transport:
        return self

    async def connect(self, ear: Ear, farewell: Farewell) -> Connection:
        assert self._way is not None
        end = await self._way.connect(ear, farewell)
        assert isinstance(end, HubEnd)
        self._end = end
        if self.ended:
            end.die()
        return end

    async def closed(self) -> None: ...
