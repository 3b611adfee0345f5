"""Presence and motion: Matter Application Cluster Specification 1.4, §2.7."""

from hubagent.model.capability import Attribute, Capability, Kind

OCCUPANCY_SENSING = Capability(
    "occupancy_sensing",
    "Matter 1.4 Application Clusters §2.7",
    (Attribute("occupied", Kind.FLAG, "somebody moves in sight of it"),),
)
