"""Xiaomi's and Aqara's sensors: climate, light, motion, contacts, leaks, smoke, vibration."""

from typing import Final

from drivers.zigbee.capabilities.quirks.lumi import (
    ANALOG_INPUT,
    CELL,
    CLIMATE,
    CODE,
    DOOR_LOCK,
    GAS,
    IAS_ZONE,
    ILLUMINANCE,
    LEAK,
    LUX,
    NO_CELL_CLUSTER,
    OCCUPANCY,
    OCCUPIED,
    ON_OFF,
    OPEN,
    OPPLE,
    PRESENT_VALUE,
    PRESSURE,
    SMOKE,
    TEST,
    of_all_makers,
)
from drivers.zigbee.capabilities.quirks.quirk import Meaning, Parameter, Quirk
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.boolean_state import BOOLEAN_STATE
from hubagent.model.capabilities.concentration_measurement import CONCENTRATION_MEASUREMENT
from hubagent.model.capabilities.illuminance_measurement import ILLUMINANCE_MEASUREMENT
from hubagent.model.capabilities.occupancy_sensing import OCCUPANCY_SENSING
from hubagent.model.capability import Value

# Motion: the sensor looks away for a minute after it has seen somebody, and says no word when nobody is there.

MOTION_S: Final = 62.0
"""Its blind minute, and a little: zigbee-herdsman-converters, `detection_interval` + 2 s."""


def _moved_lux(value: object) -> Value:
    """Motion and light in one number: 65536 is the motion, the rest the lx; too large in the dark of some."""
    if not isinstance(value, int):
        return None
    lux = value - 65536
    return lux if 0 <= lux <= 65000 else 0


MOVED: Final = Meaning(OCCUPANCY_SENSING, "occupied", read=lambda value: True if isinstance(value, int) else None)
MOVED_LUX: Final = Meaning(ILLUMINANCE_MEASUREMENT, "illuminance", read=_moved_lux)


def _motion(tag: int | None, active_for_s: float = MOTION_S) -> Quirk:
    """Of the kind that says both in attribute 0x0112 of its own cluster; the standard one reports nonsense hourly."""
    return Quirk(
        reports_by_itself=True,
        hidden=frozenset(((None, OCCUPANCY), NO_CELL_CLUSTER)),
        active_for_s=active_for_s,
        meanings={(1, OPPLE, 0x0112): (MOVED, MOVED_LUX)},
        tags=CELL if tag is None else {**CELL, tag: LUX},
    )


RADAR_PARAMETERS: Final = {
    101: Parameter(OPPLE, 0x0144, DataType.UINT8, CODE),
    102: Parameter(OPPLE, 0x0146, DataType.UINT8, CODE),
    103: Parameter(OPPLE, 0x010C, DataType.UINT8, CODE),
}
"""Of the presence sensor: parameter_101 what it tells apart (0 nothing, 1 left and right), parameter_102 how near is an
approach (0 far, 1 medium, 2 near), parameter_103 how sensitive it is (1 low, 2 medium, 3 high)."""

_NO_CELL: Final = frozenset((NO_CELL_CLUSTER,))

_CONTACT: Final = Quirk(
    reports_by_itself=True,
    hidden=frozenset((NO_CELL_CLUSTER, (None, ON_OFF))),
    meanings={(1, ON_OFF, 0x0000): (OPEN,)},
    tags={**CELL, 100: OPEN},
)
"""Its On/Off says that the door is open."""
_ZONE: Final = Quirk(reports_by_itself=True, hidden=_NO_CELL, tags=CELL)
_AIR: Final = Quirk(reports_by_itself=True, hidden=_NO_CELL, tags=CLIMATE)

MODELS: Final = of_all_makers({
    # Climate
    "lumi.sens": _AIR,
    "lumi.sensor_ht": _AIR,
    "lumi.weather": Quirk(reports_by_itself=True, hidden=_NO_CELL, tags={**CLIMATE, 102: PRESSURE}),
    "lumi.sensor_ht.agl02": _AIR,
    "lumi.airmonitor.acn01": Quirk(
        reports_by_itself=True,
        hidden=frozenset((NO_CELL_CLUSTER, (None, ANALOG_INPUT))),
        meanings={(1, ANALOG_INPUT, PRESENT_VALUE): (Meaning(CONCENTRATION_MEASUREMENT, "voc", minimum=0),)},
        tags={**CLIMATE, 102: Meaning(CONCENTRATION_MEASUREMENT, "voc", minimum=0)},
        reads=((1, ANALOG_INPUT, PRESENT_VALUE, None),),
    ),
    # Light
    "lumi.sen_ill.mgl01": Quirk(reports_by_itself=True, hidden=_NO_CELL, tags={**CELL, 100: LUX}),
    "lumi.sen_ill.agl01": Quirk(reports_by_itself=True, hidden=_NO_CELL, tags={**CELL, 100: LUX}),
    # Motion and presence
    "lumi.sensor_motion": Quirk(reports_by_itself=True, hidden=_NO_CELL, active_for_s=MOTION_S, tags=CELL),
    "lumi.sensor_motion.aq2": Quirk(
        reports_by_itself=True,
        hidden=frozenset((NO_CELL_CLUSTER, (None, IAS_ZONE))),
        active_for_s=MOTION_S,
        meanings={(1, ILLUMINANCE, 0x0000): (LUX,)},
        tags={**CELL, 11: LUX},
    ),
    "lumi.motion.agl02": _motion(101),
    "lumi.motion.ac02": _motion(101, 32.0),
    "lumi.motion.acn001": _motion(101),
    "lumi.motion.agl04": Quirk(reports_by_itself=True, hidden=_NO_CELL, active_for_s=MOTION_S, tags=CELL),
    "lumi.motion.ac01": Quirk(
        meanings={(1, OPPLE, 0x0142): (OCCUPIED,)},
        tags={101: OCCUPIED},
        reads=((1, OPPLE, 0x0142, CODE),),
        parameters=RADAR_PARAMETERS,
    ),
    "lumi.sensor_occupy.agl1": Quirk(
        meanings={(1, OPPLE, 0x0142): (OCCUPIED,)}, reads=((1, OPPLE, 0x0142, CODE),)
    ),
    # Contacts, leaks, smoke, gas, vibration
    "lumi.sensor_magnet": _CONTACT,
    "lumi.sensor_magnet.aq2": _CONTACT,
    "lumi.magnet.agl02": _CONTACT,
    "lumi.magnet.acn001": _ZONE,
    "lumi.magnet.ac01": _ZONE,
    "lumi.sensor_wleak.aq1": _ZONE,
    "lumi.flood.agl02": _ZONE,
    "lumi.flood.acn001": Quirk(reports_by_itself=True, hidden=_NO_CELL, tags={**CELL, 100: LEAK}),
    # Alarm 2 is its self-test.
    "lumi.sensor_smoke": Quirk(reports_by_itself=True, hidden=_NO_CELL, zone="smoke", zone_bits=0x0001, tags=CELL),
    "lumi.sensor_natgas": Quirk(zone="gas"),
    "lumi.sensor_gas.acn02": Quirk(
        meanings={(1, OPPLE, 0x013A): (GAS,), (1, OPPLE, 0x0127): (TEST,)},
        tags={160: GAS, 162: TEST},
        reads=((1, OPPLE, 0x013A, CODE),),
    ),
    "lumi.sensor_smoke.acn03": Quirk(
        reports_by_itself=True,
        hidden=_NO_CELL,
        meanings={(1, OPPLE, 0x013A): (SMOKE,), (1, OPPLE, 0x0127): (TEST,)},
        tags={**CELL, 160: SMOKE, 162: TEST},
    ),
    "lumi.vibration.aq1": Quirk(
        reports_by_itself=True,
        # Its Door Lock locks nothing: 1 is a vibration, 2 a tilt, 3 a fall.
        hidden=frozenset((NO_CELL_CLUSTER, (None, DOOR_LOCK))),
        active_for_s=MOTION_S,
        meanings={
            (1, DOOR_LOCK, PRESENT_VALUE): (
                Meaning(BOOLEAN_STATE, "vibration", values={1: True, 2: True, 3: True}),
            )
        },
        tags=CELL,
    ),
})  # fmt: skip
