"""`{ notify = "owner", text = "freezer {garage.freezer.temp} °C" }`."""

from dataclasses import dataclass, field
from typing import ClassVar, Final

from hubagent.rules.expression.template import Template
from hubagent.rules.reading.expression_form import template
from hubagent.rules.reading.form import name
from hubagent.rules.reading.table import Field, Fields
from hubagent.toml_lines import NOWHERE, Spot

TEXT_LENGTH_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class NotifyAction:
    FIELDS: ClassVar = Fields(
        {
            "notify": Field(name(), "whom", into="to", required=True),
            "text": Field(template(TEXT_LENGTH_MAX), "what; {expressions} in braces", required=True),
        }
    )

    to: str
    text: Template
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
