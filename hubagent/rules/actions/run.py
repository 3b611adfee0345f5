"""`{ run = "water the garden" }`: another rule's actions, as if it had been set off; its condition counts."""

from dataclasses import dataclass, field

from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class RunAction:
    rule: str
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
