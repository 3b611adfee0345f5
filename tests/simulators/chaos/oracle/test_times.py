"""When times of day, cron lines and the sun come: RULES.md, Time. The moments are worked out by hand."""

from datetime import UTC as ZULU
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hubagent.rules.triggers.table import Trigger
from hubagent.rules.where import Where
from simulators.chaos.oracle.times import Timed, latest, moments_on
from tests.hubagent.rules.a_house import AMSTERDAM, rules
from tests.simulators.chaos.oracle.a_scene import ON, rule

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
"""02:00 becomes 03:00 at 01:00 UTC; 03:00 becomes 02:00 at 01:00 UTC."""
SPITSBERGEN = Where(ZoneInfo("Arctic/Longyearbyen"), 78.22, 15.65)


def trigger(when: str, more: str = "") -> Timed:
    [found] = rules(rule(when, ON, more=more)).rules[0].when
    return _timed(found)


def _timed(found: Trigger) -> Timed:
    assert isinstance(found, Timed)
    return found


def came(when: str, day: date, *, more: str = "", where: Where = AMSTERDAM) -> list[str]:
    """In UTC; of the same moment once."""
    moments = sorted(set(moments_on(trigger(when, more), day, where)))
    return [datetime.fromtimestamp(moment, ZULU).strftime("%d %H:%M") for moment in moments]


def test_a_time_of_day_comes_on_each_of_its_days() -> None:
    when = '{ time = ["07:30", "19:30"], days = "mon-fri" }'
    assert came(when, date(2026, 1, 2)) == ["02 06:30", "02 18:30"]
    assert came(when, date(2026, 1, 3)) == []


def test_a_time_that_spring_skips_comes_when_the_clock_is_put_forward() -> None:
    assert came('{ time = "02:30" }', SPRING) == ["29 01:00"]
    assert came('{ time = "02:30" }', SPRING, more='dst = { skipped = "skip" }') == []
    assert came('{ time = "03:30" }', SPRING) == ["29 01:30"]


def test_several_that_are_skipped_together_come_as_one() -> None:
    assert came('{ time = ["02:15", "02:45"] }', SPRING) == ["29 01:00"]


def test_a_time_that_autumn_has_twice_is_taken_the_first_time_or_both() -> None:
    assert came('{ time = "02:30" }', AUTUMN) == ["25 00:30"]
    assert came('{ time = "02:30" }', AUTUMN, more='dst = { repeated = "twice" }') == ["25 00:30", "25 01:30"]


def test_a_cron_line_for_every_hour_goes_on_through_both_changes() -> None:
    assert len(came('{ cron = "0 * * * *" }', SPRING)) == 23
    assert len(came('{ cron = "0 * * * *" }', AUTUMN)) == 25
    assert came('{ cron = "30 * * * *" }', AUTUMN)[2:4] == ["25 00:30", "25 01:30"]


def test_any_other_cron_line_is_a_list_of_times_of_day() -> None:
    assert came('{ cron = "30 2 * * *" }', SPRING) == ["29 01:00"]
    assert came('{ cron = "30 2 * * *" }', AUTUMN) == ["25 00:30"]
    assert came('{ cron = "0,30 2-3 * * *" }', date(2026, 1, 5)) == ["05 01:00", "05 01:30", "05 02:00", "05 02:30"]
    assert came('{ cron = "*/20 8 * * mon" }', date(2026, 1, 5)) == ["05 07:00", "05 07:20", "05 07:40"]
    assert came('{ cron = "*/20 8 * * mon" }', date(2026, 1, 6)) == []
    assert came('{ cron = "0 8 * feb *" }', date(2026, 1, 6)) == []


def test_a_cron_line_with_a_day_of_the_month_and_a_weekday_comes_on_either() -> None:
    """2026-01-05 is a Monday, 2026-01-13 a Tuesday, 2026-01-07 a Wednesday."""
    either = '{ cron = "0 8 13 * mon" }'
    assert [len(came(either, date(2026, 1, day))) for day in (5, 7, 13)] == [1, 0, 1]


def test_a_cron_line_with_a_star_in_one_of_them_comes_on_days_that_are_both() -> None:
    both = '{ cron = "0 8 */2 * mon" }'
    # Mondays are the 5th, 12th, 19th, 26th; odd days count.
    assert [len(came(both, date(2026, 1, day))) for day in (5, 7, 12, 19)] == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("when", "day", "at"),
    [
        # As almanacs have them for Amsterdam.
        ('{ sun = "sunrise" }', date(2026, 6, 21), "03:18"),
        ('{ sun = "sunset" }', date(2026, 6, 21), "20:06"),
        ('{ sun = "sunrise" }', date(2026, 12, 21), "07:47"),
        ('{ sun = "sunset" }', date(2026, 12, 21), "15:29"),
        ('{ sun = "sunset", offset = "-20m" }', date(2026, 12, 21), "15:09"),
        # The limits are of the home's clock.
        ('{ sun = "sunset", not_before = "17:30" }', date(2026, 12, 21), "16:30"),
        ('{ sun = "sunset", not_after = "21:30" }', date(2026, 6, 21), "19:30"),
        ('{ sun = "sunset", offset = "-20m", not_before = "16:30", not_after = "21:30" }', date(2026, 12, 21), "15:30"),
    ],
)
def test_the_sun(when: str, day: date, at: str) -> None:
    [moment] = moments_on(trigger(when), day, AMSTERDAM)
    hour, minute = map(int, at.split(":"))
    expected = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZULU).timestamp()
    assert abs(moment - expected) < 180


@pytest.mark.parametrize(
    ("more", "came_at"),
    [("", []), (', if_no_sun = "not_before"', ["21 16:00"]), (', if_no_sun = "not_after"', ["21 20:00"])],
)
def test_a_day_without_a_sunset(more: str, came_at: list[str]) -> None:
    when = f'{{ sun = "sunset", not_before = "18:00", not_after = "22:00"{more} }}'
    assert came(when, date(2026, 6, 21), where=SPITSBERGEN) == came_at


def test_the_latest_of_several_counts() -> None:
    every_hour, start = trigger('{ cron = "0 * * * *" }'), datetime(2026, 1, 5, 8, 30, tzinfo=ZULU).timestamp()
    assert latest(every_hour, start, start + 3 * 3600, AMSTERDAM) == start + 2.5 * 3600
    assert latest(every_hour, start, start + 60, AMSTERDAM) is None
    assert latest(every_hour, start - 1800, start - 1740, AMSTERDAM) is None, "what was settled is over"


def test_a_leap_day_comes_once_in_four_years() -> None:
    line = trigger('{ cron = "0 12 29 2 *" }')
    begin = datetime(2028, 2, 29, 20, tzinfo=ZULU).timestamp()
    noon = datetime(2028, 2, 29, 11, tzinfo=ZULU).timestamp()
    assert latest(line, noon - 1, begin, AMSTERDAM) == noon
