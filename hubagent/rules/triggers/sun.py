"""`{ sun = "sunset", offset = "-20m", not_before = "16:30", not_after = "21:30" }`."""

from dataclasses import dataclass, field
from enum import Enum

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst
from hubagent.toml_lines import NOWHERE, Spot


class SunEvent(Enum):
    SUNRISE = "sunrise"
    SUNSET = "sunset"


class IfNoSun(Enum):
    """What a day without sunrise or sunset has instead, beyond the polar circles."""

    SKIP = "skip"
    NOT_BEFORE = "not_before"
    NOT_AFTER = "not_after"


@dataclass(frozen=True, slots=True)
class SunTrigger:
    event: SunEvent
    offset_s: float = 0.0
    not_before_s: int | None = None
    """Times of day, in seconds since midnight."""
    not_after_s: int | None = None
    if_no_sun: IfNoSun = IfNoSun.SKIP
    dst: Dst = AS_PEOPLE_EXPECT
    """For the limits, which are times of day."""
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
