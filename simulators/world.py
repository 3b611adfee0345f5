"""A whole simulated home, running: rooms, devices and residents, a stick for each radio, and the cables between.

Everything random comes from one seed, everything timed from the loop, so the same world runs in virtual time or on a
real port. It contains no agent.
"""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from simulators.action import Action, BadAction, parse_action
from simulators.appliances import work
from simulators.cable import Cable
from simulators.devices.device import CannotDo, Device, Value
from simulators.devices.metering_plug import MeteringPlug
from simulators.dongle import Dongle, Placement
from simulators.dongle import Site as DongleSite
from simulators.events import happen
from simulators.fault_kind import BadOption, Heal
from simulators.faults import FaultyWire, WireFaults
from simulators.floor_plan import ground_of, spot_of
from simulators.home import DevicePlan, HomePlan
from simulators.house_table import seconds_of
from simulators.indoors import Indoors
from simulators.kinds import KINDS, Site
from simulators.residents.plan import StepPlan
from simulators.residents.resident import Resident, Step
from simulators.residents.walking import NoWay
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
TROUBLES_MAX: Final = 200
DOINGS_MAX: Final = 1000
"""What `do` has begun and nobody has finished: whoever asks for more waits."""
CLIMATE: Final = "climate"
"""The name of the life that air and light have; no device may be called so, as its name has a dot."""


class CannotBe(ValueError):
    """What was asked of the world does not exist in it, or cannot be done to it."""


CANNOT: Final = (BadAction, CannotBe, CannotDo, NoWay)
"""What anybody may be told who wants something of a world."""


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
        self._indoors = Indoors(plan, seed, self._wall)
        self.rooms = self._indoors.rooms
        self._ground = ground_of(plan)
        self.dongles = {name: self._dongle(name, state, radio_time) for name in plan.radios_with(radios)}
        self.wire_faults = {name: WireFaults(self._of_radio(name)) for name in self.dongles}
        self.devices = {it.name: self._put_up(number, it) for number, it in enumerate(plan.device)}
        self.residents, self._household = self._indoors.move_in(self.rng, self._push, self._attempt)
        self.troubles: deque[str] = deque(maxlen=TROUBLES_MAX)
        """What residents and events could not do, the latest ones."""
        self._still = still
        self.wires: dict[str, FaultyWire] = {}
        self.faults = Switchboard(self)
        """What goes wrong on purpose at the moment."""
        self._tasks: asyncio.TaskGroup | None = None
        self._lives: set[asyncio.Task[None]] = set()
        self._lives_max = DOINGS_MAX

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
                    self._household.end()
                    for life in sorted(self._lives, key=asyncio.Task.get_name):
                        life.cancel()

    def _begin_to_live(self) -> None:
        self._household.begin()
        for plan in self.plan.resident:
            resident = self.residents[plan.name]
            routine = [self._step(resident, step) for step in plan.routine]
            if plan.habits is not None:
                self._live(self._household.live_by_habit(plan.name), f"{plan.name}'s habits")
            self._live(resident.live(routine), plan.name)
        self._live(self._indoors.house.run(), CLIMATE)
        for appliance in self.plan.appliance:
            plug = self.devices[appliance.plug].device
            assert isinstance(plug, MeteringPlug)
            self._live(work(appliance, plug, self.rng(f"appliance:{appliance.plug}")), appliance.plug)
        for number, event in enumerate(self.plan.event, start=1):
            self._live(happen(event, self._indoors.clock, self._attempt), f"event {number}")
        self._lives_max += len(self._lives)

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
        """Do at once what `sim do` does: `world.do("press", "hall.light")`. What a resident does begins, and goes on by
        itself.

        Raises BadAction, CannotBe, CannotDo or NoWay, and then nothing was done.
        """
        action = parse_action(words)
        if action.resident is None:
            self._act(action)
            return
        if action.resident not in self.residents:
            there = ", ".join(self.residents) or "no residents"
            raise CannotBe(f"nobody is called {action.resident!r}; there are {there}")
        self._household.check(action)
        if self._tasks is None:
            raise CannotBe("the world does not run")
        if len(self._lives) >= self._lives_max:
            raise CannotBe(
                f"{DOINGS_MAX} things that residents were told to do are not done yet; wait for some of them"
            )
        self._live(self._attempt(words), " ".join(words))

    def rest(self) -> None:
        """From now on residents stay where they are, appliances as they are, and events do not come: only weather and
        `do` do anything."""
        self._household.end()
        for life in sorted(self._lives, key=asyncio.Task.get_name):
            if life.get_name() != CLIMATE:
                life.cancel()

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

    def now(self) -> float:
        """Unix seconds by the world's clock."""
        return self._wall()

    def inside(self) -> dict[str, Any]:
        """The air and the light of each room, which doors and windows are open, and the weather."""
        return self._indoors.picture()

    # --- what happens

    def _act(self, action: Action) -> None:
        if action.verb == "fault":
            assert action.fault is not None
            with _as_what_cannot_be():
                self.faults.strike_as_told(action.fault, action.settings)
            return
        if action.verb == "heal":
            with _as_what_cannot_be():
                self.faults.heal(action.fault, action.other)
            return
        if action.verb == "weather":
            self._indoors.hold_weather(action.settings)
            return
        if action.verb in ("open", "close"):
            self._indoors.set_open(str(action.room), str(action.other), action.verb == "open")
            return
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

    async def _attempt(self, words: Sequence[str]) -> None:
        """What a resident or an event does. What cannot be done is noted down, and life goes on."""
        try:
            action = parse_action(words)
            if action.resident is None:
                self._act(action)
                # Nobody does two things at the same instant: whoever heard of the first may act now.
                await asyncio.sleep(0)
            else:
                await self._household.do(action)
        except CANNOT as error:
            self.troubles.append(f"{self.loop.time():.3f}: {' '.join(words)}: {error}")

    def _push(self, device: str) -> None:
        """A resident's finger on a lamp."""
        try:
            self._press(self._placed(device), Action("press", device=device))
        except CANNOT as error:
            self.troubles.append(f"{self.loop.time():.3f}: press {device}: {error}")

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
        ground = self._ground
        site = DongleSite(self.loop, lambda name: self.rng(f"{radio}:{name}"), memory, devices, radio_time, ground)
        return DONGLES[radio](site)

    def _put_up(self, number: int, plan: DevicePlan) -> Placed:
        kind = KINDS[plan.kind]
        sleeps = kind.battery if plan.power is None else plan.power == "battery"
        site = Site(self.loop, self._indoors.air(plan.place), None, lambda name: self.rng(f"{name}:{plan.name}"))
        if sleeps:
            site = replace(site, battery=site.cells(plan.kind))
        device = kind.make(site, kind.options.model_validate(plan.options))
        self._indoors.put_up(plan, device)
        dongle = self.dongles.get(plan.radio)
        if dongle is not None:
            spot = spot_of(self._ground, plan, self.rng)
            dongle.place(Placement(plan.name, plan.kind, device, number, plan.wake_up_s, plan.joined, spot))
        return Placed(plan, device, dongle)

    def _step(self, resident: Resident, step: StepPlan) -> Step:
        words = step.words(resident.name)

        def wait_s() -> float:
            if step.after is not None:
                return resident.pause(step.after)
            assert step.at is not None
            return self._indoors.clock.seconds_until(seconds_of(step.at))

        def do() -> Awaitable[None]:
            return self._attempt(words)

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
        state["battery"] = round(device.battery.level, 1)
    return state
