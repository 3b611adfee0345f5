"""The home's own clock: when days begin there, and how long it is until the clock shows a time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAY_S: Final = 86_400.0
NOON_S: Final = 12 * 3600.0
ANY_DAY: Final = date(2026, 1, 14)
"""Of a test that does not say: a Wednesday without anything about it."""
YEARS: Final = range(1970, 3000)
"""Those that tests may say: a hub believes no clock that shows a later one."""
_CLOSE_S: Final = 0.001


@dataclass(frozen=True, slots=True)
class HomeClock:
    """`wall` gives Unix seconds."""

    wall: Callable[[], float]
    zone: ZoneInfo

    def today(self) -> date:
        return datetime.fromtimestamp(self.wall(), self.zone).date()

    def unix(self, day: date, seconds: float) -> float:
        """When the clock shows so many seconds after midnight; beyond a day's seconds it is the night after."""
        shown = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001 - the zone follows
        return shown.replace(tzinfo=self.zone).timestamp()

    def seconds_until(self, seconds: float) -> float:
        """Until it next shows so many seconds after midnight; never 0."""
        now, today = self.wall(), self.today()
        moments = (self.unix(today + timedelta(days=days), seconds) for days in range(3))
        return next(moment - now for moment in moments if moment > now)

    async def until(self, unix: float) -> None:
        """A clock that is set back meanwhile is waited for again."""
        while (left := unix - self.wall()) > _CLOSE_S:  # noqa: ASYNC110 - it waits for nothing but time
            await asyncio.sleep(left)
