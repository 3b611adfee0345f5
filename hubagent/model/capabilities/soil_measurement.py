"""Soil: Matter Application Cluster Specification 1.5, Soil Measurement."""

from hubagent.model.capability import Attribute, Capability, Kind

SOIL_MEASUREMENT = Capability(
    "soil_measurement",
    "Matter 1.5 Application Clusters, Soil Measurement",
    (Attribute("soil_moisture", Kind.NUMBER, "how wet the earth is", "%", 0, 100),),
)
