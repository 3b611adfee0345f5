"""`{ variable = "guests", to = "var.guests + 1" }`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubagent.model.capability import Value
from hubagent.toml_lines import NOWHERE, Spot

if TYPE_CHECKING:
    from hubagent.rules.expression.tree import Expression


@dataclass(frozen=True, slots=True)
class VariableAction:
    name: str
    to: Value | Expression
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
