"""A room's air: what warms, moistens and lights it, and when its sensors have something new to see.

Sums are `fsum`'s: Python's own `sum` of floats is another from 3.12 on, and the same seed is to be the same life there.
The room counts exactly; what it shares with sensors and heaters, `air`, moves in steps that they could tell apart, so
that nobody is woken for a hundredth of a degree.
"""

from collections.abc import Sequence
from math import fsum
from typing import Final

from simulators.climate.daylight import Sky, heat_behind, light_behind
from simulators.climate.moist_air import relative_humidity, saturation_g_m3
from simulators.climate.plan import AREA_M2, RoomPlan
from simulators.climate.walls import HEIGHT_M
from simulators.devices.blind import Blind
from simulators.devices.device import Device
from simulators.devices.dimmer import Dimmer
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.room_air import RoomAir
from simulators.devices.switch import Switch
from simulators.openings import Window

CAPACITY_J_PER_M2K: Final = 110_000.0
"""Of the air, and of what of walls and furniture follows within the hours, for each m² of floor: a light building after
EN ISO 13790, table 12."""
MOISTURE_BUFFER: Final = 2.5
"""Walls and cloth take up as much vapour as so much more air would."""
LAMP_LX: Final = 150.0
"""One lamp in a room of middling size."""
LAMP_W: Final = 9.0
PLUG_HEAT_MAX_W: Final = 300.0
"""More than this of what a plug draws leaves the room as hot water, or in a car."""
CLOSED_BLIND_LETS_THROUGH: Final = 0.04
START_HUMIDITY: Final = 45.0
LIGHT_MAX_LX: Final = 100_000.0
TELLS_C: Final = 0.1
TELLS_PERCENT: Final = 0.5
TELLS_LX: Final = 1.0
TELLS_OF_LIGHT: Final = 0.03
"""By how much air differs from what it was last said to be, before it is said anew; light also by a share of itself."""
PEOPLE_W_G_S = tuple[float, float]
"""Heat in W and vapour in g/s, of people and what they do."""


class Room:
    """`air` is shared by what measures it and heats it."""

    def __init__(self, plan: RoomPlan, windows: Sequence[Window] = ()) -> None:
        self.name = plan.name
        self.open_air = plan.open_air
        self.area_m2 = plan.area_m2
        self.windows = list(windows)
        self.lamps: list[Device] = []
        self.blinds: list[Blind] = []
        self.plugs: list[MeteringPlug] = []
        self.air = RoomAir(temperature=plan.temperature, humidity=START_HUMIDITY)
        self.temperature = plan.temperature
        self.vapour = saturation_g_m3(plan.temperature) * START_HUMIDITY / 100
        """g/m³"""
        self.daylight = 0.0
        """lx, without lamps."""
        self._said = self.air.temperature, self.air.humidity

    @property
    def capacity_j_per_k(self) -> float:
        return CAPACITY_J_PER_M2K * self.area_m2

    @property
    def volume_m3(self) -> float:
        return self.area_m2 * HEIGHT_M

    @property
    def light(self) -> float:
        """lx"""
        return self.daylight + LAMP_LX * lit(self.lamps) * AREA_M2 / self.area_m2 if self.lamps else self.daylight

    def put_up(self, device: Device) -> None:
        """What hangs in the room lights, shades or warms it."""
        if isinstance(device, MeteringPlug):
            self.plugs.append(device)
        elif isinstance(device, Switch | Dimmer):
            self.lamps.append(device)
        elif isinstance(device, Blind):
            self.blinds.append(device)

    def heat_w(self, sky: Sky) -> float:
        """Of everything in it but people, without what goes through walls."""
        heat = self.air.heating_power_w + fsum(min(PLUG_HEAT_MAX_W, plug.power_w) for plug in self.plugs)
        if self.lamps:
            heat += LAMP_W * lit(self.lamps)
        if sky.outdoors > 1.0 and self.windows:
            sun = fsum(heat_behind(sky.on_window(window.facing), window.area_m2) for window in self.windows)
            heat += sun * self._unshaded()
        return heat

    def see(self, sky: Sky) -> None:
        """Daylight is as the sky is now."""
        if self.open_air:
            self.daylight = sky.outdoors
        elif not self.windows or sky.outdoors < 0.1:
            self.daylight = 0.0
        else:
            # Of more glass than floor no more comes in than where the whole floor lies behind glass.
            floor_m2 = max(self.area_m2, fsum(window.area_m2 for window in self.windows))
            behind = fsum(
                light_behind(sky.on_window(window.facing), window.area_m2, floor_m2) for window in self.windows
            )
            self.daylight = behind * self._unshaded()

    def heed_hands(self) -> None:
        """Somebody may have warmed or moistened the air itself since it was last told."""
        temperature, humidity = self._said
        if self.air.temperature != temperature:
            self.temperature = self.air.temperature
        if self.air.humidity != humidity:
            self.vapour = saturation_g_m3(self.temperature) * self.air.humidity / 100

    def tell(self) -> None:
        """Have sensors see what they can tell from before."""
        air = self.air
        if abs(self.temperature - air.temperature) >= TELLS_C:
            air.become(temperature=self.temperature)
        # What the air cannot hold is water on the window.
        self.vapour = min(self.vapour, saturation_g_m3(self.temperature))
        humidity = relative_humidity(self.vapour, self.temperature)
        if abs(humidity - air.humidity) >= TELLS_PERCENT:
            air.become(humidity=humidity)
        self._said = air.temperature, air.humidity
        self.tell_light()

    def tell_light(self) -> None:
        light, before = min(self.light, LIGHT_MAX_LX), self.air.illuminance
        if abs(light - before) >= max(TELLS_LX, TELLS_OF_LIGHT * before):
            self.air.become(illuminance=light)

    def _unshaded(self) -> float:
        """The share of light that blinds let in."""
        if not self.blinds:
            return 1.0
        opened = fsum(blind.position for blind in self.blinds) / (100.0 * len(self.blinds))
        return CLOSED_BLIND_LETS_THROUGH + (1.0 - CLOSED_BLIND_LETS_THROUGH) * opened


def lit(lamps: Sequence[Device]) -> float:
    """How many lamps' worth of light."""
    light = 0.0
    for lamp in lamps:
        if isinstance(lamp, Dimmer):
            light += lamp.level / 100
        elif isinstance(lamp, Switch):
            light += lamp.on
    return light
