"""`{ time = ["07:30", "19:30"], days = "mon-fri" }`."""

from dataclasses import dataclass, field
from typing import Final

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst
from hubagent.toml_lines import NOWHERE, Spot

EVERY_DAY: Final = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class TimeTrigger:
    times_s: tuple[int, ...]
    """Times of day, in seconds on the wall's clock since midnight; ascending."""
    days: frozenset[int] = EVERY_DAY
    """Monday is 0."""
    dst: Dst = AS_PEOPLE_EXPECT
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
