"""Xiaomi and Aqara, whose devices call their maker LUMI or aqara.

Their sensors do not take part in reporting: they say what happened by themselves, and once an hour everything else in
one structure (Basic 0xFF01, or 0x00F7 of cluster 0xFCC0 since 2020). Its members are numbered alike in all models, but
100-102 mean what the model measures. Numbers and models: the Apache-2.0 zha-device-handlers and the MIT
zigbee-herdsman-converters, which agree on them.
"""

from collections.abc import Mapping
from typing import Final

from drivers.zigbee.capabilities.quirks.quirk import Meaning, Meanings, Parameter, Presses, Quirk, Target, Written
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.boolean_state import BOOLEAN_STATE
from hubagent.model.capabilities.concentration_measurement import CONCENTRATION_MEASUREMENT
from hubagent.model.capabilities.electrical_energy_measurement import ELECTRICAL_ENERGY_MEASUREMENT
from hubagent.model.capabilities.electrical_power_measurement import ELECTRICAL_POWER_MEASUREMENT
from hubagent.model.capabilities.illuminance_measurement import ILLUMINANCE_MEASUREMENT
from hubagent.model.capabilities.occupancy_sensing import OCCUPANCY_SENSING
from hubagent.model.capabilities.power_source import POWER_SOURCE
from hubagent.model.capabilities.pressure_measurement import PRESSURE_MEASUREMENT
from hubagent.model.capabilities.relative_humidity_measurement import RELATIVE_HUMIDITY_MEASUREMENT
from hubagent.model.capabilities.smoke_co_alarm import SMOKE_CO_ALARM
from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.temperature_measurement import TEMPERATURE_MEASUREMENT
from hubagent.model.capabilities.thermostat import THERMOSTAT
from hubagent.model.capabilities.window_covering import WINDOW_COVERING
from hubagent.model.capability import Value

MAKERS: Final = ("LUMI", "aqara", "Aqara", "XIAOMI")
CODE: Final = 0x115F
"""The manufacturer code of what is in cluster 0xFCC0."""
OPPLE: Final = 0xFCC0
BASIC, ON_OFF, ANALOG_INPUT, ANALOG_OUTPUT, MULTISTATE_INPUT, MULTISTATE_OUTPUT, DOOR_LOCK = (
    0x0000, 0x0006, 0x000C, 0x000D, 0x0012, 0x0013, 0x0101,
)  # fmt: skip
ILLUMINANCE, OCCUPANCY, IAS_ZONE, COVERING, METERING, ELECTRICAL = 0x0400, 0x0406, 0x0500, 0x0102, 0x0702, 0x0B04
POWER_CONFIGURATION: Final = 0x0001
PRESENT_VALUE: Final = 0x0055

# What members of the structure are.

CELL_V: Final = (2.85, 3.0)
"""Empty and full, of a coin cell or a pair of AAA: what is left of 3 V is what is left of it."""


def cell_percent(millivolts: object) -> Value:
    if not isinstance(millivolts, int | float):
        return None
    empty, full = CELL_V
    return round(100 * min(1.0, max(0.0, (millivolts / 1000 - empty) / (full - empty))))


BATTERY: Final = Meaning(POWER_SOURCE, "battery", read=cell_percent)
"""In millivolts; in every structure under the number 1."""
TEMPERATURE: Final = Meaning(TEMPERATURE_MEASUREMENT, "temperature", 0.01, minimum=-6500, maximum=6500)
HUMIDITY: Final = Meaning(RELATIVE_HUMIDITY_MEASUREMENT, "humidity", 0.01, minimum=0, maximum=10000)
PRESSURE: Final = Meaning(PRESSURE_MEASUREMENT, "pressure", 0.01, minimum=30000, maximum=110000)
LUX: Final = Meaning(ILLUMINANCE_MEASUREMENT, "illuminance", minimum=0, maximum=65000)
POWER: Final = Meaning(ELECTRICAL_POWER_MEASUREMENT, "power", minimum=0)
VOLTAGE: Final = Meaning(ELECTRICAL_POWER_MEASUREMENT, "voltage", 0.1)
CURRENT: Final = Meaning(ELECTRICAL_POWER_MEASUREMENT, "current", 0.001)
ENERGY: Final = Meaning(ELECTRICAL_ENERGY_MEASUREMENT, "energy")
OPEN: Final = Meaning(BOOLEAN_STATE, "open", values={0: False, 1: True})
LEAK: Final = Meaning(BOOLEAN_STATE, "leak", values={0: False, 1: True})
SMOKE: Final = Meaning(SMOKE_CO_ALARM, "smoke", values={0: False, 1: True})
GAS: Final = Meaning(SMOKE_CO_ALARM, "gas", values={0: False, 1: True})
TEST: Final = Meaning(SMOKE_CO_ALARM, "test", values={0: False, 1: True})
OCCUPIED: Final = Meaning(OCCUPANCY_SENSING, "occupied", values={0: False, 1: True})

CELL: Final[Mapping[int, Meaning]] = {1: BATTERY}
METERED: Final[Mapping[int, Meaning]] = {149: ENERGY, 150: VOLTAGE, 151: CURRENT, 152: POWER}
CLIMATE: Final = {**CELL, 100: TEMPERATURE, 101: HUMIDITY}

EVENT_MODE: Final = Written(1, OPPLE, 0x0009, DataType.UINT8, 1, CODE)
"""Remotes and wall switches say which button was pressed, instead of commanding lamps."""

NO_CELL_CLUSTER: Final = (None, POWER_CONFIGURATION)
"""The cluster is there and answers nothing: the battery is in the structure."""

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

# Buttons. 255 is the release; a button that is held for more than five seconds has none.

MULTISTATE_PRESSES: Final[Mapping[object, Press]] = {
    0: Press.HOLD, 1: Press.SINGLE, 2: Press.DOUBLE, 3: Press.TRIPLE, 4: Press.QUADRUPLE, 5: Press.QUINTUPLE,
    16: Press.HOLD, 17: Press.RELEASE, 255: Press.RELEASE,
}  # fmt: skip
"""Present value of a Multistate Input."""
MULTISTATE: Final[Presses] = {(None, MULTISTATE_INPUT, PRESENT_VALUE): MULTISTATE_PRESSES}
CLICK: Final[Mapping[object, Press]] = {0: Press.SINGLE, 1: Press.SINGLE}
"""On/Off of a button that knows no more: it says on or off, whichever."""
CLICKS: Final[Presses] = {
    (None, ON_OFF, 0x0000): {1: Press.SINGLE},
    (None, ON_OFF, 0x8000): {2: Press.DOUBLE, 3: Press.TRIPLE, 4: Press.QUADRUPLE},
}
"""The round button of 2016: pressed and released is 0 and 1; more clicks have an attribute of their own."""

_REMOTE: Final = Quirk(
    hidden=frozenset((NO_CELL_CLUSTER, (None, ON_OFF))),
    hidden_clients=frozenset(((None, ON_OFF), (None, 0x0008), (None, 0x0300), (None, 0x0005))),
    presses=MULTISTATE,
    tags=CELL,
    written=(EVENT_MODE,),
)
_OLD_REMOTE: Final = Quirk(
    hidden=_REMOTE.hidden,
    hidden_clients=_REMOTE.hidden_clients,
    presses={**MULTISTATE, (None, ON_OFF, 0x0000): CLICK},
    tags=CELL,
)
_ROUND: Final = Quirk(
    hidden=_REMOTE.hidden, hidden_clients=_REMOTE.hidden_clients, presses={**MULTISTATE, **CLICKS}, tags=CELL
)

# The cube: everything it can be made to do is a button.

_CUBE: Final = Quirk(
    hidden=frozenset((NO_CELL_CLUSTER, (None, ON_OFF))),
    presses={(2, MULTISTATE_INPUT, PRESENT_VALUE): {
        **dict.fromkeys((0, 1), Press.SINGLE),
        **dict.fromkeys(range(64, 192), Press.DOUBLE),
        **dict.fromkeys(range(256, 262), Press.HOLD_REPEAT),
        **dict.fromkeys(range(512, 518), Press.TRIPLE),
        **dict.fromkeys(range(1024, 1030), Press.QUADRUPLE),
    }},
    button_of={2: 1},
    tags=CELL,
)  # fmt: skip
"""Shaken or thrown is a single press, flipped a double, slid a repeat, tapped a triple; on another side (Pro) four."""

# Switches and plugs

_METER: Final[Meanings] = {(None, ANALOG_INPUT, PRESENT_VALUE): (POWER,)}


def _switch(*, relays: tuple[int, ...] = (1,), buttons: Mapping[int, int] | None = None, mode: bool = True) -> Quirk:
    """A wall switch: its relays, what they draw, and its buttons, which report on end points of their own."""
    return Quirk(
        hidden=frozenset(((None, MULTISTATE_INPUT),)),
        meanings=_METER,
        presses={(endpoint, MULTISTATE_INPUT, PRESENT_VALUE): MULTISTATE_PRESSES for endpoint in buttons or {}},
        button_of=buttons or {},
        tags=METERED,
        written=tuple(Written(one, OPPLE, 0x0009, DataType.UINT8, 1, CODE) for one in relays[:1]) if mode else (),
    )


_LEFT_RIGHT_BOTH: Final = {41: 1, 42: 2, 51: 3}
_THREE: Final = {41: 1, 42: 2, 43: 3, 51: 4, 52: 5, 53: 6, 61: 7}
_SINGLE_ROCKER: Final = _switch(buttons={41: 1})
_DOUBLE_ROCKER: Final = _switch(relays=(1, 2), buttons=_LEFT_RIGHT_BOTH)
_TRIPLE_ROCKER: Final = _switch(relays=(1, 2, 3), buttons=_THREE)

_OLD_ROCKER_PRESSES: Final[Mapping[object, Press]] = {0: Press.HOLD, 1: Press.SINGLE, 2: Press.DOUBLE}


def _old_rocker(buttons: Mapping[int, int]) -> Quirk:
    """Of 2016: the relays are at 2 and 3, and the buttons are On/Off servers of their own."""
    return Quirk(
        hidden=frozenset((endpoint, ON_OFF) for endpoint in buttons),
        presses={(endpoint, ON_OFF, 0x0000): _OLD_ROCKER_PRESSES for endpoint in buttons},
        button_of=buttons,
        meanings=_METER,
        tags=METERED,
    )


_PLUG: Final = Quirk(
    hidden=frozenset(((None, METERING), (None, ELECTRICAL), (None, MULTISTATE_INPUT), NO_CELL_CLUSTER)),
    meanings=_METER,
    tags=METERED,
    reads=((2, ANALOG_INPUT, PRESENT_VALUE, None),),
    one_device=True,
)
"""What it draws is an Analog Input's present value, and in the structure with voltage and energy."""
_PLUG_21: Final = Quirk(
    hidden=_PLUG.hidden,
    meanings=_METER,
    tags=METERED,
    reads=((21, ANALOG_INPUT, PRESENT_VALUE, None),),
    one_device=True,
)

# Curtains: their position is an Analog Output, open is 100.

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

_CONTACT: Final = Quirk(
    hidden=frozenset((NO_CELL_CLUSTER, (None, ON_OFF))),
    meanings={(1, ON_OFF, 0x0000): (OPEN,)},
    tags={**CELL, 100: OPEN},
)
"""Its On/Off says that the door is open."""
_ZONE: Final = Quirk(hidden=frozenset((NO_CELL_CLUSTER,)), tags=CELL)
_AIR: Final = Quirk(hidden=frozenset((NO_CELL_CLUSTER,)), tags=CLIMATE)

_MODELS: Final[Mapping[str, Quirk]] = {
    # Climate
    "lumi.sens": _AIR,
    "lumi.sensor_ht": _AIR,
    "lumi.weather": Quirk(hidden=_AIR.hidden, tags={**CLIMATE, 102: PRESSURE}),
    "lumi.sensor_ht.agl02": _AIR,
    "lumi.airmonitor.acn01": Quirk(
        hidden=frozenset((NO_CELL_CLUSTER, (None, ANALOG_INPUT))),
        meanings={(1, ANALOG_INPUT, PRESENT_VALUE): (Meaning(CONCENTRATION_MEASUREMENT, "voc", minimum=0),)},
        tags={**CLIMATE, 102: Meaning(CONCENTRATION_MEASUREMENT, "voc", minimum=0)},
        reads=((1, ANALOG_INPUT, PRESENT_VALUE, None),),
    ),
    # Light
    "lumi.sen_ill.mgl01": Quirk(hidden=frozenset((NO_CELL_CLUSTER,)), tags={**CELL, 100: LUX}),
    "lumi.sen_ill.agl01": Quirk(hidden=frozenset((NO_CELL_CLUSTER,)), tags={**CELL, 100: LUX}),
    # Motion and presence
    "lumi.sensor_motion": Quirk(hidden=frozenset((NO_CELL_CLUSTER,)), active_for_s=MOTION_S, tags=CELL),
    "lumi.sensor_motion.aq2": Quirk(
        hidden=frozenset((NO_CELL_CLUSTER, (None, IAS_ZONE))),
        active_for_s=MOTION_S,
        meanings={(1, ILLUMINANCE, 0x0000): (LUX,)},
        tags={**CELL, 11: LUX},
    ),
    "lumi.motion.agl02": _motion(101),
    "lumi.motion.ac02": _motion(101, 32.0),
    "lumi.motion.acn001": _motion(101),
    "lumi.motion.agl04": Quirk(hidden=frozenset((NO_CELL_CLUSTER,)), active_for_s=MOTION_S, tags=CELL),
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
    "lumi.flood.agl02": Quirk(hidden=_ZONE.hidden, tags={**CELL, 100: LEAK}),
    "lumi.flood.acn001": _ZONE,
    "lumi.sensor_smoke": Quirk(hidden=_ZONE.hidden, zone="smoke", tags=CELL),
    "lumi.sensor_natgas": Quirk(zone="gas"),
    "lumi.sensor_gas.acn02": Quirk(
        meanings={(1, OPPLE, 0x013A): (GAS,), (1, OPPLE, 0x0127): (TEST,)},
        tags={160: GAS, 162: TEST},
        reads=((1, OPPLE, 0x013A, CODE),),
    ),
    "lumi.sensor_smoke.acn03": Quirk(
        hidden=_ZONE.hidden,
        meanings={(1, OPPLE, 0x013A): (SMOKE,), (1, OPPLE, 0x0127): (TEST,)},
        tags={**CELL, 160: SMOKE, 162: TEST},
    ),
    "lumi.vibration.aq1": Quirk(
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
    # Remotes
    "lumi.sensor_switch": Quirk(hidden=_REMOTE.hidden, presses=CLICKS, tags=CELL),
    "lumi.sensor_switch.aq2": _ROUND,
    "lumi.remote.b1acn01": _ROUND,
    "lumi.sensor_switch.aq3": _OLD_REMOTE,
    "lumi.sensor_swit": _OLD_REMOTE,
    "lumi.sensor_86sw1": _OLD_REMOTE,
    "lumi.sensor_86sw2": _OLD_REMOTE,
    "lumi.sensor_86sw2.es1": _OLD_REMOTE,
    "lumi.remote.b186acn01": _OLD_REMOTE,
    "lumi.remote.b186acn02": _OLD_REMOTE,
    "lumi.remote.b286acn01": _OLD_REMOTE,
    "lumi.remote.b286acn02": _OLD_REMOTE,
    **dict.fromkeys(
        (
            "lumi.remote.b186acn03", "lumi.remote.b286acn03", "lumi.remote.b286opcn01", "lumi.remote.b486opcn01",
            "lumi.remote.b686opcn01", "lumi.remote.b18ac1", "lumi.remote.b28ac1", "lumi.remote.b1acn02",
            "lumi.remote.acn003", "lumi.remote.acn004", "lumi.remote.acn007", "lumi.remote.acn008",
            "lumi.remote.acn009", "lumi.remote.rkba01",
        ),
        _REMOTE,
    ),
    "lumi.sensor_cube": _CUBE,
    "lumi.sensor_cube.aqgl01": _CUBE,
    "lumi.remote.cagl02": _CUBE,
    # Plugs
    "lumi.plug": _PLUG,
    "lumi.plug.mitw01": _PLUG,
    "lumi.plug.maus01": _PLUG,
    "lumi.plug.aq1": _PLUG,
    "lumi.ctrl_86plug": _PLUG,
    "lumi.ctrl_86plug.aq1": _PLUG,
    "lumi.plug.mmeu01": _PLUG_21,
    "lumi.plug.maeu01": _PLUG_21,
    "lumi.plug.macn01": _PLUG_21,
    "lumi.plug.sacn02": _PLUG_21,
    "lumi.relay.c2acn01": Quirk(hidden=_PLUG.hidden, meanings=_METER, tags=METERED),
    "lumi.switch.n0agl1": _PLUG_21,
    "lumi.switch.n0acn2": _PLUG_21,
    # Wall switches
    "lumi.ctrl_neutral1": _old_rocker({4: 1}),
    "lumi.ctrl_neutral2": _old_rocker({4: 1, 5: 2, 6: 3}),
    "lumi.ctrl_ln1": _switch(buttons={5: 1}, mode=False),
    "lumi.ctrl_ln1.aq1": _switch(buttons={5: 1}, mode=False),
    "lumi.ctrl_ln2": _switch(buttons={5: 1, 6: 2, 7: 3}, mode=False),
    "lumi.ctrl_ln2.aq1": _switch(buttons={5: 1, 6: 2, 7: 3}, mode=False),
    "lumi.switch.b1lacn02": _old_rocker({4: 1}),
    "lumi.switch.b2lacn02": _old_rocker({4: 1, 5: 2, 6: 3}),
    **dict.fromkeys(
        (
            "lumi.switch.b1laus01", "lumi.switch.b1naus01", "lumi.switch.l1acn1", "lumi.switch.n1acn1",
            "lumi.switch.l1aeu1", "lumi.switch.n1aeu1", "lumi.switch.b1nacn02", "lumi.switch.b1lacn01",
            "lumi.switch.b1nacn01", "lumi.switch.b1lc04", "lumi.switch.b1nc01", "lumi.switch.acn029",
        ),
        _SINGLE_ROCKER,
    ),
    **dict.fromkeys(
        (
            "lumi.switch.b2laus01", "lumi.switch.b2naus01", "lumi.switch.l2acn1", "lumi.switch.n2acn1",
            "lumi.switch.l2aeu1", "lumi.switch.n2aeu1", "lumi.switch.b2nacn02", "lumi.switch.b2lacn01",
            "lumi.switch.b2nacn01", "lumi.switch.b2lc04", "lumi.switch.b2nc01", "lumi.switch.acn030",
        ),
        _DOUBLE_ROCKER,
    ),
    **dict.fromkeys(
        (
            "lumi.switch.l3acn1", "lumi.switch.n3acn1", "lumi.switch.l3acn3", "lumi.switch.n3acn3", "lumi.switch.b3l01",
            "lumi.switch.b3n01", "lumi.switch.acn040", "lumi.switch.acn031",
        ),
        _TRIPLE_ROCKER,
    ),
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
}  # fmt: skip

OTHERS: Final = Quirk(tags=CELL)
"""Of a model that is not listed: as the standard has it, and the battery in the structure, if it has one."""

MODELS: Final = {(maker, model): quirk for maker in MAKERS for model, quirk in _MODELS.items()}
