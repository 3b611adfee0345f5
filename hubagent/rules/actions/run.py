"""`{ run = "water the garden" }`: another rule's actions, as if it had been set off; its condition counts."""

from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.rules.reading.form import name
from hubagent.rules.reading.table import Field, Fields
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class RunAction:
    FIELDS: ClassVar = Fields({"run": Field(name("a rule's name"), "the rule", into="rule", required=True)})

    rule: str
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
