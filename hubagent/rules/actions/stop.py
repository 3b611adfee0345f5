"""`{ stop = "somebody is at home" }`: the run ends here, and this is why."""

from dataclasses import dataclass, field
from typing import ClassVar, Final

from hubagent.rules.reading.form import text
from hubagent.rules.reading.table import Field, Fields
from hubagent.toml_lines import NOWHERE, Spot

REASON_LENGTH_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class StopAction:
    FIELDS: ClassVar = Fields(
        {"stop": Field(text(REASON_LENGTH_MAX), "why, for the trace", into="reason", required=True)}
    )

    reason: str
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
