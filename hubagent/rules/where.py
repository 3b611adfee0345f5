"""Where the home is: its time zone, and its place on the earth if that is known."""

import difflib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from hubagent.rules.sun import elevation

_ZONE_NAME_MAX: Final = 64
_ZONE_FILES: Final = "zoneinfo/"
_SECOND_TREES: Final = ("posix/", "right/")
"""Some machines have every zone twice more: the same, and one that counts leap seconds, as Unix time does not."""


@dataclass(frozen=True, slots=True)
class Where:
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    latitude: float | None = None
    """Degrees north."""
    longitude: float | None = None
    """Degrees east."""

    def local(self, utc: float) -> datetime:
        """The home's own time at a moment in Unix seconds."""
        return datetime.fromtimestamp(utc, self.timezone)

    def sun_elevation(self, utc: float) -> float | None:
        """Degrees of the sun's middle above the horizon, not bent by the air: -0.833 as it rises and sets.

        None without a place.
        """
        if self.latitude is None or self.longitude is None:
            return None
        return elevation(utc, self.latitude, self.longitude)


def machine_zone(text: str | None) -> ZoneInfo:
    """The zone of a machine that says it so: with its TZ variable, or with what /etc/localtime is a link to.

    A machine that says nothing is at UTC. Raises ValueError, in words.
    """
    name = (text or "").strip().removeprefix(":")
    if _ZONE_FILES in name:
        name = name.rsplit(_ZONE_FILES, 1)[1]
    for tree in _SECOND_TREES:
        name = name.removeprefix(tree)
    return ZoneInfo("UTC") if not name else zone_named(name)


def zone_named(name: str) -> ZoneInfo:
    """A zone of the IANA time zone database. Raises ValueError, in words."""
    try:
        if len(name) <= _ZONE_NAME_MAX and name.isprintable() and not name.startswith(_SECOND_TREES):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass  # names of folders, paths out of the database, files that are no zones
    near = difflib.get_close_matches(name[:_ZONE_NAME_MAX], available_timezones(), 1)
    meant = f"; was {near[0]} meant?" if near else ""
    raise ValueError(f"there is no time zone {name[:_ZONE_NAME_MAX]!r}{meant}")
