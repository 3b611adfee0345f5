"""Making a device show itself: Matter Application Cluster Specification 1.4, §1.2 Identify."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from hubagent.model.capability import Attribute, Capability, Command, Kind, Setting

IDENTIFY = Capability(
    "identify",
    "Matter 1.4 Application Clusters §1.2",
    (Attribute("identify", Kind.NUMBER, "how much longer it blinks or beeps", "s", 0, 65535),),
)


@dataclass(frozen=True, slots=True)
class IdentifyYourself(Command):
    """Blink or beep for `identify` seconds; 0 stops it."""

    CAPABILITY: ClassVar = IDENTIFY

    identify: float

    def __post_init__(self) -> None:
        IDENTIFY.by_name["identify"].check(self.identify)

    def settles(self) -> Mapping[str, object]:
        return {"identify": self.identify}


SETTINGS = (Setting(("identify",), IdentifyYourself),)
