"""Humidity: Matter Application Cluster Specification 1.4, §2.6."""

from hubagent.model.capability import Attribute, Capability, Kind

RELATIVE_HUMIDITY_MEASUREMENT = Capability(
    "relative_humidity_measurement",
    "Matter 1.4 Application Clusters §2.6",
    (Attribute("humidity", Kind.NUMBER, "relative", "%", 0, 100),),
)
