"""`{ sun = "sunset", offset = "-20m", not_before = "16:30", not_after = "21:30" }`."""

from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, Final

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst
from hubagent.rules.reading.form import TIME_OF_DAY, choice, duration
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.reading.wrong import Wrong
from hubagent.rules.schedule import SunTime
from hubagent.rules.triggers.fields import ID
from hubagent.rules.where import Where
from hubagent.toml_lines import NOWHERE, Spot

OFFSET_MAX_S: Final = 12 * 3600.0


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
    FIELDS: ClassVar = Fields(
        {
            "sun": Field(choice(SunEvent), "which of the two", into="event", required=True),
            "offset": Field(
                duration(-OFFSET_MAX_S, OFFSET_MAX_S), "how much later; with - earlier", into="offset_s", default='"0s"'
            ),
            "not_before": Field(TIME_OF_DAY, "at the earliest", into="not_before_s", default="none"),
            "not_after": Field(TIME_OF_DAY, "at the latest", into="not_after_s", default="none"),
            "if_no_sun": Field(choice(IfNoSun), "on days when the sun does not rise or set", default='"skip"'),
            "id": ID,
        }
    )

    event: SunEvent
    offset_s: float = 0.0
    not_before_s: float | None = None
    """Times of day, in seconds since midnight."""
    not_after_s: float | None = None
    if_no_sun: IfNoSun = IfNoSun.SKIP
    dst: Dst = AS_PEOPLE_EXPECT
    """For the limits, which are times of day."""
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        earliest, latest = self.not_before_s, self.not_after_s
        if earliest is not None and latest is not None and earliest > latest:
            raise Wrong("is later than not_after", below=("not_before",))
        if self.if_no_sun is IfNoSun.NOT_BEFORE and earliest is None:
            raise Wrong("says not_before, and there is none", below=("if_no_sun",))
        if self.if_no_sun is IfNoSun.NOT_AFTER and latest is None:
            raise Wrong("says not_after, and there is none", below=("if_no_sun",))

    def next_after(self, utc: float, where: Where) -> float | None:
        limits = {IfNoSun.SKIP: None, IfNoSun.NOT_BEFORE: self.not_before_s, IfNoSun.NOT_AFTER: self.not_after_s}
        sun = SunTime(
            self.event is SunEvent.SUNSET,
            self.offset_s,
            self.not_before_s,
            self.not_after_s,
            limits[self.if_no_sun],
            self.dst,
        )
        return sun.next_after(utc, where)
