"""`sim://HOME` as a port of the real agent's."""

import asyncio

import pytest

from drivers.zwave.kind import KIND, ZwaveSettings
from hubagent.cli.drivers import open_serial
from hubagent.model.event import DeviceJoined, DriverCondition, DriverStatus, Event
from hubagent.runtime import PortError, real_runtime
from tests.helpers.memory_records import MemoryRecords

pytestmark = pytest.mark.real_time


async def _devices_on(port: str) -> set[str]:
    """The devices that a driver finds there."""
    events: list[Event] = []
    ready = asyncio.Event()

    def report(event: Event) -> None:
        events.append(event)
        if isinstance(event, DriverStatus) and event.condition is DriverCondition.READY:
            ready.set()

    driver = KIND.make(ZwaveSettings(port=port), real_runtime(open_serial), MemoryRecords())
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(driver.run(report))
        async with asyncio.timeout(20):
            await ready.wait()
        task.cancel()
    return {event.device.id for event in events if isinstance(event, DeviceJoined)}


async def test_a_driver_finds_the_same_home_whenever_it_opens_the_port() -> None:
    first = await _devices_on("sim://studio")
    assert len(first) == 3
    assert await _devices_on("sim://studio") == first
    assert await _devices_on("sim://studio?seed=2") != first


@pytest.mark.parametrize("port", ["sim://nowhere", "sim://studio?seed=x"])
async def test_a_home_that_is_not_there_is_a_clear_error(port: str) -> None:
    with pytest.raises(PortError, match="sim list"):
        await open_serial(port, 115200, asyncio.Protocol())
