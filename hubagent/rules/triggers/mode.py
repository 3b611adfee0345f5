"""`{ mode = "night" }`: the home's mode comes to be this one."""

from dataclasses import dataclass, field

from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class ModeTrigger:
    mode: str
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
