"""A simulated home as the house of a test: real drivers, on the sticks of a world of which the test is the only hand.

Nobody walks about in it, there is no weather, and what a motion sensor sees it sees until the test says otherwise: a
test says all that happens.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from hubagent.agent import Agent
from hubagent.cli.drivers import InstalledDrivers
from hubagent.model.capabilities.switch import Press
from hubagent.model.capability import Value
from hubagent.model.device import Device, Presence
from simulators.cable import MemoryCable
from simulators.devices.device import CannotDo
from simulators.devices.room_air import ClimateSensor
from simulators.devices.sensors import MotionSensor
from simulators.devices.switch import PowerStrip
from simulators.devices.thermostat import Thermostat
from simulators.home import HomePlan
from simulators.trials.house import SETTLE_MAX_S, CannotPlay
from simulators.world import CannotBe, Placed, World

HANDS: Final = {"leak": "wet", "heating_setpoint": "setpoint", "power": "load", "door_open": "open"}
"""What a simulated device calls its attributes where that is not what ours are called."""
WAKE_EVERY_S: Final = 10.0
"""A hand touches what sleeps, as whoever sets up a home does, until nothing is being interviewed any more."""
GESTURES: Final = {kind.value for kind in (Press.SINGLE, Press.DOUBLE, Press.TRIPLE, Press.HOLD, Press.RELEASE)}


class SimulatedHouse:
    def __init__(self, plan: HomePlan, wall: Callable[[], float], seed: object = 1) -> None:
        self._world = World(plan, seed, wall=wall, still=True)
        self.ports = {f"sim://{radio}": MemoryCable(f"sim://{radio}") for radio in self._world.dongles}
        self.kinds = InstalledDrivers()
        self.drivers: dict[str, Any] = {
            radio: self.kinds[radio].settings.model_validate({"port": f"sim://{radio}"})  # type: ignore[attr-defined]
            for radio in self._world.dongles
        }
        self._loop = asyncio.get_running_loop()
        self._returns: dict[str, asyncio.TimerHandle] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        cables = {radio: self.ports[f"sim://{radio}"] for radio in self._world.dongles}
        async with self._world.running(cables):
            try:
                yield
            finally:
                for timer in self._returns.values():
                    timer.cancel()

    async def settle(self, agent: Agent) -> None:
        latest = self._loop.time() + SETTLE_MAX_S - WAKE_EVERY_S
        while self._loop.time() < latest:
            for placed in self._world.devices.values():
                if placed.dongle is not None and placed.device.battery is not None:
                    placed.dongle.wake(placed.plan.name)
            await asyncio.sleep(WAKE_EVERY_S)
            known = {device.name for device in agent.home.devices.values()}
            presences = {device.presence for device in agent.home.devices.values()}
            if Presence.INTERVIEWING not in presences and self._joined() <= known:
                return

    def _joined(self) -> set[str]:
        placed = self._world.devices.values()
        return {one.plan.name for one in placed if one.dongle is not None and one.plan.joined}

    def becomes(self, device: Device, attribute: str, value: Value) -> None:
        placed, part = self._placed(device)
        if value is None:
            raise CannotPlay(f"{device.name} cannot say that it does not know; an outage makes its values unknown")
        try:
            self._act(placed, part, attribute, value)
        except (CannotDo, CannotBe) as error:
            raise CannotPlay(f"{device.name}.{attribute} = {value!r} cannot be brought about: {error}") from error

    def _act(self, placed: Placed, part: int | None, attribute: str, value: Value) -> None:
        thing = placed.device
        if isinstance(thing, PowerStrip) and attribute == "on":
            for number, outlet in enumerate(thing.outlets, start=1):
                if part in (None, number):
                    outlet.switch(bool(value))
            return
        if isinstance(thing, Thermostat) and attribute in ClimateSensor.MEASURED:
            if isinstance(value, int | float):
                thing.air.become(**{attribute: float(value)})
            return
        assert value is not None
        thing.act({HANDS.get(attribute, attribute): value})
        if isinstance(thing, MotionSensor):
            thing.keep_seeing()
        if placed.dongle is not None:
            placed.dongle.wake(placed.plan.name)

    def press(self, device: Device, number: int, kind: Press) -> None:
        placed, _ = self._placed(device)
        if kind.value not in GESTURES:
            raise CannotPlay(f"nobody can {kind.value} a simulated remote; one can {', '.join(sorted(GESTURES))}")
        try:
            self._world.do("press", placed.plan.name, str(number), kind.value)
        except (CannotDo, CannotBe) as error:
            raise CannotPlay(f"{device.name} cannot be pressed so: {error}") from error

    def out_of_reach(self, device: Device, seconds: float) -> None:
        placed, _ = self._placed(device)
        name = placed.plan.name
        try:
            self._world.do("fault", "device.dead", f"device={name}")
        except CannotBe as error:
            raise CannotPlay(str(error)) from error
        if earlier := self._returns.pop(name, None):
            earlier.cancel()
        self._returns[name] = self._loop.call_later(seconds, self._world.do, "fault", "device.alive", f"device={name}")

    def _placed(self, device: Device) -> tuple[Placed, int | None]:
        """The simulated device, and the number of the part that is meant."""
        name, _, part = device.name.partition("/")
        placed = self._world.devices.get(name)
        if placed is None:
            raise CannotPlay(f"there is no {device.name} in this home; there are {', '.join(self._world.devices)}")
        return placed, int(part) if part.isdecimal() else None
