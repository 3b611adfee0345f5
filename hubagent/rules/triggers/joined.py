"""`{ joined = "any" }`: a device is new in the home."""

from dataclasses import dataclass, field
from typing import ClassVar, Final

from hubagent.rules.expression.scope import Scope
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.triggers.fields import DEVICE, ID
from hubagent.rules.triggers.nature import BoundSignal
from hubagent.toml_lines import NOWHERE, Spot

ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class JoinedTrigger:
    FIELDS: ClassVar = Fields(
        {"joined": Field(DEVICE, 'the device\'s name, or "any"', into="device", required=True), "id": ID}
    )

    device: str
    """A device's name, or ANY."""
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def bind(self, _scope: Scope) -> BoundSignal:
        """By name: the device is not there yet."""
        return BoundSignal(("joined", self.device))
