"""A world of a few devices on both radios with the drivers on its sticks, so that a fault is seen where hubs see it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from drivers.zigbee.kind import KIND as ZIGBEE
from drivers.zigbee.kind import ZigbeeSettings
from drivers.zwave.kind import KIND as ZWAVE
from drivers.zwave.kind import ZwaveSettings
from hubagent.model.capability import Command, Value
from hubagent.model.device import Device
from hubagent.model.driver import Driver
from hubagent.model.event import Cause, CommandAnswered, DeviceChanged, DeviceJoined, Event, StateReported
from simulators.cable import MemoryCable
from simulators.home import HomePlan
from simulators.runtime import simulated_runtime
from simulators.world import World
from simulators.zigbee.dongle import ZigbeeDongle
from simulators.zigbee.radio import ApsMessage
from simulators.zwave.dongle import ZwaveDongle
from tests.helpers.memory_records import MemoryRecords

Heard = tuple[float, bytes]
"""When, and what."""


class AWorld:
    """`states` is what the drivers reported of each device, by its name, `events` all that they said."""

    def __init__(self, *devices: str, seed: int = 1, **plan: Any) -> None:
        """Each device is "name kind radio", in the room that its name begins with."""
        named = [dict(zip(("name", "kind", "radio"), it.split(), strict=True)) for it in devices]
        rooms = plan.pop("room", None) or [{"name": it} for it in sorted({it["name"].split(".")[0] for it in named})]
        tables = {"room": rooms, "device": named, **plan}
        self.world = World(HomePlan.model_validate(tables), seed, still=True)
        self.events: list[tuple[float, Event]] = []
        self.states: dict[str, dict[str, Value]] = defaultdict(dict)
        self.heard: dict[str, list[Heard]] = defaultdict(list)
        """What devices sent, by name, before the air had it."""
        self.cables = {radio: MemoryCable(f"sim://{radio}") for radio in self.world.dongles}
        self._drivers: dict[str, Driver] = {}
        self._devices: dict[str, Device] = {}
        self._loop = asyncio.get_running_loop()
        for name, placed in self.world.devices.items():
            self._listen_in(name, placed.dongle)

    @property
    def zwave(self) -> ZwaveDongle:
        dongle = self.world.dongles["zwave"]
        assert isinstance(dongle, ZwaveDongle)
        return dongle

    @property
    def zigbee(self) -> ZigbeeDongle:
        dongle = self.world.dongles["zigbee"]
        assert isinstance(dongle, ZigbeeDongle)
        return dongle

    def device(self, name: str) -> Any:
        return self.world.devices[name].device

    def told(self, name: str, attribute: str) -> list[Value]:
        """The values that were reported of it since the events were forgotten."""
        return [
            event.values[attribute]
            for _, event in self.events
            if isinstance(event, StateReported) and self._name(event.device) == name and attribute in event.values
        ]

    def reports(self, name: str) -> list[float]:
        """When anything was."""
        return [
            at for at, event in self.events if isinstance(event, StateReported) and self._name(event.device) == name
        ]

    def forget(self) -> None:
        self.events.clear()
        self.heard.clear()

    async def send(self, name: str, command: Command) -> tuple[float, CommandAnswered]:
        """How long the answer took, and what it was."""
        future: asyncio.Future[CommandAnswered] = self._loop.create_future()
        begun = self._loop.time()
        device = next(it for it in self._devices.values() if it.name == name)
        radio = self.world.devices[name].plan.radio
        self._drivers[radio].send(device.id, command, Cause("test"), future.set_result)
        answer = await future
        return self._loop.time() - begun, answer

    @asynccontextmanager
    async def running(self, settle_s: float = 60) -> AsyncIterator[None]:
        lives: list[asyncio.Task[None]] = []
        runtime = simulated_runtime(1, {cable.address: cable for cable in self.cables.values()})
        async with self.world.running(self.cables), asyncio.TaskGroup() as tasks:
            for radio, cable in self.cables.items():
                self._drivers[radio] = driver = (
                    ZWAVE.make(ZwaveSettings(port=cable.address), runtime, MemoryRecords())
                    if radio == "zwave"
                    else ZIGBEE.make(ZigbeeSettings(port=cable.address), runtime, MemoryRecords())
                )
                lives.append(tasks.create_task(driver.run(self._report)))
            try:
                await asyncio.sleep(settle_s)
                self.forget()
                yield
            finally:
                for life in lives:
                    life.cancel()

    def _report(self, event: Event) -> None:
        self.events.append((self._loop.time(), event))
        if isinstance(event, DeviceJoined | DeviceChanged):
            self._devices[event.device.id] = event.device
        elif isinstance(event, StateReported):
            self.states[self._name(event.device)].update(event.values)

    def _name(self, device: str) -> str:
        known = self._devices.get(device)
        return device if known is None else known.name

    def _listen_in(self, name: str, dongle: object) -> None:
        heard = self.heard

        def noting(send: Callable[[Any], None], bytes_of: Callable[[Any], bytes]) -> Callable[[Any], None]:
            def noted(message: Any) -> None:
                heard[name].append((self._loop.time(), bytes_of(message)))
                send(message)

            return noted

        if isinstance(dongle, ZigbeeDongle):
            station = dongle.network.stations[name]
            # An ear at its antenna.
            station.send = noting(station.send, _payload)  # type: ignore[method-assign,assignment]
        elif isinstance(dongle, ZwaveDongle):
            radio = dongle.network.radio_of(name)
            assert radio is not None
            radio.send = noting(radio.send, bytes)  # type: ignore[method-assign,assignment]


def _payload(message: ApsMessage) -> bytes:
    return message.payload
