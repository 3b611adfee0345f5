"""`{ variable = "guests", to = "var.guests + 1" }`."""

from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.model.capability import Value
from hubagent.rules.expression.tree import Expression
from hubagent.rules.reading.expression_form import VALUE_OR_EXPRESSION
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.triggers.fields import WORD
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class VariableAction:
    FIELDS: ClassVar = Fields(
        {
            "variable": Field(WORD, "one of [variables]", into="name", required=True),
            "to": Field(VALUE_OR_EXPRESSION, "what it is from now on", required=True),
        }
    )

    name: str
    to: Value | Expression
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
