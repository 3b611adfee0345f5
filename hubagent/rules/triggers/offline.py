"""`{ offline = "garage.freezer", for = "1h" }`: a device does not answer any more, and still does not after a time."""

from dataclasses import dataclass, field

from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class OfflineTrigger:
    device: str
    held_s: float = 0.0
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
