"""Our agent in virtual time on the tasks of `sensors`: driver, home, store and event log, without rules and uplink."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from hubagent.agent import Agent, run_agent
from hubagent.cli.drivers import InstalledDrivers
from hubagent.config import load_config
from hubagent.model.device import Presence
from hubagent.model.event import Event, StateReported
from simulators.bench.week.sensors import BUSY, IDLE, Sensors
from simulators.bench.week.took import Took
from simulators.cable import MemoryCable
from simulators.runtime import simulated_runtime

LOOK_EVERY_S: Final = 10.0


async def on_sensors(folder: Path, seconds: float, idle_s: float) -> tuple[Took, Took]:
    """While they report, and while nothing changes. `folder` is empty, and in memory if possible."""
    sensors = Sensors()
    cable = MemoryCable("sim://zigbee")
    await cable.plug(sensors.stick)
    kinds = InstalledDrivers()
    environment = {
        "HUBAGENT_HUB__STATE_DIR": str(folder),
        "HUBAGENT_HUB__TIMEZONE": "UTC",
        "HUBAGENT_API__LISTEN": "off",
        "HUBAGENT_DRIVERS__ZIGBEE__PORT": cable.address,
    }
    config = load_config(None, environment, kinds)
    runtime = simulated_runtime(1, {cable.address: cable})
    is_ready: asyncio.Future[Agent] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(run_agent(runtime, config, kinds, lambda _s, agent: is_ready.set_result(agent)))
        agent = await is_ready
        while not _all_known(agent, len(sensors.addresses)):  # noqa: ASYNC110 - virtual seconds cost nothing
            await asyncio.sleep(LOOK_EVERY_S)
        reports = 0

        def heard(event: Event, _previous: object) -> None:
            nonlocal reports
            reports += isinstance(event, StateReported) and event.capability == "temperature_measurement"

        async def took(what: str, seconds: float, pass_time: Callable[[float], Awaitable[object]]) -> Took:
            nonlocal reports
            reports = 0
            began = time.perf_counter()
            await pass_time(seconds)
            return Took("hubagent", what, seconds, time.perf_counter() - began, reports)

        agent.home.listen(heard)
        both = await took(BUSY, seconds, sensors.live), await took(IDLE, idle_s, asyncio.sleep)
        life.cancel()
    await cable.close()
    return both


def _all_known(agent: Agent, count: int) -> bool:
    devices = agent.home.devices.values()
    return len(devices) == count and all(it.presence is not Presence.INTERVIEWING for it in devices)
