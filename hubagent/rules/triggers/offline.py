"""`{ offline = "garage.freezer", for = "1h" }`: a device does not answer any more, and still does not after a time."""

from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.rules.expression.scope import Scope
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.triggers.fields import DEVICE, HELD, ID
from hubagent.rules.triggers.meaning import find_device
from hubagent.rules.triggers.nature import BoundSignal
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class OfflineTrigger:
    FIELDS: ClassVar = Fields(
        {"offline": Field(DEVICE, "the device", into="device", required=True), "for": HELD, "id": ID}
    )

    device: str
    held_s: float = 0.0
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def bind(self, scope: Scope) -> BoundSignal:
        device = find_device(self.device, scope, self.place.below("offline"))
        return BoundSignal(("silent", device.id), self.held_s)
