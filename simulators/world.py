"""A whole simulated home, running: rooms, devices and residents, a stick for each radio, and the cables between.

Everything random comes from one seed, everything timed from the loop, so the same world runs in virtual time or on a
real port. It contains no agent.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simulators.action import Action, parse_action
from simulators.cable import Cable
from simulators.climate.plan import OUTSIDE
from simulators.climate.rooms import DAY_S, Climate, Room
from simulators.devices.device import Battery, CannotDo, Device, Value
from simulators.devices.room_air import RoomAir
from simulators.devices.sensors import DoorSensor, MotionSensor
from simulators.dongle import Dongle, Placement
from simulators.dongle import Site as DongleSite
from simulators.fault_kind import BadOption, Heal
from simulators.faults import FaultyWire, WireFaults
from simulators.home import DevicePlan, HomePlan
from simulators.kinds import KINDS, Site
from simulators.residents.plan import ResidentPlan, StepPlan
from simulators.residents.resident import Resident, Step
from simulators.residents.walking import Surroundings
from simulators.runtime import START
from simulators.world_faults.stacked import Stacked
from simulators.world_faults.switchboard import NoSuchFault, Switchboard
from simulators.zigbee.dongle import ZigbeeDongle
from simulators.zwave.dongle import ZwaveDongle

DONGLES: Final[Mapping[str, Callable[[DongleSite], Dongle]]] = {
    ZwaveDongle.name: ZwaveDongle,
    ZigbeeDongle.name: ZigbeeDongle,
}
"""By radio: how its dongle is made."""


class CannotBe(ValueError):
    """What was asked of the world does not exist in it, or cannot be done to it."""


@dataclass(slots=True)
class Placed:
    """A device where it is put up; `dongle` is of its radio, None for one without."""

    plan: DevicePlan
    device: Device
    dongle: Dongle | None


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
        state: Path | None = None,
        radio_time: bool = False,
        radios: Iterable[str] = (),
        still: bool = False,
    ) -> None:
        """`state` is the folder where sticks and devices keep what survives a restart; `wall` gives Unix seconds. There
        is a stick for each radio that a device has, and for `radios`. In a `still` world residents stay where they are
        and there is no weather: only `do` does anything.

        Raises ValueError on a damaged memory.
        """
        loop = asyncio.get_running_loop()
        self.plan = plan
        self.seed = seed
        self.loop = loop
        self._wall = wall or (lambda: START + loop.time())
        self.rooms = {room.name: Room(RoomAir(temperature=room.temperature)) for room in plan.room}
        self.dongles = {name: self._dongle(name, state, radio_time) for name in plan.radios_with(radios)}
        self.wire_faults = {name: WireFaults(self._of_radio(name)) for name in self.dongles}
        self.devices = {it.name: self._put_up(number, it) for number, it in enumerate(plan.device)}
        self._surroundings = self._surround()
        self.residents = {it.name: self._resident(it) for it in plan.resident}
        self._climate = Climate(self.rooms, plan.outside_temperature or 8.0, self._wall)
        self._still = still
        self.wires: dict[str, FaultyWire] = {}
        self.faults = Switchboard(self)
        """What goes wrong on purpose at the moment."""
        self._tasks: asyncio.TaskGroup | None = None
        self._lives: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self, cables: Mapping[str, Cable]) -> AsyncIterator[None]:
        """Plug each radio's stick into its cable and let everybody live, until the context ends. Raises PortError.

        What the context raises comes out as it is.
        """
        async with AsyncExitStack() as closing:
            closing.callback(self._power_off)
            for name, dongle in self.dongles.items():
                await closing.enter_async_context(self._plugged(name, dongle, cables[name]))
            async with alone_as_itself(), asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                if not self._still:
                    self._begin_to_live()
                try:
                    yield
                finally:
                    self._tasks = None
                    for life in sorted(self._lives, key=asyncio.Task.get_name):
                        life.cancel()

    def _begin_to_live(self) -> None:
        self._live(self._climate.run(), "climate")
        for plan in self.plan.resident:
            resident = self.residents[plan.name]
            routine = [self._step(resident, step) for step in plan.routine]
            self._live(resident.live(routine), plan.name)

    @asynccontextmanager
    async def _plugged(self, name: str, dongle: Dongle, cable: Cable) -> AsyncIterator[None]:
        wire = self.wires[name] = FaultyWire(dongle.stick, cable, self.wire_faults[name])
        await cable.plug(wire)
        try:
            yield
        finally:
            wire.close()
            await cable.close()

    def _power_off(self) -> None:
        for dongle in self.dongles.values():
            dongle.power_off()

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

    def strike(self, name: str, target: str, **options: Value) -> Heal:
        """Have a fault of `world_faults.table` strike a radio or a device of that name, until what is returned is
        called. Raises CannotBe or CannotDo, and then nothing was done."""
        with _as_what_cannot_be():
            return self.faults.strike(name, target, options)

    def setting(self, name: str, read: Callable[[], Any], write: Callable[[Any], None]) -> Stacked[Any]:
        return self.faults.setting(name, read, write)

    def state(self) -> list[dict[str, Any]]:
        """Every device as an eye sees it, for people and tests."""
        return [
            {
                "name": name,
                "kind": placed.plan.kind,
                "room": placed.plan.place,
                "radio": None if placed.dongle is None else placed.dongle.name,
                "node": None if placed.dongle is None else placed.dongle.address_of(name),
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
            with _as_what_cannot_be():
                self.faults.strike_as_told(action.fault, action.settings)
            return
        if action.device is None:
            raise CannotBe(f"nobody can {action.verb} here yet")
        placed = self._placed(action.device)
        match action.verb:
            case "press":
                self._press(placed, action)
            case "set":
                placed.device.act(action.settings)
            case "join":
                dongle = self._with_radio(placed)
                dongle.press(placed.plan.name)
                dongle.wake(placed.plan.name)
            case "leave":
                self._with_radio(placed).leave(placed.plan.name)

    def _press(self, placed: Placed, action: Action) -> None:
        if action.button is None and action.gesture is None:
            # Most devices have one button; a sensor's only one wakes it and says who it is.
            try:
                placed.device.press()
            except CannotDo:
                self._with_radio(placed).press(placed.plan.name)
        else:
            placed.device.press(action.button or "1", action.gesture or "single")
        if placed.dongle is not None:
            placed.dongle.wake(placed.plan.name)

    def _live(self, life: Coroutine[Any, Any, None], name: str) -> None:
        assert self._tasks is not None
        task = self._tasks.create_task(life, name=name)
        self._lives.add(task)
        task.add_done_callback(self._lives.discard)

    # --- who is there

    def _placed(self, name: str | None) -> Placed:
        if name not in self.devices:
            raise CannotBe(f"there is no device {name!r}; there are {', '.join(self.devices)}")
        return self.devices[name]

    def _resident_named(self, name: str | None) -> Resident:
        if name not in self.residents:
            raise CannotBe(f"nobody is called {name!r}; there are {', '.join(self.residents) or 'no residents'}")
        return self.residents[name]

    def _with_radio(self, placed: Placed) -> Dongle:
        if placed.dongle is None:
            raise CannotBe(f"{placed.plan.name} has no radio")
        return placed.dongle

    # --- how it is built

    def rng(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}:{name}")  # noqa: S311 - a simulation's

    def _of_radio(self, radio: str) -> str:
        """The seed of one radio's own streams."""
        return f"{self.seed}:{radio}"

    def _dongle(self, radio: str, state: Path | None, radio_time: bool) -> Dongle:
        memory = None if state is None else state / f"{radio}-stick.json"
        devices = None if state is None else state / f"{radio}-devices.json"
        site = DongleSite(self.loop, lambda name: self.rng(f"{radio}:{name}"), memory, devices, radio_time)
        return DONGLES[radio](site)

    def _put_up(self, number: int, plan: DevicePlan) -> Placed:
        kind = KINDS[plan.kind]
        sleeps = kind.battery if plan.power is None else plan.power == "battery"
        room = self.rooms[plan.place] if plan.place != OUTSIDE else Room(RoomAir())
        site = Site(self.loop, room.air, Battery() if sleeps else None)
        device = kind.make(site, kind.options.model_validate(plan.options))
        if plan.kind in ("switch", "dimmer", "rgbw_lamp"):
            room.lamps.append(device)
        dongle = self.dongles.get(plan.radio)
        if dongle is not None:
            dongle.place(Placement(plan.name, plan.kind, device, number, plan.wake_up_s, plan.joined))
        return Placed(plan, device, dongle)

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
        return Resident(plan.name, plan.room, self._surroundings, self.rng(f"resident:{plan.name}"))

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


@contextmanager
def _as_what_cannot_be() -> Iterator[None]:
    try:
        yield
    except (BadOption, NoSuchFault) as error:
        raise CannotBe(str(error)) from error


def physical_state(device: Device) -> dict[str, Value]:
    """What an eye sees of a device: every attribute that a hand can set, as it is."""
    seen = {name: getattr(device, name, None) for name in device.HANDS}
    state: dict[str, Value] = {
        name: value for name, value in seen.items() if isinstance(value, bool | int | float | str)
    }
    if device.battery is not None:
        state["battery"] = device.battery.level
    return state
