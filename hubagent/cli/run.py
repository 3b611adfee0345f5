"""`hubagent run`: the composition root. Everything that an agent is made of is chosen here and nowhere else."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Final

import click

from hubagent.agent import Agent, run_agent
from hubagent.cli.cloud_link import cloud_link
from hubagent.cli.drivers import InstalledDrivers, open_serial
from hubagent.cli.exits import INTERRUPTED, USAGE, Failure
from hubagent.cli.options import config_option, config_path
from hubagent.cli.output import tell
from hubagent.config import Config, load_config
from hubagent.counted import counted
from hubagent.interpreter import REMEDY, doubt
from hubagent.model.driver import DriverKind
from hubagent.runtime import Runtime, real_runtime

_log = logging.getLogger(__name__)

YOUNG_OBJECTS_MAX: Final = 10_000
"""So many more objects than before, and Python looks for garbage among them."""


@click.command()
@config_option
def run() -> int:
    """Run the agent until it is stopped; "ready" on stderr tells that every driver is up."""
    path = config_path()
    if path is None:
        raise Failure("there is no hub.toml here; name one: hubagent run --config FILE", USAGE)
    kinds = InstalledDrivers()
    config = load_config(path, os.environ, kinds)
    set_up_logging(config.log_level)
    if (text := doubt()) is not None:
        _log.warning("%s; %s", text, REMEDY)
    try:
        return asyncio.run(serve(real_runtime(open_serial), config, kinds, _keep_garbage_out_of_the_way))
    except KeyboardInterrupt:
        return INTERRUPTED


async def serve(
    runtime: Runtime,
    config: Config,
    kinds: Mapping[str, DriverKind],
    on_ready: Callable[[Agent], None] = lambda _agent: None,
) -> int:
    """Run an agent in this process until it is cancelled, or the process is told to end; returns the exit code."""
    task = asyncio.current_task()
    assert task is not None
    ended: list[bool] = []

    def end() -> None:
        ended.append(True)
        task.cancel()

    def ready(seconds: float, agent: Agent) -> None:
        tell(ready_line(seconds, config, agent))
        on_ready(agent)

    link = cloud_link(runtime, config) if config.uplink is not None else None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    try:
        await run_agent(runtime, config, kinds, ready, link)
    except asyncio.CancelledError:
        if not ended:
            raise
    return 0


def _keep_garbage_out_of_the_way(_agent: Agent) -> None:
    """What is there at the start stays, and looking through all of it again would hold a report up for 30 ms or more.

    What comes later is looked through seldom, and in pieces of about a millisecond.
    """
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS_MAX, 20, 20)


def ready_line(seconds: float, config: Config, agent: Agent) -> str:
    drivers = ", ".join(agent.radios) or "no drivers"
    rules = agent.automation.rules_text()
    devices = counted(len(agent.home.devices), "device")
    api = f"coap://{config.api[0]}:{config.api[1]}" if config.api else "no API"
    return f"ready in {seconds:.2f} s: {drivers}; {devices}, {rules}, {api}"


def set_up_logging(level: str) -> None:
    logging.basicConfig(stream=sys.stderr, level=level.upper(), format="%(levelname)s %(name)s: %(message)s")
    # aiocoap tells of every odd datagram; what matters of it reaches us as errors.
    logging.getLogger("coap-server").setLevel(logging.ERROR)
