"""Somebody who lives in a home: walks through its rooms, opens its doors, and is never quite still."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

from simulators.residents.walking import Surroundings

ROOM_S = 2.0
"""From the middle of one room to the middle of the next."""
DOOR_OPEN_S = 1.5
STIR_S = (3.0, 8.0)
"""How often somebody moves who just is somewhere, at least and at most."""
HASTE = 0.2
"""By how much of itself a pause varies."""


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
