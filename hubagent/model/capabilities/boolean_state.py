"""Contacts and leaks, what is one thing or the other: Matter Application Cluster Specification 1.4, §1.7."""

from hubagent.model.capability import Attribute, Capability, Kind

BOOLEAN_STATE = Capability(
    "boolean_state",
    "Matter 1.4 Application Clusters §1.7",
    (
        Attribute("open", Kind.FLAG, "the door or window stands open"),
        Attribute("leak", Kind.FLAG, "there is water where none should be"),
        Attribute("tamper", Kind.FLAG, "somebody opened or moved the device itself"),
    ),
)
