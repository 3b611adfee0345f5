"""`{ mode = "night" }`: the home's mode is this one from now on."""

from dataclasses import dataclass, field

from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class ModeAction:
    mode: str
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
