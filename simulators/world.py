"""A whole simulated home, running: rooms, devices and residents, the stick, and the cable that it is plugged into.

Everything random comes from one seed, everything timed from the loop, so the same world runs in virtual time or on a
real port. It contains no agent.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulators.action import Action, parse_action
from simulators.cable import Cable
from simulators.climate import DAY_S, Climate, Room
from simulators.devices.device import Battery, CannotDo, Device, Value
from simulators.devices.room_air import RoomAir
from simulators.devices.sensors import DoorSensor, MotionSensor
from simulators.faults import NAMES as WIRE_FAULTS
from simulators.faults import UNPLUG, Direction, FaultyWire, WireFaults
from simulators.home import OUTSIDE, DevicePlan, HomePlan, ResidentPlan, StepPlan
from simulators.kinds import KINDS, Site
from simulators.resident import Resident, Step, Surroundings
from simulators.runtime import START
from simulators.zwave.faces import Label, dress
from simulators.zwave.memory import Memory
from simulators.zwave.network import Air, Network
from simulators.zwave.node import SimulatedNode
from simulators.zwave.stick import Stick
from simulators.zwave.stick_faults import NAMES as STICK_FAULTS

RADIO_TIME_S = 0.015
"""A command and its acknowledgement over the air, when radio time is asked for."""
SWIFT_AIR = Air(frame_s=0.002, beams=False)
"""Nearly no time, but some: were an answer there in the same instant as the word that the question was delivered, it
would collide with the host's next command each time, which real air makes rare."""
FIRST_WAKE_S = (3.0, 20.0)
"""When those who sleep wake for the first time after the start; later at their intervals."""
UNPLUGGED_S = 5.0


class CannotBe(ValueError):
    """What was asked of the world does not exist in it, or cannot be done to it."""


@dataclass(slots=True)
class Placed:
    """A device where it is put up; `node` is None for one without a radio."""

    plan: DevicePlan
    device: Device
    node: SimulatedNode | None


@asynccontextmanager
async def alone_as_itself() -> AsyncIterator[None]:
    """Around a task group: one error of it, or of what runs in it, is raised as it is; several stay a group."""
    try:
        yield
    except BaseExceptionGroup as group:
        if len(group.exceptions) > 1:
            raise
        raise group.exceptions[0] from group


class World:
    """Made on a running loop. `running` brings it to life."""

    def __init__(
        self,
        plan: HomePlan,
        seed: object,
        *,
        wall: Callable[[], float] | None = None,
        memory: Path | None = None,
        air: Air = SWIFT_AIR,
    ) -> None:
        """`memory` is where the stick keeps what survives a restart; `wall` gives Unix seconds. Raises ValueError on
        a damaged memory."""
        loop = asyncio.get_running_loop()
        self.plan = plan
        self.seed = seed
        self.wire_faults = WireFaults(seed)
        self._loop = loop
        self._wall = wall or (lambda: START + loop.time())
        self.rooms = {room.name: Room(RoomAir(temperature=room.temperature)) for room in plan.room}
        self.network = Network(Memory.open(memory, self._rng("memory")), self._rng("air"), replace(air))
        self.stick = Stick(self.network, self._rng("stick"))
        self.devices = {it.name: self._put_up(number, it) for number, it in enumerate(plan.device)}
        self._surroundings = self._surround()
        self.residents = {it.name: self._resident(it) for it in plan.resident}
        self._climate = Climate(self.rooms, plan.outside_temperature, self._wall)
        self._wire: FaultyWire | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._lives: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self, cable: Cable) -> AsyncIterator[None]:
        """Plug the stick into `cable` and let everybody live, until the context ends. Raises PortError.

        What the context raises comes out as it is.
        """
        self._wire = FaultyWire(self.stick, cable, self.wire_faults)
        await cable.plug(self._wire)
        try:
            async with alone_as_itself(), asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                self._live(self._climate.run(), "climate")
                for plan in self.plan.resident:
                    resident = self.residents[plan.name]
                    routine = [self._step(resident, step) for step in plan.routine]
                    self._live(resident.live(routine), plan.name)
                try:
                    yield
                finally:
                    self._tasks = None
                    for life in sorted(self._lives, key=asyncio.Task.get_name):
                        life.cancel()
        finally:
            self._wire.close()
            await cable.close()
            for placed in self.devices.values():
                if placed.node is not None:
                    placed.node.power_off()

    def do(self, *words: str) -> None:
        """Do at once what `sim do` does: `world.do("press", "hall.light")`. A walk begins, and goes on by itself.

        Raises BadAction, CannotBe, CannotDo or NoWay, and then nothing was done.
        """
        action = parse_action(words)
        if action.verb != "walk":
            self._act(action)
            return
        resident = self._resident_named(action.resident)
        assert action.room is not None
        self._surroundings.way(resident.room, action.room)
        if self._tasks is None:
            raise CannotBe("the world does not run")
        self._live(resident.walk(action.room), f"{resident.name} walks")

    def state(self) -> list[dict[str, Any]]:
        """Every device as an eye sees it, for people and tests."""
        return [
            {
                "name": name,
                "kind": placed.plan.kind,
                "room": placed.plan.place,
                "node": self.network.node_of(name),
                "state": physical_state(placed.device),
            }
            for name, placed in self.devices.items()
        ]

    def whereabouts(self) -> dict[str, str]:
        """Who is in which room."""
        return {name: resident.room for name, resident in self.residents.items()}

    # --- what happens

    def _act(self, action: Action) -> None:
        if action.verb == "fault":
            assert action.fault is not None
            self._fault(action.fault, dict(action.settings))
            return
        placed = self._placed(action.device)
        match action.verb:
            case "press":
                self._press(placed, action)
            case "set":
                placed.device.act(action.settings)
            case "join":
                self.network.press(self._with_radio(placed))
                self._node(placed).wake()
            case "leave":
                self._leave(self._with_radio(placed), self._node(placed))

    def _press(self, placed: Placed, action: Action) -> None:
        if action.button is None and action.gesture is None:
            # Most devices have one button; a sensor's only one wakes it and says who it is.
            try:
                placed.device.press()
            except CannotDo:
                self.network.press(self._with_radio(placed))
        else:
            placed.device.press(action.button or "1", action.gesture or "single")
        if placed.node is not None:
            placed.node.wake()

    def _leave(self, name: str, node: SimulatedNode) -> None:
        """Excluded if the stick waits for that; else set back by hand, and just gone."""
        controller = self.network.controller
        if controller is None or not controller.button_pressed(name):
            node.reset_by_hand()

    def _live(self, life: Coroutine[Any, Any, None], name: str) -> None:
        assert self._tasks is not None
        task = self._tasks.create_task(life, name=name)
        self._lives.add(task)
        task.add_done_callback(self._lives.discard)

    def _fault(self, name: str, options: dict[str, Value]) -> None:
        family, _, short = name.rpartition(".")
        families = {
            "wire": WIRE_FAULTS,
            "stick": tuple(STICK_FAULTS),
            "air": ("loss", "frame_s"),
            "device": ("dead", "alive"),
        }
        found = [it for it, names in families.items() if short in names and family in ("", it)]
        if len(found) != 1:
            every = ", ".join(f"{it}.{short}" for it, names in families.items() for short in names)
            what = "means several" if found else "does not exist"
            raise CannotBe(f"the fault {name!r} {what}; there are {every}")
        {
            "wire": self._wire_fault,
            "stick": self._stick_fault,
            "air": self._air_fault,
            "device": self._device_fault,
        }[found[0]](short, options)

    def _wire_fault(self, name: str, options: dict[str, Value]) -> None:
        """Strikes the next write, or every one with a `rate`; unplug takes effect at once."""
        rate = _number(options, "rate")
        direction = str(options.pop("direction", Direction.TO_HOST))
        seconds = _number(options, "seconds")
        _nothing_else(options, "rate", "direction", "seconds")
        if direction not in tuple(Direction):
            raise CannotBe(f"there is no direction {direction!r}; there are {', '.join(Direction)}")
        if rate is not None:
            self.wire_faults.rates[name] = rate
        elif name == UNPLUG and self._wire is not None:
            self._wire.pull_out(UNPLUGGED_S if seconds is None else seconds)
        else:
            self.wire_faults.ask_for(name, Direction(direction))

    def _stick_fault(self, name: str, options: dict[str, Value]) -> None:
        """On, or with a `rate`, for so many `seconds` or for good."""
        rate, seconds = _number(options, "rate"), _number(options, "seconds")
        _nothing_else(options, "rate", "seconds")
        self.stick.faults.set(name, 1.0 if rate is None else rate)
        if seconds is not None:
            self._loop.call_later(seconds, self.stick.faults.set, name, 0.0)

    def _air_fault(self, name: str, options: dict[str, Value]) -> None:
        value = _number(options, "rate") if name == "loss" else _number(options, "seconds")
        _nothing_else(options, "rate" if name == "loss" else "seconds")
        if value is None:
            raise CannotBe("air.loss takes rate=0-1, air.frame_s takes seconds=...")
        setattr(self.network.air, name, value)

    def _device_fault(self, name: str, options: dict[str, Value]) -> None:
        device = self._with_radio(self._placed(str(options.pop("device", ""))))
        _nothing_else(options, "device")
        if name == "dead":
            self.network.cut_power(device)
        else:
            self.network.restore_power(device)

    # --- who is there

    def _placed(self, name: str | None) -> Placed:
        if name not in self.devices:
            raise CannotBe(f"there is no device {name!r}; there are {', '.join(self.devices)}")
        return self.devices[name]

    def _resident_named(self, name: str | None) -> Resident:
        if name not in self.residents:
            raise CannotBe(f"nobody is called {name!r}; there are {', '.join(self.residents) or 'no residents'}")
        return self.residents[name]

    def _with_radio(self, placed: Placed) -> str:
        self._node(placed)
        return placed.plan.name

    def _node(self, placed: Placed) -> SimulatedNode:
        if placed.node is None:
            raise CannotBe(f"{placed.plan.name} has no radio")
        return placed.node

    # --- how it is built

    def _rng(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}:{name}")  # noqa: S311 - a simulation's

    def _put_up(self, number: int, plan: DevicePlan) -> Placed:
        kind = KINDS[plan.kind]
        sleeps = kind.battery if plan.power is None else plan.power == "battery"
        room = self.rooms[plan.place] if plan.place != OUTSIDE else Room(RoomAir())
        site = Site(self._loop, room.air, Battery() if sleeps else None)
        device = kind.make(site, kind.options.model_validate(plan.options))
        if plan.kind in ("switch", "dimmer", "rgbw_lamp"):
            room.lamps.append(device)
        if not plan.zwave:
            return Placed(plan, device, None)
        location, _, name = plan.name.rpartition(".")
        label = Label(name, location, serial_number=f"{plan.kind}-{number + 1:04d}")
        node = dress(self._loop, device, label, wake_up_s=plan.wake_up_s)
        self.network.place(plan.name, node)
        if plan.joined:
            self.network.include(plan.name)
            node.was_set_up(self._rng(f"wakes:{plan.name}").uniform(*FIRST_WAKE_S))
        return Placed(plan, device, node)

    def _surround(self) -> Surroundings:
        neighbours: dict[str, frozenset[str]] = {}
        for room in self.plan.room:
            for other in room.neighbours:
                neighbours[room.name] = neighbours.get(room.name, frozenset()) | {other}
                neighbours[other] = neighbours.get(other, frozenset()) | {room.name}
        motion: dict[str, list[MotionSensor]] = {}
        doors: dict[frozenset[str], list[DoorSensor]] = {}
        for placed in self.devices.values():
            if isinstance(placed.device, MotionSensor):
                motion.setdefault(placed.plan.place, []).append(placed.device)
            if isinstance(placed.device, DoorSensor) and placed.plan.between:
                doors.setdefault(frozenset(placed.plan.between), []).append(placed.device)
        return Surroundings(neighbours, motion, doors)

    def _resident(self, plan: ResidentPlan) -> Resident:
        return Resident(plan.name, plan.room, self._surroundings, self._rng(f"resident:{plan.name}"))

    def _step(self, resident: Resident, step: StepPlan) -> Step:
        action = parse_action(step.words(resident.name))

        def wait_s() -> float:
            if step.after is not None:
                return resident.pause(step.after)
            assert step.at is not None
            hours, minutes = step.at.split(":")
            left = (int(hours) * 60 + int(minutes)) * 60 - self._wall() % DAY_S
            return left if left > 0 else left + DAY_S

        def do() -> Awaitable[None]:
            if action.room is not None:
                return resident.walk(action.room)
            self._act(action)
            return asyncio.sleep(0)

        return wait_s, do


def physical_state(device: Device) -> dict[str, Value]:
    """What an eye sees of a device: every attribute that a hand can set, as it is."""
    seen = {name: getattr(device, name, None) for name in device.HANDS}
    state: dict[str, Value] = {
        name: value for name, value in seen.items() if isinstance(value, bool | int | float | str)
    }
    if device.battery is not None:
        state["battery"] = device.battery.level
    return state


def _number(options: dict[str, Value], name: str) -> float | None:
    value = options.pop(name, None)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and value >= 0):
        return None if value is None else float(value)
    raise CannotBe(f"{name} is a number, not {value!r}")


def _nothing_else(options: dict[str, Value], *known: str) -> None:
    if options:
        raise CannotBe(f"it takes {', '.join(known)}, not {', '.join(options)}")
