"""`{ numeric = "freezer.temperature", above = -12, rearm_below = -15, for = "10m" }`, `"freezer.temperature > -12"`."""

from dataclasses import dataclass, field

from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class NumericTrigger:
    """A number comes to be above and below its bounds; with a level to re-arm it, not again before that was passed."""

    subject: str
    above: float | None = None
    below: float | None = None
    inclusive: bool = False
    """The bounds themselves count too: `>=` and `<=`."""
    rearm_below: float | None = None
    rearm_above: float | None = None
    held_s: float = 0.0
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
