"""An agent around a fake driver, for as long as a block lasts."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hubagent.agent import Agent, run_agent
from hubagent.config import Config, IdentityConfig, Place
from hubagent.uplink.place import Link
from simulators.runtime import simulated_runtime
from tests.helpers.fake_driver import FakeKind, FakeSettings

HALL_LIGHT = """
[[rule]]
name = "hall light"
when = "hall.motion becomes occupied"
do = [{ set = "hall.light", on = true, level = 40 }]
"""


def a_config(
    folder: Path,
    *,
    rules: str = "",
    api: tuple[str, int] | None = None,
    hosts: frozenset[str] = frozenset(),
) -> Config:
    rule_files: tuple[Path, ...] = ()
    if rules:
        (folder / "rules.toml").write_text(rules, encoding="utf-8")
        rule_files = (folder / "rules.toml",)
    return Config(
        path=None,
        name="home",
        state_dir=folder / "state",
        drivers={"fake": FakeSettings(port="nowhere")},
        rule_files=rule_files,
        place=Place("UTC"),
        http_hosts=hosts,
        api=api,
        uplink=None,
        identity=IdentityConfig(f"file:{folder / 'seal.key'}"),
        log_level="warning",
    )


@asynccontextmanager
async def an_agent(
    folder: Path, kind: FakeKind, config: Config | None = None, link: Link | None = None
) -> AsyncIterator[Agent]:
    """Yields when the agent is ready; stops it as a person would, and raises what it raised."""
    config = config or a_config(folder)
    runtime = simulated_runtime("agent", {}, state=config.state_dir)
    is_ready: asyncio.Future[Agent] = asyncio.get_running_loop().create_future()

    def ready(_seconds: float, agent: Agent) -> None:
        is_ready.set_result(agent)

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(run_agent(runtime, config, {"fake": kind}, ready, link), name="agent")
        both: list[asyncio.Future[Any]] = [running, is_ready]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            is_ready.cancel()
            running.result()
            raise AssertionError("the agent ended before it was ready")
        yield is_ready.result()
        running.cancel()


def a_free_port() -> tuple[str, int]:
    """A loopback address that nobody listens at now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return "127.0.0.1", probe.getsockname()[1]
