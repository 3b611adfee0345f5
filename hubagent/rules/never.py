"""An invariant: what must never be so in the home."""

from dataclasses import dataclass, field
from enum import Enum

from hubagent.rules.expression.tree import Expression
from hubagent.toml_lines import NOWHERE, Spot


class CausedBy(Enum):
    """Whose commands are refused where they would make it so."""

    RULES = "rules"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Never:
    name: str
    that: Expression
    caused_by: CausedBy = CausedBy.RULES
    description: str = ""
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
