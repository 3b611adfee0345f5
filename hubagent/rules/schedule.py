"""When times of day, cron lines and the sun come next. Moments are Unix seconds; only dates and times of day are local.

What is promised:

- A time of day comes once on each of its days, the whole year. In spring, when the clock is put forward over it, it
  comes at the moment when that is done, or with `skipped = "skip"` not on that day; in autumn, when the clock shows it
  twice, it comes the first time, or with `repeated = "twice"` both times. Times that are skipped together come
  together, as one.
- A cron line for every hour (`*` or `0-23`) comes whenever the clock shows one of its minutes: it neither pauses nor
  catches up when the clock changes. Any other is a list of times of day, and treated like them.
- As in every cron, a line with both a day of the month and a weekday comes on either; where one of the two begins with
  `*`, on days that are both.
- The sun keeps its own time. On a day on which it does not rise or set, `if_no_sun` says what counts.
- The next one is always later than the moment from which it is looked for, and no earlier one lies between.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final, Protocol

from cronsim import CronSim, CronSimError

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst
from hubagent.rules.local_time import DAY, even_midnight, moments_at, moments_of, moments_shown, put_back_s
from hubagent.rules.sun import sun_moment
from hubagent.rules.where import Where

DAYS_MAX: Final = 22
"""How far ahead a time of day is looked for: further than the one day of a week on which a change skips it."""
CRON_STEPS_MAX: Final = 3000
"""Times of a cron line that are looked at for the next one: more than one a minute through the longest gap."""
CRON_LINES_KEPT: Final = 4096
SUN_DAYS_MAX: Final = 400
"""A sun that does not rise or set for a year does not."""

_EVERY_DAY: Final = frozenset(range(7))
_EVERY_HOUR: Final = frozenset(range(24))
_CRON_FIELDS: Final = 5
_SUN_DAY_OVER_S: Final = 16 * 3600.0
"""After a day nothing of it comes any more: half a day for the sun, and what a clock is put back at most."""
_ON_PAPER: Final = datetime(2024, 1, 1)  # noqa: DTZ001 - before any time that is looked for


class Times(Protocol):
    """What comes again and again."""

    def next_after(self, utc: float, where: Where) -> float | None: ...


def next_time(
    utc: float, where: Where, times_s: Iterable[float], days: frozenset[int] = _EVERY_DAY, dst: Dst = AS_PEOPLE_EXPECT
) -> float | None:
    """The next of these times of day (seconds since midnight) on these days of the week (Monday is 0)."""
    times = sorted(times_s)
    # The day before is not over where the clock is put back over midnight.
    day = where.local(utc).date() - DAY
    for _ in range(DAYS_MAX):
        found = _next_on(day, utc, where, times, days, dst)
        if found is not None:
            # Likewise the next day may have begun when a time of this one comes again.
            further = _next_on(day + DAY, utc, where, times, days, dst)
            return found if further is None else min(found, further)
        day += DAY
    return None


def _next_on(
    day: date, utc: float, where: Where, times: Sequence[float], days: frozenset[int], dst: Dst
) -> float | None:
    if day.weekday() not in days:
        return None
    midnight = even_midnight(day, where)
    if midnight is None:
        moments = (moment for time_s in times for moment in moments_of(day, time_s, where, dst))
        return min((moment for moment in moments if moment > utc), default=None)
    place = bisect_right(times, utc - midnight)
    return midnight + times[place] if place < len(times) else None


def next_cron(utc: float, where: Where, line: str, dst: Dst = AS_PEOPLE_EXPECT) -> float | None:
    """The next time that a cron line of five fields names."""
    cron = copy(_parsed(line))
    goes_on = cron.hours >= _EVERY_HOUR
    # Before what the clock shows only for what it shows a second time.
    cron.dt = where.local(utc).replace(tzinfo=None, fold=0, microsecond=0) - timedelta(seconds=put_back_s(utc, where))
    found: float | None = None
    for wall in islice(cron, CRON_STEPS_MAX):
        moments = moments_shown(wall, where) if goes_on else moments_at(wall, where, dst)
        if not moments:
            continue
        found = min((moment for moment in (*moments, found) if moment is not None and moment > utc), default=None)
        if found is not None and found <= moments[0]:
            # Later walls come no earlier. Only after a second time of one, there may be a first of the next.
            break
    return found


def check_cron(line: str) -> None:
    """Raises ValueError where it is no cron line of five fields, or names a day that never comes."""
    if len(line.split()) != _CRON_FIELDS:
        raise ValueError(f"{len(line.split())} fields instead of {_CRON_FIELDS}")
    try:
        next(copy(_parsed(line)))
    except CronSimError as error:
        raise ValueError(str(error).lower()) from error
    except StopIteration as never:
        raise ValueError("such a day never comes") from never


@lru_cache(CRON_LINES_KEPT)
def _parsed(line: str) -> CronSim:
    """To be copied: it walks as it is asked. Without a zone, it knows walls only, and nothing of changes."""
    return CronSim(line, _ON_PAPER)


@dataclass(frozen=True, slots=True)
class SunTime:
    """Sunrise or sunset of each day, on the sun's own clock.

    A day's sunrise is the one before its noon, its sunset the one after: near the polar circles one may come on the
    other side of midnight, and still is of that day, as are its limits. A limit holds on every day: where the clock is
    put forward over it, from the moment when that is done, and where it comes twice, from the first.
    """

    is_sunset: bool
    offset_s: float = 0.0
    not_before_s: float | None = None
    """Seconds since midnight."""
    not_after_s: float | None = None
    without_sun_s: float | None = None
    """The time of day that counts on a day without; None: none does."""
    dst: Dst = AS_PEOPLE_EXPECT

    def next_after(self, utc: float, where: Where) -> float | None:
        """None without a place, or where it does not come for a year."""
        if where.latitude is None or where.longitude is None:
            return None
        day = where.local(utc - max(self.offset_s, 0.0) - _SUN_DAY_OVER_S).date()
        for _ in range(SUN_DAYS_MAX):
            moment = self._on(day, where, where.latitude, where.longitude)
            if moment is not None and moment > utc:
                return moment
            day += DAY
        return None

    def _on(self, day: date, where: Where, latitude: float, longitude: float) -> float | None:
        noon = datetime.combine(day, time(12), where.timezone).timestamp()
        event = sun_moment(noon, latitude, longitude, is_sunset=self.is_sunset)
        if event is None:
            return self._limit(day, self.without_sun_s, where)
        moment = event + self.offset_s
        earliest, latest = (self._limit(day, limit, where) for limit in (self.not_before_s, self.not_after_s))
        if earliest is not None:
            moment = max(moment, earliest)
        return moment if latest is None else min(moment, latest)

    def _limit(self, day: date, time_s: float | None, where: Where) -> float | None:
        return None if time_s is None else moments_of(day, time_s, where, AS_PEOPLE_EXPECT)[0]
