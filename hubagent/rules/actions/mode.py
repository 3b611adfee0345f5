"""`{ mode = "night" }`: the home's mode is this one from now on."""

from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.rules.reading.form import name
from hubagent.rules.reading.table import Field, Fields
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class ModeAction:
    FIELDS: ClassVar = Fields({"mode": Field(name("one of the home's modes"), "the mode", required=True)})

    mode: str
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
