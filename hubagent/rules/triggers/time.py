"""`{ time = ["07:30", "19:30"], days = "mon-fri" }`."""

from dataclasses import dataclass, field
from typing import ClassVar, Final

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst
from hubagent.rules.reading.form import DAYS, TIME_OF_DAY, some
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.schedule import next_time
from hubagent.rules.triggers.fields import ID
from hubagent.rules.where import Where
from hubagent.toml_lines import NOWHERE, Spot

EVERY_DAY: Final = frozenset(range(7))
TIMES_MAX: Final = 48


@dataclass(frozen=True, slots=True)
class TimeTrigger:
    FIELDS: ClassVar = Fields(
        {
            "time": Field(some(TIME_OF_DAY, TIMES_MAX), "when, on the home's clock", into="times_s", required=True),
            "days": Field(DAYS, "on which days of the week", default='"mon-sun"'),
            "id": ID,
        }
    )

    times_s: tuple[float, ...]
    """Times of day, in seconds on the wall's clock since midnight."""
    days: frozenset[int] = EVERY_DAY
    """Monday is 0."""
    dst: Dst = AS_PEOPLE_EXPECT
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def next_after(self, utc: float, where: Where) -> float | None:
        return next_time(utc, where, self.times_s, self.days, self.dst)
