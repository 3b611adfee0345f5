"""Electrical energy: Matter Application Cluster Specification 1.4, §2.12."""

from hubagent.model.capability import Attribute, Capability, Kind

ELECTRICAL_ENERGY_MEASUREMENT = Capability(
    "electrical_energy_measurement",
    "Matter 1.4 Application Clusters §2.12",
    (
        Attribute("energy", Kind.NUMBER, "taken in since it began to count", "kWh", -1e12, 1e12),
        Attribute("energy_exported", Kind.NUMBER, "fed back since it began to count", "kWh", -1e12, 1e12),
    ),
)
