"""When times of day, cron lines and the sun come next. Moments are Unix seconds; only dates and times of day are local.

What is promised:

- A time of day comes once on each of its days, the whole year. In spring, when the clock is put forward over it, it
  comes at the moment when that is done, or with `skipped = "skip"` not on that day; in autumn, when the clock shows it
  twice, it comes the first time, or with `repeated = "twice"` both times.
- A cron line with `*` for its hours counts real minutes: it goes on through both changes as if there were none. One
  that names its hours is a list of times of day, and treated like them.
- The sun keeps its own time. On a day on which it does not rise or set, `if_no_sun` says what counts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, Protocol

from astral import Observer
from astral.sun import sunrise, sunset
from cronsim import CronSim, CronSimError

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst, Repeated, Skipped
from hubagent.rules.where import Where

DAYS_MAX: Final = 400
"""How far ahead it is looked: what does not come in a year does not come."""
_EVERY_DAY: Final = frozenset(range(7))
_DAY: Final = timedelta(days=1)
_CRON_STEPS_MAX: Final = 3000
"""Occurrences of a cron line that are looked at for the next one: more than one a minute through the longest gap."""


class Times(Protocol):
    def next_after(self, utc: float, where: Where) -> float | None: ...


def next_time(
    utc: float, where: Where, times_s: Iterable[float], days: frozenset[int] = _EVERY_DAY, dst: Dst = AS_PEOPLE_EXPECT
) -> float | None:
    """The next of these times of day (seconds since midnight) on these days of the week (Monday is 0)."""
    times = tuple(times_s)
    for day in _days_from(utc, where):
        if day.weekday() in days:
            moments = [moment for time_s in times for moment in moments_of(day, time_s, where, dst) if moment > utc]
            if moments:
                return min(moments)
    return None


def next_cron(utc: float, where: Where, line: str, dst: Dst = AS_PEOPLE_EXPECT) -> float | None:
    """The next time that a cron line of five fields names."""
    by_the_minute = line.split()[1].startswith("*")
    # Its times are of the wall's clock: begun early enough for the hour that comes twice.
    begin = where.local(utc).replace(tzinfo=None, fold=0) - timedelta(hours=3)
    found: float | None = None
    for wall in islice(CronSim(line, begin), _CRON_STEPS_MAX):
        if found is not None and _moment(wall, where, 0) > found:
            break
        moments = _real_moments(wall, where) if by_the_minute else _moments(wall, where, dst)
        later = [moment for moment in moments if moment > utc]
        # In the hour that comes twice, the second time of one is after the first time of the next.
        found = min([*later, *([] if found is None else [found])], default=None)
    return found


def check_cron(line: str) -> None:
    """Raises ValueError where it is no cron line of five fields, or names a day that never comes."""
    try:
        next(CronSim(line, datetime(2024, 1, 1)))  # noqa: DTZ001 - a date on paper
    except CronSimError as error:
        raise ValueError(str(error).lower()) from error
    except StopIteration as never:
        raise ValueError("such a day never comes") from never


@dataclass(frozen=True, slots=True)
class SunTime:
    """Sunrise or sunset of a day."""

    is_sunset: bool
    offset_s: float = 0.0
    not_before_s: float | None = None
    """Seconds since midnight."""
    not_after_s: float | None = None
    without_sun_s: float | None = None
    """The time of day that counts on a day without; None: none does."""
    dst: Dst = AS_PEOPLE_EXPECT

    def next_after(self, utc: float, where: Where) -> float | None:
        observer = where.observer
        if observer is None:
            return None
        moments = (self._on(day, observer, where) for day in _days_from(utc, where))
        return next((moment for moment in moments if moment is not None and moment > utc), None)

    def _on(self, day: date, observer: Observer, where: Where) -> float | None:
        event = sunset if self.is_sunset else sunrise
        try:
            moment = event(observer, day, tzinfo=where.timezone).timestamp() + self.offset_s
        except ValueError:
            # The sun stays up, or down.
            return None if self.without_sun_s is None else self._limit(day, self.without_sun_s, where)
        earliest, latest = (self._limit(day, limit, where) for limit in (self.not_before_s, self.not_after_s))
        if earliest is not None:
            moment = max(moment, earliest)
        return moment if latest is None else min(moment, latest)

    def _limit(self, day: date, time_s: float | None, where: Where) -> float | None:
        """A limit holds on every day, also on that which does not have this time."""
        moments = () if time_s is None else moments_of(day, time_s, where, AS_PEOPLE_EXPECT)
        return moments[0] if moments else None


def latest_within(times: Times, since: float, until: float, where: Where) -> float | None:
    """The last occurrence after `since` and not after `until`; None where there was none."""
    for reach_s in (3600.0, 86400.0, 32 * 86400.0, DAYS_MAX * 86400.0):
        begin = max(since, until - reach_s)
        found, moment = None, times.next_after(begin, where)
        while moment is not None and moment <= until:
            found, moment = moment, times.next_after(moment, where)
        if found is not None or begin == since:
            return found
    return None


def moments_of(day: date, time_s: float, where: Where, dst: Dst) -> tuple[float, ...]:
    """When a day has this time: once, or what `dst` says where it has it never or twice."""
    return _moments(datetime.combine(day, datetime.min.time()) + timedelta(seconds=time_s), where, dst)


def _moments(wall: datetime, where: Where, dst: Dst) -> tuple[float, ...]:
    first, second = (_moment(wall, where, fold) for fold in (0, 1))
    if first == second:
        return (first,)
    if first > second:
        # The clock was put forward over it: read by either of its offsets, it lies on the other side of the change.
        return () if dst.skipped is Skipped.SKIP else (_change_between(second, first, where),)
    return (first,) if dst.repeated is Repeated.ONCE else (first, second)


def _real_moments(wall: datetime, where: Where) -> tuple[float, ...]:
    """Every moment at which the clock shows this."""
    first, second = (_moment(wall, where, fold) for fold in (0, 1))
    return () if first > second else (first, second)


def _moment(wall: datetime, where: Where, fold: int) -> float:
    return wall.replace(tzinfo=where.timezone, fold=fold).timestamp()


def _change_between(before: float, after: float, where: Where) -> float:
    """When the clock was changed; exact to the second, as all changes are."""
    low, high = int(before), int(after)
    offset = _offset(low, where)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, where) == offset:
            low = middle
        else:
            high = middle
    return float(high)


def _offset(utc: float, where: Where) -> timedelta | None:
    return where.local(utc).utcoffset()


def _days_from(utc: float, where: Where) -> Iterator[date]:
    """From the day before, of which the last hour may come twice, or later than it should."""
    day = where.local(utc).date() - _DAY
    for _ in range(DAYS_MAX):
        yield day
        day += _DAY
