"""`{ scene = "evening" }`: a scene was activated, by whomever."""

from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.rules.expression.scope import Scope
from hubagent.rules.reading.form import name
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.triggers.fields import ID
from hubagent.rules.triggers.nature import BoundSignal
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class SceneTrigger:
    FIELDS: ClassVar = Fields({"scene": Field(name("a scene's name"), "the scene", required=True), "id": ID})

    scene: str
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def bind(self, _scope: Scope) -> BoundSignal:
        return BoundSignal(("scene", self.scene))
