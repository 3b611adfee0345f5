"""Batteries and mains: Matter Core Specification 1.4, §11.7 Power Source."""

from hubagent.model.capability import Attribute, Capability, Kind

POWER_SOURCE = Capability(
    "power_source",
    "Matter 1.4 Core §11.7",
    (
        Attribute("battery", Kind.NUMBER, "charge left", "%", 0, 100),
        Attribute("battery_low", Kind.FLAG, "it asks for a new battery"),
        Attribute("charging", Kind.FLAG, "it is being charged"),
        Attribute("mains", Kind.FLAG, "it runs on mains power"),
    ),
)
