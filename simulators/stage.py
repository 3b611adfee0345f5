"""A world on the real clock, and the agent put into it: what `sim up` runs.

The agent is composed where it always is, in `hubagent.cli.run`; here it only gets its port and its configuration.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hubagent.agent import Agent
from hubagent.api.views import entry_views
from hubagent.cli.drivers import InstalledDrivers, open_serial
from hubagent.cli.exits import Failure
from hubagent.cli.output import show, tell
from hubagent.cli.run import serve, set_up_logging
from hubagent.cli.watch import event_text, worth_a_line
from hubagent.config import Config, load_config
from hubagent.model.capabilities.configuration import CONFIGURATION
from hubagent.runtime import OpenSerial, Runtime, real_runtime
from simulators.cable import Cable, MemoryCable
from simulators.home import HomePlan
from simulators.world import RADIO_TIME_S, SWIFT_AIR, World
from simulators.world_control import serve_control
from simulators.zwave.network import Air

STICK_MEMORY = "zwave-stick.json"
SHOWN_AT_ONCE_MAX = 256


@dataclass(frozen=True, slots=True)
class Setting:
    plan: HomePlan
    seed: int
    radio_time: bool
    state: Path
    """A folder that exists: the stick's memory, and the agent's state."""


@asynccontextmanager
async def on_stage(setting: Setting, cable: Cable, control: Path) -> AsyncIterator[World]:
    """A world that lives, plugged into `cable`, and open to `sim do` through the folder `control`.

    Raises PortError; Failure where the stick's memory is damaged.
    """
    runtime = real_runtime(open_serial)
    air = Air(frame_s=RADIO_TIME_S, beams=True) if setting.radio_time else SWIFT_AIR
    try:
        world = World(setting.plan, setting.seed, wall=runtime.wall, memory=setting.state / STICK_MEMORY, air=air)
    except ValueError as error:
        raise Failure(f"{error}; --fresh begins anew") from error
    async with world.running(cable), serve_control(world, control):
        yield world


async def agent_on_stage(setting: Setting, cable: Cable, api: str, rules: Path | None) -> None:
    """Run the agent on the stick at `cable` until cancelled, and show what happens."""
    kinds = InstalledDrivers()
    config = _config(setting, cable.address, api, rules, kinds)
    set_up_logging(config.log_level)
    await serve(_runtime(cable), config, kinds, _show_events)


def _config(setting: Setting, port: str, api: str, rules: Path | None, kinds: InstalledDrivers) -> Config:
    """As from a hub.toml that says just this; the environment may say more."""
    environment = {
        "HUBAGENT_HUB__NAME": setting.plan.name,
        "HUBAGENT_HUB__STATE_DIR": str(setting.state / "agent"),
        "HUBAGENT_DRIVERS__ZWAVE__PORT": port,
        "HUBAGENT_RULES__FILES": f"[{str(rules)!r}]" if rules else "[]",
        "HUBAGENT_API__LISTEN": api,
    }
    return load_config(None, environment, kinds)


def _runtime(cable: Cable) -> Runtime:
    return real_runtime(_memory_first(cable) if isinstance(cable, MemoryCable) else open_serial)


def _memory_first(cable: MemoryCable) -> OpenSerial:
    async def open_port(port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
        if port == cable.address:
            return cable.open(protocol)
        return await open_serial(port, baud, protocol)

    return open_port


def _worth_watching(view: Mapping[str, Any]) -> bool:
    """What a home does, without the small print: `hubagent watch` in a second terminal has all of it."""
    if view["event"] == "interview":
        return bool(view["done"] == view["of"])
    if view["event"] == "changed":
        return bool(view["state"] == "dead")
    return worth_a_line(view) and view["capability"] != CONFIGURATION.name


def _show_events(agent: Agent) -> None:
    """Print every event from now on, after the loop's present round: printing is never in a command's way."""
    tell("what happens in it follows; in a second terminal try: hubagent devices, hubagent sim do --help")
    loop = asyncio.get_running_loop()
    following = agent.events.following
    waiting: list[asyncio.Handle] = []

    def print_new() -> None:
        nonlocal following
        waiting.clear()
        page = agent.events.since(following, SHOWN_AT_ONCE_MAX)
        following = page.following
        # A reader that went away ends the show, not the home.
        with contextlib.suppress(BrokenPipeError):
            for entry in page.entries:
                for view in filter(_worth_watching, entry_views(entry, agent.home)):
                    show(event_text(view, latency=True))
        if following < agent.events.following:
            wake()

    def wake() -> None:
        if not waiting:
            waiting.append(loop.call_soon(print_new))

    agent.events.on_entry(wake)
