"""SmartThings and those who made for it: Samjin, CentraLite.

Their multi-sensors have a cluster 0xFC02 with whether they are moved; the button says by its zone how it was pressed.
"""

from typing import Final

from drivers.zigbee.capabilities.quirks.quirk import Key, Meaning, Quirk, Reported
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.boolean_state import BOOLEAN_STATE
from hubagent.model.capabilities.switch import Press

ACCELERATION_CLUSTER: Final = 0xFC02
ACCELERATION: Final = 0x0010
CODES: Final = {"Samjin": 0x1241, "SmartThings": 0x110A, "CentraLite": 0x104E}
MOVED: Final = Meaning(BOOLEAN_STATE, "vibration", values={0: False, 1: True})


def _multi(code: int, battery_v: tuple[float, float] | None = None) -> Quirk:
    return Quirk(
        meanings={(1, ACCELERATION_CLUSTER, ACCELERATION): (MOVED,)},
        reads=((1, ACCELERATION_CLUSTER, ACCELERATION, code),),
        reported=(Reported(1, ACCELERATION_CLUSTER, ACCELERATION, DataType.BITMAP8, 0, 3600, 0, code),),
        battery_v=battery_v,
    )


_CELL_V: Final = (2.1, 3.0)
"""Empty and full, of a CR2450 or a pair of AAA, for the older ones that tell a voltage only."""

MODELS: Final = {
    ("Samjin", "multi"): _multi(CODES["Samjin"]),
    ("SmartThings", "multiv4"): _multi(CODES["SmartThings"], _CELL_V),
    ("SmartThings", "PGC313"): _multi(CODES["SmartThings"], _CELL_V),
    ("SmartThings", "PGC313EU"): _multi(CODES["SmartThings"], _CELL_V),
    ("CentraLite", "3321-S"): _multi(CODES["CentraLite"], _CELL_V),
    ("CentraLite", "3321"): _multi(CODES["CentraLite"], _CELL_V),
    ("Samjin", "button"): Quirk(zone_keys={1: Key(1), 2: Key(1, Press.DOUBLE), 3: Key(1, Press.HOLD)}),
}
