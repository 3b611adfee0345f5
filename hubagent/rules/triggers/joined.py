"""`{ joined = "any" }`: a device is new in the home."""

from dataclasses import dataclass, field
from typing import Final

from hubagent.toml_lines import NOWHERE, Spot

ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class JoinedTrigger:
    device: str
    """A device's name, or ANY."""
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
