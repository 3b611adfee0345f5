"""When a home begins, and the times that tests say: `07:30`, `sat 09:00`, `2026-03-29 07:30`, `tomorrow 07:30`."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from simulators.home_clock import ANY_DAY, NOON_S, YEARS
from simulators.house_table import DAY_NAMES
from simulators.testing.hidden import speaks_for_itself

__tracebackhide__ = speaks_for_itself

_DAYS_AHEAD: Final = 16
"""Of a weekday that is over the next has no such time where the clock is put forward; the one after it has."""
_WRITTEN: Final = re.compile(
    r"(?:(?P<date>\d{4}-\d{2}-\d{2})|(?P<day>mon|tue|wed|thu|fri|sat|sun|tomorrow))?"
    r"[ t]?(?:(?P<hours>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?)?"
)


class BadMoment(ValueError):
    """A text that is no time."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a moment; the rest follows from when that was."""

    day: date | str | None = None
    """A date, the name of a weekday, or `tomorrow`."""
    seconds: float | None = None
    """Since midnight on the home's clock."""

    def after(self, unix: float, zone: ZoneInfo) -> float:
        """The first such moment that is not before `unix`. Raises BadMoment where there is none."""
        today = datetime.fromtimestamp(unix, zone).date()
        if self.day == "tomorrow":
            return self._on(today + timedelta(days=1), unix, zone)
        if isinstance(self.day, date):
            return self._on(self.day, unix, zone)
        for offset in range(_DAYS_AHEAD):
            day = today + timedelta(days=offset)
            if self.day in (None, DAY_NAMES[day.weekday()]):
                for moment in _shown(day, self.seconds, zone):
                    if moment >= unix:
                        return moment
        raise AssertionError(self)

    def _on(self, day: date, unix: float, zone: ZoneInfo) -> float:
        """Raises BadMoment."""
        moments = _shown(day, self.seconds, zone)
        time = f"{day} {_clock(self.seconds or 0.0)}"
        if not moments:
            raise BadMoment(f"the clock never shows {time} in {zone}: it is put forward over that")
        for moment in moments:
            if moment >= unix:
                return moment
        raise BadMoment(f"{time} is over: it is {datetime.fromtimestamp(unix, zone):%Y-%m-%d %H:%M:%S}")

    def then(self, other: "Said") -> "Said":
        """What somebody says later, who relies on the day that was said here."""
        return Said(self.day if other.day is None else other.day, other.seconds)

    def first(self, zone: ZoneInfo) -> float:
        """The moment that a home begins with."""
        day = self.day if isinstance(self.day, date) else ANY_DAY
        whole = Said(self.day, NOON_S if self.seconds is None else self.seconds)
        return whole.after(_shown(day, None, zone)[0], zone)


def said(text: str) -> Said:
    """Raises BadMoment."""
    found = _WRITTEN.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    if found is None or not text.strip():
        raise BadMoment(
            f'{text!r} is no time: say "07:30", "sat 07:30", "tomorrow 07:30" or "2026-03-29 07:30";'
            f" the days are {', '.join(DAY_NAMES)}"
        )
    hours, minutes, seconds = found["hours"], found["minutes"], found["seconds"]
    since = None if hours is None else int(hours) * 3600.0 + int(minutes) * 60.0 + float(seconds or 0)
    try:
        day = date.fromisoformat(found["date"]) if found["date"] else found["day"]
    except ValueError as error:
        raise BadMoment(f"{text!r} is no time: {error}") from error
    if isinstance(day, date) and day.year not in YEARS:
        raise BadMoment(f"{text!r} is no time here: years are {YEARS.start} to {YEARS.stop - 1}")
    return Said(day, since)


def clock_text(unix: float, zone: ZoneInfo, began: float) -> str:
    """To the millisecond, on the home's clock; with its day where that is not the one on which the test began."""
    moment = datetime.fromtimestamp(unix, zone)
    shown = moment.strftime("%H:%M:%S.%f")[:-3]
    return shown if moment.date() == datetime.fromtimestamp(began, zone).date() else f"{moment:%a %d %b} {shown}"


def _shown(day: date, seconds: float | None, zone: ZoneInfo) -> list[float]:
    """The moments at which the clock shows so much after midnight: two in the night in which it is put back, and none
    of what it is put forward over. None: when the day begins, which every day does."""
    wanted = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds or 0.0)  # noqa: DTZ001 - the zone follows
    both = [wanted.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1)]
    if seconds is None:
        return both[:1]
    shown = [it for it in both if datetime.fromtimestamp(it, zone).replace(tzinfo=None) == wanted]
    return list(dict.fromkeys(shown))


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}"
