"""The agent on the demo's home, in virtual time, with a digest of every byte on the cable."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hubagent.agent import Agent, run_agent
from hubagent.cli.drivers import InstalledDrivers
from hubagent.config import load_config
from simulators.cable import MemoryCable
from simulators.home import home_file, read_home, rules_file
from simulators.runtime import simulated_runtime
from simulators.world import World


class TappedCable(MemoryCable):
    """Counts and digests what crosses it, with the time of it."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.digest = hashlib.sha256()
        self.chunks = 0

    def _to_host(self, data: bytes) -> None:
        self._note("host", data)
        super()._to_host(data)

    def _from_host(self, data: bytes) -> None:
        self._note("dongle", data)
        super()._from_host(data)

    def _note(self, to: str, data: bytes) -> None:
        self.chunks += 1
        self.digest.update(f"{asyncio.get_running_loop().time()!r} {to} {data.hex()}\n".encode())


@dataclass(slots=True)
class DemoHome:
    world: World
    agent: Agent
    cables: Mapping[str, TappedCable] = field(repr=False)
    """By radio."""

    def truth(self, device: str) -> dict[str, Any]:
        """What is really so."""
        return next(it["state"] for it in self.world.state() if it["name"] == device)


@asynccontextmanager
async def a_home(name: str, folder: Path, seed: object = 1, *, state: Path | None = None) -> AsyncIterator[DemoHome]:
    """The agent on the bundled home `name`; yields when the agent is ready. The agent keeps its state in `folder`; with
    `state` sticks and devices keep theirs in that."""
    file = home_file(name)
    world = World(read_home(file), seed, state=state)
    cables = {radio: TappedCable(f"sim://{radio}") for radio in world.dongles}
    kinds = InstalledDrivers()
    settings = {
        "HUBAGENT_HUB__STATE_DIR": str(folder),
        **{f"HUBAGENT_DRIVERS__{radio.upper()}__PORT": cable.address for radio, cable in cables.items()},
        "HUBAGENT_API__LISTEN": "off",
        "HUBAGENT_RULES__FILES": f"[{str(rules_file(file))!r}]",
    }
    config = load_config(None, settings, kinds)
    runtime = simulated_runtime(seed, {cable.address: cable for cable in cables.values()}, state=folder)
    is_ready: asyncio.Future[Agent] = asyncio.get_running_loop().create_future()
    async with world.running(cables), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(
            run_agent(runtime, config, kinds, lambda _seconds, agent: is_ready.set_result(agent)), name="agent"
        )
        yield DemoHome(world, await is_ready, cables)
        running.cancel()
