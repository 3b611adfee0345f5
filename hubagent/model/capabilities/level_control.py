"""Brightness or another level: Matter Application Cluster Specification 1.4, §1.6 Level Control."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from hubagent.model.capability import Attribute, Capability, Command, Kind, Setting, Value

LEVEL_CONTROL = Capability(
    "level_control",
    "Matter 1.4 Application Clusters §1.6",
    (Attribute("level", Kind.NUMBER, "how far it is turned up; 0 is off", "%", 0, 100),),
)


@dataclass(frozen=True, slots=True)
class MoveToLevel(Command):
    """To `level` percent within `transition_s` seconds; None leaves the time to the device."""

    CAPABILITY: ClassVar = LEVEL_CONTROL

    level: float
    transition_s: float | None = None

    def __post_init__(self) -> None:
        LEVEL_CONTROL.by_name["level"].check(self.level)

    def wanted(self) -> Mapping[str, Value]:
        return {"level": self.level}

    def brings_about(self) -> Mapping[str, Value]:
        """It goes on and off with its level."""
        return {"level": self.level, "on": self.level > 0}


SETTINGS = (Setting(("level",), MoveToLevel),)
