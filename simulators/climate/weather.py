"""The weather: by place and date, smooth, the same for the same seed at any moment that is asked for.

A season (by latitude), a daily swing (by the sun's own time, less under clouds), days that are milder or colder, clouds
that come and go, rain out of dense ones. Not a forecast: enough that no day is like another and none is impossible.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, tau
from typing import Final

from simulators.climate.moist_air import saturation_g_m3
from simulators.climate.noise import noise
from simulators.climate.plan import PlacePlan
from simulators.devices.device import Value

_HOUR_S: Final = 3600.0
_DAY_S: Final = 86_400.0
_YEAR_S: Final = 365.2425 * _DAY_S
DAILY_SWING_K: Final = 4.0
_WARMEST_AT_S: Final = 15 * _HOUR_S
_COLDEST_DAY: Final = 20
"""Of the year, in the north; half a year later in the south."""
_DRIFT_K: Final = 4.5
_DRIFT_S: Final = 3.2 * _DAY_S
_CLOUDS_S: Final = 9 * _HOUR_S
_PUFFS_S: Final = 0.8 * _HOUR_S
_RAIN_S: Final = 1.7 * _HOUR_S
_RAIN_FROM: Final = 0.8
"""Thinner clouds do not rain."""
_RAIN_MM_H: Final = 20.0
BOUNDS: Final = {"temperature": (-60.0, 60.0), "clouds": (0.0, 1.0), "rain": (0.0, 200.0), "wind": (0.0, 80.0)}
"""What `weather NAME=VALUE` can hold fast, and within which: °C, the share of the sky, mm/h, m/s."""
AUTO: Final = "auto"
"""What lets one of them be as it is again."""


@dataclass(frozen=True, slots=True)
class Conditions:
    temperature: float
    """°C"""
    clouds: float
    """The share of the sky that they cover."""
    rain: float
    """mm/h"""
    wind: float
    """m/s"""
    vapour: float
    """g/m³"""


class Weather:
    """`mean_c` is the mean of every day, None for what the place has at the date."""

    def __init__(self, place: PlacePlan, seed: object, mean_c: float | None = None) -> None:
        self._place = place
        self._seed = f"{seed}:weather"
        self._mean_c = mean_c
        self._held: dict[str, float] = {}

    def hold(self, settings: Mapping[str, Value]) -> None:
        """Let these be so from now on, whatever the date; AUTO lets go of one. Raises ValueError, and holds nothing."""
        for name, value in held(settings).items():
            if value is None:
                self._held.pop(name, None)
            else:
                self._held[name] = value

    def at(self, unix: float) -> Conditions:
        clouds = self._or_held("clouds", self._clouds(unix))
        swing = _wave((unix + self._place.longitude * 240.0) % _DAY_S, _WARMEST_AT_S, _DAY_S) * (1.0 - 0.6 * clouds)
        temperature = self._or_held("temperature", self._daily_mean_c(unix) + DAILY_SWING_K * swing)
        rain = self._or_held("rain", self._rain(unix, clouds))
        wind = self._or_held("wind", 4.0 + 3.5 * self._noise("wind", unix / (5 * _HOUR_S)))
        humidity = 0.78 - 0.15 * swing + 0.08 * self._noise("humidity", unix / (8 * _HOUR_S))
        if rain > 0:
            humidity += 0.1
        vapour = max(0.2, min(1.0, humidity)) * saturation_g_m3(temperature)
        return Conditions(temperature, clouds, rain, wind, vapour)

    def _daily_mean_c(self, unix: float) -> float:
        if self._mean_c is not None:
            return self._mean_c
        latitude = self._place.latitude
        # Fits mean temperatures near sea level to a degree or two: 27 at the equator, 10 at 52°, 4 at 60°.
        mean = 27.5 - 0.0065 * latitude * latitude
        season = 0.17 * latitude * _wave(unix % _YEAR_S, (_COLDEST_DAY * _DAY_S) + _YEAR_S / 2, _YEAR_S)
        return mean + season + _DRIFT_K * self._noise("drift", unix / _DRIFT_S)

    def _clouds(self, unix: float) -> float:
        slow, quick = self._noise("clouds", unix / _CLOUDS_S), self._noise("puffs", unix / _PUFFS_S)
        return max(0.0, min(1.0, 0.55 + 0.7 * slow + 0.15 * quick))

    def _rain(self, unix: float, clouds: float) -> float:
        heaviness = 0.5 + 0.5 * self._noise("rain", unix / _RAIN_S)
        return max(0.0, clouds - _RAIN_FROM) * _RAIN_MM_H * heaviness

    def _noise(self, name: str, at: float) -> float:
        return noise(self._seed, name, at)

    def _or_held(self, name: str, value: float) -> float:
        return self._held.get(name, value)


def held(settings: Mapping[str, Value]) -> dict[str, float | None]:
    """None for what is let go. Raises ValueError, in words."""
    found: dict[str, float | None] = {}
    for name, value in settings.items():
        if name not in BOUNDS:
            raise ValueError(f"the weather has no {name!r}; it has {', '.join(BOUNDS)}")
        lowest, highest = BOUNDS[name]
        if value == AUTO:
            found[name] = None
        elif isinstance(value, bool | str) or not lowest <= value <= highest:
            raise ValueError(f"{name} of the weather is {lowest:g} to {highest:g}, or {AUTO}, not {value!r}")
        else:
            found[name] = float(value)
    return found


def _wave(at: float, highest_at: float, length: float) -> float:
    return cos((at - highest_at) / length * tau)
