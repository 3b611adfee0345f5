from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from simulators.testing.moments import BadMoment, said

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 28, 12, 0, tzinfo=AMSTERDAM).timestamp()
"""A Saturday; the night after it the clock is put forward."""


def local(unix: float) -> str:
    return datetime.fromtimestamp(unix, AMSTERDAM).strftime("%a %Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("12:00", "Sat 2026-03-28 12:00:00"),
        ("12:00:30", "Sat 2026-03-28 12:00:30"),
        ("11:59", "Sun 2026-03-29 11:59:00"),
        ("7:05", "Sun 2026-03-29 07:05:00"),
        ("tomorrow 13:00", "Sun 2026-03-29 13:00:00"),
        ("tomorrow", "Sun 2026-03-29 00:00:00"),
        ("sat 11:00", "Sat 2026-04-04 11:00:00"),
        ("Mon 09:00", "Mon 2026-03-30 09:00:00"),
        ("2026-03-29 07:30", "Sun 2026-03-29 07:30:00"),
        ("2026-03-29T07:30", "Sun 2026-03-29 07:30:00"),
    ],
)
def test_a_time_is_the_next_moment_at_which_the_homes_clock_shows_it(text: str, moment: str) -> None:
    assert local(said(text).after(NOW, AMSTERDAM)) == moment


def test_a_day_on_which_the_clock_is_put_forward_is_an_hour_shorter() -> None:
    hours = (said("tomorrow 12:00").after(NOW, AMSTERDAM) - NOW) / 3600
    assert hours == 23


def test_a_time_that_the_clock_is_put_forward_over_is_never_shown() -> None:
    """Else a test of half past two is one of half past three."""
    for text in ("2026-03-29 02:30", "tomorrow 02:30"):
        with pytest.raises(BadMoment, match="never shows 2026-03-29 02:30 in Europe/Amsterdam: it is put forward over"):
            said(text).after(NOW, AMSTERDAM)
    with pytest.raises(BadMoment, match="never shows 2026-03-29 02:30"):
        said("2026-03-29 02:30").first(AMSTERDAM)
    assert local(said("02:30").after(NOW, AMSTERDAM)) == "Mon 2026-03-30 02:30:00"
    sunday_before = datetime(2026, 3, 22, 12, 0, tzinfo=AMSTERDAM).timestamp()
    assert local(said("sun 02:30").after(sunday_before, AMSTERDAM)) == "Sun 2026-04-05 02:30:00"


def test_a_day_that_begins_late_as_the_clock_is_put_forward_at_midnight_begins_all_the_same() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    day_before = datetime(2026, 3, 28, 12, 0, tzinfo=beirut).timestamp()
    begins = datetime.fromtimestamp(said("tomorrow").after(day_before, beirut), beirut)
    assert begins.isoformat() == "2026-03-29T01:00:00+03:00"


@pytest.mark.parametrize("text", ["02:30", "sun 02:30", "2026-10-25 02:30"])
def test_in_the_night_in_which_the_clock_is_put_back_a_time_is_shown_twice(text: str) -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=AMSTERDAM).timestamp()
    first = said(text).after(before, AMSTERDAM)
    second = said(text).after(first + 60, AMSTERDAM)
    assert (first - before, second - first) == (7200, 3600)
    assert local(first) == local(second) == "Sun 2026-10-25 02:30:00"


@pytest.mark.parametrize("text", ["0001-01-01 12:00", "1969-12-31 12:00", "3000-01-01 12:00", "9999-12-31"])
def test_a_year_that_no_hub_believes_is_no_time(text: str) -> None:
    with pytest.raises(BadMoment, match="is no time here: years are 1970 to 2999"):
        said(text)


@pytest.mark.parametrize("text", ["", "25:00", "12:60", "noon", "2026-02-30 12:00", "12", "yesterday 12:00", "fri sat"])
def test_what_is_no_time_is_an_error_that_shows_some(text: str) -> None:
    with pytest.raises(BadMoment, match=r"is no time"):
        said(text)


def test_a_number_is_no_time_either() -> None:
    with pytest.raises(BadMoment, match='730 is no time: say "07:30"'):
        said(730)  # type: ignore[arg-type]  # as a test without types would


def test_a_date_that_is_over_does_not_come_again() -> None:
    with pytest.raises(BadMoment, match="2026-03-28 11:00 is over: it is 2026-03-28 12:00:00"):
        said("2026-03-28 11:00").after(NOW, AMSTERDAM)


def test_a_home_begins_at_noon_of_a_quiet_day_unless_somebody_says_otherwise() -> None:
    def begins(text: str) -> str:
        return datetime.fromtimestamp(said(text).first(ZoneInfo("UTC")), UTC).isoformat()

    assert begins("2026-03-29") == "2026-03-29T12:00:00+00:00"
    assert begins("07:30") == "2026-01-14T07:30:00+00:00"
    assert begins("fri 07:30") == "2026-01-16T07:30:00+00:00"


def test_who_says_only_the_time_keeps_the_day_that_was_said_before() -> None:
    assert said("2026-03-29").then(said("07:30")) == said("2026-03-29 07:30")
    assert said("2026-03-29").then(said("sat 07:30")) == said("sat 07:30")
