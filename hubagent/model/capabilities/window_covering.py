"""Blinds and shades: Matter Application Cluster Specification 1.4, §5.3 Window Covering.

Matter counts how far a covering is closed; a person says how far it is open, and so do we: `position` 100 is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from hubagent.model.capability import Attribute, Capability, Command, Kind, Setting, Value

WINDOW_COVERING = Capability(
    "window_covering",
    "Matter 1.4 Application Clusters §5.3",
    (
        Attribute("position", Kind.NUMBER, "how far it is open", "%", 0, 100),
        Attribute("tilt", Kind.NUMBER, "how far the slats are open", "%", 0, 100),
        Attribute("moving", Kind.FLAG, "it is on its way"),
    ),
)


@dataclass(frozen=True, slots=True)
class GoToPosition(Command):
    CAPABILITY: ClassVar = WINDOW_COVERING

    position: float

    def __post_init__(self) -> None:
        WINDOW_COVERING.by_name["position"].check(self.position)

    def wanted(self) -> Mapping[str, Value]:
        return {"position": self.position}


@dataclass(frozen=True, slots=True)
class GoToTilt(Command):
    CAPABILITY: ClassVar = WINDOW_COVERING

    tilt: float

    def __post_init__(self) -> None:
        WINDOW_COVERING.by_name["tilt"].check(self.tilt)

    def wanted(self) -> Mapping[str, Value]:
        return {"tilt": self.tilt}


@dataclass(frozen=True, slots=True)
class StopMoving(Command):
    CAPABILITY: ClassVar = WINDOW_COVERING

    def settles(self) -> Mapping[str, object]:
        return {"position": None, "tilt": None}


SETTINGS = (Setting(("position",), GoToPosition), Setting(("tilt",), GoToTilt))
