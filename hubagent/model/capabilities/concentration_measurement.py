"""What is in the air: Matter Application Cluster Specification 1.4, §2.10 Concentration Measurement.

Matter has a cluster for each substance, all of them alike; here each has an attribute.
"""

from hubagent.model.capability import Attribute, Capability, Kind

CONCENTRATION_MEASUREMENT = Capability(
    "concentration_measurement",
    "Matter 1.4 Application Clusters §2.10",
    (
        Attribute("co2", Kind.NUMBER, "carbon dioxide", "ppm", 0, 1e6),
        Attribute("co_level", Kind.NUMBER, "carbon monoxide", "ppm", 0, 1e6),
        Attribute("pm2_5", Kind.NUMBER, "dust of up to 2.5 µm", "µg/m³", 0, 1e6),
        Attribute("pm10", Kind.NUMBER, "dust of up to 10 µm", "µg/m³", 0, 1e6),
        Attribute("voc", Kind.NUMBER, "volatile organic compounds", "ppb", 0, 1e9),
        Attribute("formaldehyde", Kind.NUMBER, "formaldehyde", "ppm", 0, 1e6),
    ),
)
