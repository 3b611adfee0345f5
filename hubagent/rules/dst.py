"""What a rule wants of the hour that daylight saving skips in spring and repeats in autumn."""

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Skipped(Enum):
    """A time of day that a day does not have."""

    SKIP = "skip"
    RUN_AT_GAP_END = "run at gap end"


class Repeated(Enum):
    """A time of day that a day has twice."""

    ONCE = "once"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Dst:
    skipped: Skipped = Skipped.RUN_AT_GAP_END
    repeated: Repeated = Repeated.ONCE


AS_PEOPLE_EXPECT: Final = Dst()
"""What is daily happens once a day, the whole year."""
