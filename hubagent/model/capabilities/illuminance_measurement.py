"""Light: Matter Application Cluster Specification 1.4, §2.2."""

from hubagent.model.capability import Attribute, Capability, Kind

ILLUMINANCE_MEASUREMENT = Capability(
    "illuminance_measurement",
    "Matter 1.4 Application Clusters §2.2",
    (Attribute("illuminance", Kind.NUMBER, "light falling on it", "lx", 0, 1e7),),
)
