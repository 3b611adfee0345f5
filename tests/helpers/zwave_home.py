"""The Z-Wave driver on the simulated stick, with devices that a test names: no agent, no home file."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from drivers.zwave.driver import ZwaveDriver
from drivers.zwave.kind import KIND, ZwaveSettings
from hubagent.model.capabilities.table import commands_for
from hubagent.model.capability import Value
from hubagent.model.device import Device
from hubagent.model.event import (
    Cause,
    CommandAnswered,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    Event,
    StateReported,
)
from simulators.cable import MemoryCable
from simulators.devices.device import Device as PhysicalDevice
from simulators.runtime import simulated_runtime
from simulators.zwave.faces import Label, dress
from simulators.zwave.memory import Memory
from simulators.zwave.network import Network
from simulators.zwave.node import SimulatedNode
from simulators.zwave.stick import Stick
from tests.helpers.memory_records import MemoryRecords

PORT = "sim://test"


class ZwaveHome:
    """Devices, stick, cable and driver. `states` and `devices` are what the driver has reported so far."""

    def __init__(self, seed: int = 1) -> None:
        loop = asyncio.get_running_loop()
        rng = random.Random(seed)
        self.loop = loop
        self.network = Network(Memory.open(None, rng), rng)
        self.stick = Stick(self.network, rng)
        self.cable = MemoryCable(PORT)
        self.records = MemoryRecords()
        self.runtime = simulated_runtime(seed, {PORT: self.cable})
        self.events: list[Event] = []
        self.nodes: dict[str, SimulatedNode] = {}
        self.devices: dict[str, Device] = {}
        self.states: dict[str, dict[str, Value]] = {}
        self.driver: ZwaveDriver
        self._news = asyncio.Event()

    def place(self, name: str, device: PhysicalDevice, *, included: bool = True, wake_up_s: int = 600) -> None:
        """Put a device into the home; `name` is "room.thing", and what the device calls itself."""
        location, _, own = name.partition(".")
        self.nodes[name] = dress(self.loop, device, Label(own, location), wake_up_s=wake_up_s)
        self.network.place(name, self.nodes[name])
        if included:
            self.network.include(name)

    def listen_in(self, name: str) -> list[bytes]:
        """What arrives at a device from now on."""
        node, heard = self.nodes[name], list[bytes]()
        receive = node.receive

        def overheard(data: bytes) -> None:
            heard.append(data)
            receive(data)

        node.receive = overheard  # type: ignore[method-assign]  # an ear at the device's antenna
        return heard

    def reset_by_hand(self, name: str) -> None:
        """Somebody holds the device's button for ten seconds."""
        self.nodes[name].reset_by_hand()

    def report(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, DeviceJoined | DeviceChanged):
            self.devices[event.device.id] = event.device
        elif isinstance(event, StateReported):
            self.states.setdefault(event.device, {}).update(event.values)
        elif isinstance(event, DeviceLeft):
            self.devices.pop(event.device, None)
            self.states.pop(event.device, None)
        self._news.set()

    def id_of(self, name: str) -> str:
        return next(device.id for device in self.devices.values() if device.name == name)

    def device(self, name: str) -> Device:
        return self.devices[self.id_of(name)]

    def state(self, name: str) -> dict[str, Value]:
        return self.states.get(self.id_of(name), {})

    async def reports(self, name: str, within_s: float = 120, **wanted: Value) -> None:
        """Wait until the device has reported all of `wanted`."""
        async with asyncio.timeout(within_s):
            while not self._has(name, wanted):
                self._news.clear()
                await self._news.wait()

    def _has(self, name: str, wanted: Mapping[str, Value]) -> bool:
        known = next((device.id for device in self.devices.values() if device.name == name), None)
        state = self.states.get(known, {}) if known is not None else {}
        return all(key in state and state[key] == value for key, value in wanted.items())

    async def set(self, name: str, **values: Value) -> CommandAnswered:
        """Send what brings `values` about, and wait for the last outcome."""
        answers = []
        for command in commands_for(values):
            future: asyncio.Future[CommandAnswered] = self.loop.create_future()
            self.driver.send(self.id_of(name), command, Cause("test"), future.set_result)
            answers.append(await future)
        return answers[-1]

    @asynccontextmanager
    async def running(self, settle_s: float = 30, **settings: Any) -> AsyncIterator[None]:
        """A driver on the stick, after `settle_s` seconds of interviews; gone at the end."""
        if not self.cable.plugged:
            await self.cable.plug(self.stick)
        self.driver = KIND.make(ZwaveSettings(port=PORT, **settings), self.runtime, self.records)
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(self.driver.run(self.report))
            try:
                await asyncio.sleep(settle_s)
                yield
            finally:
                task.cancel()


@asynccontextmanager
async def zwave_home(devices: Mapping[str, PhysicalDevice], settle_s: float = 30) -> AsyncIterator[ZwaveHome]:
    """A home with these devices, all included, under a running driver."""
    home = ZwaveHome()
    for name, device in devices.items():
        home.place(name, device)
    async with home.running(settle_s):
        yield home
    home.cable.unplug()
