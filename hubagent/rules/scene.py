"""A scene: values that several devices have together, by a name."""

from dataclasses import dataclass, field

from hubagent.rules.actions.set import SetAction
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class Scene:
    name: str
    settings: tuple[SetAction, ...]
    description: str = ""
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
