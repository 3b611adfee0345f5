"""What the rooms do by themselves: they cool towards the weather, heaters warm them, lamps and the sun light them.

One heat capacity and one loss a room, no air between rooms: enough for a thermostat to have something to do.
"""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from simulators.devices.device import Device
from simulators.devices.dimmer import Dimmer
from simulators.devices.room_air import RoomAir
from simulators.devices.switch import Switch

STEP_S = 60.0
DAY_S = 86_400.0
HEAT_CAPACITY_J_PER_K = 400_000.0
"""Of a small room: its air, and what of walls and furniture follows within the hour."""
LOSS_W_PER_K = 40.0
DAILY_SWING_K = 4.0
DAYLIGHT_LX = 400.0
LAMP_LX = 150.0
_WARMEST_AT_S = 15 * 3600
_NOON_S = 12 * 3600


@dataclass(slots=True)
class Room:
    """`air` is shared by what measures it; `lamps` light it."""

    air: RoomAir
    lamps: list[Device] = field(default_factory=list)


class Climate:
    """`wall` gives Unix seconds: it is warm after noon, and dark at night."""

    def __init__(self, rooms: Mapping[str, Room], outside_mean_c: float, wall: Callable[[], float]) -> None:
        self._rooms = rooms
        self._outside_mean_c = outside_mean_c
        self._wall = wall

    async def run(self) -> None:
        while True:
            await asyncio.sleep(STEP_S)
            self.step(STEP_S)

    def step(self, seconds: float) -> None:
        time_of_day = self._wall() % DAY_S
        outside_c = self._outside_mean_c + DAILY_SWING_K * _wave(time_of_day, _WARMEST_AT_S)
        daylight = max(0.0, _wave(time_of_day, _NOON_S)) * DAYLIGHT_LX
        for name in sorted(self._rooms):
            room = self._rooms[name]
            air = room.air
            heat_w = air.heating_power_w - LOSS_W_PER_K * (air.temperature - outside_c)
            air.become(
                temperature=air.temperature + heat_w * seconds / HEAT_CAPACITY_J_PER_K,
                illuminance=daylight + LAMP_LX * lit(room.lamps),
            )


def lit(lamps: Sequence[Device]) -> float:
    """How many lamps' worth of light."""
    light = 0.0
    for lamp in lamps:
        if isinstance(lamp, Dimmer):
            light += lamp.level / 100
        elif isinstance(lamp, Switch):
            light += lamp.on
    return light


def _wave(time_of_day_s: float, highest_at_s: float) -> float:
    return math.cos((time_of_day_s - highest_at_s) / DAY_S * math.tau)
