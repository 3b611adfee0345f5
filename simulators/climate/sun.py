"""Where the sun stands, by place and time.

Declination and equation of time are astral's (the formulas of the weather service NOAA); the rest is the geometry of a
sphere, which a home asks for each minute. Without the bending of the air near the horizon.
"""

from functools import lru_cache
from math import asin, atan2, cos, degrees, radians, sin
from typing import Final, NamedTuple

from astral import sun as astral_sun
from astral.julian import julianday_to_juliancentury

_DAY_S: Final = 86_400.0
_DEGREE_S: Final = 240.0
_UNIX_EPOCH_JULIAN_DAY: Final = 2_440_587.5
_POLE: Final = 89.99
"""At a pole itself every direction is south."""
_ALONG_ITS_YEAR_S: Final = 6 * 3600.0
"""In so much time the declination changes by 0.1° at most."""


class SunPosition(NamedTuple):
    elevation: float
    """Degrees above the horizon."""
    azimuth: float
    """Degrees from north over east."""


def sun_position(unix: float, latitude: float, longitude: float) -> SunPosition:
    sine, cosine, time_equation_s = _on_its_year(unix // _ALONG_ITS_YEAR_S)
    north = radians(max(-_POLE, min(latitude, _POLE)))
    hour_angle = radians((unix % _DAY_S + time_equation_s) / _DEGREE_S + longitude - 180.0)
    elevation = asin(sin(north) * sine + cos(north) * cosine * cos(hour_angle))
    east = -cosine * sin(hour_angle)
    azimuth = atan2(east, sine * cos(north) - cosine * sin(north) * cos(hour_angle))
    return SunPosition(degrees(elevation), degrees(azimuth) % 360.0)


@lru_cache(16)
def _on_its_year(quarter: float) -> tuple[float, float, float]:
    """Sine and cosine of the declination, and how many seconds the sun is before a clock."""
    middle = (quarter + 0.5) * _ALONG_ITS_YEAR_S
    century = julianday_to_juliancentury(middle / _DAY_S + _UNIX_EPOCH_JULIAN_DAY)
    declination = radians(astral_sun.sun_declination(century))
    return sin(declination), cos(declination), astral_sun.eq_of_time(century) * 60.0
