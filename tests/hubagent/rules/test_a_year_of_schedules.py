"""A year of schedules: exactly the firings that are promised, in three zones, a polar summer and a leap year.

Beside what is written here by hand, a walk along the wall's clock finds the same.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst, Repeated, Skipped
from hubagent.rules.missed import Mark, look
from hubagent.rules.schedule import SunTime
from hubagent.rules.sun import HORIZON_DEGREES
from hubagent.rules.triggers.cron import CronTrigger
from hubagent.rules.triggers.time import TimeTrigger
from hubagent.rules.where import Where
from tests.hubagent.rules.walked_year import occurrences, walked

AMSTERDAM = Where(ZoneInfo("Europe/Amsterdam"), 52.37, 4.90)
TROMSO = Where(ZoneInfo("Europe/Oslo"), 69.65, 18.96)
BEGIN = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
DAYS = 365
DSTS = {
    "usual": AS_PEOPLE_EXPECT,
    "twice": Dst(repeated=Repeated.TWICE),
    "skip": Dst(skipped=Skipped.SKIP),
    "skip, twice": Dst(Skipped.SKIP, Repeated.TWICE),
}


@dataclass(frozen=True)
class Changes:
    """The days of a zone's year on which its clock is changed, and a time that is skipped or repeated then."""

    zone: str
    forward: date
    skipped: str
    """A time that the day in spring does not have."""
    gap_end: str
    back: date
    repeated: str
    """A time that the day in autumn has twice."""
    again_after: timedelta

    @property
    def where(self) -> Where:
        return Where(ZoneInfo(self.zone))

    def every_day(self, time: str) -> list[str]:
        """On each day of the year; only on that in spring later, where it has no such time."""
        late = f"{self.forward} {self.gap_end}" if self.skipped <= time < self.gap_end else f"{self.forward} {time}"
        return [late if text.startswith(str(self.forward)) else text for text in every_day(time)]


ZONES = (
    Changes("Europe/Amsterdam", date(2026, 3, 29), "02:30", "03:00", date(2026, 10, 25), "02:30", timedelta(hours=1)),
    Changes("America/New_York", date(2026, 3, 8), "02:30", "03:00", date(2026, 11, 1), "01:30", timedelta(hours=1)),
    Changes(
        "Australia/Lord_Howe", date(2026, 10, 4), "02:15", "02:30", date(2026, 4, 5), "01:45", timedelta(minutes=30)
    ),
)
in_three_zones = pytest.mark.parametrize("changes", ZONES, ids=lambda changes: changes.zone)


def local_year(where: Where, year: int = 2026) -> float:
    return datetime(year, 1, 1, tzinfo=where.timezone).timestamp()


def seconds(text: str) -> float:
    hour, minute = text.split(":")
    return int(hour) * 3600.0 + int(minute) * 60.0


def shown(where: Where, moments: list[float]) -> list[str]:
    return [where.local(moment).strftime("%Y-%m-%d %H:%M") for moment in moments]


def every_day(time: str, days: int = DAYS, year: int = 2026) -> list[str]:
    first = date(year, 1, 1)
    return [f"{first + timedelta(days=number)} {time}" for number in range(days)]


@in_three_zones
def test_a_time_that_is_skipped_in_spring_comes_at_the_end_of_the_gap(changes: Changes) -> None:
    found = occurrences(TimeTrigger((seconds(changes.skipped),)), changes.where, local_year(changes.where), DAYS)
    assert shown(changes.where, found) == changes.every_day(changes.skipped)
    assert f"{changes.forward} {changes.gap_end}" in shown(changes.where, found)


@in_three_zones
def test_or_not_on_that_day_where_the_rule_wants_it_skipped(changes: Changes) -> None:
    trigger = TimeTrigger((seconds(changes.skipped),), dst=DSTS["skip"])
    found = occurrences(trigger, changes.where, local_year(changes.where), DAYS)
    expected = every_day(changes.skipped)
    expected.remove(f"{changes.forward} {changes.skipped}")
    assert shown(changes.where, found) == expected


@in_three_zones
def test_a_time_that_is_repeated_in_autumn_comes_once_the_first_time(changes: Changes) -> None:
    found = occurrences(TimeTrigger((seconds(changes.repeated),)), changes.where, local_year(changes.where), DAYS)
    assert shown(changes.where, found) == changes.every_day(changes.repeated)
    [on_that_day] = [moment for moment in found if changes.where.local(moment).date() == changes.back]
    assert changes.where.local(on_that_day).fold == 0


@in_three_zones
def test_or_twice_where_the_rule_wants_it_so(changes: Changes) -> None:
    trigger = TimeTrigger((seconds(changes.repeated),), dst=DSTS["twice"])
    found = occurrences(trigger, changes.where, local_year(changes.where), DAYS)
    expected = changes.every_day(changes.repeated)
    text = f"{changes.back} {changes.repeated}"
    expected.insert(expected.index(text), text)
    assert shown(changes.where, found) == expected
    first, second = (moment for moment in found if changes.where.local(moment).date() == changes.back)
    assert second - first == changes.again_after.total_seconds()


@in_three_zones
@pytest.mark.parametrize("dst", DSTS.values(), ids=DSTS)
def test_every_tenth_minute_of_the_nights_comes_as_a_walk_along_it_finds(changes: Changes, dst: Dst) -> None:
    minutes = (*range(0, 300, 10), 720, 1435, 1439)
    trigger = TimeTrigger(tuple(minute * 60.0 for minute in minutes), dst=dst)
    found = occurrences(trigger, changes.where, BEGIN, DAYS)
    assert found == walked(changes.zone, BEGIN, DAYS, lambda _: minutes, dst)


@in_three_zones
@pytest.mark.parametrize("dst", DSTS.values(), ids=DSTS)
def test_working_days_and_weekends_come_as_a_walk_finds(changes: Changes, dst: Dst) -> None:
    # All changes are on Sundays.
    trigger = TimeTrigger((seconds(changes.skipped), seconds(changes.repeated)), frozenset((5, 6, 0)), dst)
    minutes = [int(time_s // 60) for time_s in trigger.times_s]
    found = occurrences(trigger, changes.where, BEGIN, DAYS)
    assert found == walked(changes.zone, BEGIN, DAYS, lambda day: minutes if day.weekday() in {5, 6, 0} else (), dst)


@in_three_zones
def test_a_cron_line_for_every_hour_neither_pauses_nor_catches_up(changes: Changes) -> None:
    where = changes.where
    found = occurrences(CronTrigger("*/30 * * * *"), where, BEGIN, DAYS)
    assert found == [BEGIN + 1800.0 * number for number in range(DAYS * 48)]
    quarters = [hour * 60 + minute for hour in range(24) for minute in (15, 45)]
    found = occurrences(CronTrigger("15,45 0-23 * * *"), where, BEGIN, DAYS)
    assert found == walked(changes.zone, BEGIN, DAYS, lambda _: quarters, None)


@in_three_zones
@pytest.mark.parametrize("dst", DSTS.values(), ids=DSTS)
def test_a_cron_line_of_hours_is_a_list_of_times(changes: Changes, dst: Dst) -> None:
    quarters = [hour * 60 + minute for hour in (0, 1, 2, 3, 12) for minute in (0, 15, 30, 45)]
    found = occurrences(CronTrigger("*/15 0-3,12 * * sun,mon", dst), changes.where, BEGIN, DAYS)
    assert found == walked(changes.zone, BEGIN, DAYS, lambda day: quarters if day.weekday() in {6, 0} else (), dst)


def test_the_leap_day_is_a_day_of_its_year_and_of_no_other() -> None:
    where = AMSTERDAM
    found = occurrences(TimeTrigger((27000.0,)), where, local_year(where, 2028), 366)
    assert shown(where, found) == every_day("07:30", 366, 2028)
    assert "2028-02-29 07:30" in shown(where, found)
    assert shown(where, occurrences(CronTrigger("0 12 29 2 *"), where, BEGIN, 4000)) == [
        "2028-02-29 12:00",
        "2032-02-29 12:00",
        "2036-02-29 12:00",
    ]
    assert shown(where, occurrences(CronTrigger("0 6 L 2 *"), where, BEGIN, 1200)) == [
        "2026-02-28 06:00",
        "2027-02-28 06:00",
        "2028-02-29 06:00",
        "2029-02-28 06:00",
    ]


def crossings(where: Where, begin: int, days: int, *, is_sunset: bool) -> list[float]:
    """Where the sun's height goes through the horizon's: by looking every five minutes."""
    found: list[float] = []
    last: float | None = None
    for moment in range(begin, begin + days * 86400, 300):
        height = where.sun_elevation(moment)
        assert height is not None
        if last is not None and (
            (last > HORIZON_DEGREES >= height) if is_sunset else (last <= HORIZON_DEGREES < height)
        ):
            found.append(moment)
        last = height
    return found


@pytest.mark.parametrize("is_sunset", [False, True], ids=["sunrise", "sunset"])
@pytest.mark.parametrize("where", [AMSTERDAM, TROMSO], ids=["Amsterdam", "Tromsø"])
def test_the_sun_rises_and_sets_when_it_crosses_the_horizon(where: Where, is_sunset: bool) -> None:
    found = occurrences(SunTime(is_sunset), where, BEGIN, DAYS)
    expected = crossings(where, BEGIN, DAYS, is_sunset=is_sunset)
    assert len(found) == len(expected)
    assert all(0 <= after - moment <= 300 for moment, after in zip(found, expected, strict=True))


def test_in_a_polar_summer_and_night_the_sun_neither_rises_nor_sets() -> None:
    days = [TROMSO.local(moment).date() for moment in occurrences(SunTime(is_sunset=False), TROMSO, BEGIN, DAYS)]
    assert not [day for day in days if date(2026, 5, 20) <= day <= date(2026, 7, 22)]
    assert not [day for day in days if date(2026, 11, 29) <= day or day <= date(2026, 1, 13)]
    assert {day.month for day in days} == {1, 2, 3, 4, 5, 7, 8, 9, 10, 11}


@pytest.mark.parametrize(("without_sun", "time"), [(16 * 3600.0, "16:00"), (21.5 * 3600, "21:30")])
def test_a_polar_year_has_an_evening_every_day_where_a_limit_counts_without_sun(without_sun: float, time: str) -> None:
    evening = SunTime(
        is_sunset=True, offset_s=-1200.0, not_before_s=16 * 3600.0, not_after_s=21.5 * 3600, without_sun_s=without_sun
    )
    found = occurrences(evening, TROMSO, local_year(TROMSO), DAYS)
    assert [TROMSO.local(moment).date() for moment in found] == [
        date(2026, 1, 1) + timedelta(days=number) for number in range(DAYS)
    ]
    times = {TROMSO.local(moment).date(): TROMSO.local(moment).strftime("%H:%M") for moment in found}
    assert set(times.values()) <= {f"{hour:02}:{minute:02}" for hour in range(16, 22) for minute in range(60)}
    assert times[date(2026, 6, 21)] == time
    # In winter the sun sets too early for not_before, in spring too late for not_after.
    assert times[date(2026, 2, 1)] == "16:00"
    assert times[date(2026, 5, 10)] == "21:30"


@in_three_zones
def test_a_clock_that_steps_from_1970_fires_nothing_until_it_is_set_and_then_what_comes(changes: Changes) -> None:
    where, trigger = changes.where, TimeTrigger((27000.0,))
    fired: list[float] = []
    mark: Mark | None = None
    boot, is_set = BEGIN + 1000.0, BEGIN + 5000.0
    for real in range(BEGIN, BEGIN + 5 * 86400, 60):
        wall = real if real >= is_set else real - boot + 1000.0
        looked = look(trigger, where, mark, wall, missed_within_s=3600.0)
        mark = looked.mark
        if looked.fire is not None:
            fired.append(looked.fire)
        if wall < 1e9:
            assert looked.next_at is None
    assert fired == occurrences(trigger, where, is_set, 5)[: len(fired)]
    assert len(fired) == 5
