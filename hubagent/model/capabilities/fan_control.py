"""Fans: Matter Application Cluster Specification 1.4, §4.4 Fan Control."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from hubagent.model.capability import Attribute, Capability, Command, Kind, Setting, Value

FAN_CONTROL = Capability(
    "fan_control",
    "Matter 1.4 Application Clusters §4.4",
    (Attribute("fan_mode", Kind.WORD, "how it blows", words=("off", "low", "medium", "high", "on", "auto")),),
)


@dataclass(frozen=True, slots=True)
class SetFanMode(Command):
    CAPABILITY: ClassVar = FAN_CONTROL

    fan_mode: str

    def __post_init__(self) -> None:
        FAN_CONTROL.by_name["fan_mode"].check(self.fan_mode)

    def wanted(self) -> Mapping[str, Value]:
        return {"fan_mode": self.fan_mode}


SETTINGS = (Setting(("fan_mode",), SetFanMode),)
