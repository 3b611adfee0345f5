"""When times of day, cron lines and the sun come, day by day: by what `zoneinfo` says that a clock shows.

RULES.md, Time: the policy for days on which the clock changes.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst, Repeated, Skipped
from hubagent.rules.sun import sun_moment
from hubagent.rules.triggers.cron import CronTrigger
from hubagent.rules.triggers.sun import IfNoSun, SunEvent, SunTrigger
from hubagent.rules.triggers.time import TimeTrigger
from hubagent.rules.where import Where

Timed = TimeTrigger | CronTrigger | SunTrigger
DAYS_BACK_MAX: Final = 400
_DAY: Final = timedelta(days=1)
_NAMES: Final = {
    name: number
    for names, first in ((("sun", "mon", "tue", "wed", "thu", "fri", "sat"), 0),)
    for number, name in enumerate(names, first)
} | {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def latest(trigger: Timed, since: float, until: float, where: Where) -> float | None:
    """The last time after `since` and not after `until`."""
    first = where.local(since).date() - _DAY
    day = where.local(until).date() + _DAY
    found: float | None = None
    for _ in range(DAYS_BACK_MAX):
        if day < first:
            break
        moments = [moment for moment in moments_on(trigger, day, where) if since < moment <= until]
        if moments:
            found = max(moments) if found is None else max(found, *moments)
        elif found is not None:
            break
        day -= _DAY
    return found


@lru_cache(4096)
def moments_on(trigger: Timed, day: date, where: Where) -> tuple[float, ...]:
    """Every moment at which it comes and that is of this day."""
    match trigger:
        case TimeTrigger(times_s=times, days=days, dst=dst):
            if day.weekday() not in days:
                return ()
            return tuple(moment for seconds in times for moment in when(day, seconds, where, dst))
        case CronTrigger(text=text, dst=dst):
            return tuple(_of_cron(text, day, where, dst))
        case SunTrigger():
            return tuple(_of_sun(trigger, day, where))


def when(day: date, seconds: float, where: Where, dst: Dst | None) -> tuple[float, ...]:
    """A time of day in Unix seconds: once, or what `dst` says; without it, whenever a clock shows it."""
    wall = datetime.combine(day, time.min) + timedelta(seconds=seconds)
    guesses = [wall.replace(tzinfo=where.timezone, fold=fold).timestamp() for fold in (0, 1)]
    shown = sorted({one for one in guesses if where.local(one).replace(tzinfo=None, fold=0) == wall})
    if not shown:
        if dst is None or dst.skipped is Skipped.SKIP:
            return ()
        return (_put_forward(min(guesses), max(guesses), where),)
    return tuple(shown) if dst is None or dst.repeated is Repeated.TWICE else (shown[0],)


def _put_forward(before: float, after: float, where: Where) -> float:
    """The second between the two at which a clock jumps."""
    offset = where.local(before).utcoffset()
    low, high = int(before), int(after)
    while high - low > 1:
        middle = (low + high) // 2
        if where.local(middle).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return float(high)


def _of_cron(line: str, day: date, where: Where, dst: Dst) -> Iterator[float]:
    minutes, hours, days, months, weekdays = line.split()
    if day.month not in _numbers(months, 1, 12):
        return
    of_month = day.day in _numbers(days, 1, 31)
    of_week = {day.isoweekday(), day.isoweekday() % 7} & _numbers(weekdays, 0, 7)
    either = not days.startswith("*") and not weekdays.startswith("*")
    if not ((of_month or of_week) if either else (of_month and of_week)):
        return
    every_hour = _numbers(hours, 0, 23) == set(range(24))
    for hour in sorted(_numbers(hours, 0, 23)):
        for minute in sorted(_numbers(minutes, 0, 59)):
            yield from when(day, hour * 3600 + minute * 60, where, None if every_hour else dst)


@lru_cache(512)
def _numbers(field: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = low, high
        else:
            begin, dash, end = span.partition("-")
            first = _number(begin)
            last = _number(end) if dash else high if step else first
        found.update(range(first, last + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NAMES[text]


def _of_sun(trigger: SunTrigger, day: date, where: Where) -> Iterator[float]:
    if where.latitude is None or where.longitude is None:
        return

    def limit(seconds: float | None) -> float | None:
        return None if seconds is None else when(day, seconds, where, AS_PEOPLE_EXPECT)[0]

    noon = datetime.combine(day, time(12), where.timezone).timestamp()
    event = sun_moment(noon, where.latitude, where.longitude, is_sunset=trigger.event is SunEvent.SUNSET)
    earliest, last = limit(trigger.not_before_s), limit(trigger.not_after_s)
    if event is None:
        instead = {IfNoSun.SKIP: None, IfNoSun.NOT_BEFORE: earliest, IfNoSun.NOT_AFTER: last}[trigger.if_no_sun]
        if instead is not None:
            yield instead
        return
    moment = event + trigger.offset_s
    moment = moment if earliest is None else max(moment, earliest)
    yield moment if last is None else min(moment, last)
