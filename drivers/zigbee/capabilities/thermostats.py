"""Thermostat and Fan Control (ZCL8 §6.3, §6.4). Setpoints and temperatures are hundredths of a degree Celsius."""

from collections.abc import Mapping
from typing import Any, Final

from drivers.zigbee.capabilities.translation import (
    Place,
    Plan,
    Reading,
    Reporting,
    Said,
    Translation,
    close_to,
    read,
    read_one,
    write,
)
from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.clusters import fan_control, thermostat
from drivers.zigbee.zcl.clusters.fan_control import FAN_CONTROL as FAN_CLUSTER
from drivers.zigbee.zcl.clusters.thermostat import THERMOSTAT as THERMOSTAT_CLUSTER
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.fan_control import FAN_CONTROL, SetFanMode
from hubagent.model.capabilities.temperature_measurement import TEMPERATURE_MEASUREMENT
from hubagent.model.capabilities.thermostat import (
    THERMOSTAT,
    SetCoolingSetpoint,
    SetHeatingSetpoint,
    SetThermostatMode,
)
from hubagent.model.capability import Capability, Value


def _of(name: str) -> int:
    return THERMOSTAT_CLUSTER.named(name).id


LOCAL_TEMPERATURE: Final = _of("local_temperature")
DEMAND: Final = _of("pi_heating_demand")
COOLING: Final = _of("occupied_cooling_setpoint")
HEATING: Final = _of("occupied_heating_setpoint")
SEQUENCE: Final = _of("control_sequence_of_operation")
SYSTEM_MODE: Final = _of("system_mode")
RUNNING_MODE: Final = _of("thermostat_running_mode")
RUNNING_STATE: Final = _of("thermostat_running_state")
LIMITS: Final[Mapping[int, tuple[int, int]]] = {
    HEATING: (_of("min_heat_setpoint_limit"), _of("max_heat_setpoint_limit")),
    COOLING: (_of("min_cool_setpoint_limit"), _of("max_cool_setpoint_limit")),
}
ABSOLUTE_LIMITS: Final[Mapping[int, tuple[int, int]]] = {
    HEATING: (_of("abs_min_heat_setpoint_limit"), _of("abs_max_heat_setpoint_limit")),
    COOLING: (_of("abs_min_cool_setpoint_limit"), _of("abs_max_cool_setpoint_limit")),
}
HUNDREDTHS: Final = 100

MODES: Final[Mapping[int, str]] = {
    0x00: "off",
    0x01: "auto",
    0x03: "cool",
    0x04: "heat",
    0x05: "emergency_heat",
    0x06: "cool",
    0x07: "fan_only",
    0x08: "dry",
}
"""System modes (ZCL8 §6.3.2.2.2.19); precooling is cooling, sleep has no word with us."""
NUMBERS: Final[Mapping[str, int]] = {
    "off": 0x00, "auto": 0x01, "cool": 0x03, "heat": 0x04, "emergency_heat": 0x05, "fan_only": 0x07, "dry": 0x08,
}  # fmt: skip
COOLS_ONLY: Final = frozenset((0x00, 0x01))
HEATS_ONLY: Final = frozenset((0x02, 0x03))
"""Control sequences of operation (ZCL8 §6.3.2.2.2.18), each without and with reheating."""

HEAT_BITS: Final = 0x0001 | 0x0008
COOL_BITS: Final = 0x0002 | 0x0010
FAN_BITS: Final = 0x0004 | 0x0020 | 0x0040
"""Of the running state (ZCL8 §6.3.2.2.3.7): first and second stage, and a fan's three speeds."""
RUNNING_MODES: Final[Mapping[int, str]] = {0x00: "idle", 0x03: "cooling", 0x04: "heating"}

FAN_MODES: Final[Mapping[int, str]] = {0: "off", 1: "low", 2: "medium", 3: "high", 4: "on", 5: "auto", 6: "auto"}
"""ZCL8 §6.4.2.2.1; 6 is "smart"."""
FAN_NUMBERS: Final[Mapping[str, int]] = {"off": 0, "low": 1, "medium": 2, "high": 3, "on": 4, "auto": 5}
FAN_SEQUENCES: Final[Mapping[int, frozenset[str]]] = {
    0: frozenset(("off", "low", "medium", "high", "on")),
    1: frozenset(("off", "low", "high", "on")),
    2: frozenset(("off", "low", "medium", "high", "auto", "on")),
    3: frozenset(("off", "low", "high", "auto", "on")),
    4: frozenset(("off", "on", "auto")),
}
"""Fan mode sequences (ZCL8 §6.4.2.2.2)."""
FAN_MODE: Final = FAN_CLUSTER.named("fan_mode").id
FAN_SEQUENCE: Final = FAN_CLUSTER.named("fan_mode_sequence").id


# Reading


def _local_temperature(value: Any, _place: Place) -> list[Said]:
    degrees = None if value is None else round(value / HUNDREDTHS, 2)
    return [Reading(TEMPERATURE_MEASUREMENT.name, {"temperature": degrees})]


def _setpoint(name: str, value: Any) -> list[Said]:
    degrees = round(value / HUNDREDTHS, 2) if value is not None and -5000 <= value <= 10000 else None
    return [Reading(THERMOSTAT.name, {name: degrees})]


def _heating(value: Any, _place: Place) -> list[Said]:
    return _setpoint("heating_setpoint", value)


def _cooling(value: Any, _place: Place) -> list[Said]:
    return _setpoint("cooling_setpoint", value)


def _mode(value: Any, _place: Place) -> list[Said]:
    return read_one(THERMOSTAT, mode=MODES.get(value))


def _running_state(value: Any, _place: Place) -> list[Said]:
    return read_one(THERMOSTAT, running=None if value is None else running_of(value))


def running_of(state: int) -> str:
    if state & HEAT_BITS:
        return "heating"
    if state & COOL_BITS:
        return "cooling"
    return "fan" if state & FAN_BITS else "idle"


def _says_state(place: Place) -> bool:
    return place.attribute(thermostat.CLUSTER_ID, RUNNING_STATE) is not None


def _running_mode(value: Any, place: Place) -> list[Said]:
    return [] if _says_state(place) else read_one(THERMOSTAT, running=RUNNING_MODES.get(value))


def _demand(value: Any, place: Place) -> list[Said]:
    """A valve that says neither what it does nor its mode says how far it is open."""
    if _says_state(place) or place.attribute(thermostat.CLUSTER_ID, RUNNING_MODE) is not None:
        return []
    running: Value = None if value is None else "heating" if value > 0 else "idle"
    return read_one(THERMOSTAT, running=running)


# Telling


def sequence_of(place: Place) -> int | None:
    known = place.attribute(thermostat.CLUSTER_ID, SEQUENCE)
    return int(known) if known is not None else None


def _set_mode(wish: SetThermostatMode, place: Place) -> Plan | None:
    number, sequence = NUMBERS.get(wish.mode), sequence_of(place)
    if (
        number is None
        or (wish.mode == "cool" and sequence in HEATS_ONLY)
        or (wish.mode == "heat" and sequence in COOLS_ONLY)
    ):
        return None
    value = AttributeValue(SYSTEM_MODE, DataType.ENUM8, number)
    return Plan((write(place, thermostat.CLUSTER_ID, value),), (read(place, thermostat.CLUSTER_ID, SYSTEM_MODE),))


def _limits(attribute: int, place: Place) -> tuple[float, float]:
    """In hundredths; without limits where it has told none that make sense."""
    for pair in (LIMITS[attribute], ABSOLUTE_LIMITS[attribute]):
        low, high = (place.attribute(thermostat.CLUSTER_ID, one) for one in pair)
        if isinstance(low, int) and isinstance(high, int) and low < high:
            return low, high
    return float("-inf"), float("inf")


def _set_setpoint(attribute: int, name: str, degrees: float, place: Place) -> Plan | None:
    low, high = _limits(attribute, place)
    raw = round(degrees * HUNDREDTHS)
    if not low <= raw <= high:
        return None
    return Plan(
        (write(place, thermostat.CLUSTER_ID, AttributeValue(attribute, DataType.INT16, raw)),),
        (read(place, thermostat.CLUSTER_ID, attribute),),
        # Many know half degrees only.
        confirms=close_to({name: degrees}, 0.25),
    )


def _set_heating(wish: SetHeatingSetpoint, place: Place) -> Plan | None:
    if sequence_of(place) in COOLS_ONLY:
        return None
    return _set_setpoint(HEATING, "heating_setpoint", wish.heating_setpoint, place)


def _set_cooling(wish: SetCoolingSetpoint, place: Place) -> Plan | None:
    if sequence_of(place) in HEATS_ONLY:
        return None
    return _set_setpoint(COOLING, "cooling_setpoint", wish.cooling_setpoint, place)


# Fans


def _fan(value: Any, _place: Place) -> list[Said]:
    return read_one(FAN_CONTROL, fan_mode=FAN_MODES.get(value))


def _set_fan(wish: SetFanMode, place: Place) -> Plan | None:
    sequence = place.attribute(fan_control.CLUSTER_ID, FAN_SEQUENCE)
    offered = None if sequence is None else FAN_SEQUENCES.get(sequence)
    if offered is not None and wish.fan_mode not in offered:
        return None
    value = AttributeValue(FAN_MODE, DataType.ENUM8, FAN_NUMBERS[wish.fan_mode])
    return Plan((write(place, fan_control.CLUSTER_ID, value),), (read(place, fan_control.CLUSTER_ID, FAN_MODE),))


# What is read and reported


def _state(place: Place) -> tuple[int, ...]:
    wanted = [LOCAL_TEMPERATURE, SYSTEM_MODE]
    sequence = sequence_of(place)
    if sequence not in COOLS_ONLY:
        wanted.append(HEATING)
    if sequence not in HEATS_ONLY:
        wanted.append(COOLING)
    # Optional ones: only those that it answered for in the interview.
    wanted += [
        one for one in (RUNNING_STATE, RUNNING_MODE, DEMAND) if place.attribute(thermostat.CLUSTER_ID, one) is not None
    ]
    return tuple(wanted)


_CHANGES: Final[Mapping[int, int]] = {
    LOCAL_TEMPERATURE: 10, HEATING: 10, COOLING: 10, SYSTEM_MODE: 0, RUNNING_STATE: 0, RUNNING_MODE: 0, DEMAND: 10,
}  # fmt: skip


def _reporting(place: Place) -> tuple[Reporting, ...]:
    return tuple(
        Reporting(one, 10 if one in {LOCAL_TEMPERATURE, DEMAND} else 0, 3600, _CHANGES[one]) for one in _state(place)
    )


def _offers(_place: Place) -> tuple[Capability, ...]:
    return (THERMOSTAT, TEMPERATURE_MEASUREMENT)


THERMOSTATS = (
    Translation(
        thermostat.CLUSTER_ID,
        _offers,
        readers={
            LOCAL_TEMPERATURE: _local_temperature,
            HEATING: _heating,
            COOLING: _cooling,
            SYSTEM_MODE: _mode,
            RUNNING_STATE: _running_state,
            RUNNING_MODE: _running_mode,
            DEMAND: _demand,
        },
        planners={SetThermostatMode: _set_mode, SetHeatingSetpoint: _set_heating, SetCoolingSetpoint: _set_cooling},
        questions=(
            SEQUENCE,
            RUNNING_STATE,
            RUNNING_MODE,
            DEMAND,
            *LIMITS[HEATING],
            *LIMITS[COOLING],
            *ABSOLUTE_LIMITS[HEATING],
            *ABSOLUTE_LIMITS[COOLING],
        ),
        state=_state,
        reporting=_reporting,
    ),
    Translation(
        fan_control.CLUSTER_ID,
        lambda _: (FAN_CONTROL,),
        readers={FAN_MODE: _fan},
        planners={SetFanMode: _set_fan},
        questions=(FAN_SEQUENCE,),
        state=(FAN_MODE,),
        reporting=(Reporting(FAN_MODE, 0, 3600),),
    ),
)
