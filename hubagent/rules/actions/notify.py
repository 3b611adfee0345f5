"""`{ notify = "owner", text = "freezer {garage.freezer.temp} °C" }`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubagent.toml_lines import NOWHERE, Spot

if TYPE_CHECKING:
    from hubagent.rules.expression.template import Template


@dataclass(frozen=True, slots=True)
class NotifyAction:
    to: str
    text: Template
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
