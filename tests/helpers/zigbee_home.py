"""The Zigbee driver on the simulated stick, with devices that a test names: no agent, no home file."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from drivers.zigbee.driver import ZigbeeDriver
from drivers.zigbee.kind import KIND, NetworkSettings, ZigbeeSettings
from drivers.zigbee.node import Node
from drivers.zigbee.registry import NODE_KEY
from hubagent.model.capabilities.table import commands_for
from hubagent.model.capability import Command, Value
from hubagent.model.device import Device
from hubagent.model.driver import PairingStep
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
from simulators.cable import MemoryCable
from simulators.devices.device import Device as PhysicalDevice
from simulators.runtime import simulated_runtime
from simulators.zigbee.faces import Label, dress
from simulators.zigbee.memory import Memory
from simulators.zigbee.mesh import Mesh
from simulators.zigbee.network import Network
from simulators.zigbee.node import SimulatedNode
from simulators.zigbee.radio import ApsMessage, RadioNode
from simulators.zigbee.stick import Stick
from tests.helpers.memory_records import MemoryRecords

PORT = "sim://test"


class SmallHouse(Mesh):
    """Everybody hears everybody."""

    def _place_of(self, name: str) -> tuple[float, float]:
        x, y = super()._place_of(name)
        return 0.5 + (x - 0.5) / 4, 0.5 + (y - 0.5) / 4


class ZigbeeHome:
    """Devices, stick, cable and driver. `states` and `devices` are what the driver has reported so far."""

    def __init__(self, seed: int = 1, *, version: int = 14, formed: bool = True, large: bool = False) -> None:
        """`large`: not everybody hears the stick; some speak through others."""
        loop = asyncio.get_running_loop()
        rng = random.Random(seed)
        self.loop = loop
        self.network = Network(Memory.open(None, rng), rng)
        if not large:
            self.network.mesh = SmallHouse(seed)
        if formed:
            self.network.memory.commission(rng)
        self.stick = Stick(self.network, rng, version)
        self.cable = MemoryCable(PORT)
        self.records = MemoryRecords()
        self.runtime = simulated_runtime(seed, {PORT: self.cable})
        self.events: list[Event] = []
        self.nodes: dict[str, SimulatedNode] = {}
        self.devices: dict[str, Device] = {}
        self.states: dict[str, dict[str, Value]] = {}
        self.condition: DriverCondition | None = None
        self.detail = ""
        self.driver: ZigbeeDriver
        self._news = asyncio.Event()

    def place(self, name: str, device: PhysicalDevice, *, joined: bool = True, **dressing: Any) -> SimulatedNode:
        """Put a device into the home; `name` is what it calls itself."""
        node = self.nodes[name] = dress(self.loop, device, Label(name), **dressing)
        self.place_node(name, node, joined=joined)
        return node

    def place_node(self, name: str, node: RadioNode, *, joined: bool = True) -> None:
        self.network.place(name, node)
        if joined:
            self.network.join(name)

    def listen_in(self, name: str) -> list[ApsMessage]:
        """What arrives at a device from now on."""
        node, heard = self.nodes[name], list[ApsMessage]()
        receive = node.receive

        def overheard(message: ApsMessage) -> None:
            heard.append(message)
            receive(message)

        node.receive = overheard  # type: ignore[method-assign]  # an ear at the device's antenna
        return heard

    def report(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, DeviceJoined | DeviceChanged):
            self.devices[event.device.id] = event.device
        elif isinstance(event, StateReported):
            self.states.setdefault(event.device, {}).update(event.values)
        elif isinstance(event, DeviceLeft):
            self.devices.pop(event.device, None)
            self.states.pop(event.device, None)
        elif isinstance(event, DriverStatus):
            self.condition, self.detail = event.condition, event.detail
        self._news.set()

    def id_of(self, name: str) -> str:
        return next(device.id for device in self.devices.values() if device.name == name)

    def device(self, name: str) -> Device:
        return self.devices[self.id_of(name)]

    def state(self, name: str) -> dict[str, Value]:
        return self.states.get(self.id_of(name), {})

    def node(self, name: str) -> Node:
        """The driver's own view of a device."""
        return self.driver.registry.nodes[self.nodes[name].eui64]

    def record(self, name: str) -> Mapping[str, Any]:
        """What the driver keeps of a device."""
        return self.records.records[f"{NODE_KEY}{self.nodes[name].eui64:016x}"]

    def all(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

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

    async def becomes(self, condition: DriverCondition, within_s: float = 120) -> None:
        """Wait until the driver says so of itself."""
        async with asyncio.timeout(within_s):
            while self.condition is not condition:
                self._news.clear()
                await self._news.wait()

    async def set(self, name: str, **values: Value) -> CommandAnswered:
        """Send what brings `values` about, and wait for the last outcome."""
        answers = [await self.send(name, command) for command in commands_for(values)]
        return answers[-1]

    async def send(self, name: str, command: Command) -> CommandAnswered:
        future: asyncio.Future[CommandAnswered] = self.loop.create_future()
        self.driver.send(self.id_of(name), command, Cause("test"), future.set_result)
        return await future

    async def pair(self, name: str, timeout_s: float = 60, **options: Any) -> list[PairingStep]:
        """Press the device's button as soon as the network is open; all the steps that are told."""
        steps = []
        async for step in self.driver.pair(options, timeout_s):
            steps.append(step)
            if step.step == "ready":
                self.network.press(name)
        return steps

    @asynccontextmanager
    async def running(self, settle_s: float = 30, **settings: Any) -> AsyncIterator[None]:
        """A driver on the stick, after `settle_s` seconds of interviews; gone at the end."""
        if not self.cable.plugged:
            await self.cable.plug(self.stick)
        network = NetworkSettings(**settings.pop("network", {}))
        self.driver = KIND.make(ZigbeeSettings(port=PORT, network=network, **settings), self.runtime, self.records)
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(self.driver.run(self.report))
            try:
                await asyncio.sleep(settle_s)
                yield
            finally:
                task.cancel()

    def forget_events(self) -> None:
        self.events.clear()

    def close(self) -> None:
        for node in self.nodes.values():
            node.power_off()
        self.cable.unplug()


@asynccontextmanager
async def zigbee_home(
    devices: Mapping[str, PhysicalDevice], settle_s: float = 30, **options: Any
) -> AsyncIterator[ZigbeeHome]:
    """A home with these devices, all in the network, under a running driver."""
    home = ZigbeeHome(**options)
    for name, device in devices.items():
        home.place(name, device)
    async with home.running(settle_s):
        yield home
    home.close()
