"""`{ start = true }`: the hub has started."""

from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.rules.expression.scope import Scope
from hubagent.rules.reading.form import TRUE
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.triggers.fields import ID
from hubagent.rules.triggers.nature import BoundSignal
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class StartTrigger:
    FIELDS: ClassVar = Fields({"start": Field(TRUE, "always true", into="starts", required=True), "id": ID})

    starts: bool = True

    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def bind(self, _scope: Scope) -> BoundSignal:
        return BoundSignal(("start",))
