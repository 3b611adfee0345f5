"""`{ state = "lamp.level", becomes = 40 }`, `{ state = "lamp", changes = true }`, `"hall.door becomes open"`."""

from dataclasses import dataclass, field

from hubagent.model.capability import Value
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class StateTrigger:
    """An attribute comes to have a value, or with `changes` any other than before."""

    subject: str
    """A device, or a device and its attribute."""
    becomes: Value = None
    """A value, or one of the words that people say of states; None with `changes`."""
    before: Value = None
    """What it must have been; None: anything that is known."""
    changes: bool = False
    held_s: float = 0.0
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
