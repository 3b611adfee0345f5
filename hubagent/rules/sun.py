"""Where the sun is, and when it rises and sets: by the formulas of the weather service NOAA, as astral has them.

Only the formulas are astral's. Its sunrise and sunset are of a UTC date and miss days on which they come near midnight
UTC; here they are found from the noon of a day, whichever dates lie around it.
"""

from datetime import UTC, datetime
from functools import lru_cache
from math import acos, cos, degrees, radians, sin
from typing import Final

from astral import Observer
from astral import sun as astral_sun
from astral.julian import julianday_to_juliancentury

HORIZON_DEGREES: Final = -0.833
"""Where the sun's middle is as it rises and sets: half its disc, and what the air bends."""

_POLE: Final = 89.99
"""At a pole itself every direction is south, and the formulas have no answer."""
_MOMENTS_KEPT: Final = 2048
"""All rules of a home ask for the same few days."""
_ROUNDS_MAX: Final = 12
_CLOSE_S: Final = 0.1
_DAY_S: Final = 86400.0
_DEGREE_S: Final = 240.0
_UNIX_EPOCH_JULIAN_DAY: Final = 2440587.5


def elevation(utc: float, latitude: float, longitude: float) -> float:
    """Degrees of the sun's middle above the horizon, not bent by the air."""
    observer = Observer(_off_the_pole(latitude), longitude)
    return astral_sun.elevation(observer, datetime.fromtimestamp(utc, UTC), with_refraction=False)


@lru_cache(_MOMENTS_KEPT)
def sun_moment(noon: float, latitude: float, longitude: float, *, is_sunset: bool) -> float | None:
    """The sunset after, or the sunrise before, the sun's noon that is next to `noon`; None where there is none."""
    mean_noon = _DAY_S / 2 - longitude * _DEGREE_S
    mean_noon += _DAY_S * round((noon - mean_noon) / _DAY_S)
    way = 1.0 if is_sunset else -1.0
    moment, cosine = mean_noon, 0.0
    # The sun goes on along its year while it sinks: the second and third round bring seconds, only beyond the polar
    # circles minutes.
    for _ in range(_ROUNDS_MAX):
        century = julianday_to_juliancentury(moment / _DAY_S + _UNIX_EPOCH_JULIAN_DAY)
        cosine = _cosine_of_hour_angle(_off_the_pole(latitude), astral_sun.sun_declination(century))
        hour_angle = degrees(acos(max(-1.0, min(cosine, 1.0))))
        before = moment
        moment = mean_noon - astral_sun.eq_of_time(century) * 60.0 + way * hour_angle * _DEGREE_S
        if abs(moment - before) < _CLOSE_S:
            break
    return moment if abs(cosine) <= 1.0 else None


def _cosine_of_hour_angle(latitude: float, declination: float) -> float:
    """Below -1 the sun stays up, above 1 down."""
    north, sun = radians(latitude), radians(declination)
    return (sin(radians(HORIZON_DEGREES)) - sin(north) * sin(sun)) / (cos(north) * cos(sun))


def _off_the_pole(latitude: float) -> float:
    return max(-_POLE, min(latitude, _POLE))
