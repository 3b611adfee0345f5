"""Where the home is: its time zone, and its place on the earth if that is known."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import elevation


@dataclass(frozen=True, slots=True)
class Where:
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    latitude: float | None = None
    """Degrees north."""
    longitude: float | None = None
    """Degrees east."""

    @property
    def observer(self) -> Observer | None:
        """Who sees the sun; None where it is not known where he stands."""
        if self.latitude is None or self.longitude is None:
            return None
        # At a pole itself every direction is south, and the formulas have no answer.
        return Observer(max(-POLE, min(self.latitude, POLE)), self.longitude)

    def local(self, utc: float) -> datetime:
        """The home's own time at a moment in Unix seconds."""
        return datetime.fromtimestamp(utc, self.timezone)

    def sun_elevation(self, utc: float) -> float | None:
        """Degrees above the horizon, bent by the air; None without a place."""
        observer = self.observer
        return None if observer is None else elevation(observer, datetime.fromtimestamp(utc, UTC))


POLE: Final = 89.99
