"""When clocks do what they seldom do."""

from datetime import UTC, datetime

import pytest

from simulators.chaos.calendar import DATES, change_in
from simulators.climate.plan import PlacePlan
from simulators.home import HomePlan, home_file, read_home


def a_home(timezone: str) -> HomePlan:
    return read_home(home_file("studio")).model_copy(
        update={"place": PlacePlan(latitude=51.48, longitude=0.0, timezone=timezone)}
    )


@pytest.mark.parametrize(
    ("timezone", "date", "when"),
    [
        ("Europe/Amsterdam", "spring", "2026-03-29T01:00"),
        ("Europe/Amsterdam", "autumn", "2026-10-25T01:00"),
        ("Europe/Amsterdam", "new_year", "2026-12-31T23:00"),
        ("America/New_York", "spring", "2026-03-08T07:00"),
        ("Australia/Lord_Howe", "autumn", "2026-04-04T15:00"),
        ("UTC", "new_year", "2027-01-01T00:00"),
    ],
)
def test_a_change_comes_to_the_second(timezone: str, date: str, when: str) -> None:
    at = change_in(a_home(timezone), date)
    assert at is not None
    assert datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M") == when
    assert at % 60 == 0


@pytest.mark.parametrize("date", ["spring", "autumn"])
def test_where_clocks_never_change_there_is_none(date: str) -> None:
    assert date in DATES
    assert change_in(a_home("Asia/Tokyo"), date) is None
