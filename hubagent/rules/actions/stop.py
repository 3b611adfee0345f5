"""`{ stop = "somebody is at home" }`: the run ends here, and this is why."""

from dataclasses import dataclass, field

from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class StopAction:
    reason: str
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
