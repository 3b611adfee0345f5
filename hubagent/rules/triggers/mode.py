"""`{ mode = "night" }`: the home's mode comes to be this one."""

from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.rules.expression.scope import Scope
from hubagent.rules.reading.form import name
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.triggers.fields import ID
from hubagent.rules.triggers.nature import BoundSignal
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class ModeTrigger:
    FIELDS: ClassVar = Fields({"mode": Field(name("one of the home's modes"), "the mode", required=True), "id": ID})

    mode: str
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def bind(self, _scope: Scope) -> BoundSignal:
        return BoundSignal(("mode", self.mode))
