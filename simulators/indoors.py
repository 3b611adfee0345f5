"""The inside of a home as its file has it, put together: rooms, what is in them, ways between, who lives there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from simulators.action import WINDOW
from simulators.climate.house import House
from simulators.climate.plan import OUTSIDE, PlacePlan
from simulators.climate.rooms import Room
from simulators.climate.weather import BOUNDS, Weather
from simulators.devices.device import CannotDo, Device, Value
from simulators.devices.dimmer import Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.room_air import RoomAir
from simulators.devices.sensors import DoorSensor, MotionSensor
from simulators.devices.switch import Switch
from simulators.home import DevicePlan, HomePlan
from simulators.home_clock import HomeClock
from simulators.openings import Passages, Window
from simulators.residents.day import Rooms
from simulators.residents.household import Household, Member
from simulators.residents.lamp_hands import Lamp, LampHands
from simulators.residents.plan import HabitsPlan, ResidentPlan
from simulators.residents.resident import Resident
from simulators.residents.television import Television
from simulators.residents.walking import Surroundings


class Indoors:
    """Rooms first, then each device is `put_up`, then `move_in`."""

    def __init__(self, plan: HomePlan, seed: object, wall: Callable[[], float]) -> None:
        place = plan.place or PlacePlan.model_validate({})
        self.clock = HomeClock(wall, ZoneInfo(place.timezone))
        self.passages = Passages([(room.name, other) for room in plan.room for other in room.neighbours])
        for door in plan.door:
            self.passages.make(door.between).stands_open = door.open
        self.windows = {room.name: [Window(window) for window in room.windows] for room in plan.room}
        self.rooms = {room.name: Room(room, self.windows[room.name]) for room in plan.room}
        weather = Weather(place, seed, plan.outside_temperature)
        self.house = House(self.rooms, plan.room, self.passages, weather, place, wall)
        self._plan = plan
        self._seed = seed
        self._lamps: dict[str, list[Lamp]] = {}
        self._plugs: dict[str, tuple[str, MeteringPlug]] = {}
        self._televisions: dict[str, Television] = {}
        self._motion: dict[str, list[MotionSensor]] = {}
        self._contacts = {
            window.contact: self.windows[room.name][number]
            for room in plan.room
            for number, window in enumerate(room.windows)
            if window.contact is not None
        }

    def air(self, place: str) -> RoomAir:
        """What a device measures and heats that is in this room, or outside."""
        return self._room(place).air

    def put_up(self, plan: DevicePlan, device: Device) -> None:
        room = self._room(plan.place)
        room.put_up(device)
        match device:
            case MeteringPlug():
                self._plugs[plan.name] = plan.place, device
            case Switch() | Dimmer():
                self._lamps.setdefault(plan.place, []).append(Lamp(plan.name, device))
            case MotionSensor():
                self._motion.setdefault(plan.place, []).append(device)
            case Lock() if plan.between:
                self.passages.make(plan.between).locks.append(device)
            case DoorSensor() if plan.between:
                self.passages.make(plan.between).contacts.append(device)
            case DoorSensor() if plan.name in self._contacts:
                self._contacts[plan.name].contact = device

    def move_in(
        self,
        rng: Callable[[str], Random],
        press: Callable[[str], None],
        attempt: Callable[[Sequence[str]], Awaitable[None]],
    ) -> tuple[dict[str, Resident], Household]:
        """Who lives here. `press` pushes a device's button, `attempt` does what is no resident's own action."""
        surroundings = Surroundings(self.passages, self._motion)
        residents = {
            plan.name: Resident(
                plan.name, plan.room, surroundings, rng(f"resident:{plan.name}"), restless=plan.habits is None
            )
            for plan in self._plan.resident
        }
        lamps = LampHands({**self.rooms, OUTSIDE: self.house.outdoors}, self._lamps, residents, press)
        members = [self._member(plan, residents[plan.name], press) for plan in self._plan.resident]
        household = Household(members, surroundings, lamps, self.clock, attempt, self._seed)
        self.house.people = household.people
        return residents, household

    def picture(self) -> dict[str, Any]:
        """How it is inside and in front of the door, for people and pages."""
        sky = self.house.weather.at(self.clock.wall())
        return {
            "rooms": {
                name: {
                    "temperature": round(room.temperature, 2),
                    "humidity": round(room.air.humidity, 1),
                    "light": round(room.light, 1),
                    "windows": [window.open for window in room.windows],
                }
                for name, room in self.rooms.items()
            },
            "doors": [
                {"between": list(rooms), "open": passage.open, "locked": passage.locked}
                for rooms, passage in self.passages.each()
            ],
            "weather": {name: round(getattr(sky, name), 2) for name in BOUNDS},
        }

    def set_open(self, room: str, other: str, is_open: bool) -> None:
        """A door or the windows of a room, by hand. Raises CannotDo."""
        if other == WINDOW:
            if not self.windows.get(room):
                raise CannotDo(f"there is no window in {room}; there are some in {', '.join(self._with_windows())}")
            for window in self.windows[room]:
                window.set_open(is_open)
            return
        passage = self.passages.between(room, other)
        if passage is None:
            beside = ", ".join(self.passages.beside(room)) or "nowhere"
            raise CannotDo(f"there is no door between {room} and {other}; from {room} one gets to {beside}")
        if is_open and passage.locked:
            raise CannotDo(f"the door between {room} and {other} is locked")
        passage.set_open(is_open)

    def hold_weather(self, settings: Mapping[str, Value]) -> None:
        """Raises CannotDo."""
        try:
            self.house.weather.hold(settings)
        except ValueError as error:
            raise CannotDo(str(error)) from error

    def _room(self, place: str) -> Room:
        return self.house.outdoors if place == OUTSIDE else self.rooms[place]

    def _with_windows(self) -> list[str]:
        return [name for name, windows in self.windows.items() if windows]

    def _member(self, plan: ResidentPlan, resident: Resident, press: Callable[[str], None]) -> Member:
        habits = plan.habits or HabitsPlan.model_validate({})
        kitchen = habits.kitchen or self._if_there("kitchen")
        television = None if habits.television is None else self._television(habits.television, press)
        rooms = Rooms(
            bed=habits.bed or plan.room,
            bath=habits.bath or self._if_there("bath"),
            dining=habits.dining or kitchen,
            kitchen=kitchen,
            television=self._if_there("living") if television is None else television.room,
        )
        return Member(resident, rooms, plan.habits, television)

    def _television(self, name: str, press: Callable[[str], None]) -> Television:
        """One for all who watch it."""
        if name not in self._televisions:
            room, plug = self._plugs[name]
            self._televisions[name] = Television(room, plug, partial(press, name))
        return self._televisions[name]

    def _if_there(self, room: str) -> str | None:
        return room if room in self.rooms else None
