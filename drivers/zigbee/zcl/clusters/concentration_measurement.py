"""Concentration Measurement: one cluster a substance in air or water, all of the same shape (ZCL8, 4.13).

Values are the part of the whole: 0.0004 is 400 ppm. Many devices send ppm, ppb or µg/m³ all the same. Volatile
organic compounds (0x042E) are in no edition up to ZCL8; devices have the cluster, in this shape.
"""

from typing import Final

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster
from drivers.zigbee.zcl.data_types import DataType

CARBON_MONOXIDE = 0x040C
CARBON_DIOXIDE = 0x040D
PM_2_5 = 0x042A
FORMALDEHYDE = 0x042B
VOLATILE_ORGANIC_COMPOUNDS = 0x042E

_SUBSTANCES: Final = {
    CARBON_MONOXIDE: "carbon_monoxide",
    CARBON_DIOXIDE: "carbon_dioxide",
    0x040E: "ethylene",
    0x040F: "ethylene_oxide",
    0x0410: "hydrogen",
    0x0411: "hydrogen_sulfide",
    0x0412: "nitric_oxide",
    0x0413: "nitrogen_dioxide",
    0x0414: "oxygen",
    0x0415: "ozone",
    0x0416: "sulfur_dioxide",
    0x0417: "dissolved_oxygen",
    0x0418: "bromate",
    0x0419: "chloramines",
    0x041A: "chlorine",
    0x041B: "fecal_coliform_and_e_coli",
    0x041C: "fluoride",
    0x041D: "haloacetic_acids",
    0x041E: "total_trihalomethanes",
    0x041F: "total_coliform_bacteria",
    0x0420: "turbidity",
    0x0421: "copper",
    0x0422: "lead",
    0x0423: "manganese",
    0x0424: "sulfate",
    0x0425: "bromodichloromethane",
    0x0426: "bromoform",
    0x0427: "chlorodibromomethane",
    0x0428: "chloroform",
    0x0429: "sodium",
    PM_2_5: "pm_2_5",
    FORMALDEHYDE: "formaldehyde",
    VOLATILE_ORGANIC_COMPOUNDS: "volatile_organic_compounds",
}

_ATTRIBUTES: Final = (
    AttributeDef(0x0000, "measured_value", DataType.SINGLE, reportable=True),
    AttributeDef(0x0001, "min_measured_value", DataType.SINGLE),
    AttributeDef(0x0002, "max_measured_value", DataType.SINGLE),
    AttributeDef(0x0003, "tolerance", DataType.SINGLE),
)

CLUSTERS: Final = tuple(
    Cluster(id=cluster_id, name=f"{substance}_concentration", attributes=_ATTRIBUTES)
    for cluster_id, substance in _SUBSTANCES.items()
)
