"""When times of day and cron lines come next, in any zone, beside a walk along the wall's clock."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from timeit import repeat
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubagent.rules.dst import Dst, Repeated, Skipped
from hubagent.rules.local_time import moments_of
from hubagent.rules.schedule import check_cron, next_cron, next_time
from hubagent.rules.triggers.cron import CronTrigger
from hubagent.rules.triggers.time import TimeTrigger
from hubagent.rules.where import Where
from tests.hubagent.rules.walked_year import occurrences, walked

AMSTERDAM = Where(ZoneInfo("Europe/Amsterdam"))
ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Amsterdam",
    "America/New_York",
    "America/St_Johns",  # until 2011 it changed at 00:01, over midnight
    "America/Havana",  # at midnight
    "America/Santiago",  # at midnight, back to the day before
    "America/Scoresbysund",
    "America/Nuuk",  # before midnight
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Africa/Cairo",
    "Africa/Casablanca",  # changes around Ramadan
    "Antarctica/Troll",  # by two hours
    "Antarctica/Casey",  # by three, now and then
    "Atlantic/Azores",
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Chatham",
    "Pacific/Apia",  # had no 30 December 2011
    "Pacific/Easter",
)
dsts = st.builds(Dst, st.sampled_from(Skipped), st.sampled_from(Repeated))


def utc(*parts: int) -> int:
    year, month, day, hour, minute = (*parts, 0, 0)[:5]
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


@cache
def changes(zone: str) -> list[int]:
    """Days on which the clock of a zone is changed, from 2000 to 2037."""
    timezone = ZoneInfo(zone)
    found = []
    last = None
    for day in range(utc(2000, 1, 1), utc(2037, 1, 1), 86400):
        offset = datetime.fromtimestamp(day, timezone).utcoffset()
        if last is not None and offset != last:
            found.append(day - 86400)
        last = offset
    return found


@dataclass(frozen=True)
class Stretch:
    """A few days of a zone, most often around a change of its clock."""

    zone: str
    begin: int
    days: int = 3

    @property
    def where(self) -> Where:
        return Where(ZoneInfo(self.zone))


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    zone = draw(st.sampled_from(ZONES))
    days = changes(zone) or [utc(2026, 3, 1)]
    day = (
        draw(st.sampled_from(days))
        if draw(st.integers(0, 3))
        else utc(2000, 1, 1) + 86400 * draw(st.integers(0, 13000))
    )
    # Not in the hour that is repeated: the walk does not know of what was before it.
    return Stretch(zone, day - 86400 + 7 * 3600)


times_of_day = st.one_of(st.integers(0, 1439), st.integers(0, 180), st.integers(1320, 1439))
"""In minutes: those at which clocks are changed more often."""


@settings(max_examples=150, deadline=None)
@given(
    stretches(),
    st.sets(times_of_day, min_size=1, max_size=12),
    st.frozensets(st.integers(0, 6), min_size=1, max_size=7),
    dsts,
)
def test_times_of_day_come_in_every_zone_as_a_walk_along_its_clock_finds(
    stretch: Stretch, minutes: set[int], days: frozenset[int], dst: Dst
) -> None:
    trigger = TimeTrigger(tuple(minute * 60.0 for minute in minutes), days, dst)
    found = occurrences(trigger, stretch.where, stretch.begin, stretch.days)
    expected = walked(
        stretch.zone, stretch.begin, stretch.days, lambda day: minutes if day.weekday() in days else (), dst
    )
    assert found == expected


@settings(max_examples=150, deadline=None)
@given(
    stretches(),
    st.one_of(st.just(set(range(60))), st.sets(st.integers(0, 59), min_size=1, max_size=4)),
    st.one_of(st.just(set(range(24))), st.sets(st.integers(0, 23), min_size=1, max_size=6)),
    st.frozensets(st.integers(0, 6), min_size=1, max_size=7),
    dsts,
)
def test_cron_lines_come_in_every_zone_as_a_walk_along_its_clock_finds(
    stretch: Stretch, minutes: set[int], hours: set[int], days: frozenset[int], dst: Dst
) -> None:
    fields = (minutes, hours, {(day + 1) % 7 for day in days})
    minute, hour, weekday = (",".join(str(number) for number in sorted(field)) for field in fields)
    found = occurrences(CronTrigger(f"{minute} {hour} * * {weekday}", dst), stretch.where, stretch.begin, stretch.days)
    named = [hour * 60 + minute for hour in hours for minute in minutes]
    expected = walked(
        stretch.zone,
        stretch.begin,
        stretch.days,
        lambda day: named if day.weekday() in days else (),
        None if len(hours) == 24 else dst,
    )
    assert found == expected


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.floats(0, utc(2037, 1, 1)), st.integers(0, 86399), dsts)
def test_the_next_time_is_later_and_nothing_lies_between(zone: str, begin: float, time_s: int, dst: Dst) -> None:
    where = Where(ZoneInfo(zone))
    moment = next_time(begin, where, (float(time_s),), dst=dst)
    assert moment is not None
    assert moment > begin
    assert next_time((begin + moment) / 2, where, (float(time_s),), dst=dst) == moment


@pytest.mark.parametrize(
    ("dst", "spring", "autumn"),
    [
        (Dst(), ["03:00+0200"], ["02:30+0200"]),
        (Dst(skipped=Skipped.SKIP), [], ["02:30+0200"]),
        (Dst(repeated=Repeated.TWICE), ["03:00+0200"], ["02:30+0200", "02:30+0100"]),
    ],
    ids=["usual", "skip", "twice"],
)
def test_half_past_two_in_amsterdam_on_the_days_of_the_changes(dst: Dst, spring: list[str], autumn: list[str]) -> None:
    for day, expected in ((date(2026, 3, 29), spring), (date(2026, 10, 25), autumn)):
        moments = moments_of(day, 2.5 * 3600, AMSTERDAM, dst)
        assert [AMSTERDAM.local(moment).strftime("%H:%M%z") for moment in moments] == expected


@pytest.mark.parametrize("dst", [Dst(), Dst(repeated=Repeated.TWICE)], ids=["once", "twice"])
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/St_Johns", (2005, 10, 30)),
        ("America/Santiago", (2026, 4, 5)),
        ("America/Havana", (2026, 11, 1)),
        ("America/Nuuk", (2026, 10, 25)),
        ("Asia/Beirut", (2026, 10, 25)),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_clock_that_is_put_back_over_midnight_repeats_the_end_of_a_day_after_the_next_has_begun(
    zone: str, day: tuple[int, int, int], dst: Dst
) -> None:
    minutes = (0, 30, 60, 1380, 1381, 1410, 1439)
    begin = utc(*day) - 43200
    for chosen in (minutes, *((minute,) for minute in minutes)):
        trigger = TimeTrigger(tuple(minute * 60.0 for minute in chosen), dst=dst)
        found = occurrences(trigger, Where(ZoneInfo(zone)), begin, 2)
        assert found == walked(zone, begin, 2, lambda _, chosen=chosen: chosen, dst)  # type: ignore[misc]


def test_times_that_are_skipped_together_come_together_as_one() -> None:
    trigger = CronTrigger("*/10 2 * * *")
    day = utc(2026, 3, 28, 23)
    assert occurrences(trigger, AMSTERDAM, day, 1) == [utc(2026, 3, 29, 1)]


def test_a_time_on_a_weekday_that_a_change_skips_comes_a_week_later() -> None:
    trigger = TimeTrigger((2.5 * 3600,), frozenset({6}), Dst(skipped=Skipped.SKIP))
    assert trigger.next_after(utc(2026, 3, 23), AMSTERDAM) == utc(2026, 4, 5, 0, 30)


def test_a_day_that_a_zone_does_not_have_is_made_up_for_as_it_is_jumped_over() -> None:
    samoa = Where(ZoneInfo("Pacific/Apia"))
    moments = moments_of(date(2011, 12, 30), 27000.0, samoa, Dst())
    assert [samoa.local(moment).strftime("%d %H:%M") for moment in moments] == ["31 00:00"]


def test_a_day_of_the_month_and_a_weekday_come_on_either_but_with_a_star_on_both() -> None:
    either = occurrences(CronTrigger("0 12 13 * fri"), AMSTERDAM, utc(2026, 2, 1), 28)
    assert [AMSTERDAM.local(moment).day for moment in either] == [6, 13, 20, 27]
    both = occurrences(CronTrigger("0 12 */13 * sun"), AMSTERDAM, utc(2026, 1, 1), 120)
    assert [AMSTERDAM.local(moment).date() for moment in both] == [date(2026, 2, 1), date(2026, 3, 1)]


@pytest.mark.parametrize(
    "line",
    [
        "61 * * * *",
        "* * * *",
        "* * * * * *",
        "a b c d e",
        "0 0 30 2 *",
        "0 0 31 2,4 *",
        "* * * * 9",
        "*/0 * * * *",
        "5-1 * * * *",
        "0 0 29 2 */0",
        "@daily",
        "",
        "² * * * *",
        "0 0 * * ²L",
        "99999999999999999999 * * * *",
    ],
)
def test_a_cron_line_that_means_nothing_is_told(line: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        check_cron(line)


@settings(deadline=None)
@given(st.text("0123456789*/,-#LWsunmofeb ", max_size=40))
def test_a_cron_line_of_anything_is_refused_as_a_value_or_comes(line: str) -> None:
    with suppress(ValueError):
        check_cron(line)
        moment = next_cron(utc(2026, 1, 1), AMSTERDAM, line)
        assert moment is None or moment > utc(2026, 1, 1)


@pytest.mark.parametrize(
    "ask",
    [
        lambda at: next_time(at, AMSTERDAM, (27000.0,)),
        lambda at: next_time(at, AMSTERDAM, tuple(float(time_s) for time_s in range(0, 86400, 1800))),
        lambda at: next_cron(at, AMSTERDAM, "* * * * *"),
        lambda at: next_cron(at, AMSTERDAM, "*/5 8-18 * * mon-fri"),
    ],
    ids=["a time", "48 times", "every minute", "a cron line"],
)
def test_the_next_one_is_found_in_microseconds(ask: Callable[[float], float | None]) -> None:
    at = float(utc(2026, 1, 1))
    # About 15 µs where nothing else runs.
    assert min(repeat(lambda: ask(at), number=50, repeat=10)) / 50 < 100e-6


def test_it_is_the_homes_day_that_counts_and_not_that_of_utc() -> None:
    auckland = Where(ZoneInfo("Pacific/Auckland"))
    trigger = TimeTrigger((8 * 3600.0,), frozenset({0}))
    found = [auckland.local(moment) for moment in occurrences(trigger, auckland, utc(2026, 1, 1), 28)]
    assert [moment.date() for moment in found] == [date(2026, 1, 5) + timedelta(days=7 * week) for week in range(4)]
