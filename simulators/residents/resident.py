"""Somebody who lives in a home: walks through its rooms, opens its doors, and is never quite still."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

from simulators.devices.device import CannotDo, Timer
from simulators.residents.activities import ASLEEP, AWAKE, Activity
from simulators.residents.walking import Surroundings

ROOM_S = 2.0
"""From the middle of one room to the middle of the next."""
DOOR_OPEN_S = 1.5
RESTLESS_S = (3.0, 8.0)
"""Somebody without habits who just is somewhere moves so often, at least and at most."""
HASTE = 0.2
"""By how much of itself a pause varies."""

Step = tuple[Callable[[], float], Callable[[], Awaitable[None]]]
"""How many seconds to wait, and what to do then."""


class Resident:
    """`on_move` hears of every room that was left and entered."""

    def __init__(
        self, name: str, room: str, surroundings: Surroundings, rng: random.Random, *, restless: bool = True
    ) -> None:
        self.name = name
        self.room = room
        self.asleep = False
        self.busy_with: Activity | None = None
        self.rng = rng
        self.on_move: Callable[[Resident, str], None] = lambda _resident, _left: None
        self.restless_s = RESTLESS_S
        """How often one without habits moves who is awake."""
        self._surroundings = surroundings
        self._restless = restless
        self._walking = asyncio.Lock()
        self._taken_away = 0
        """How often somebody else decided where this resident is."""
        self._stirring: Timer | None = None
        """None before there is life."""

    @property
    def activity(self) -> Activity:
        return self.busy_with or (ASLEEP if self.asleep else AWAKE)

    async def live(self, routine: Sequence[Step]) -> None:
        """Do the routine over and over again, and stir meanwhile."""
        self._stirring = Timer(asyncio.get_running_loop(), self._stir)
        self._stir()
        try:
            while routine:
                for wait_s, do in routine:
                    await asyncio.sleep(wait_s())
                    await do()
            await asyncio.get_running_loop().create_future()
        finally:
            self._stirring.stop()
            self._stirring = None

    async def walk(self, room: str) -> None:
        """Go there, through every room on the way. Raises NoWay; CannotDo where a lock on the way is jammed, or where
        somebody has this resident be elsewhere meanwhile.

        Waits where this resident is still walking.
        """
        before = self._taken_away
        async with self._walking:
            self._check_still_walks(room, before)
            for step in self._surroundings.way(self.room, room):
                await self._pass(step, before)
                self._check_still_walks(room, before)

    async def be_busy(self, activity: Activity, seconds: float) -> None:
        """Until the time is over, or until somewhere else is better."""
        self.busy_with = activity
        self.stir_soon()
        await asyncio.sleep(seconds)
        if self.busy_with is activity:
            self.busy_with = None

    def fall_asleep(self, asleep: bool = True) -> None:
        self.asleep = asleep
        self.stir_soon()

    def step_into(self, room: str) -> None:
        """Be in it from this instant on, and be seen; whatever doors there are. Walks that were begun are over."""
        self._taken_away += 1
        self._enter(room)

    def _enter(self, room: str) -> None:
        left = self.room
        self.busy_with = None
        self.asleep = False
        self.room = room
        self._surroundings.motion_in(room)
        self.stir_soon()
        self.on_move(self, left)

    def appear(self, room: str, *, asleep: bool) -> None:
        """Have been there, before anybody looked."""
        self.room, self.asleep = room, asleep

    def pause(self, seconds: float) -> float:
        """About so many seconds: nobody is exact."""
        return seconds * self.rng.uniform(1 - HASTE, 1 + HASTE)

    def stir_soon(self) -> None:
        """What is done now sets another pace."""
        if self._stirring is None or not self._surroundings.is_watched(self.room):
            return
        restless = self._restless and not self.asleep
        wait_s = self.rng.uniform(*self.restless_s) if restless else self.rng.expovariate(1 / self.activity.stirs_s)
        self._stirring.start(wait_s)

    def _check_still_walks(self, goal: str, before: int) -> None:
        """Raises CannotDo where no way leads on any more from where this resident had come to."""
        if self._taken_away != before:
            raise CannotDo(f"{self.name} walks to {goal} no more, and is in {self.room} all at once")

    async def _pass(self, room: str, before: int) -> None:
        left = self.room
        passage = self._surroundings.passage(left, room)
        was_locked = passage.locked
        if was_locked:
            passage.turn_locks(False)
            if passage.locked:
                raise CannotDo(f"{self.name} cannot get from {left} to {room}: the lock is jammed")
        for door in passage.contacts:
            door.set_open(True)
        await asyncio.sleep(DOOR_OPEN_S if passage.contacts else 0.0)
        if self._taken_away == before:
            self._enter(room)
            await asyncio.sleep(ROOM_S)
        for door in passage.contacts:
            door.set_open(False)
        if was_locked:
            passage.turn_locks(True)

    def _stir(self) -> None:
        """Nobody wakes up to be seen by nobody: where there is no sensor, the next room sets it going again."""
        if self._surroundings.is_watched(self.room):
            self._surroundings.motion_in(self.room)
            self.stir_soon()
        elif self._stirring is not None:
            self._stirring.stop()
