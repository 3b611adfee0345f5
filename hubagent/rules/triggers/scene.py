"""`{ scene = "evening" }`: a scene was activated, by whomever."""

from dataclasses import dataclass, field

from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class SceneTrigger:
    scene: str
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
