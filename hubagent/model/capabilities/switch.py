"""Buttons: Matter Application Cluster Specification 1.4, §1.13 Switch.

A press is an event (`ButtonPressed`), not a state.
"""

from enum import Enum

from hubagent.model.capability import Attribute, Capability, Kind

SWITCH = Capability(
    "switch",
    "Matter 1.4 Application Clusters §1.13",
    (Attribute("buttons", Kind.NUMBER, "how many buttons it has", "", 0, 255),),
)


class Press(Enum):
    """How a button was pressed; the values are the words of rules and of the command line."""

    SINGLE = "single"
    DOUBLE = "double"
    TRIPLE = "triple"
    QUADRUPLE = "quadruple"
    QUINTUPLE = "quintuple"
    HOLD = "hold"
    HOLD_REPEAT = "hold_repeat"
    RELEASE = "release"
