"""Tuya, whose factories build what a hundred brands sell: remotes, plugs, and devices that speak in data points.

The manufacturer is the factory, and the model the kind of board: `TS0601` is everything with data points. What the
points of a factory's device are: the MIT zigbee-herdsman-converters, and zha-device-handlers (Apache-2.0).
"""

from collections.abc import Mapping
from typing import Final

from drivers.zigbee.capabilities.quirks.quirk import DataPoint, Key, Meaning, Parameter, Quirk, Written
from drivers.zigbee.zcl.clusters.tuya import PointType
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.boolean_state import BOOLEAN_STATE
from hubagent.model.capabilities.concentration_measurement import CONCENTRATION_MEASUREMENT
from hubagent.model.capabilities.electrical_energy_measurement import ELECTRICAL_ENERGY_MEASUREMENT
from hubagent.model.capabilities.electrical_power_measurement import ELECTRICAL_POWER_MEASUREMENT
from hubagent.model.capabilities.illuminance_measurement import ILLUMINANCE_MEASUREMENT
from hubagent.model.capabilities.level_control import LEVEL_CONTROL
from hubagent.model.capabilities.occupancy_sensing import OCCUPANCY_SENSING
from hubagent.model.capabilities.on_off import ON_OFF
from hubagent.model.capabilities.power_source import POWER_SOURCE
from hubagent.model.capabilities.relative_humidity_measurement import RELATIVE_HUMIDITY_MEASUREMENT
from hubagent.model.capabilities.smoke_co_alarm import SMOKE_CO_ALARM
from hubagent.model.capabilities.soil_measurement import SOIL_MEASUREMENT
from hubagent.model.capabilities.temperature_measurement import TEMPERATURE_MEASUREMENT
from hubagent.model.capabilities.thermostat import THERMOSTAT
from hubagent.model.capabilities.window_covering import WINDOW_COVERING
from hubagent.model.capability import Capability, Value

_Points = Mapping[int, DataPoint]


def _says(capability: Capability, attribute: str, factor: float = 1) -> DataPoint:
    return DataPoint((Meaning(capability, attribute, factor),))


def _means(capability: Capability, attribute: str, values: Mapping[object, Value]) -> DataPoint:
    return DataPoint((Meaning(capability, attribute, values=values),))


def _takes(kind: PointType, capability: Capability, attribute: str, factor: float = 1, offset: float = 0) -> DataPoint:
    return DataPoint((Meaning(capability, attribute, factor, offset),), kind)


def _is(kind: PointType, capability: Capability, attribute: str, values: Mapping[object, Value]) -> DataPoint:
    return DataPoint((Meaning(capability, attribute, values=values),), kind)


def _temperature(steps: int) -> DataPoint:
    """So many `steps` a degree. Some count below zero in 16 bits, from 0xFFFF downwards, which they put into the 32 of
    a number."""

    def read(raw: object) -> Value:
        if not isinstance(raw, int):
            return None
        return round((raw - 0xFFFF if 0x8000 <= raw <= 0xFFFF else raw) / steps, 1)

    return DataPoint((Meaning(TEMPERATURE_MEASUREMENT, "temperature", read=read),))


# Points as they come again and again

TEMPERATURE_10: Final = _temperature(10)
HUMIDITY: Final = _says(RELATIVE_HUMIDITY_MEASUREMENT, "humidity")
HUMIDITY_10: Final = _says(RELATIVE_HUMIDITY_MEASUREMENT, "humidity", 0.1)
LUX: Final = _says(ILLUMINANCE_MEASUREMENT, "illuminance")
BATTERY: Final = _says(POWER_SOURCE, "battery")
BATTERY_STATE: Final = DataPoint((
    Meaning(POWER_SOURCE, "battery_low", values={0: True, 1: False, 2: False}),
))  # fmt: skip
"""Low, middle, high."""
BATTERY_LOW: Final = _means(POWER_SOURCE, "battery_low", {0: False, 1: True})
BATTERY_EMPTY: Final = DataPoint((
    Meaning(POWER_SOURCE, "battery_low", read=lambda left: left == 0 if type(left) is int else None),
))  # fmt: skip
"""It counts per cent, of which no more is known to be true than that 0 is low (zigbee-herdsman-converters, TV02)."""
TAMPER: Final = _means(BOOLEAN_STATE, "tamper", {0: False, 1: True})
_FIRST_IS_TRUE: Final[Mapping[object, Value]] = {0: True, 1: False}
_SECOND_IS_TRUE: Final[Mapping[object, Value]] = {0: False, 1: True}
OCCUPIED: Final = _means(OCCUPANCY_SENSING, "occupied", _SECOND_IS_TRUE)
OCCUPIED_BY_ALARM: Final = _means(OCCUPANCY_SENSING, "occupied", _FIRST_IS_TRUE)
"""An enumeration of alarm and normal."""
OCCUPIED_SOMEHOW: Final = _means(OCCUPANCY_SENSING, "occupied", {0: False, **dict.fromkeys(range(1, 6), True)})
"""None, and the ways in which somebody is there."""
SWITCH: Final = _is(PointType.BOOLEAN, ON_OFF, "on", _SECOND_IS_TRUE)
SETPOINT_10: Final = _takes(PointType.NUMBER, THERMOSTAT, "heating_setpoint", 0.1)
SETPOINT: Final = _takes(PointType.NUMBER, THERMOSTAT, "heating_setpoint")
HEATS_OR_OFF: Final = _is(PointType.BOOLEAN, THERMOSTAT, "mode", {0: "off", 1: "heat"})

# Climate

CLIMATE: Final[_Points] = {1: TEMPERATURE_10, 2: HUMIDITY, 3: BATTERY_STATE, 4: BATTERY}
CLIMATE_10: Final[_Points] = {**CLIMATE, 2: HUMIDITY_10}
SOIL: Final[_Points] = {
    3: _says(SOIL_MEASUREMENT, "soil_moisture"),
    5: _temperature(1),
    14: BATTERY_STATE,
    15: BATTERY,
}
AIR_BOX: Final[_Points] = {
    2: _says(CONCENTRATION_MEASUREMENT, "co2"),
    18: TEMPERATURE_10,
    19: HUMIDITY_10,
    21: _says(CONCENTRATION_MEASUREMENT, "voc"),
}
AIR_KEEPER: Final[_Points] = {
    2: DataPoint((Meaning(CONCENTRATION_MEASUREMENT, "pm2_5", minimum=0, maximum=1000),)),
    18: TEMPERATURE_10,
    19: HUMIDITY_10,
    21: _says(CONCENTRATION_MEASUREMENT, "voc"),
    22: _says(CONCENTRATION_MEASUREMENT, "co2"),
}

# Presence, contacts, alarms

RADAR: Final[_Points] = {1: OCCUPIED, 104: LUX}
RADAR_MINI: Final[_Points] = {105: OCCUPIED, 104: LUX}
RADAR_24G: Final[_Points] = {1: OCCUPIED, 106: LUX, 121: BATTERY}
RADAR_MOES: Final[_Points] = {104: OCCUPIED, 103: LUX}
RADAR_58G: Final[_Points] = {1: OCCUPIED_SOMEHOW, 102: LUX}
MOTION: Final[_Points] = {1: OCCUPIED_BY_ALARM, 4: BATTERY, 12: LUX, 101: LUX}
CONTACT: Final[_Points] = {1: _means(BOOLEAN_STATE, "open", _SECOND_IS_TRUE), 2: BATTERY, 101: LUX}
VIBRATION: Final[_Points] = {
    1: _means(BOOLEAN_STATE, "open", _SECOND_IS_TRUE),
    3: BATTERY,
    10: _means(BOOLEAN_STATE, "vibration", _SECOND_IS_TRUE),
}
SMOKE: Final[_Points] = {
    1: _means(SMOKE_CO_ALARM, "smoke", _FIRST_IS_TRUE),
    4: TAMPER,
    14: BATTERY_STATE,
    15: BATTERY,
}
GAS: Final[_Points] = {1: _means(SMOKE_CO_ALARM, "gas", _FIRST_IS_TRUE)}

# Radiator valves and wall thermostats

VALVE_MOES: Final[_Points] = {
    2: SETPOINT_10,
    3: TEMPERATURE_10,
    4: _is(PointType.ENUM, THERMOSTAT, "mode", {1: "auto", 2: "heat", 0: "away", **dict.fromkeys(range(3, 7), "heat")}),
    109: DataPoint((Meaning(THERMOSTAT, "running", read=lambda percent: "heating" if percent else "idle"),)),
    21: BATTERY,
    110: BATTERY_LOW,
}
"""The one sold by Moes, Tuya and others since 2020: away, by schedule, by hand; from 3 on comfort, economy, boost and
mixed, which follow no schedule either."""
VALVE_ME167: Final[_Points] = {
    2: _is(PointType.ENUM, THERMOSTAT, "mode", {0: "auto", 1: "heat", 2: "off"}),
    3: _means(THERMOSTAT, "running", {0: "heating", 1: "idle"}),
    4: SETPOINT_10,
    5: TEMPERATURE_10,
}
VALVE_TRV602: Final[_Points] = {
    2: SETPOINT_10,
    3: TEMPERATURE_10,
    6: _means(THERMOSTAT, "running", {0: "idle", 1: "heating"}),
    13: BATTERY,
}
VALVE_TV02: Final[_Points] = {16: SETPOINT_10, 24: TEMPERATURE_10, 35: BATTERY_EMPTY}
WALL_BHT: Final[_Points] = {
    1: HEATS_OR_OFF,
    16: SETPOINT,
    24: TEMPERATURE_10,
    36: _means(THERMOSTAT, "running", {0: "heating", 1: "idle"}),
}
"""Moes BHT-002 and its like, for floors and boilers: whole degrees in one, tenths in the other."""
WALL_BHT_10: Final[_Points] = {**WALL_BHT, 16: SETPOINT_10}
WALL_ZWT: Final[_Points] = {1: HEATS_OR_OFF, 2: SETPOINT_10, 3: TEMPERATURE_10}
WALL_BEOK: Final[_Points] = {**WALL_ZWT, 101: _means(THERMOSTAT, "running", {0: "idle", 1: "heating"})}

# Curtains: how far they are open, in per cent; 1 is open, stop, close.


def _curtain(stop: int = 1, *, closed: bool = False) -> _Points:
    """`closed`: of those that count how far they are closed."""
    position = (-1, 100) if closed else (1, 0)
    return {
        1: _is(PointType.ENUM, WINDOW_COVERING, "stop", {stop: True}),
        2: _takes(PointType.NUMBER, WINDOW_COVERING, "position", *position),
        3: DataPoint((Meaning(WINDOW_COVERING, "position", *position),)),
    }


# Dimmers, switches, meters

DIMMER: Final[_Points] = {1: SWITCH, 2: _takes(PointType.NUMBER, LEVEL_CONTROL, "level", 0.1)}
METER: Final[_Points] = {
    1: _says(ELECTRICAL_ENERGY_MEASUREMENT, "energy", 0.01),
    16: SWITCH,
    102: _says(ELECTRICAL_ENERGY_MEASUREMENT, "energy_exported", 0.01),
    103: _says(ELECTRICAL_POWER_MEASUREMENT, "power"),
    105: _says(ELECTRICAL_POWER_MEASUREMENT, "frequency", 0.01),
}

_FACTORIES: Final[tuple[tuple[_Points, tuple[str, ...]], ...]] = (
    (CLIMATE, (
        "_TZE200_yjjdcqsq", "_TZE204_yjjdcqsq", "_TZE284_yjjdcqsq", "_TZE200_9yapgbuv", "_TZE204_9yapgbuv",
        "_TZE284_9yapgbuv", "_TZE200_cirvgep4", "_TZE204_cirvgep4", "_TZE200_upagmta9", "_TZE204_upagmta9",
        "_TZE284_upagmta9", "_TZE200_utkemkbs", "_TZE204_utkemkbs", "_TZE284_utkemkbs", "_TZE204_ksz749x8",
        "_TZE284_ksz749x8", "_TZE204_d7lpruvi", "_TZE284_d7lpruvi", "_TZE284_hdyjyqjm", "_TZE200_bq5c8xfe",
        "_TZE200_qyflbnbj", "_TZE204_qyflbnbj", "_TZE284_qyflbnbj", "_TZE200_44af8vyi",
    )),
    (CLIMATE_10, ("_TZE200_bjawzodf", "_TZE200_zl1kmjqx")),
    (SOIL, (
        "_TZE200_myd45weu", "_TZE204_myd45weu", "_TZE284_myd45weu", "_TZE200_ga1maeof", "_TZE200_2se8efxh",
        "_TZE284_oitavov2", "_TZE200_9cqcpkgb", "_TZE284_2nhqasjh",
    )),
    (AIR_BOX, ("_TZE200_8ygsuhe1", "_TZE200_yvx5lh6k", "_TZE204_yvx5lh6k", "_TZE200_c2fmom5z", "_TZE204_c2fmom5z",
               "_TZE200_ogkdpgy2", "_TZE200_3ejwxpmu", "_TZE204_3ejwxpmu")),
    (AIR_KEEPER, ("_TZE200_dwcarsat", "_TZE204_dwcarsat")),
    (RADAR, (
        "_TZE200_ztc6ggyl", "_TZE204_ztc6ggyl", "_TZE200_ikvncluo", "_TZE200_lyetpprm", "_TZE200_jva8ink8",
        "_TZE200_holel4dk", "_TZE200_xpq2rzhq", "_TZE204_xpq2rzhq", "_TZE200_wukb7rhc", "_TZE204_xsm7l9xa",
        "_TZE200_sgpeacqp", "_TZE204_fwondbzy", "_TZE204_qasjif9e", "_TZE200_qasjif9e", "_TZE204_ztqnh5cg",
    )),
    (RADAR_MINI, ("_TZE204_sxm7l9xa", "_TZE204_e5m9c5hl")),
    (RADAR_24G, ("_TZE200_2aaelwxk", "_TZE200_crq3r3la", "_TZE200_kb5noeto", "_TZE200_tyffvoij")),
    (RADAR_MOES, ("_TZE204_7gclukjs",)),
    (RADAR_58G, ("_TZE204_dapwryy7",)),
    (MOTION, (
        "_TZE200_3towulqd", "_TZE200_1ibpyhdc", "_TZE200_bh3n6gk8", "_TZE200_ttcovulf", "_TZE200_gjldowol",
        "_TZE200_s6hzw8g2",
    )),
    (CONTACT, ("_TZE200_pay2byax", "_TZE200_ijey4q29", "_TZE200_ykglasuj")),
    (VIBRATION, ("_TZE200_kzm5w4iz",)),
    (SMOKE, ("_TZE200_ntcy3xu1", "_TZE200_m9skfctm", "_TZE200_rccxox8p", "_TZE284_rccxox8p")),
    (GAS, ("_TZE200_ggev5fsl", "_TZE200_u319yc66", "_TZE200_kvpwq8z7", "_TZE200_mby4kbtq", "_TZE204_mby4kbtq")),
    (VALVE_MOES, (
        "_TZE200_ckud7u2l", "_TZE200_ywdxldoj", "_TZE200_do5qy8zo", "_TZE200_cwnjrr72", "_TZE200_pvvbommb",
        "_TZE200_9sfg7gm0", "_TZE200_2atgpdho", "_TZE200_cpmgn2cf", "_TZE200_8thwkzxl", "_TZE200_4eeyebrt",
        "_TZE200_8whxpsiw", "_TZE200_xby0s3ta", "_TZE200_7fqkphoq",
    )),
    (VALVE_ME167, (
        "_TZE200_bvu2wnxz", "_TZE200_6rdj8dzm", "_TZE200_9xfjixap", "_TZE200_jkfbph7l", "_TZE200_rxntag7i",
        "_TZE200_yqgbrdyo", "_TZE200_rxq4iti9", "_TZE284_p3dbf6qs", "_TZE284_ogx8u5z6", "_TZE204_ogx8u5z6",
        "_TZE284_o3x45p96", "_TZE284_c6wv4xyo", "_TZE200_4utwozi2",
    )),
    (VALVE_TRV602, ("_TZE200_a4bpgplm", "_TZE200_dv8abrrz", "_TZE200_z1tyspqw", "_TZE200_bvrlmajk")),
    (VALVE_TV02, (
        "_TZE200_hue3yfsn", "_TZE200_e9ba97vf", "_TZE200_husqqvux", "_TZE200_lnbfnyxd", "_TZE200_lllliz3p",
        "_TZE200_mudxchsu", "_TZE200_7yoranx2", "_TZE200_kds0pmmv", "_TZE200_py4cm3he", "_TZE200_sur6q7ko",
    )),
    (WALL_BHT, ("_TZE200_aoclfnxz", "_TZE204_aoclfnxz", "_TZE200_u9bfwha0", "_TZE204_u9bfwha0")),
    (WALL_BHT_10, ("_TZE200_5toc8efa", "_TZE204_5toc8efa")),
    (WALL_ZWT, ("_TZE200_viy9ihs7", "_TZE204_xnbkhhdr", "_TZE284_xnbkhhdr", "_TZE204_lzriup1j", "_TZE204_gops3slb")),
    (WALL_BEOK, ("_TZE204_mwomyz5n", "_TZE204_cvub6xbb", "_TZE284_cvub6xbb")),
    (_curtain(), (
        "_TZE200_5zbp6j0u", "_TZE200_nkoabg8w", "_TZE200_4vobcgd3", "_TZE200_pk0sfzvr", "_TZE200_fdtjuw7u",
        "_TZE200_zpzndjez", "_TZE200_cowvfni3", "_TZE200_nueqqe6k", "_TZE200_bqcqqjpb", "_TZE200_feolm6rk",
        "_TZE200_3i3exuay", "_TZE200_tvrvdj6o", "_TZE200_b2u1drdv", "_TZE200_ol5jlkkr", "_TZE204_guvc7pdy",
        "_TZE200_zxxfv8wi", "_TZE200_1fuxihti", "_TZE204_1fuxihti", "_TZE200_udank5zs", "_TZE200_nv6nxo0c",
    )),
    (_curtain(0), ("_TZE200_rddyvrci",)),
    (_curtain(closed=True), (
        "_TZE200_wmcdj3aq", "_TZE200_nogaemzt", "_TZE200_xuzcvlku", "_TZE200_xaabybja", "_TZE200_rmymn92d",
        "_TZE200_gubdgai2", "_TZE200_r0jdjrvi",
    )),
    (DIMMER, (
        "_TZE200_dfxkcots", "_TZE200_ip2akl4w", "_TZE200_1agwnems", "_TZE200_la2c2uo9", "_TZE200_579lguh2",
        "_TZE200_vucankjx", "_TZE200_4mh6tyyo", "_TZE204_hlx9tnzb", "_TZE204_9qhuzgo0", "_TZE200_9cxuhakf",
        "_TZE200_a0syesf5", "_TZE200_3p5ydos3", "_TZE200_swaamsoy", "_TZE200_ojzhk75b", "_TZE200_w4cryh2i",
        "_TZE200_9i9dt8is", "_TZE200_ctq0k47x", "_TZE200_ebwgzdqq", "_TZE200_0nauxa0p", "_TZE200_ykgar0ow",
    )),
    (METER, ("_TZE200_bkkmqmyo", "_TZE200_eaac7dkw", "_TZE204_bkkmqmyo")),
)  # fmt: skip

# Remotes: what is pressed is one command on the end point of the button (`maker_buttons`); TS0041 to TS0046 need no
# more than that.

_ON_OFF, _COVERING, _METERING, _ELECTRICAL = 0x0006, 0x0102, 0x0702, 0x0B04
_EVENTS: Final = Written(1, _ON_OFF, 0x8004, DataType.ENUM8, 1)
"""Of a remote that can also command lamps by itself: say what is pressed."""
_REMOTE_WITH_MODES: Final = Quirk(written=(_EVENTS,))
_SOS: Final = Quirk(keys={"emergency": Key(1)})
_KEY_FOB: Final = Quirk(
    keys={"disarm": Key(1), "arm_home": Key(2), "arm_night": Key(2), "arm_away": Key(3), "emergency": Key(4)}
)

# Plugs and relays: they count as they always do, and leave out by what, or say it wrongly.

_CURRENT_DIVISOR: Final = (_ELECTRICAL, 0x0603)
_SCALES: Final = {
    (_METERING, 0x0301): 1,
    (_METERING, 0x0302): 100,
    (_ELECTRICAL, 0x0602): 1,
    _CURRENT_DIVISOR: 1000,
}
"""Hundredths of a kWh, mA. Of V and W it is true what they say, which is nothing of most."""
_ALL_SCALES: Final = {
    **_SCALES,
    (_ELECTRICAL, 0x0604): 1,
    (_ELECTRICAL, 0x0605): 1,
    (_ELECTRICAL, 0x0600): 1,
    (_ELECTRICAL, 0x0601): 1,
}
_POWER_ON: Final = {101: Parameter(_ON_OFF, 0x8002, DataType.ENUM8)}
"""parameter_101: what it does when power comes back: 0 off, 1 on, 2 as before."""
_PLUG: Final = Quirk(facts=_SCALES, parameters=_POWER_ON)
_OLD_PLUG: Final = Quirk(facts=_ALL_SCALES, parameters=_POWER_ON)
_PLUG_2000: Final = Quirk(facts={**_SCALES, _CURRENT_DIVISOR: 2000}, parameters=_POWER_ON)
_PLUG_THAT_KNOWS: Final = Quirk(parameters=_POWER_ON)
"""Its scales are others, and it says which."""
_PLUGS_THAT_KNOW: Final = (
    "_TZ3008_tary5dvv", "_TZ3210_iooniers", "_TZ3008_iooniers", "_TZ3008_xvfd3nkp", "_TZ3008_qziabvzj",
)  # fmt: skip
VIBRATION_S: Final = 90.0
"""How long a knock counts that never ends by its sensor's word."""
MOTION_S: Final = 90.0

MODELS: Final = {
    **{(factory, "TS0601"): Quirk(datapoints=points) for points, factories in _FACTORIES for factory in factories},
    ("", "TS004F"): _REMOTE_WITH_MODES,
    ("", "TS0215A"): _KEY_FOB,
    **dict.fromkeys(
        (
            (factory, "TS0215A")
            for factory in (
                "_TZ3000_4fsgukof", "_TZ3000_wr2ucaj9", "_TZ3000_zsh6uat3", "_TZ3000_tj4pwzzm", "_TZ3000_2izubafb",
                "_TZ3000_pkfazisv",
            )
        ),
        _SOS,
    ),
    ("", "TS0218"): _SOS,
    **dict.fromkeys(((factory, "TS011F") for factory in _PLUGS_THAT_KNOW), _PLUG_THAT_KNOWS),
    ("_TZ3000_typdpbpg", "TS011F"): _PLUG_2000,
    ("", "TS0121"): _OLD_PLUG,
    **dict.fromkeys(
        (("", model) for model in ("TS011F", "TS0001", "TS0002", "TS0003", "TS0004", "TS000F")), _PLUG
    ),
    ("", "TS130F"): Quirk(inverted=True),
    ("", "TS0210"): Quirk(zone="vibration", active_for_s=VIBRATION_S),
    ("", "TS0204"): Quirk(zone="gas"),
    ("", "SM0212"): Quirk(zone="gas"),
    **dict.fromkeys(
        (("_TYZB01_jytabjkb", "TS0202"), ("_TZ3000_lltemgsf", "TS0202"), ("_TYZB01_5nr7ncpl", "TS0202"),
         ("_TZ3000_mg4dy6z6", "TS0202"), ("", "SM0202")),
        Quirk(active_for_s=MOTION_S),
    ),
}  # fmt: skip
