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
from hubagent.cli.exits import USAGE, Failure
from hubagent.cli.output import show, tell
from hubagent.cli.run import serve, set_up_logging
from hubagent.cli.watch import event_text, worth_a_line
from hubagent.config import Config, load_config
from hubagent.model.capabilities.configuration import CONFIGURATION
from hubagent.runtime import Runtime, real_runtime
from simulators.cable import Cable, MemoryCable
from simulators.home import HomePlan
from simulators.recording.questions import Questions
from simulators.world import World
from simulators.world_control import serve_control
from simulators.zigbee.snapshot import SnapshotError

Cables = Mapping[str, Cable]
"""By radio: where its stick is plugged in."""
SHOWN_AT_ONCE_MAX = 256


@dataclass(frozen=True, slots=True)
class Setting:
    plan: HomePlan
    seed: int
    radio_time: bool
    state: Path
    """A folder that exists: the sticks' memories, and the agent's state."""


@asynccontextmanager
async def on_stage(setting: Setting, cables: Cables, control: Path) -> AsyncIterator[World]:
    """A world that lives, plugged into `cables`, and open to `sim do` through the folder `control`.

    Raises PortError; Failure where the stick's memory is damaged, or a device's snapshot is.
    """
    runtime = real_runtime(open_serial)
    try:
        world = World(
            setting.plan,
            setting.seed,
            wall=runtime.wall,
            state=setting.state,
            radio_time=setting.radio_time,
            radios=cables,
        )
    except SnapshotError as error:
        remedy = "give a device's diagnostics as Home Assistant's ZHA lets them be downloaded"
        raise Failure(f"{error}; {remedy}", USAGE) from error
    except ValueError as error:
        raise Failure(f"{error}; --fresh begins anew") from error
    questions = Questions(world, runtime.wall).answers
    async with world.running(cables), serve_control(world, control, questions):
        yield world


async def agent_on_stage(setting: Setting, cables: Cables, api: str, rules: Path | None) -> None:
    """Run the agent on the sticks at `cables` until cancelled, and show what happens."""
    kinds = InstalledDrivers()
    config = _config(setting, cables, api, rules, kinds)
    set_up_logging(config.log_level)
    await serve(_runtime(cables), config, kinds, _show_events)


async def agent_under_a_cloud(
    setting: Setting, cables: Cables, api: str, rules: Path | None, cloud_folder: Path | None
) -> None:
    """The same with an uplink to a cloud of its own, which keeps what it knows in `cloud_folder`, or nothing."""
    # Imported here: most simulated homes have no cloud, and cryptography takes its time.
    from simulators.far_away import Taps, cloud_for, environment_for, provision  # noqa: PLC0415

    runtime, kinds = _runtime(cables), InstalledDrivers()
    async with cloud_for(runtime, cloud_folder) as cloud:
        config = _config(setting, cables, api, rules, kinds, environment_for(cloud, setting.state))
        set_up_logging(config.log_level)
        hub = await provision(config, cloud, runtime)
        tell(f"this hub is {hub} in the cloud; its page: {cloud.page_url}")
        with contextlib.closing(Taps(cloud, runtime.wall)) as taps:

            def ready(agent: Agent) -> None:
                taps.begin(agent)
                _show_events(agent)

            await serve(runtime, config, kinds, ready)


def _config(
    setting: Setting,
    cables: Cables,
    api: str,
    rules: Path | None,
    kinds: InstalledDrivers,
    more: Mapping[str, str] | None = None,
) -> Config:
    """As from a hub.toml that says just this; the environment may say more."""
    environment = {
        "HUBAGENT_HUB__NAME": setting.plan.name,
        **setting.plan.hub_settings(),
        "HUBAGENT_HUB__STATE_DIR": str(setting.state / "agent"),
        **{f"HUBAGENT_DRIVERS__{radio.upper()}__PORT": cable.address for radio, cable in cables.items()},
        "HUBAGENT_RULES__FILES": f"[{str(rules)!r}]" if rules else "[]",
        "HUBAGENT_API__LISTEN": api,
        **(more or {}),
    }
    return load_config(None, environment, kinds)


def _runtime(cables: Cables) -> Runtime:
    """The real one, but for the sticks that are plugged in here in memory."""
    in_memory = {cable.address: cable for cable in cables.values() if isinstance(cable, MemoryCable)}

    async def open_port(port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
        if port in in_memory:
            return in_memory[port].open(protocol)
        return await open_serial(port, baud, protocol)

    return real_runtime(open_port)


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
