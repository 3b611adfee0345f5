from itertools import pairwise
from statistics import mean

import pytest

from simulators.climate.moist_air import relative_humidity
from simulators.climate.plan import PlacePlan
from simulators.climate.weather import Weather
from simulators.devices.device import Value
from simulators.runtime import START

DAY_S = 86_400.0
JULY = START + 195 * DAY_S


def _at(latitude: float, seed: object = 1, mean_c: float | None = None) -> Weather:
    return Weather(PlacePlan(latitude=latitude, longitude=0.0, timezone="UTC"), seed, mean_c)


def _mean_c(weather: Weather, start: float, days: int = 30) -> float:
    return mean(weather.at(start + hour * 3600).temperature for hour in range(days * 24))


@pytest.mark.parametrize(("latitude", "january", "july"), [(52, 2, 18), (-35, 25, 12), (0, 27, 27), (65, -10, 12)])
def test_a_place_has_its_seasons(latitude: float, january: float, july: float) -> None:
    weather = _at(latitude)
    assert _mean_c(weather, START) == pytest.approx(january, abs=5)
    assert _mean_c(weather, JULY) == pytest.approx(july, abs=5)


def test_days_differ_and_minutes_do_not() -> None:
    weather = _at(52.0)
    minutes = [weather.at(START + minute * 60) for minute in range(7 * 1440)]
    assert max(abs(later.temperature - earlier.temperature) for earlier, later in pairwise(minutes)) < 0.15
    assert max(abs(later.clouds - earlier.clouds) for earlier, later in pairwise(minutes)) < 0.05
    noons = [weather.at(START + day * DAY_S + DAY_S / 2) for day in range(20)]
    assert max(noon.temperature for noon in noons) - min(noon.temperature for noon in noons) > 3


def test_it_is_warmest_in_the_afternoon() -> None:
    weather = _at(40.0, mean_c=10.0)
    days = [JULY + day * DAY_S for day in range(20)]
    at_hours = [mean(weather.at(day + hour * 3600).temperature for day in days) for hour in range(24)]
    assert at_hours.index(max(at_hours)) in (14, 15, 16)
    assert at_hours.index(min(at_hours)) in (2, 3, 4)


def test_it_rains_now_and_then_out_of_clouds_only() -> None:
    hours = [_at(52.0).at(START + hour * 3600) for hour in range(60 * 24)]
    wet = [it for it in hours if it.rain > 0]
    assert 0.05 < len(wet) / len(hours) < 0.5
    assert min(it.clouds for it in wet) > 0.75
    assert all(0 <= it.clouds <= 1 and it.wind > 0 and it.rain < 10 for it in hours)


def test_air_outdoors_is_neither_dry_as_a_desert_nor_more_than_full() -> None:
    for hour in range(0, 365 * 24, 11):
        it = _at(52.0).at(START + hour * 3600)
        assert 30 < relative_humidity(it.vapour, it.temperature) <= 100


def test_the_same_seed_has_the_same_weather_and_another_seed_another() -> None:
    moment = START + 40 * DAY_S
    assert _at(52.0, 1).at(moment) == _at(52.0, 1).at(moment) != _at(52.0, 2).at(moment)


def test_a_file_may_say_the_mean_of_every_day() -> None:
    weather = _at(52.0, mean_c=8.0)
    assert _mean_c(weather, START, 10) == pytest.approx(8.0, abs=0.7)
    assert _mean_c(weather, JULY, 10) == pytest.approx(8.0, abs=0.7)


def test_what_is_held_stays_until_it_is_let_go() -> None:
    weather = _at(52.0)
    free = weather.at(START)
    weather.hold({"temperature": -15.0, "clouds": 1.0})
    assert weather.at(START).temperature == weather.at(JULY).temperature == -15.0
    weather.hold({"temperature": "auto", "clouds": "auto"})
    assert weather.at(START) == free


@pytest.mark.parametrize(
    "settings", [{"mood": 1}, {"clouds": 2}, {"rain": "heavy"}, {"wind": True}, {"rain": float("nan")}]
)
def test_weather_that_cannot_be_is_refused_and_nothing_is_held(settings: dict[str, Value]) -> None:
    weather = _at(52.0)
    before = weather.at(START)
    with pytest.raises(ValueError, match="weather"):
        weather.hold({"temperature": 40.0, **settings})
    assert weather.at(START) == before
