"""Xiaomi's and Aqara's curtains, whose position is an Analog Output (open is 100), and a radiator thermostat."""

from typing import Final

from drivers.zigbee.capabilities.quirks.lumi import (
    ANALOG_OUTPUT,
    CODE,
    MULTISTATE_OUTPUT,
    NO_CELL_CLUSTER,
    OPPLE,
    PRESENT_VALUE,
    of_all_makers,
)
from drivers.zigbee.capabilities.quirks.quirk import Meaning, Quirk, Target
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.power_source import POWER_SOURCE
from hubagent.model.capabilities.thermostat import THERMOSTAT
from hubagent.model.capabilities.window_covering import WINDOW_COVERING

POSITION: Final = Meaning(WINDOW_COVERING, "position", minimum=0, maximum=100)
_POSITION: Final = Target(1, ANALOG_OUTPUT, PRESENT_VALUE, DataType.SINGLE, POSITION)
_HALT: Final = Target(
    1, MULTISTATE_OUTPUT, PRESENT_VALUE, DataType.UINT16, Meaning(WINDOW_COVERING, "moving", values={2: True})
)
MOVING: Final = Meaning(WINDOW_COVERING, "moving", values={0: True, 1: True, 2: False, 3: False})
CURTAIN_BATTERY: Final = Meaning(POWER_SOURCE, "battery", minimum=0, maximum=100)
_CURTAIN: Final = Quirk(
    inverted=True,
    meanings={(1, ANALOG_OUTPUT, PRESENT_VALUE): (POSITION,)},
    targets={"position": _POSITION},
    reads=((1, ANALOG_OUTPUT, PRESENT_VALUE, None),),
)
_CURTAIN_WITH_STATE: Final = Quirk(
    inverted=True,
    meanings={
        (1, ANALOG_OUTPUT, PRESENT_VALUE): (POSITION,),
        (1, MULTISTATE_OUTPUT, PRESENT_VALUE): (MOVING,),
    },
    targets={"position": _POSITION},
    reads=_CURTAIN.reads,
)
_ROLLER_E1: Final = Quirk(
    hidden=frozenset((NO_CELL_CLUSTER,)),
    inverted=True,
    meanings={
        (1, ANALOG_OUTPUT, PRESENT_VALUE): (POSITION,),
        (1, MULTISTATE_OUTPUT, PRESENT_VALUE): (MOVING,),
        (1, OPPLE, 0x040A): (CURTAIN_BATTERY,),
    },
    tags={101: CURTAIN_BATTERY},
    targets={"position": _POSITION, "stop": _HALT},
)
_DRIVER_E1: Final = Quirk(
    inverted=True, tags={101: Meaning(POWER_SOURCE, "battery", 0.5, minimum=0, maximum=200)}, battery_halves=True
)

# The radiator thermostat: its mode is its own.

_TRV_MODE: Final = Meaning(THERMOSTAT, "mode", values={0: "off", 1: "heat"})
_TRV: Final = Quirk(
    hidden=frozenset((NO_CELL_CLUSTER,)),
    meanings={(1, OPPLE, 0x0271): (_TRV_MODE,), (1, OPPLE, 0x040A): (CURTAIN_BATTERY,)},
    targets={"mode": Target(1, OPPLE, 0x0271, DataType.UINT8, _TRV_MODE, CODE)},
    reads=((1, OPPLE, 0x0271, CODE), (1, OPPLE, 0x040A, CODE)),
)

MODELS: Final = of_all_makers({
    # Curtains and the thermostat
    "lumi.curtain": _CURTAIN,
    "lumi.curtain.aq2": _CURTAIN,
    "lumi.curtain.vagl02": _CURTAIN,
    "lumi.curtain.hagl04": _CURTAIN_WITH_STATE,
    "lumi.curtain.hagl07": Quirk(
        inverted=True,
        meanings=_CURTAIN_WITH_STATE.meanings,
        targets={"position": _POSITION, "stop": _HALT},
        reads=_CURTAIN.reads,
    ),
    "lumi.curtain.acn002": _ROLLER_E1,
    "lumi.curtain.acn003": _DRIVER_E1,
    "lumi.curtain.agl001": _DRIVER_E1,
    "lumi.airrtc.agl001": _TRV,
})  # fmt: skip
