"""The hub of a site: a host with clock, disk and power, and the agent's process on it, life after life."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import Final

from hubagent.agent import Agent
from hubagent.cli.drivers import InstalledDrivers
from hubagent.config import Config, load_config
from hubagent.runtime import PortError, Runtime
from simulators.cable import MemoryCable
from simulators.internet.network import Internet
from simulators.runtime import simulated_runtime
from simulators.site.clock import HostClock
from simulators.site.disk import Disk
from simulators.site.life import in_a_dead_process
from simulators.site.ports import Gate
from simulators.site.process import HUB, Process
from simulators.site.trace import Trace

__all__ = ("HUB", "Hub", "Plugs", "in_a_dead_process")
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
        self.on_power: list[Callable[[Disk], None]] = []
        """Called each time that it is switched on, with the disk as the new process finds it."""
        self.on_end: list[Callable[[bool], None]] = []
        """Called each time that a process is told to end, taken away, or ends by itself: whether the power went."""
        self.on_made: list[Callable[[Agent], None]] = []
        """Called each time that an agent is made, before anything happens in it."""
        self.on_agent: list[Callable[[Agent], None]] = []
        """Called each time that an agent is ready."""
        self.bad_ends: list[BaseException] = []
        """What was raised by those that were told to end."""
        self.rotten: list[float] = []
        """When bits of its disk changed by themselves, by the loop's time."""
        self.disk = disk
        self.clock = clock
        self.kinds = InstalledDrivers()
        self.gates = {radio: Gate() for radio in sorted(plugs.cables)}
        """By radio."""
        self._seed = seed
        self._plugs = plugs
        self._settings = settings
        self._trace = trace
        self._tasks = tasks
        self._root = disk.folder
        self._process: Process | None = None
        self._on = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._world = copy_context()
        self._coming: asyncio.TimerHandle | None = None
        self._stopped = False

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    def power_on(self) -> None:
        """Start the agent; nothing where it runs."""
        self._forget_coming()
        self._stopped = False
        if self._process is not None:
            return
        if self.disk.dead:
            before, self.disk = self.disk, self.disk.next_life(self._root.with_name(f"{self._root.name}.{self.lives}"))
            if before.folder != self._root:
                shutil.rmtree(before.folder, ignore_errors=True)
        for told in self.on_power:
            told(self.disk)
        self.lives += 1
        self._process = Process(self, self._runtime(), self.config())
        self.disk.wrote = self._process.life.did
        self._process.task = self._tasks.create_task(self._process.run(), name=f"agent {self.lives}")

    def kill(self, back_after_s: float | None = RESTART_S) -> None:
        """As kill -9 does: the process is gone, between any two of its steps. None: it stays away."""
        self._end(self.disk.kill, back_after_s, power=False)

    def cut_power(self, back_after_s: float | None = 30.0) -> None:
        """Now, between two writes of its disk."""
        self._end(self.disk.cut_power, back_after_s, power=True)

    def cut_power_at(self, write: int, back_after_s: float | None = 30.0) -> None:
        """In the middle of the write to its disk after so many others (1: the next)."""
        # The writer's own step ends first; whatever it still does reaches nobody.
        self.disk.cut_power_at(write, lambda: self._end(lambda: None, back_after_s, power=True))

    def kill_at(self, effect: int, back_after_s: float | None = RESTART_S) -> Callable[[], None]:
        """As `kill`, right after the effect after so many others (1: the next): a write to a port, a frame to the
        cloud, a write to the disk. Whatever its step still does reaches nobody. Returns what calls it off."""
        process = self._process
        if process is None:
            return lambda: None
        life, at = process.life, process.life.effects + effect

        def did() -> None:
            if life.effects >= at and process is self._process:
                self.kill(back_after_s)

        life.after = did

        def call_off() -> None:
            life.after = lambda: None

        return call_off

    def stall(self) -> Callable[[], None]:
        """Its process stands still until what is returned is called (`Life.stall`)."""
        return (lambda: None) if self._process is None else self._process.life.stall()

    def inside(self, what: Callable[[Agent], None]) -> None:
        """The process does that, as if somebody had asked it over its local API; nothing while it is not ready."""
        agent = self.agent
        if self._process is not None and agent is not None:
            self._process.life.hears(what, agent)

    def restart(self, back_after_s: float = RESTART_S) -> None:
        """In order, as on SIGTERM; and after a while it is started."""
        self._tell_end(power=False)
        process, self._process = self._process, None
        self.agent = None
        self._on.clear()
        if process is None:
            return
        process.ended = True
        process.task.add_done_callback(lambda _: self._ended_in_order(process, back_after_s), context=self._world)
        process.task.cancel()

    def rot(self, name: str, place: float, bit: int) -> None:
        """A bit of the file of that name changes by itself, at that share of its length, while the hub is off."""
        if self._process is None and self.disk.rot(name, place, bit):
            self.rotten.append(self._loop.time())

    async def stop(self) -> None:
        """In order, as on SIGTERM."""
        self._stopped = True
        self._forget_coming()
        process, self._process = self._process, None
        self.agent = None
        if process is not None:
            process.ended = True
            process.task.cancel()
            await asyncio.wait((process.task,))
            if process.error is not None:
                raise process.error
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

    def is_made(self, process: "Process", agent: Agent) -> None:
        if process is self._process:
            for told in self.on_made:
                told(agent)

    def is_ready(self, process: "Process", agent: Agent) -> None:
        if process is self._process:
            self.agent = agent
            self._on.set()
            for told in self.on_agent:
                told(agent)

    def ended(self, process: "Process", error: BaseException) -> None:
        """By itself, which it never should."""
        if process is not self._process:
            return
        self.crashes.append(error)
        self.disk.kill()
        self._tell_end(power=False)
        process.die()
        self._process = self.agent = None
        self._on.set()
        self._later(RESTART_S)

    # --- inside

    @property
    def _cables(self) -> list[tuple[str, MemoryCable]]:
        return sorted(self._plugs.cables.items())

    def _end(self, how: Callable[[], None], back_after_s: float | None, *, power: bool) -> None:
        how()
        self._tell_end(power=power)
        process, self._process = self._process, None
        self.agent = None
        self._on.clear()
        if process is not None:
            process.die()
            # In the next step, as a process cannot take itself away.
            self._loop.call_soon(process.task.cancel, context=self._world)
        self._later(back_after_s)

    def _ended_in_order(self, process: Process, back_after_s: float) -> None:
        if process.error is not None:
            self.bad_ends.append(process.error)
        self.disk.kill()
        process.die()
        if not self._stopped:
            self._later(back_after_s)

    def _tell_end(self, *, power: bool) -> None:
        if self._process is not None:
            for told in self.on_end:
                told(power)

    def _later(self, seconds: float | None) -> None:
        self._forget_coming()
        if seconds is not None:
            # Of the world, whoever asked for it.
            self._coming = self._loop.call_later(seconds, self.power_on, context=self._world)

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
