"""When times come: a year of them in several zones, beside a search minute by minute that is slow and obvious."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst, Repeated, Skipped
from hubagent.rules.local_time import moments_of
from hubagent.rules.missed import latest_within
from hubagent.rules.schedule import SunTime, Times, check_cron, next_cron, next_time
from hubagent.rules.where import Where

ZONES = ("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe")
TWICE = Dst(repeated=Repeated.TWICE)
SKIP = Dst(skipped=Skipped.SKIP)
AMSTERDAM = Where(ZoneInfo("Europe/Amsterdam"), 52.37, 4.90)
TROMSO = Where(ZoneInfo("Europe/Oslo"), 69.65, 18.96)


def where(zone: str) -> Where:
    return Where(ZoneInfo(zone))


def utc(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()  # type: ignore[misc, arg-type]


def year(times: Times, at: Where, begin: float, days: int = 365) -> list[float]:
    """Every occurrence of the year that begins at `begin`."""
    found: list[float] = []
    moment = times.next_after(begin - 1, at)
    while moment is not None and moment < begin + days * 86400:
        found.append(moment)
        moment = times.next_after(moment, at)
    return found


class TimesOfDay:
    def __init__(self, hour: int, minute: int, dst: Dst = AS_PEOPLE_EXPECT, days: frozenset[int] = frozenset(range(7))):
        self.time_s, self.dst, self.days = hour * 3600 + minute * 60, dst, days

    def next_after(self, moment: float, at: Where) -> float | None:
        return next_time(moment, at, (self.time_s,), self.days, self.dst)


class Cron:
    def __init__(self, line: str, dst: Dst = AS_PEOPLE_EXPECT):
        self.line, self.dst = line, dst

    def next_after(self, moment: float, at: Where) -> float | None:
        return next_cron(moment, at, self.line, self.dst)


def minutes(at: Where, begin: float, days: int) -> Iterator[tuple[float, datetime]]:
    """Every real minute, with what the wall's clock shows."""
    for number in range(days * 1440):
        moment = begin + number * 60
        yield moment, at.local(moment)


def obvious(at: Where, begin: float, days: int, times: set[tuple[int, int]], dst: Dst) -> list[float]:
    """By walking along the year: a time comes when the clock shows it; one that was jumped over, at the jump."""
    found: list[float] = []
    shown: set[tuple[date, int, int]] = set()
    last: datetime | None = None
    for moment, local in minutes(at, begin, days):
        for hour, minute in _jumped_over(last, local) if dst.skipped is Skipped.RUN_AT_GAP_END else ():
            if (hour, minute) in times and moment not in found:
                found.append(moment)
        key = (local.date(), local.hour, local.minute)
        if (local.hour, local.minute) in times and (key not in shown or dst.repeated is Repeated.TWICE):
            if moment not in found:
                found.append(moment)
            shown.add(key)
        last = local
    return found


def _jumped_over(last: datetime | None, local: datetime) -> Iterator[tuple[int, int]]:
    if last is None:
        return
    wall = last.replace(tzinfo=None) + timedelta(minutes=1)
    while wall < local.replace(tzinfo=None):
        yield wall.hour, wall.minute
        wall += timedelta(minutes=1)


def changes(at: Where) -> list[float]:
    """The days of 2026 on which the clock is changed, as the noon two days before."""
    noons = [utc(2026, 1, 1, 12) + number * 86400 for number in range(365)]
    offsets = [at.local(noon).utcoffset() for noon in noons]
    return [noons[number - 2] for number in range(2, 365) if offsets[number] != offsets[number - 1]]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("dst", [AS_PEOPLE_EXPECT, TWICE, SKIP], ids=["usual", "twice", "skip"])
def test_every_quarter_around_both_changes_is_what_walking_along_finds(zone: str, dst: Dst) -> None:
    at = where(zone)
    quarters = {(hour, minute) for hour in range(5) for minute in (0, 15, 30, 45)}
    times_s = tuple(hour * 3600 + minute * 60 for hour, minute in quarters)

    class Quarters:
        def next_after(self, moment: float, at: Where) -> float | None:
            return next_time(moment, at, times_s, dst=dst)

    begins = changes(at)
    assert len(begins) == 2
    for begin in begins:
        assert year(Quarters(), at, begin, 5) == obvious(at, begin, 5, quarters, dst)


@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_time_comes_once_on_each_day_of_the_year(zone: str) -> None:
    at, begin = where(zone), where(zone).local(utc(2026, 1, 1, 12)).replace(hour=0, minute=0).timestamp()
    for hour in (0, 1, 2, 3, 12, 23):
        found = [at.local(moment).date() for moment in year(TimesOfDay(hour, 10), at, begin)]
        assert found == [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


@pytest.mark.parametrize(
    ("dst", "spring", "autumn"),
    [
        (AS_PEOPLE_EXPECT, ["03:00+0200"], ["02:30+0200"]),
        (SKIP, [], ["02:30+0200"]),
        (TWICE, ["03:00+0200"], ["02:30+0200", "02:30+0100"]),
    ],
    ids=["usual", "skip", "twice"],
)
def test_half_past_two_in_amsterdam_on_the_days_of_the_changes(dst: Dst, spring: list[str], autumn: list[str]) -> None:
    for day, expected in ((date(2026, 3, 29), spring), (date(2026, 10, 25), autumn)):
        moments = moments_of(day, 2.5 * 3600, AMSTERDAM, dst)
        assert [AMSTERDAM.local(moment).strftime("%H:%M%z") for moment in moments] == expected


def test_the_half_hour_of_lord_howe_is_skipped_and_repeated_too() -> None:
    at = where("Australia/Lord_Howe")
    [spring] = moments_of(date(2026, 10, 4), 2.25 * 3600, at, AS_PEOPLE_EXPECT)
    assert at.local(spring).strftime("%H:%M%z") == "02:30+1100"
    assert len(moments_of(date(2026, 4, 5), 1.75 * 3600, at, TWICE)) == 2


@pytest.mark.parametrize("zone", ZONES)
def test_a_cron_line_of_minutes_goes_on_through_both_changes(zone: str) -> None:
    at = where(zone)
    for begin in changes(at):
        assert year(Cron("*/15 * * * *"), at, begin, 5) == [begin + number * 900 for number in range(5 * 96)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("dst", [AS_PEOPLE_EXPECT, TWICE, SKIP], ids=["usual", "twice", "skip"])
def test_a_cron_line_of_hours_is_a_list_of_times(zone: str, dst: Dst) -> None:
    at = where(zone)
    times = {(hour, minute) for hour in (1, 2, 3) for minute in (0, 20, 40)}
    for begin in changes(at):
        assert year(Cron("*/20 1-3 * * *", dst), at, begin, 5) == obvious(at, begin, 5, times, dst)


def test_a_cron_line_on_the_leap_day_comes_every_four_years() -> None:
    found = [AMSTERDAM.local(moment).date() for moment in year(Cron("0 12 29 2 *"), AMSTERDAM, utc(2026, 1, 1), 4000)]
    assert found == [date(2028, 2, 29), date(2032, 2, 29), date(2036, 2, 29)]


@pytest.mark.parametrize("line", ["61 * * * *", "* * * *", "a b c d e", "0 0 30 2 *", "* * * * 9"])
def test_a_cron_line_that_means_nothing_is_told(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_cron(line)


def test_days_of_the_week_are_kept() -> None:
    found = year(TimesOfDay(7, 30, days=frozenset((5, 6))), AMSTERDAM, utc(2026, 1, 1))
    assert {AMSTERDAM.local(moment).weekday() for moment in found} == {5, 6}
    assert len(found) == 104


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        ["Europe/London", "America/St_Johns", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Chatham", *ZONES]
    ),
    st.integers(int(utc(2025, 1, 1)), int(utc(2030, 1, 1))),
    st.integers(0, 86399),
    st.sampled_from([AS_PEOPLE_EXPECT, TWICE, SKIP]),
)
def test_the_next_time_is_after_and_nothing_lies_between(zone: str, begin: int, time_s: int, dst: Dst) -> None:
    at = where(zone)
    moment = next_time(begin, at, (time_s,), dst=dst)
    assert moment is not None
    assert moment > begin
    assert next_time(moment - 1, at, (time_s,), dst=dst) == moment
    assert moment - begin < 2 * 86400 + 7200


# The sun.


def test_the_sun_sets_once_on_each_day_of_the_year() -> None:
    begin = AMSTERDAM.local(utc(2026, 1, 1, 12)).replace(hour=0).timestamp()
    found = [AMSTERDAM.local(moment).date() for moment in year(SunTime(is_sunset=True), AMSTERDAM, begin)]
    assert found == [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


def test_the_sun_sets_when_the_almanac_says() -> None:
    moment = SunTime(is_sunset=True).next_after(utc(2026, 6, 21), AMSTERDAM)
    assert moment is not None
    assert abs(moment - utc(2026, 6, 21, 20, 6)) < 120
    moment = SunTime(is_sunset=False).next_after(utc(2026, 12, 21), AMSTERDAM)
    assert moment is not None
    assert abs(moment - utc(2026, 12, 21, 7, 47)) < 120


def test_limits_hold_the_sun_in_summer_and_in_winter() -> None:
    sunset = SunTime(is_sunset=True, offset_s=-1200, not_before_s=16.5 * 3600, not_after_s=21.5 * 3600)
    times = [AMSTERDAM.local(moment).strftime("%H:%M") for moment in year(sunset, AMSTERDAM, utc(2026, 1, 1))]
    assert len(times) == 365
    assert min(times) == "16:30"
    assert max(times) == "21:30"
    assert "18:00" < times[80] < "19:00"


def test_in_a_polar_summer_the_sun_does_not_set() -> None:
    found = [TROMSO.local(moment).date() for moment in year(SunTime(is_sunset=True), TROMSO, utc(2026, 1, 1))]
    assert not any(date(2026, 5, 20) < day < date(2026, 7, 22) for day in found)
    assert any(day < date(2026, 5, 15) for day in found)


def test_where_the_sun_does_not_set_another_time_can_count() -> None:
    sunset = SunTime(is_sunset=True, not_after_s=22 * 3600, without_sun_s=22 * 3600)
    found = year(sunset, TROMSO, utc(2026, 5, 1), 90)
    assert len(found) == 90
    assert {TROMSO.local(moment).strftime("%H:%M") for moment in found[30:60]} == {"22:00"}


def test_at_a_pole_nothing_breaks() -> None:
    pole = Where(ZoneInfo("UTC"), 90, 0)
    moment = SunTime(is_sunset=True).next_after(utc(2026, 6, 1), pole)
    assert moment is None or moment > utc(2026, 8, 1)
    elevation = pole.sun_elevation(utc(2026, 6, 21, 12))
    assert elevation is not None
    assert 20 < elevation < 25


def test_without_a_place_there_is_no_sun() -> None:
    assert SunTime(is_sunset=True).next_after(utc(2026, 6, 1), where("UTC")) is None
    assert where("UTC").sun_elevation(utc(2026, 6, 1)) is None


# What was missed.


def test_the_last_of_what_was_missed_is_found() -> None:
    times = TimesOfDay(7, 30)
    since, until = utc(2026, 1, 1), utc(2026, 1, 10)
    assert latest_within(times, since, until, AMSTERDAM) == utc(2026, 1, 9, 6, 30)
    assert latest_within(times, until - 3600, until, AMSTERDAM) is None
    assert latest_within(Cron("* * * * *"), 0, until, AMSTERDAM) == until
    assert latest_within(Cron("0 0 1 1 *"), since, utc(2026, 12, 1), AMSTERDAM) is None
    assert latest_within(Cron("0 0 1 3 *"), since, utc(2026, 12, 1), AMSTERDAM) == utc(2026, 2, 28, 23)
