"""Colour: Matter Application Cluster Specification 1.4, §3.2 Color Control.

Temperature is in kelvin, and not in Matter's mireds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from hubagent.model.capability import Attribute, Capability, Command, Kind, Setting, Value

COLOR_CONTROL = Capability(
    "color_control",
    "Matter 1.4 Application Clusters §3.2",
    (
        Attribute("hue", Kind.NUMBER, "the angle on the colour wheel; 0 is red", "degrees", 0, 360),
        Attribute("saturation", Kind.NUMBER, "how far from white", "%", 0, 100),
        Attribute("color_temperature", Kind.NUMBER, "of white light", "K", 1000, 20000),
    ),
)


@dataclass(frozen=True, slots=True)
class MoveToHueSaturation(Command):
    CAPABILITY: ClassVar = COLOR_CONTROL

    hue: float
    saturation: float
    transition_s: float | None = None

    def __post_init__(self) -> None:
        COLOR_CONTROL.by_name["hue"].check(self.hue)
        COLOR_CONTROL.by_name["saturation"].check(self.saturation)

    def wanted(self) -> Mapping[str, Value]:
        return {"hue": self.hue, "saturation": self.saturation}

    def settles(self) -> Mapping[str, object]:
        return {**self.wanted(), "color of": "hue"}


@dataclass(frozen=True, slots=True)
class MoveToColorTemperature(Command):
    CAPABILITY: ClassVar = COLOR_CONTROL

    color_temperature: float
    """Kelvin."""
    transition_s: float | None = None

    def __post_init__(self) -> None:
        COLOR_CONTROL.by_name["color_temperature"].check(self.color_temperature)

    def wanted(self) -> Mapping[str, Value]:
        return {"color_temperature": self.color_temperature}

    def settles(self) -> Mapping[str, object]:
        return {**self.wanted(), "color of": "temperature"}


SETTINGS = (
    Setting(("hue", "saturation"), MoveToHueSaturation),
    Setting(("color_temperature",), MoveToColorTemperature),
)
