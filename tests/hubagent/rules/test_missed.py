"""What is due and what was missed, whatever the clock does."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubagent.rules.dst import Dst, Repeated
from hubagent.rules.missed import CLOCK_SET_FROM, ON_TIME_S, Look, Mark, latest_within, look
from hubagent.rules.schedule import SunTime, Times
from hubagent.rules.triggers.cron import CronTrigger
from hubagent.rules.triggers.time import TimeTrigger
from hubagent.rules.where import Where
from tests.hubagent.rules.walked_year import occurrences

AMSTERDAM = Where(ZoneInfo("Europe/Amsterdam"), 52.37, 4.90)
HALF_PAST_SEVEN = TimeTrigger((27000.0,))
DAY_S = 86400.0


def utc(*parts: int) -> float:
    year, month, day, hour, minute, second = (*parts, 0, 0, 0)[:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()


IT = utc(2026, 1, 10, 6, 30)
"""Half past seven in Amsterdam."""


def looks(
    times: Times, clock: Iterable[float], missed_within_s: float = 0.0, mark: Mark | None = None
) -> tuple[list[float], Mark | None]:
    """What fires while the wall clock shows these, one after another."""
    fired = []
    for now in clock:
        looked = look(times, AMSTERDAM, mark, now, missed_within_s=missed_within_s)
        mark = looked.mark
        if looked.fire is not None:
            fired.append(looked.fire)
            assert looked.fire <= now
            assert looked.late_s == now - looked.fire
        assert looked.next_at is None or looked.next_at > now
    return fired, mark


def minutes(begin: float, end: float) -> Iterable[float]:
    return (begin + 60.0 * number for number in range(round((end - begin) / 60.0)))


def test_a_new_trigger_has_missed_nothing() -> None:
    looked = look(HALF_PAST_SEVEN, AMSTERDAM, None, IT + 5.0, missed_within_s=inf)
    assert looked == Look(Mark(IT + 5.0), next_at=IT + DAY_S)


def test_what_comes_fires_at_its_time() -> None:
    looked = look(HALF_PAST_SEVEN, AMSTERDAM, Mark(IT - 60.0), IT - 1.0)
    assert looked == Look(Mark(IT - 60.0), next_at=IT)
    assert look(HALF_PAST_SEVEN, AMSTERDAM, looked.mark, IT) == Look(Mark(IT, IT), fire=IT, next_at=IT + DAY_S)


def test_a_little_late_is_on_time() -> None:
    looked = look(HALF_PAST_SEVEN, AMSTERDAM, Mark(IT - 60.0), IT + ON_TIME_S - 1.0)
    assert (looked.fire, looked.late_s) == (IT, ON_TIME_S - 1.0)


@pytest.mark.parametrize(
    ("missed_within_s", "late_s", "fires"),
    [(0.0, 20.0, False), (1800.0, 1799.0, True), (1800.0, 1800.0, False), (inf, 40 * DAY_S, True)],
    ids=["skip", "less than 30 minutes late", "not less", "run"],
)
def test_what_was_missed_is_made_up_for_as_the_rule_allows(missed_within_s: float, late_s: float, fires: bool) -> None:
    now = IT + late_s
    looked = look(HALF_PAST_SEVEN, AMSTERDAM, Mark(IT - 60.0), now, missed_within_s=missed_within_s)
    latest = IT + late_s // DAY_S * DAY_S
    assert (looked.fire, looked.missed) == ((latest, None) if fires else (None, latest))
    # And not again.
    again = look(HALF_PAST_SEVEN, AMSTERDAM, looked.mark, now + 1.0, missed_within_s=inf)
    assert (again.fire, again.missed) == (None, None)


@pytest.mark.parametrize(("line", "days"), [("* * * * *", 1), ("* 3 * 1 *", 190), ("0 0 * * *", 2), ("0 0 1 * *", 32)])
def test_however_many_were_missed_the_latest_counts_once(line: str, days: int) -> None:
    back = utc(2026, 7, 20, 12, 0, 30)
    fired, _ = looks(CronTrigger(line), [back, back + 1.0, back + 2.0], inf, Mark(utc(2020, 1, 1)))
    assert fired == [occurrences(CronTrigger(line), AMSTERDAM, back - days * DAY_S, days)[-1]]


@given(st.integers(0, 400 * 86400), st.sampled_from(["0 7 * * *", "*/7 3-5 * * sun", "0 0 1 * *", "30 2 * * *"]))
def test_the_latest_is_the_last_that_came(seconds: int, line: str) -> None:
    until, since = utc(2027, 3, 1), utc(2027, 3, 1) - seconds
    came = [moment for moment in occurrences(CronTrigger(line), AMSTERDAM, since + 1, 401) if moment <= until]
    assert latest_within(CronTrigger(line), since, until, AMSTERDAM) == (came[-1] if came else None)


def test_the_latest_of_many_years_is_found_without_walking_through_them() -> None:
    @dataclass
    class Counted:
        asked: int = 0

        def next_after(self, at: float, where: Where) -> float | None:
            self.asked += 1
            return CronTrigger("* * * * *").next_after(at, where)

    counted = Counted()
    assert latest_within(counted, 0.0, utc(2030, 1, 1), AMSTERDAM) == utc(2030, 1, 1)
    assert counted.asked < 150


def test_the_latest_sunset_is_found_over_a_polar_summer() -> None:
    tromso = Where(ZoneInfo("Europe/Oslo"), 69.65, 18.96)
    sunset = SunTime(is_sunset=True)
    latest = latest_within(sunset, utc(2026, 1, 1), utc(2026, 7, 1), tromso)
    assert latest == occurrences(sunset, tromso, utc(2026, 1, 1), 180)[-1]
    assert latest_within(sunset, utc(2026, 6, 1), utc(2026, 7, 1), tromso) is None


# The clock.


def test_nothing_is_due_before_the_clock_is_set() -> None:
    for now in (0.0, 5.0, CLOCK_SET_FROM - 1.0):
        for mark in (None, Mark(IT), Mark(IT, IT)):
            assert look(CronTrigger("* * * * *"), AMSTERDAM, mark, now, missed_within_s=inf) == Look(mark)
    floor = utc(2026, 1, 1)
    assert look(HALF_PAST_SEVEN, AMSTERDAM, None, floor - 1.0, clock_set_from=floor) == Look(None)


def test_a_clock_that_steps_from_1970_fires_nothing_for_the_years_between() -> None:
    fired, mark = looks(HALF_PAST_SEVEN, [*minutes(0.0, 3600.0), *minutes(IT + 60.0, IT + DAY_S + 120.0)], inf)
    assert fired == [IT + DAY_S]
    assert mark == Mark(IT + DAY_S, IT + DAY_S)


def test_a_restart_without_a_clock_keeps_what_was_missed_until_the_clock_is_set() -> None:
    fired, _ = looks(HALF_PAST_SEVEN, [3.0, 60.0, 120.0, IT + 600.0, IT + 660.0], 1800.0, Mark(IT - DAY_S, IT - DAY_S))
    assert fired == [IT]


@pytest.mark.parametrize(("missed_within_s", "expected"), [(0.0, []), (1800.0, [IT])])
def test_a_clock_put_forward_over_it_has_missed_it(missed_within_s: float, expected: list[float]) -> None:
    clock = [*minutes(IT - 600.0, IT - 60.0), *minutes(IT + 600.0, IT + 1200.0)]
    assert looks(HALF_PAST_SEVEN, clock, missed_within_s)[0] == expected


@pytest.mark.parametrize("back_s", [1.0, 60.0, 3600.0, 23 * 3600.0])
def test_a_clock_put_back_over_what_fired_does_not_fire_it_again(back_s: float) -> None:
    clock = [*minutes(IT - 600.0, IT + 60.0), *minutes(IT + 60.0 - back_s, IT + DAY_S + 180.0)]
    assert looks(HALF_PAST_SEVEN, clock, inf)[0] == [IT, IT + DAY_S]


def test_a_restart_while_the_clock_is_behind_does_not_fire_it_again() -> None:
    _, mark = looks(HALF_PAST_SEVEN, minutes(IT - 600.0, IT + 60.0))
    fired, mark = looks(HALF_PAST_SEVEN, minutes(IT - 3600.0, IT - 1800.0), inf, mark)
    fired_later, _ = looks(HALF_PAST_SEVEN, minutes(IT - 1800.0, IT + 1800.0), inf, mark)
    assert fired == fired_later == []


def test_what_was_missed_only_because_the_clock_was_wrong_fires_at_its_time() -> None:
    clock = [IT - 660.0, *minutes(IT + 5 * 3600.0, IT + 5 * 3600.0 + 600.0), *minutes(IT - 60.0, IT + 6 * 3600.0)]
    assert looks(HALF_PAST_SEVEN, clock)[0] == [IT]


def test_but_not_once_it_was_made_up_for() -> None:
    clock = [IT - 660.0, *minutes(IT + 5 * 3600.0, IT + 5 * 3600.0 + 600.0), *minutes(IT - 60.0, IT + 6 * 3600.0)]
    assert looks(HALF_PAST_SEVEN, clock, inf)[0] == [IT]


def test_a_clock_that_was_years_ahead_does_not_silence_a_rule_for_years() -> None:
    clock = [*minutes(IT - 600.0, IT + 60.0), utc(2038, 1, 1), *minutes(IT + 600.0, IT + 2 * DAY_S + 60.0)]
    for missed_within_s in (0.0, inf):
        fired = [moment for moment in looks(HALF_PAST_SEVEN, clock, missed_within_s)[0] if moment < utc(2030, 1, 1)]
        assert fired == [IT, IT + DAY_S, IT + 2 * DAY_S]


def test_the_hour_that_comes_twice_is_no_clock_put_back() -> None:
    day = utc(2026, 10, 24, 22)
    for dst, times in ((Dst(), 1), (Dst(repeated=Repeated.TWICE), 2)):
        fired, _ = looks(TimeTrigger((2.5 * 3600,), dst=dst), minutes(day, day + DAY_S))
        assert len(fired) == times


@dataclass(frozen=True)
class Step:
    on_s: int
    """So long the hub is on, and looks."""
    off_s: int
    """So long it is off then, or asleep."""
    clock_s: int
    """By so much the clock is put forward meanwhile, or back."""


steps = st.builds(
    Step,
    st.integers(1, 6 * 3600),
    st.one_of(st.just(0), st.integers(0, 30 * 3600)),
    st.one_of(st.just(0), st.integers(-7200, 7200)),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(steps, max_size=8),
    st.sampled_from(
        [
            HALF_PAST_SEVEN,
            TimeTrigger((2.25 * 3600, 27000.0, 70000.0)),
            CronTrigger("*/20 * * * *"),
            SunTime(is_sunset=True),
        ]
    ),
    st.sampled_from([0.0, 1800.0, inf]),
    st.sampled_from([utc(2026, 3, 28, 12), utc(2026, 10, 24, 12), utc(2026, 6, 1)]),
)
def test_nothing_fires_twice_and_what_comes_while_the_hub_is_on_fires(
    life: list[Step], times: Times, missed_within_s: float, begin: float
) -> None:
    fired: list[Look] = []
    due: list[float] = []
    mark: Mark | None = None
    now = begin
    for step in life:
        end = now + step.on_s
        due += _between(times, now, end)
        while now < end:
            looked = look(times, AMSTERDAM, mark, now, missed_within_s=missed_within_s)
            mark = looked.mark
            fired += [looked] if looked.fire is not None else []
            now = min(looked.next_at or inf, now + 1800.0, end)
        now += step.off_s + step.clock_s
    moments = [looked.fire for looked in fired if looked.fire is not None]
    assert max(Counter(moments).values(), default=1) == 1
    assert all(looked.late_s < max(ON_TIME_S, missed_within_s) for looked in fired)
    if not any(step.clock_s + step.off_s < 0 for step in life):
        assert moments == sorted(moments)
        assert set(due) <= set(moments)


def _between(times: Times, after: float, until: float) -> list[float]:
    return [moment for moment in occurrences(times, AMSTERDAM, after + 0.5, 2) if after < moment < until]
