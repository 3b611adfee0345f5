"""When the sun rises and sets, and where it is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubagent.rules.schedule import SunTime
from hubagent.rules.sun import HORIZON_DEGREES, elevation, sun_moment
from hubagent.rules.where import Where

AMSTERDAM = Where(ZoneInfo("Europe/Amsterdam"), 52.37, 4.90)
TROMSO = Where(ZoneInfo("Europe/Oslo"), 69.65, 18.96)

latitudes = st.floats(-90, 90, allow_nan=False)
longitudes = st.floats(-180, 180, allow_nan=False)
days = st.dates(date(2000, 1, 1), date(2060, 1, 1))


def sun_noon(day: date, longitude: float) -> float:
    return datetime.combine(day, time(12), UTC).timestamp() - longitude * 240.0


def on(day: date, latitude: float, longitude: float, *, is_sunset: bool) -> float | None:
    return sun_moment(sun_noon(day, longitude), latitude, longitude, is_sunset=is_sunset)


def year(times: SunTime, where: Where, begin: float, days: int) -> list[float]:
    found: list[float] = []
    moment = times.next_after(begin, where)
    while moment is not None and moment < begin + days * 86400:
        found.append(moment)
        moment = times.next_after(moment, where)
    return found


@pytest.mark.parametrize(
    ("where", "day", "rises", "sets"),
    [
        (AMSTERDAM, date(2026, 6, 21), "05:18", "22:06"),
        (AMSTERDAM, date(2026, 12, 21), "08:48", "16:29"),
        (Where(ZoneInfo("America/New_York"), 40.71, -74.01), date(2026, 6, 21), "05:25", "20:31"),
        (Where(ZoneInfo("Australia/Sydney"), -33.87, 151.21), date(2026, 12, 21), "05:41", "20:05"),
    ],
    ids=["Amsterdam in summer", "Amsterdam in winter", "New York", "Sydney"],
)
def test_it_rises_and_sets_when_the_almanac_says(where: Where, day: date, rises: str, sets: str) -> None:
    begin = datetime.combine(day, time(0), where.timezone).timestamp()
    for is_sunset, expected in ((False, rises), (True, sets)):
        moment = SunTime(is_sunset).next_after(begin, where)
        assert moment is not None
        almanac = datetime.combine(day, time.fromisoformat(expected), where.timezone).timestamp()
        assert abs(moment - almanac) < 90


@given(latitudes.filter(lambda latitude: abs(latitude) < 89), longitudes, days, st.booleans())
def test_the_sun_is_at_the_horizon_as_it_rises_and_sets(
    latitude: float, longitude: float, day: date, is_sunset: bool
) -> None:
    moment = on(day, latitude, longitude, is_sunset=is_sunset)
    if moment is not None:
        assert elevation(moment, latitude, longitude) == pytest.approx(HORIZON_DEGREES, abs=0.02)
        since_noon = moment - sun_noon(day, longitude)
        # The sun's own noon is up to a quarter of an hour from the mean one.
        assert (-1200 if is_sunset else -44400) <= since_noon <= (44400 if is_sunset else 1200)


@given(st.floats(-65, 65, allow_nan=False), longitudes, days, st.booleans())
def test_between_the_polar_circles_it_rises_and_sets_every_day(
    latitude: float, longitude: float, day: date, is_sunset: bool
) -> None:
    assert on(day, latitude, longitude, is_sunset=is_sunset) is not None


@given(latitudes, longitudes, days, st.booleans())
def test_nowhere_on_earth_is_there_an_error(latitude: float, longitude: float, day: date, is_sunset: bool) -> None:
    on(day, latitude, longitude, is_sunset=is_sunset)
    assert -90 <= elevation(sun_noon(day, longitude), latitude, longitude) <= 90


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone", "day"),
    [
        # Days on which astral has none: sffjunkie/astral#82, #86, #99.
        (38.41129869, 90.137575, "Asia/Shanghai", date(2024, 3, 22)),
        (44.6072919, 82.894195, "Asia/Shanghai", date(2028, 4, 7)),
        (30.0, -82.0, "America/New_York", date(2023, 3, 10)),
        (46.79, 101.95, "Asia/Ulaanbaatar", date(2025, 2, 5)),
        # And the sunset of the day before: sffjunkie/astral#83.
        (34.175301, -118.983334, "America/Los_Angeles", date(2022, 7, 10)),
    ],
)
def test_it_rises_and_sets_on_days_when_it_does_so_around_midnight_utc(
    latitude: float, longitude: float, zone: str, day: date
) -> None:
    where = Where(ZoneInfo(zone), latitude, longitude)
    begin = datetime.combine(day - timedelta(days=3), time(0), where.timezone).timestamp()
    for is_sunset in (False, True):
        found = [where.local(moment).date() for moment in year(SunTime(is_sunset), where, begin, 7)]
        assert found == [day + timedelta(days=number) for number in range(-3, 4)]


@pytest.mark.parametrize(
    ("zone", "latitude", "longitude"),
    [("Pacific/Kiritimati", 1.87, -157.4), ("Pacific/Pago_Pago", -14.28, -170.7), ("Pacific/Auckland", -36.85, 174.76)],
)
def test_days_are_the_homes_on_both_sides_of_the_date_line(zone: str, latitude: float, longitude: float) -> None:
    where = Where(ZoneInfo(zone), latitude, longitude)
    begin = datetime(2026, 1, 1, tzinfo=where.timezone).timestamp()
    limited = SunTime(is_sunset=True, not_before_s=17 * 3600.0, not_after_s=21 * 3600.0)
    for times in (SunTime(is_sunset=False), SunTime(is_sunset=True), limited):
        found = [where.local(moment).date() for moment in year(times, where, begin, 365)]
        assert found == [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


def test_a_sunset_after_midnight_is_of_the_day_before_as_are_its_limits() -> None:
    # The last days before the polar summer, on which the sun sets after midnight.
    begin = datetime(2026, 5, 17, 12, tzinfo=TROMSO.timezone).timestamp()
    late = SunTime(is_sunset=True).next_after(begin, TROMSO)
    assert late is not None
    assert TROMSO.local(late).date() == date(2026, 5, 18)
    assert TROMSO.local(late).hour == 0
    limited = SunTime(is_sunset=True, not_after_s=22 * 3600.0).next_after(begin, TROMSO)
    assert limited == datetime(2026, 5, 17, 22, tzinfo=TROMSO.timezone).timestamp()


def test_an_offset_moves_it_also_over_midnight() -> None:
    begin = datetime(2026, 6, 1, tzinfo=AMSTERDAM.timezone).timestamp()
    plain = year(SunTime(is_sunset=True), AMSTERDAM, begin, 30)
    for offset_s in (-1200.0, 3 * 3600.0, -12 * 3600.0, 12 * 3600.0):
        moved = year(SunTime(is_sunset=True, offset_s=offset_s), AMSTERDAM, begin + offset_s, 30)
        assert moved == [moment + offset_s for moment in plain]


def test_limits_hold_it_in_summer_and_in_winter() -> None:
    evening = SunTime(is_sunset=True, offset_s=-1200.0, not_before_s=16.5 * 3600, not_after_s=21.5 * 3600)
    begin = datetime(2026, 1, 1, tzinfo=AMSTERDAM.timezone).timestamp()
    times = [AMSTERDAM.local(moment).strftime("%H:%M") for moment in year(evening, AMSTERDAM, begin, 365)]
    assert len(times) == 365
    assert min(times) == times[0] == "16:30"
    assert max(times) == times[171] == "21:30"
    assert "18:00" < times[80] < "19:00"


def test_a_limit_that_a_day_does_not_have_holds_from_the_end_of_the_gap() -> None:
    day = datetime(2026, 3, 29, tzinfo=AMSTERDAM.timezone).timestamp()
    early = SunTime(is_sunset=False, offset_s=-6 * 3600.0, not_before_s=2.5 * 3600)
    moment = early.next_after(day, AMSTERDAM)
    assert moment is not None
    assert AMSTERDAM.local(moment).strftime("%H:%M%z") == "03:00+0200"


def test_at_a_pole_nothing_breaks() -> None:
    pole = Where(ZoneInfo("UTC"), 90.0, 0.0)
    begin = datetime(2026, 6, 21, 12, tzinfo=UTC).timestamp()
    moment = SunTime(is_sunset=True).next_after(begin, pole)
    assert moment is None or moment > begin
    height = pole.sun_elevation(begin)
    assert height is not None
    assert 23 < height < 24


def test_without_a_place_there_is_no_sun() -> None:
    nowhere = Where(ZoneInfo("UTC"))
    assert SunTime(is_sunset=True).next_after(0.0, nowhere) is None
    assert nowhere.sun_elevation(0.0) is None
