"""`{ cron = "*/5 8-18 * * mon-fri" }`."""

from dataclasses import dataclass, field

from hubagent.rules.dst import AS_PEOPLE_EXPECT, Dst
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class CronTrigger:
    text: str
    dst: Dst = AS_PEOPLE_EXPECT
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
