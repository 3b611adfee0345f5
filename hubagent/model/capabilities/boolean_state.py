"""Contacts and leaks, what is one thing or the other: Matter Application Cluster Specification 1.4, §1.7.

Matter leaves what is true or false to the device type; here each has an attribute with a name of its own.
"""

from hubagent.model.capability import Attribute, Capability, Kind

BOOLEAN_STATE = Capability(
    "boolean_state",
    "Matter 1.4 Application Clusters §1.7",
    (
        Attribute("open", Kind.FLAG, "the door or window stands open"),
        Attribute("leak", Kind.FLAG, "there is water where none should be"),
        Attribute("tamper", Kind.FLAG, "somebody opened or moved the device itself"),
        Attribute("vibration", Kind.FLAG, "what it is fixed to is shaken or moved"),
        Attribute("glass_broken", Kind.FLAG, "it heard glass break"),
        Attribute("alarm", Kind.FLAG, "it detected what it watches for, and does not say what that is"),
    ),
)
