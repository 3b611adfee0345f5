"""Nights on which clocks do what they seldom do: when they come, by a home's time zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from simulators.home import HomePlan
from simulators.runtime import START

DATES: Final[Mapping[str, str]] = {
    "spring": "an hour of the night is left out",
    "autumn": "an hour of the night comes twice",
    "new_year": "a year ends",
}
_DAYS: Final = 366


def change_in(plan: HomePlan, date: str) -> float | None:
    """Unix seconds of the first one after START; None where clocks of that place never do it."""
    zone = ZoneInfo(plan.place.timezone if plan.place is not None else "UTC")
    if date == "new_year":
        year = datetime.fromtimestamp(START, zone).year + 1
        return datetime(year, 1, 1, tzinfo=zone).timestamp()
    for day in range(_DAYS):
        before, after = START + day * 86_400, START + (day + 1) * 86_400
        step = _offset(after, zone) - _offset(before, zone)
        if step and (step > timedelta(0)) == (date == "spring"):
            return _instant(before, after, zone)
    return None


def _instant(before: float, after: float, zone: ZoneInfo) -> float:
    """Between two instants of different offsets: the first one that has the second's, to the second."""
    first, last = int(before), int(after)
    while last - first > 1:
        middle = (first + last) // 2
        if _offset(middle, zone) == _offset(before, zone):
            first = middle
        else:
            last = middle
    return float(last)


def _offset(unix: float, zone: ZoneInfo) -> timedelta:
    offset = datetime.fromtimestamp(unix, UTC).astimezone(zone).utcoffset()
    assert offset is not None
    return offset
