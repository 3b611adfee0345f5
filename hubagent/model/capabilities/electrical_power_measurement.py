"""Electrical power: Matter Application Cluster Specification 1.4, §2.13."""

from hubagent.model.capability import Attribute, Capability, Kind

ELECTRICAL_POWER_MEASUREMENT = Capability(
    "electrical_power_measurement",
    "Matter 1.4 Application Clusters §2.13",
    (
        Attribute("power", Kind.NUMBER, "drawn now; negative is fed back", "W", -1e9, 1e9),
        Attribute("voltage", Kind.NUMBER, "across it", "V", -1e6, 1e6),
        Attribute("current", Kind.NUMBER, "through it", "A", -1e6, 1e6),
        Attribute("power_factor", Kind.NUMBER, "of the load", "", -1, 1),
        Attribute("apparent_power", Kind.NUMBER, "voltage times current, whatever their phase", "VA", -1e9, 1e9),
        Attribute("frequency", Kind.NUMBER, "of the mains", "Hz", 0, 1000),
    ),
)
