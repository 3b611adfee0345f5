"""Colour: Matter Application Cluster Specification 1.4, §3.2 Color Control.

Temperature is in kelvin; `kelvin_of_mireds` is the way from Matter's unit.
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


def kelvin_of_mireds(mireds: float) -> float:
    """Matter counts colour temperature in mireds, a million by the kelvin (§3.2.7)."""
    return 1_000_000 / mireds


SETTINGS = (
    Setting(("hue", "saturation"), MoveToHueSaturation),
    Setting(("color_temperature",), MoveToColorTemperature),
)
