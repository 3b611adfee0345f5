"""`{ webhook = "evening" }`: somebody called the hub's API by this name."""

from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.rules.expression.scope import Scope
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.triggers.fields import ID, WORD
from hubagent.rules.triggers.nature import BoundSignal
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class WebhookTrigger:
    FIELDS: ClassVar = Fields({"webhook": Field(WORD, "the name that is called", into="name", required=True), "id": ID})

    name: str
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def bind(self, _scope: Scope) -> BoundSignal:
        return BoundSignal(("webhook", self.name))
