"""A second implementation of times, slow and obvious: walk along the wall's clock, minute by minute."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from hubagent.rules.dst import Dst, Repeated, Skipped
from hubagent.rules.schedule import Times
from hubagent.rules.where import Where

DAY_MINUTES = 24 * 60
_EPOCH = date(1970, 1, 1).toordinal()

Named = Callable[[date], Collection[int]]
"""The minutes of a day that are named."""


@lru_cache(8)
def walls(zone: str, begin: int, days: int) -> array[int]:
    """What the wall's clock shows at each real minute, in minutes since 1970 as if there were no zones."""
    where = Where(ZoneInfo(zone))
    shown = array("q")
    for number in range(days * DAY_MINUTES):
        local = where.local(begin + 60 * number)
        shown.append((local.toordinal() - _EPOCH) * DAY_MINUTES + local.hour * 60 + local.minute)
    return shown


def walked(zone: str, begin: int, days: int, minutes_of: Named, dst: Dst | None) -> list[float]:
    """When what is named comes. Without `dst`, whenever the clock shows it.

    `begin` is on a minute, and no change of the clock is just before it.
    """
    shown = walls(zone, begin, days)
    named = {
        day * DAY_MINUTES + minute
        for day in range(shown[0] // DAY_MINUTES - 1, shown[-1] // DAY_MINUTES + 2)
        for minute in minutes_of(date.fromordinal(_EPOCH + day))
    }
    found: list[float] = []
    last = highest = shown[0] - 1
    for number, wall in enumerate(shown):
        come = wall in named and (dst is None or wall > highest or dst.repeated is Repeated.TWICE)
        if wall > last + 1 and dst is not None and dst.skipped is Skipped.RUN_AT_GAP_END:
            come = come or not named.isdisjoint(range(last + 1, wall))
        if come:
            found.append(float(begin + 60 * number))
        last, highest = wall, max(wall, highest)
    return found


def occurrences(times: Times, where: Where, begin: float, days: int) -> list[float]:
    """Every one from `begin` on, as the schedule has them."""
    return list(_one_after_another(times, where, begin - 1, begin + days * 86400.0))


def _one_after_another(times: Times, where: Where, after: float, until: float) -> Iterator[float]:
    moment = times.next_after(after, where)
    while moment is not None and moment < until:
        yield moment
        later = times.next_after(moment, where)
        assert later is None or later > moment
        moment = later
