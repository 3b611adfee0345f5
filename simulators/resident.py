"""Somebody who lives in a home: walks through its rooms, opens its doors, and is never quite still."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence

from simulators.devices.sensors import DoorSensor, MotionSensor

ROOM_S = 2.0
"""From the middle of one room to the middle of the next."""
DOOR_OPEN_S = 1.5
STIR_S = (3.0, 8.0)
"""How often somebody moves who just is somewhere, at least and at most."""
HASTE = 0.2
"""By how much of itself a pause varies."""


class NoWay(ValueError):
    """There is no way from here to there."""


class Surroundings:
    """What a resident sees of the home: which room leads where, and what notices who passes."""

    def __init__(
        self,
        neighbours: Mapping[str, frozenset[str]],
        motion_sensors: Mapping[str, Sequence[MotionSensor]],
        doors: Mapping[frozenset[str], Sequence[DoorSensor]],
    ) -> None:
        self._neighbours = neighbours
        self._motion_sensors = motion_sensors
        self._doors = doors

    def way(self, start: str, end: str) -> list[str]:
        """The rooms to pass, `end` the last of them; the shortest way, by name where there are several. NoWay."""
        ways = [[start]]
        seen = {start}
        while ways:
            way = ways.pop(0)
            if way[-1] == end:
                return way[1:]
            for room in sorted(self._neighbours.get(way[-1], frozenset()) - seen):
                seen.add(room)
                ways.append([*way, room])
        raise NoWay(f"there is no way from {start} to {end}")

    def motion_in(self, room: str) -> None:
        for sensor in self._motion_sensors.get(room, ()):
            sensor.see_motion()

    def doors_between(self, room: str, other: str) -> Sequence[DoorSensor]:
        return self._doors.get(frozenset((room, other)), ())


Step = tuple[Callable[[], float], Callable[[], Awaitable[None]]]
"""How many seconds to wait, and what to do then."""


class Resident:
    def __init__(self, name: str, room: str, surroundings: Surroundings, rng: random.Random) -> None:
        self.name = name
        self.room = room
        self._surroundings = surroundings
        self._rng = rng
        self._walking = asyncio.Lock()

    async def live(self, routine: Sequence[Step]) -> None:
        """Do the routine over and over again, and stir meanwhile."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._stir(), name=f"{self.name} stirs")
            if routine:
                tasks.create_task(self._do(routine), name=f"{self.name}'s routine")

    async def walk(self, room: str) -> None:
        """Go there, through every room on the way. Raises NoWay. Waits where this resident is still walking."""
        async with self._walking:
            for step in self._surroundings.way(self.room, room):
                await self._pass(step)

    def pause(self, seconds: float) -> float:
        """About so many seconds: nobody is exact."""
        return seconds * self._rng.uniform(1 - HASTE, 1 + HASTE)

    async def _pass(self, room: str) -> None:
        doors = self._surroundings.doors_between(self.room, room)
        for door in doors:
            door.set_open(True)
        await asyncio.sleep(DOOR_OPEN_S if doors else 0.0)
        self.room = room
        self._surroundings.motion_in(room)
        await asyncio.sleep(ROOM_S)
        for door in doors:
            door.set_open(False)

    async def _stir(self) -> None:
        while True:
            self._surroundings.motion_in(self.room)
            await asyncio.sleep(self._rng.uniform(*STIR_S))

    async def _do(self, routine: Sequence[Step]) -> None:
        while True:
            for wait_s, do in routine:
                await asyncio.sleep(wait_s())
                await do()
