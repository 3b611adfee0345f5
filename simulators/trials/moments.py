"""When each step of a test is, in Unix seconds: times of day in the home's own time zone, one after the other."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from hubagent.rules.dst import Dst, Repeated
from hubagent.rules.local_time import moments_of
from hubagent.rules.trial import Moment, Trial
from hubagent.rules.where import Where
from simulators.home_clock import ANY_DAY, NOON_S, YEARS
from simulators.trials.house import CannotPlay

_EVERY: Final = Dst(repeated=Repeated.TWICE)
_DAY: Final = timedelta(days=1)


def moments_of_steps(trial: Trial, where: Where) -> list[float]:
    """Raises CannotPlay."""
    for day in (trial.day, *(step.at.day for step in trial.steps)):
        if day is not None and day.year not in YEARS:
            raise CannotPlay(f"{day} is no day here: years are {YEARS.start} to {YEARS.stop - 1}")
    return list(_moments([step.at for step in trial.steps], trial.day or ANY_DAY, where))


def _moments(steps: list[Moment], day: date, where: Where) -> Iterator[float]:
    before: float | None = None
    for at in steps:
        if at.after_s is not None:
            # A test whose first step says only how much later it is begins at noon.
            begin = moments_of(day, NOON_S, where, _EVERY)[0] if before is None else before
            before = begin + at.after_s
        else:
            assert at.time_s is not None
            before = _time_of_day(at.time_s, at.day or day, at.day is not None, before, where)
        day = where.local(before).date()
        yield before


def _time_of_day(time_s: float, day: date, day_is_said: bool, before: float | None, where: Where) -> float:
    """The first such moment that is not earlier than the step before: in an hour that comes twice, perhaps the second;
    where the day has none any more, the next day's."""
    moments = moments_of(day, time_s, where, _EVERY)
    later = [moment for moment in moments if before is None or moment >= before]
    if later:
        return later[0]
    return moments[-1] if day_is_said else moments_of(day + _DAY, time_s, where, _EVERY)[0]
