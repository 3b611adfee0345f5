"""What is due by the wall clock, and what was missed: over hours when the hub was off, and a clock that steps.

What is promised, for each trigger by the clock:

- Nothing is due before the clock is set: while it shows 1970, or anything before `CLOCK_SET_FROM`.
- A trigger that is new has missed nothing.
- What is less than `ON_TIME_S` late is on time: a hub is busy, or restarts, or its clock is put right by a little.
- What came while the hub was off, or while the clock was put forward over it, was missed. It is made up for where it is
  less late than the rule allows. However many were missed, that is once, for the latest, and only the latest counts.
- The clock put back: what has fired does not fire again when the clock shows it once more. What was missed only because
  the clock was wrong is not: it fires when its time comes.
- The clock put back by more than a day was wrong before, and everything counts anew from what it shows now.
"""

from dataclasses import dataclass, replace
from typing import Final

from hubagent.rules.schedule import Times
from hubagent.rules.where import Where

CLOCK_SET_FROM: Final = 1735689600.0
"""The start of 2025: whatever shows an earlier time does not know it."""
ON_TIME_S: Final = 10.0
LOOK_EVERY_S: Final = 30.0
"""How long a clock that steps may go unnoticed: look again at least so often."""

_DAY_S: Final = 86400.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What is kept of a trigger: up to where it is settled what fired and what was missed."""

    seen: float
    fired: float | None = None
    """The latest that fired, if it did: by its own time, not when that was noticed."""

    @property
    def settled(self) -> float:
        return self.seen if self.fired is None else max(self.seen, self.fired)


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the clock says of one trigger."""

    mark: Mark | None
    """To keep, before the rule is run, where it is another than before; None while the clock is not set."""
    fire: float | None = None
    """The occurrence that sets the rule off now."""
    late_s: float = 0.0
    missed: float | None = None
    """The latest occurrence that came and is not made up for."""
    next_at: float | None = None
    """When to look again, on the wall clock; None where nothing comes, or the clock is not set."""


def look(
    times: Times,
    where: Where,
    mark: Mark | None,
    now: float,
    *,
    missed_within_s: float = 0.0,
    clock_set_from: float = CLOCK_SET_FROM,
) -> Look:
    """What of `times` is due at `now` on the wall clock. `mark` is None for a trigger that is new."""
    if now < clock_set_from:
        return Look(mark)
    mark = _on_this_clock(mark, now)
    latest = latest_within(times, mark.settled, now, where)
    if latest is None:
        return Look(mark, next_at=times.next_after(max(now, mark.settled), where))
    late_s = now - latest
    next_at = times.next_after(now, where)
    if late_s < max(missed_within_s, ON_TIME_S):
        return Look(Mark(latest, latest), fire=latest, late_s=late_s, next_at=next_at)
    return Look(replace(mark, seen=latest), missed=latest, late_s=late_s, next_at=next_at)


def _on_this_clock(mark: Mark | None, now: float) -> Mark:
    """The mark, where the clock was put back since: what it showed meanwhile it will show again."""
    if mark is None:
        return Mark(now)
    fired = None if mark.fired is not None and mark.fired > now + _DAY_S else mark.fired
    return Mark(min(mark.seen, now), fired)


def latest_within(times: Times, since: float, until: float, where: Where) -> float | None:
    """The last occurrence after `since` and not after `until`; None where there was none."""
    found = times.next_after(since, where)
    if found is None or found > until:
        return None
    # By halves, and not one by one: years of minutes may lie between.
    high = until
    further = times.next_after(found, where)
    while further is not None and further <= until:
        found = further
        middle = (found + high) / 2
        beyond = times.next_after(middle, where)
        if beyond is not None and beyond <= until:
            found = beyond
        else:
            high = middle
        further = times.next_after(found, where)
    return found
