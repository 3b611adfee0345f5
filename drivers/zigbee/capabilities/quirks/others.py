"""Makers with one or two peculiar models."""

from typing import Final

from drivers.zigbee.capabilities.quirks.quirk import Meaning, Quirk, Target
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.thermostat import THERMOSTAT

# Keen Home: a vent in a ventilation duct is a dimmer by its clusters. Its battery counts in whole per cent.

_VENT: Final = Quirk(level_is_position=True, battery_halves=False)
_VENTS: Final = (
    "SV01-410-MP-1.0", "SV01-410-MP-1.1", "SV01-410-MP-1.4", "SV01-410-MP-1.5", "SV01-412-MP-1.0", "SV01-610-MP-1.0",
    "SV01-612-MP-1.0", "SV02-410-MP-1.0", "SV02-410-MP-1.2", "SV02-410-MP-1.3", "SV02-412-MP-1.2", "SV02-412-MP-1.3",
    "SV02-610-MP-1.2", "SV02-610-MP-1.3", "SV02-612-MP-1.2", "SV02-612-MP-1.3",
)  # fmt: skip

# Third Reality: a button by its Multistate Input.

_BUTTON_PRESSES: Final = {0: Press.HOLD, 1: Press.SINGLE, 2: Press.DOUBLE, 255: Press.RELEASE}
_BUTTON: Final = Quirk(presses={(1, 0x0012, 0x0055): _BUTTON_PRESSES})

# Eurotronic: the setpoint that counts is the maker's own, which the one of the ZCL does not follow.

EUROTRONIC: Final = 0x1037
_SETPOINT: Final = Meaning(THERMOSTAT, "heating_setpoint", 0.01, minimum=-5000, maximum=10000)
_SPIRIT: Final = Quirk(
    meanings={(1, 0x0201, 0x4003): (_SETPOINT,)},
    targets={"heating_setpoint": Target(1, 0x0201, 0x4003, DataType.INT16, _SETPOINT, EUROTRONIC)},
    reads=((1, 0x0201, 0x4003, EUROTRONIC),),
)

# Heiman: detectors of gas that call themselves detectors of carbon monoxide, as all do (ZCL8 §8.2.2.2.1.2).

_GAS: Final = Quirk(zone="gas")
_GAS_DETECTORS: Final = (
    "GASSensor-N", "GASSensor-N-3.0", "GASSensor-EN", "GASSensor-EM", "GASSensor-EFR-3.0", "GASSensor-EF-3.0",
    "GAS_V15", "HY0022", "RH3070", "d90d7c61c44d468a8e906ca0841e0a0c", "358e4e3e03c644709905034dae81433e",
)  # fmt: skip

# Develco and frient: a motion sensor says on three end points, in three clusters, that somebody moves.

_MOTION: Final = Quirk(one_device=True)

# Locks, remotes and sensors that count their battery in whole per cent.

_WHOLE_PERCENTS: Final = Quirk(battery_halves=False)
_COUNT_WHOLE_PERCENTS: Final = (
    "0600000001", "iZBModule01", "0700000001", "YRD210 PB DB", "YRL220 TS LL", "YRD220/240 TSDB", "YRD246 TSDB",
    "YRD216 PBDB", "SOLIS01", "c700000202", "06ffff2029", "06ffff2027", "06e01d220c",
    "easyCodeTouch_v1", "EasyCodeTouch", "EasyFingerTouch", "NimlyPRO", "NimlyCode", "NimlyTouch", "NimlyIn",
    "NimlyPRO24", "NimlyShared", "NimlyCodePRO", "TERNCY-DC01", "TERNCY-PP01", "TERNCY-SD01", "3041", "3045",
    "ICZB-KPD12", "ICZB-KPD14S", "ICZB-RM11S", "ED-10012", "ZGR904-S", "ZBHS4RGBW", "4512726", "RGBgenie ZB-5121",
    "RGBgenie ZB-5028", "HK-SENSOR-4IN1-A", "ZGRC-KEY-012", "ZGRC-KEY-013", "ZB30C2",
)  # fmt: skip
"""zigbee-herdsman-converters, `dontDividePercentage`; of Yale's and Terncy's zha-device-handlers says so, too."""

# Curtains that count how far they are open.

_INVERTED: Final = Quirk(inverted=True)
_SMARTWINGS: Final = Quirk(inverted=True, battery_halves=False)
_INVERTED_MODELS: Final = (
    "GWA1531_Shutter", "GWA1231_SHUTTER", "ROB_200-029-0", "ROB_200-010-0", "ZB-ERSM-01",
    "MYDY25Z-1", "MYRX25Z-1", "CK-MG22-JLDJ-01(7015)", "CK-MG22-Z310EE07DOOYA-01(7015)", "AM25B-1-25-ES-E-Z",
    "ZM25-EAZ", "AM25C-1-25-ES-E-Z", "HK-ZCC-A", "HK-ZCC-ZLL-A", "ZG9098A-Win", "ZG9098A-WinOnly",
    "Connectable motor control,3A", "PUCK/SHUTTER/1", "NHPB/SHUTTER/1", "1GANG/SHUTTER/1",
    "lumi.curtain.acn04", "lumi.curtain.acn018",
)  # fmt: skip
"""zigbee-herdsman-converters, `coverInverted`."""

MODELS: Final = {
    **{("Keen Home Inc", model): _VENT for model in _VENTS},
    ("Third Reality, Inc", "3RSB22BZ"): _BUTTON,
    ("Eurotronic", "SPZB0001"): _SPIRIT,
    **{("", model): _GAS for model in _GAS_DETECTORS},
    **{("", model): _WHOLE_PERCENTS for model in _COUNT_WHOLE_PERCENTS},
    **{("", model): _INVERTED for model in _INVERTED_MODELS},
    ("", "WM25/L-Z"): _SMARTWINGS,
    **{
        (maker, model): _MOTION
        for maker in ("Develco Products A/S", "frient A/S")
        for model in ("MOSZB-130", "MOSZB-140", "MOSZB-141", "MOSZB-153")
    },
}
