"""How bright it is, outdoors and behind a window, by the sun's height and the clouds.

Clear and overcast skies after the IES' recommended practice for the calculation of daylight availability (RP-21), mixed
by the clouds; below the horizon twilight falls by a factor of 2.2 for each degree.
"""

from dataclasses import dataclass
from math import cos, exp, radians, sin, sqrt
from typing import Final

from simulators.climate.sun import SunPosition

_GROUND_REFLECTS: Final = 0.15
_GLASS_LETS_THROUGH: Final = 0.65
_REACHES_THE_ROOM: Final = 0.35
"""Of the light behind the glass, mean over the floor: the rest stays near the window."""
LUMENS_PER_WATT: Final = 105.0
"""Of daylight."""
_HEAT_THROUGH_GLASS: Final = 0.5
_MOONLESS_DEGREES: Final = -18.0


@dataclass(frozen=True, slots=True)
class Sky:
    sun: SunPosition
    beam: float
    """lx, on a surface that faces the sun."""
    diffuse: float
    """lx, on flat ground, of the whole sky."""

    @property
    def outdoors(self) -> float:
        """lx on flat ground."""
        return self.diffuse + self.beam * max(0.0, sin(radians(self.sun.elevation)))

    def on_window(self, facing: float) -> float:
        """lx on a wall that looks in that direction, in degrees from north over east."""
        upright = cos(radians(self.sun.elevation)) * cos(radians(self.sun.azimuth - facing))
        return 0.5 * (self.diffuse + _GROUND_REFLECTS * self.outdoors) + self.beam * max(0.0, upright)


def sky(sun: SunPosition, clouds: float) -> Sky:
    height = sin(radians(sun.elevation))
    if height <= 0:
        glow = 0.0 if sun.elevation < _MOONLESS_DEGREES else exp(0.8 * sun.elevation)
        return Sky(sun, 0.0, (800.0 - 500.0 * clouds) * glow)
    clear = 800.0 + 15_500.0 * sqrt(height)
    overcast = 300.0 + 21_000.0 * height
    beam = 127_500.0 * exp(-0.21 / height) * (1.0 - clouds)
    return Sky(sun, beam, clear + (overcast - clear) * clouds)


def light_behind(window_lx: float, glass_m2: float, floor_m2: float) -> float:
    """lx in the room, mean over its floor."""
    return window_lx * glass_m2 * _GLASS_LETS_THROUGH * _REACHES_THE_ROOM / floor_m2


def heat_behind(window_lx: float, glass_m2: float) -> float:
    """W"""
    return window_lx * glass_m2 / LUMENS_PER_WATT * _HEAT_THROUGH_GLASS
