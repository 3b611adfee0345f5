"""Pressure: Matter Application Cluster Specification 1.4, §2.4."""

from hubagent.model.capability import Attribute, Capability, Kind

PRESSURE_MEASUREMENT = Capability(
    "pressure_measurement",
    "Matter 1.4 Application Clusters §2.4",
    (Attribute("pressure", Kind.NUMBER, "of the air", "hPa", 0, 1e6),),
)
