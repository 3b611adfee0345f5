"""`{ set = "hall.light", on = true, level = "30% if home.mode == 'night' else 80%", transition = "2s" }`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubagent.model.capability import Value
from hubagent.toml_lines import NOWHERE, Spot

if TYPE_CHECKING:
    from hubagent.rules.expression.tree import Expression


@dataclass(frozen=True, slots=True)
class SetAction:
    """Devices are to have these values; with an Expression, what it is worth when the action is reached."""

    devices: tuple[str, ...]
    values: tuple[tuple[str, Value | Expression], ...]
    """Attributes that can be set, by their full names."""
    transition_s: float | None = None
    within_s: float | None = None
    """When the devices must have confirmed; later is a failure."""
    retry: int = 0
    """How often it is sent again to a device that does not confirm."""
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
