"""One process on a hub's host: the agent, from its start to its end. What it opened is taken from it when it dies."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hubagent.agent import Agent, run_agent
from hubagent.clock import TrustedClock
from hubagent.config import Config
from hubagent.runtime import PortError, Runtime
from hubagent.uplink.place import Link
from simulators.site.life import Life, enter
from simulators.site.ports import HostPort, HostWay

if TYPE_CHECKING:
    from simulators.site.hub import Hub

HUB: Final = "hub-00000001"
"""Its name in the cloud."""
_BUILT: Final = 1_760_000_000.0
"""When the simulated agent was made: before every invented day, however old this program gets."""


class Process:
    """`task` is what runs it."""

    def __init__(self, hub: "Hub", runtime: Runtime, config: Config) -> None:
        self.task: asyncio.Task[None]
        self.life = Life()
        self.ended = False
        """Told to end, or dead."""
        self.error: Exception | None = None
        """What it raised while it was told to end."""
        self._hub = hub
        self._runtime = replace(runtime, open_serial=self._open_serial)
        self._config = config
        self._ports: list[HostPort] = []
        self._way = None if hub.net is None else HostWay(hub.net.transport(HUB), self.life)

    async def run(self) -> None:
        enter(self.life)
        try:
            await run_agent(self._runtime, self._config, self._hub.kinds, self._ready, self._link(), made=self._made)
        except Exception as error:  # noqa: BLE001 - whoever watches the hub is told
            if self.life.dead:
                return
            if not self.ended:
                self._hub.ended(self, error)
                return
            self.error = error

    def die(self) -> None:
        self.ended = True
        self.life.die()
        for port in self._ports:
            port.die()
        if self._way is not None:
            self._way.die()

    def _made(self, agent: Agent) -> None:
        self._hub.is_made(self, agent)

    def _ready(self, _seconds: float, agent: Agent) -> None:
        self._hub.is_ready(self, agent)

    async def _open_serial(self, port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
        del baud
        radio, cable = self._hub.cable(port)
        if self.ended:
            raise PortError(port, "the process is over", "start it")
        host = HostPort(radio, protocol, self._hub.trace, self.life, self._hub.gates[radio])
        transport = host.open(cable)
        self._ports.append(host)
        return transport

    def _link(self) -> Link | None:
        way = self._way
        if way is None:
            return None
        # Recorded days may be long before: the hub is then as old as they are, whatever its clock shows.
        built = min(_BUILT, self._hub.clock() - self._hub.clock.off_s)
        loop_time = asyncio.get_running_loop().time
        clock = TrustedClock(self._runtime.wall, loop_time, self._config.state_dir / "clock", built=built)
        return Link(HUB, lambda _server: way, clock)
