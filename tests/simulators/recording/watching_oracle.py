"""The oracle of rules, fed by what a hub observed: it hears reports and says what the rules are to have done.

What it sends comes back only as what devices then report. Times of day are those of the recording's own dates and
zone, worked out by what `zoneinfo` says of them.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.hubagent.rules.oracle.meaning import FOREVER
from tests.hubagent.rules.oracle.oracle import Oracle

Observed = tuple[float, str, str, Any]
"""When, which device, attribute, value. Times are seconds after the hub's start."""


class WatchingOracle(Oracle):
    """`start` is the Unix time at which the hub started, by the recording's calendar."""

    def __init__(self, text: str, start: float, zone: str) -> None:
        self._start = start
        self._zone = ZoneInfo(zone)
        super().__init__(text, 0.0)

    def watch(self, observed: Iterable[Observed], until: float) -> list[tuple[Any, ...]]:
        """What was to be sent, told and changed by `until`."""
        for t, device, attribute, value in observed:
            self.wait(t - self.now)
            self.happens("report", (device, attribute, value))
        self.wait(until - self.now)
        return self.log

    def perform(self) -> None:
        """What was wanted is noted down; what becomes of it will be observed."""
        while self.outputs:
            kind, *what = self.outputs.pop(0)
            if kind != "send":
                self.log.append((self.now, kind, *what))
                continue
            run, device, attribute, value = what
            self.log.append((self.now, kind, device, attribute, value))
            run.unanswered -= 1
            self.say_outcome(run)
        self.by_safety = {}

    def times(self, rule: dict[str, Any], index: int, trigger: dict[str, Any]) -> list[float]:
        said = trigger.get("time", [])
        if not said:
            return []
        settled = self.settled.get((rule["name"], index), self.now)
        texts = tuple(said) if isinstance(said, list) else (said,)
        moments = (self._moment(day, text) for day in self._days(settled) for text in texts)
        return [min((one for one in moments if one > settled), default=FOREVER)]

    def _days(self, after: float) -> Iterator[date]:
        today = datetime.fromtimestamp(self._start + after, self._zone).date()
        return (today + timedelta(days=more) for more in (0, 1, 2))

    def _moment(self, day: date, text: str) -> float:
        return moment_of(day, text, self._zone.key) - self._start


@cache
def moment_of(day: date, text: str, zone: str) -> float:
    """Unix seconds of a time of day; one that the clock skips is the moment at which it is put forward."""
    hour, minute = map(int, text.split(":"))
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
    unix = local.astimezone(UTC).timestamp()
    back = datetime.fromtimestamp(unix, ZoneInfo(zone))
    if (back.hour, back.minute) == (hour, minute):
        return unix
    # Minute by minute back to where the clock jumped.
    while back.utcoffset() == datetime.fromtimestamp(unix, ZoneInfo(zone)).utcoffset():
        unix -= 60
    return unix + 60


def rounded(log: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """For comparing: milliseconds are the radio's, and of one moment each kind comes in its own order."""
    return sorted(((round(t, 1), *rest) for t, *rest in log), key=lambda entry: (entry[0], entry[1]))
