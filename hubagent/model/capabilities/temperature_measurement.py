"""Temperature: Matter Application Cluster Specification 1.4, §2.3."""

from hubagent.model.capability import Attribute, Capability, Kind

TEMPERATURE_MEASUREMENT = Capability(
    "temperature_measurement",
    "Matter 1.4 Application Clusters §2.3",
    (Attribute("temperature", Kind.NUMBER, "of the air, or of what is measured", "°C", -273.15, 10000),),
)
