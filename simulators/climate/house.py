"""A whole house in its weather: heat and moisture go through walls, doors and windows, minute by minute.

Each room is one body of air and what follows it. In a step it moves towards what its surroundings would make of it if
they stayed as they are, by the exact exponential: any step is stable, however wide the doors stand.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import exp
from typing import Final

from simulators.climate.daylight import Sky, sky
from simulators.climate.plan import OUTSIDE, PlacePlan, RoomPlan
from simulators.climate.rooms import MOISTURE_BUFFER, PEOPLE_W_G_S, Room
from simulators.climate.sun import sun_position
from simulators.climate.walls import inner_w_per_k, outer_w_per_k
from simulators.climate.weather import Conditions, Weather
from simulators.openings import Passage, Passages

STEP_S: Final = 60.0
AIR_J_PER_M3K: Final = 1210.0
LEAKS_PER_S: Final = 0.3 / 3600
"""The share of a room's air that goes through cracks."""
CLOSED_DOOR_M3_S: Final = 0.003
OPEN_DOOR_M3_S: Final = 0.12
OPEN_WINDOW_M_S: Final = 0.02
"""m³/s for each m² of a window that is open; wind makes it more."""
_NOBODY: Final = 0.0, 0.0


@dataclass(frozen=True, slots=True)
class _Beside:
    """What lies beside a room: another one, or the open air (None)."""

    room: Room | None
    wall_w_per_k: float
    passage: Passage | None


class House:
    """`wall` gives Unix seconds; `people` who is where, as heat and vapour by rooms."""

    def __init__(
        self,
        rooms: Mapping[str, Room],
        plans: Sequence[RoomPlan],
        passages: Passages,
        weather: Weather,
        place: PlacePlan,
        wall: Callable[[], float],
    ) -> None:
        self.rooms = rooms
        self.weather = weather
        self.outdoors = Room(RoomPlan.model_validate({"name": OUTSIDE, "windows": [], "open_air": True}))
        self.people: Callable[[], Mapping[str, PEOPLE_W_G_S]] = dict
        self._place = place
        self._wall = wall
        self._open_air = [self.outdoors, *(room for room in rooms.values() if room.open_air)]
        self._indoors = [(room, self._around(room, plans, passages)) for room in rooms.values() if not room.open_air]
        self._leaks = {plan.name: outer_w_per_k(plan, [it for it in plans if it is not plan]) for plan in plans}

    async def run(self) -> None:
        for room in (self.outdoors, *self.rooms.values()):
            for lamp in room.lamps:
                lamp.listen(partial(_lamp_changed, room))
        self.step(0.0)
        while True:
            await asyncio.sleep(STEP_S)
            self.step(STEP_S)

    def step(self, seconds: float) -> None:
        now = self._wall()
        conditions = self.weather.at(now)
        above = sky(sun_position(now, self._place.latitude, self._place.longitude), conditions.clouds)
        for room in self._open_air:
            room.temperature, room.vapour = conditions.temperature, conditions.vapour
        people = self.people()
        for room, _ in self._indoors:
            room.heed_hands()
        become = [
            self._after(room, beside, seconds, conditions, above, people.get(room.name, _NOBODY))
            for room, beside in self._indoors
        ]
        # Only now: what a room becomes follows from what its neighbours were.
        for (room, _), (temperature, vapour) in zip(self._indoors, become, strict=True):
            room.temperature, room.vapour = temperature, vapour
        for room in (*self._open_air, *(room for room, _ in self._indoors)):
            room.see(above)
            room.tell()

    def _after(
        self,
        room: Room,
        beside: Sequence[_Beside],
        seconds: float,
        conditions: Conditions,
        above: Sky,
        people: PEOPLE_W_G_S,
    ) -> tuple[float, float]:
        """Temperature and vapour after a step."""
        leaks_m3_s = LEAKS_PER_S * room.volume_m3
        for window in room.windows:
            if window.open:
                leaks_m3_s += OPEN_WINDOW_M_S * window.area_m2 * (1.0 + 0.1 * conditions.wind)
        conducts = self._leaks[room.name] + leaks_m3_s * AIR_J_PER_M3K
        heat = room.heat_w(above) + people[0] + conducts * conditions.temperature
        flows, vapour = leaks_m3_s, people[1] + leaks_m3_s * conditions.vapour
        for side in beside:
            flow = _flow_m3_s(side.passage)
            through = side.wall_w_per_k + flow * AIR_J_PER_M3K
            other = self.outdoors if side.room is None else side.room
            conducts += through
            heat += through * other.temperature
            flows += flow
            vapour += flow * other.vapour
        temperature = _towards(room.temperature, heat / conducts, conducts / room.capacity_j_per_k * seconds)
        vapour = _towards(room.vapour, vapour / flows, flows / (room.volume_m3 * MOISTURE_BUFFER) * seconds)
        return temperature, vapour

    def _around(self, room: Room, plans: Sequence[RoomPlan], passages: Passages) -> list[_Beside]:
        plan = next(it for it in plans if it.name == room.name)
        found = []
        for other in plans:
            if other is plan:
                continue
            passage = passages.between(room.name, other.name)
            # The wall to a garden is an outer one.
            through = 0.0 if other.open_air else inner_w_per_k(plan, other)
            if passage is not None or through > 0:
                found.append(_Beside(None if other.open_air else self.rooms[other.name], through, passage))
        front = passages.between(room.name, OUTSIDE)
        if front is not None:
            found.append(_Beside(None, 0.0, front))
        return found


def _flow_m3_s(passage: Passage | None) -> float:
    if passage is None:
        return 0.0
    return OPEN_DOOR_M3_S if passage.open else CLOSED_DOOR_M3_S


def _towards(value: float, end: float, time_constants: float) -> float:
    return end + (value - end) * exp(-time_constants)


def _lamp_changed(room: Room, _attribute: str) -> None:
    room.tell_light()
