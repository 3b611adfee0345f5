"""Smoke, carbon monoxide and gas: Matter Application Cluster Specification 1.4, §2.11.

Matter has no word for gas that burns; those who cook with it need one.
"""

from hubagent.model.capability import Attribute, Capability, Kind

SMOKE_CO_ALARM = Capability(
    "smoke_co_alarm",
    "Matter 1.4 Application Clusters §2.11",
    (
        Attribute("smoke", Kind.FLAG, "there is smoke"),
        Attribute("co", Kind.FLAG, "there is carbon monoxide"),
        Attribute("gas", Kind.FLAG, "there is gas that could explode"),
        Attribute("test", Kind.FLAG, "it is testing itself"),
    ),
)
