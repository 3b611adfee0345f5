"""A driver at work, with everything that it reports."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

from hubagent.model.capability import Command, Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.driver import Driver
from hubagent.model.event import (
    Cause,
    CommandAnswered,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DriverCondition,
    DriverStatus,
    Event,
    StateReported,
)
from tests.helpers.beside import beside

EVENTS_MAX = 20_000

_Event = TypeVar("_Event", bound=Event)


class DriverRun:
    """What a driver has reported: the events, and the devices and states that they amount to."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.events: deque[Event] = deque(maxlen=EVENTS_MAX)
        self.devices: dict[DeviceId, Device] = {}
        self.states: dict[DeviceId, dict[str, Value]] = {}
        self.condition: DriverCondition | None = None
        self._changed = asyncio.Event()

    def report(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, DeviceJoined | DeviceChanged):
            self.devices[event.device.id] = event.device
        elif isinstance(event, DeviceLeft):
            self.devices.pop(event.device, None)
        elif isinstance(event, StateReported):
            state = self.states.setdefault(event.device, {})
            state.update({f"{event.capability}.{name}": value for name, value in event.values.items()})
        elif isinstance(event, DriverStatus):
            self.condition = event.condition
        self._changed.set()

    async def until(self, happened: Callable[[], bool], timeout_s: float = 30.0) -> None:
        """Wait until `happened`, which looks at this. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not happened():
                self._changed.clear()
                await self._changed.wait()

    async def reports(self, device: DeviceId, values: Mapping[str, Value], timeout_s: float = 30.0) -> None:
        """Wait until these are the states of the device, each named `capability.attribute`."""
        try:
            await self.until(lambda: values.items() <= self.states.get(device, {}).items(), timeout_s)
        except TimeoutError:
            raise AssertionError(f"{device} reports {self.states.get(device)}, not {values}") from None

    async def has_reported(self, device: DeviceId, values: Mapping[str, Value], timeout_s: float = 30.0) -> None:
        """Wait until the device has reported these since `events` was cleared, whatever it has reported after them."""

        def reported() -> set[tuple[str, Value]]:
            said = [event for event in self.all(StateReported) if event.device == device]
            return {(f"{event.capability}.{name}", value) for event in said for name, value in event.values.items()}

        try:
            await self.until(lambda: values.items() <= reported(), timeout_s)
        except TimeoutError:
            raise AssertionError(f"{device} has reported {reported()}, not {values}") from None

    async def becomes(self, device: DeviceId, presence: Presence, timeout_s: float = 30.0) -> None:
        try:
            await self.until(lambda: device in self.devices and self.devices[device].presence is presence, timeout_s)
        except TimeoutError:
            raise AssertionError(f"{self.devices.get(device)} is not {presence}") from None

    async def ready(self, timeout_s: float = 30.0) -> None:
        await self.until(lambda: self.condition is DriverCondition.READY, timeout_s)

    def wish(self, device: DeviceId, command: Command) -> "asyncio.Future[CommandAnswered]":
        """Send a command; the answer comes in its time."""
        answer: asyncio.Future[CommandAnswered] = asyncio.get_running_loop().create_future()
        self.driver.send(device, command, Cause("test"), answer.set_result)
        return answer

    async def does(self, device: DeviceId, command: Command, timeout_s: float = 30.0) -> CommandAnswered:
        """Send a command and wait for its answer."""
        async with asyncio.timeout(timeout_s):
            return await self.wish(device, command)

    def all(self, kind: type[_Event]) -> list[_Event]:
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def running(driver: Driver) -> AsyncIterator[DriverRun]:
    """The driver runs until the block ends; what ends it before ends the test."""
    run = DriverRun(driver)
    async with beside(driver.run(run.report), f"driver {driver.name}"):
        yield run
