from datetime import UTC, datetime

import pytest
from astral import Observer
from astral import sun as astral_sun

from simulators.climate.sun import sun_position
from simulators.runtime import START

PLACES = [(52.37, 4.9), (-33.9, 151.2), (0.0, 0.0), (65.0, -20.0), (78.2, 15.6)]


@pytest.mark.parametrize(("latitude", "longitude"), PLACES)
def test_the_sun_stands_where_astral_has_it_all_the_year(latitude: float, longitude: float) -> None:
    observer = Observer(latitude, longitude)
    for step in range(0, 365 * 24, 37):
        unix = START + step * 3600.0
        here = sun_position(unix, latitude, longitude)
        moment = datetime.fromtimestamp(unix, UTC)
        assert here.elevation == pytest.approx(astral_sun.elevation(observer, moment, with_refraction=False), abs=0.2)
        if abs(here.elevation) < 80:
            turned = (here.azimuth - astral_sun.azimuth(observer, moment) + 180) % 360 - 180
            assert abs(turned) < 0.4


def test_the_sun_is_in_the_east_before_noon_and_in_the_north_at_noon_in_the_south() -> None:
    assert 90 < sun_position(START + 9 * 3600, 51.5, 0.0).azimuth < 180
    assert not 45 < sun_position(START + 12 * 3600, -34.0, 0.0).azimuth < 315


def test_a_pole_has_a_sun_too() -> None:
    assert sun_position(START, 90.0, 0.0).elevation == pytest.approx(-23.0, abs=0.2)
