"""On or off: Matter Application Cluster Specification 1.4, §1.5 On/Off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from hubagent.model.capability import Attribute, Capability, Command, Kind, Setting, Value

ON_OFF = Capability(
    "on_off", "Matter 1.4 Application Clusters §1.5", (Attribute("on", Kind.FLAG, "it is switched on"),)
)


@dataclass(frozen=True, slots=True)
class SwitchOnOff(Command):
    CAPABILITY: ClassVar = ON_OFF

    on: bool

    def __post_init__(self) -> None:
        ON_OFF.by_name["on"].check(self.on)

    def wanted(self) -> Mapping[str, Value]:
        return {"on": self.on}


SETTINGS = (Setting(("on",), SwitchOnOff),)
