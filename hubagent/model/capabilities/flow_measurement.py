"""Flow: Matter Application Cluster Specification 1.4, §2.5."""

from hubagent.model.capability import Attribute, Capability, Kind

FLOW_MEASUREMENT = Capability(
    "flow_measurement",
    "Matter 1.4 Application Clusters §2.5",
    (Attribute("flow", Kind.NUMBER, "through the pipe now", "m³/h", 0, 1e6),),
)
