"""`{ button = "sofa.remote", number = 1, press = "double" }`, `"sofa.remote button 1 double"`."""

from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.model.capabilities.switch import SWITCH, Press
from hubagent.rules.binding import CannotBind
from hubagent.rules.expression.scope import Scope
from hubagent.rules.reading.form import choice, whole
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.triggers.fields import DEVICE, ID
from hubagent.rules.triggers.meaning import find_device
from hubagent.rules.triggers.nature import BoundSignal
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class ButtonTrigger:
    FIELDS: ClassVar = Fields(
        {
            "button": Field(DEVICE, "the device", into="device", required=True),
            "number": Field(whole(1, 255), "which of its buttons, from 1", default="1"),
            "press": Field(choice(Press), "how it is pressed", default='"single"'),
            "id": ID,
        }
    )

    device: str
    number: int = 1
    press: Press = Press.SINGLE
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def bind(self, scope: Scope) -> BoundSignal:
        place = self.place.below("button")
        device = find_device(self.device, scope, place)
        if SWITCH.name not in device.capabilities:
            raise CannotBind(f"{device.name} has no buttons", place)
        return BoundSignal(("press", device.id, self.number, self.press))
