"""What the home's clock shows, and when: once, or on the days of its changes never or twice.

Moments are Unix seconds. A wall is what a clock shows, without a zone; only here one becomes the other.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

from hubagent.rules.dst import Dst, Repeated, Skipped
from hubagent.rules.where import Where

DAY_S: Final = 86400.0
DAY: Final = timedelta(days=1)


def moments_of(day: date, time_s: float, where: Where, dst: Dst) -> tuple[float, ...]:
    """When a day has this time (seconds since midnight): once, or what `dst` says where it has it never or twice."""
    return moments_at(datetime.combine(day, time.min) + timedelta(seconds=time_s), where, dst)


def moments_at(wall: datetime, where: Where, dst: Dst) -> tuple[float, ...]:
    first, second = _both(wall, where)
    if first == second:
        return (first,)
    if first > second:
        # The clock was put forward over it: read by either of its offsets, it lies on the other side of the change.
        return () if dst.skipped is Skipped.SKIP else (_change_between(second, first, where),)
    return (first,) if dst.repeated is Repeated.ONCE else (first, second)


def moments_shown(wall: datetime, where: Where) -> tuple[float, ...]:
    """Every moment at which the clock shows this."""
    first, second = _both(wall, where)
    if first == second:
        return (first,)
    return () if first > second else (first, second)


def even_midnight(day: date, where: Where) -> float | None:
    """When a day begins that has every time once; None for a day with a change of the clock."""
    wall = datetime.combine(day, time.min)
    begin = wall.replace(tzinfo=where.timezone).timestamp()
    # The later of two midnights: a clock that is put back over midnight repeats the end of this day.
    end = (wall + DAY).replace(tzinfo=where.timezone, fold=1).timestamp()
    return begin if end - begin == DAY_S else None


def put_back_s(utc: float, where: Where) -> float:
    """By how much the clock was put back since a day ago, or will be within a day; 0 where it is not."""
    return max(_offset_s(utc - DAY_S, where) - _offset_s(utc + DAY_S, where), 0.0)


def _both(wall: datetime, where: Where) -> tuple[float, float]:
    aware = wall.replace(tzinfo=where.timezone)
    return aware.timestamp(), aware.replace(fold=1).timestamp()


def _change_between(before: float, after: float, where: Where) -> float:
    """When the clock was changed; exact to the second, as all changes are."""
    low, high = int(before), int(after)
    offset = _offset_s(low, where)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_s(middle, where) == offset:
            low = middle
        else:
            high = middle
    return float(high)


def _offset_s(utc: float, where: Where) -> float:
    offset = where.local(utc).utcoffset()
    assert offset is not None
    return offset.total_seconds()
