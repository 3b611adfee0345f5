"""The colour of a lamp as Color Control knows it: hue and saturation, x and y, or mireds, on their way or at rest.

The mode says which of them the colour is at present; the others follow. Hue runs round without end and is taken modulo
its circle when it is read; it has sixteen bits, as the enhanced one.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from drivers.zigbee.zcl.clusters.color_control import ColorMode, HueDirection
from simulators.devices.device import Motion
from simulators.devices.dimmer import BLUE, COLD_WHITE, GREEN, RED, WARM_WHITE, ColorLamp
from simulators.zigbee.colors import Rgb, Xy, hue_of_rgb, rgb_of_hue, rgb_of_xy, xy_of_kelvin, xy_of_rgb

COLDEST_MIREDS: Final = 153
WARMEST_MIREDS: Final = 454
HUE_MAX: Final = 254
HUE_STEP: Final = 256
"""Of the enhanced hue, one of the plain one."""
CIRCLE: Final = 0x10000
"""Of the enhanced hue."""
XY_MAX: Final = 0xFEFF


class LampColor:
    def __init__(self, lamp: ColorLamp) -> None:
        self.mode = ColorMode.COLOR_TEMPERATURE
        self._lamp = lamp
        self._motions: dict[str, Motion] = {}

    def begin(self, loop: asyncio.AbstractEventLoop, arrived: Callable[[], None]) -> None:
        x, y = _to_wire(xy_of_kelvin(1e6 / WARMEST_MIREDS))
        values = {"hue": 0, "saturation": 0, "x": x, "y": y, "mireds": WARMEST_MIREDS}
        self._motions = {name: Motion(loop, float(value), arrived) for name, value in values.items()}

    # --- how it is now

    @property
    def hue(self) -> int:
        return round(self.hue_walked) % CIRCLE

    @property
    def hue_walked(self) -> float:
        """Without being taken modulo the circle."""
        return self._value("hue")

    @property
    def saturation(self) -> int:
        return round(self._value("saturation"))

    @property
    def x(self) -> int:
        return round(self._value("x"))

    @property
    def y(self) -> int:
        return round(self._value("y"))

    @property
    def mireds(self) -> int:
        return round(self._value("mireds"))

    @property
    def remaining_s(self) -> float:
        return max((motion.remaining_s for motion in self._motions.values()), default=0.0)

    def way(self, hue: int, direction: HueDirection) -> float:
        """Where `hue` lies if one walks to it in that direction."""
        here = self.hue_walked
        up = (hue - here) % CIRCLE
        down = up - CIRCLE if up else 0.0
        shortest, longest = sorted((up, down), key=abs)
        way = {
            HueDirection.UP: up,
            HueDirection.DOWN: down,
            HueDirection.SHORTEST: shortest,
            HueDirection.LONGEST: longest,
        }
        return here + way[direction]

    # --- how it becomes another

    def to_hue(self, hue: float, saturation: int, seconds: float, mode: ColorMode) -> None:
        self._motions["hue"].go(float(hue), seconds)
        self.to_saturation(saturation, seconds, mode)

    def to_saturation(self, saturation: int, seconds: float, mode: ColorMode = ColorMode.HUE_AND_SATURATION) -> None:
        self.mode = mode
        self._motions["saturation"].go(float(saturation), seconds)
        rgb = rgb_of_hue(self._motions["hue"].target % CIRCLE / CIRCLE, saturation / HUE_MAX)
        self._follow_xy(xy_of_rgb(rgb), seconds)
        self._paint(rgb, seconds)

    def to_xy(self, x: int, y: int, seconds: float) -> None:
        self.mode = ColorMode.X_AND_Y
        self._motions["x"].go(float(x), seconds)
        self._motions["y"].go(float(y), seconds)
        rgb = rgb_of_xy((x / 0x10000, y / 0x10000))
        hue, saturation = hue_of_rgb(rgb)
        self._motions["hue"].go(hue * CIRCLE, seconds)
        self._motions["saturation"].go(float(round(saturation * HUE_MAX)), seconds)
        self._paint(rgb, seconds)

    def to_mireds(self, mireds: int, seconds: float) -> None:
        self.mode = ColorMode.COLOR_TEMPERATURE
        mireds = max(COLDEST_MIREDS, min(WARMEST_MIREDS, mireds))
        self._motions["mireds"].go(float(mireds), seconds)
        self._follow_xy(xy_of_kelvin(1e6 / mireds), seconds)
        self._whiten(mireds, seconds)

    def stop(self) -> None:
        """It stays as it is on its way."""
        if not self.remaining_s:
            return
        for motion in self._motions.values():
            motion.stop()
        if self.mode == ColorMode.COLOR_TEMPERATURE:
            self._whiten(self.mireds, 0.0)
        elif self.mode == ColorMode.X_AND_Y:
            self._paint(rgb_of_xy((self.x / 0x10000, self.y / 0x10000)), 0.0)
        else:
            self._paint(rgb_of_hue(self.hue / CIRCLE, self.saturation / HUE_MAX), 0.0)

    # --- inside

    def _value(self, name: str) -> float:
        motion = self._motions.get(name)
        return 0.0 if motion is None else motion.value

    def _follow_xy(self, xy: Xy, seconds: float) -> None:
        x, y = _to_wire(xy)
        self._motions["x"].go(float(x), seconds)
        self._motions["y"].go(float(y), seconds)

    def _whiten(self, mireds: int, seconds: float) -> None:
        warm = (mireds - COLDEST_MIREDS) / (WARMEST_MIREDS - COLDEST_MIREDS)
        self._lamp.color({WARM_WHITE: 255 * warm, COLD_WHITE: 255 * (1 - warm), RED: 0, GREEN: 0, BLUE: 0}, seconds)

    def _paint(self, rgb: Rgb, seconds: float) -> None:
        red, green, blue = rgb
        self._lamp.color({RED: 255 * red, GREEN: 255 * green, BLUE: 255 * blue, WARM_WHITE: 0, COLD_WHITE: 0}, seconds)


def _to_wire(xy: Xy) -> tuple[int, int]:
    return within_xy(round(xy[0] * 0x10000)), within_xy(round(xy[1] * 0x10000))


def within_xy(value: int) -> int:
    return max(0, min(XY_MAX, value))
