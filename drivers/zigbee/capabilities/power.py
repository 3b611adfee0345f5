"""Power Configuration, Metering and Electrical Measurement: what is left, and what is used (ZCL8 §3.3, §10.4, §4.9).

Metering and Electrical Measurement give whole numbers, and say by multipliers and divisors what these are worth.
"""

from dataclasses import dataclass
from typing import Any, Final

from drivers.zigbee.capabilities.quirks.ikea import counts_whole_percents
from drivers.zigbee.capabilities.translation import Place, Reader, Reading, Reporting, Said, Translation, read_one
from drivers.zigbee.zcl.clusters import electrical_measurement, metering, power_configuration
from drivers.zigbee.zcl.clusters.electrical_measurement import ELECTRICAL_MEASUREMENT
from drivers.zigbee.zcl.clusters.metering import METERING
from drivers.zigbee.zcl.clusters.power_configuration import POWER_CONFIGURATION
from hubagent.model.capabilities.electrical_energy_measurement import ELECTRICAL_ENERGY_MEASUREMENT
from hubagent.model.capabilities.electrical_power_measurement import ELECTRICAL_POWER_MEASUREMENT
from hubagent.model.capabilities.power_source import POWER_SOURCE
from hubagent.model.capability import Capability

# Batteries

BATTERY_VOLTAGE: Final = POWER_CONFIGURATION.named("battery_voltage").id
BATTERY_PERCENTAGE: Final = POWER_CONFIGURATION.named("battery_percentage_remaining").id
BATTERY_ALARMS: Final = POWER_CONFIGURATION.named("battery_alarm_state").id
ANY_BATTERY_ALARM: Final = 0x0000000F
"""Of the first battery: too low for the radio, and the three thresholds (ZCL8 §3.3.2.2.5.10)."""


def percent_of_voltage(volts: float, empty_v: float, full_v: float) -> int:
    return round(100 * min(1.0, max(0.0, (volts - empty_v) / (full_v - empty_v))))


LITHIUM_V: Final = (2.1, 3.0)
"""Empty and full, of the cells that sensors have: what is taken where a device tells its voltage and nothing else."""


def voltage_limits(place: Place) -> tuple[float, float] | None:
    """Where the voltage is the only word on the battery, or the better one."""
    if place.quirk.battery_v is not None:
        return place.quirk.battery_v
    if not place.lacks(power_configuration.CLUSTER_ID, BATTERY_PERCENTAGE):
        return None
    return LITHIUM_V if place.attribute(power_configuration.CLUSTER_ID, BATTERY_VOLTAGE) else None


def _halves(place: Place) -> bool:
    return place.quirk.battery_halves and not counts_whole_percents(place.record.manufacturer, place.record.firmware)


def _percentage(value: Any, place: Place) -> list[Said]:
    if place.quirk.battery_v is not None:
        return []
    if value is None:
        return read_one(POWER_SOURCE, battery=None)
    # What is more than 100 counts halves, whatever its firmware is known for.
    percent = value / 2 if value > 100 or _halves(place) else value
    return read_one(POWER_SOURCE, battery=min(100, percent))


def _voltage(value: Any, place: Place) -> list[Said]:
    limits = voltage_limits(place)
    if limits is None or not value:
        return []
    return read_one(POWER_SOURCE, battery=percent_of_voltage(value / 10, *limits))


def _battery_alarms(value: Any, _place: Place) -> list[Said]:
    return read_one(POWER_SOURCE, battery_low=None if value is None else value & ANY_BATTERY_ALARM != 0)


def _has_battery(place: Place) -> bool:
    """Plugs with the cluster have it for the mains; what has a battery says something of it, or sleeps."""
    if not place.record.mains or place.record.sleeps:
        return True
    attributes = (BATTERY_PERCENTAGE, BATTERY_VOLTAGE)
    return any(place.attribute(power_configuration.CLUSTER_ID, attribute) is not None for attribute in attributes)


def _battery_attributes(place: Place) -> tuple[int, ...]:
    wanted = (BATTERY_PERCENTAGE, BATTERY_ALARMS) if voltage_limits(place) is None else (BATTERY_VOLTAGE,)
    return tuple(one for one in wanted if not place.lacks(power_configuration.CLUSTER_ID, one))


def _battery_reporting(place: Place) -> tuple[Reporting, ...]:
    if voltage_limits(place) is not None:
        return (Reporting(BATTERY_VOLTAGE, 3600, 43200, 1),)
    return (Reporting(BATTERY_PERCENTAGE, 3600, 43200, 2),)


# Metering

SUMMATION: Final = METERING.named("current_summation_delivered").id
SUMMATION_RECEIVED: Final = METERING.named("current_summation_received").id
UNIT: Final = METERING.named("unit_of_measure").id
MULTIPLIER: Final = METERING.named("multiplier").id
DIVISOR: Final = METERING.named("divisor").id
DEVICE_TYPE: Final = METERING.named("metering_device_type").id
DEMAND: Final = METERING.named("instantaneous_demand").id
KWH_UNITS: Final = frozenset((None, 0x00))
"""Units of measure that are kWh (ZCL8 §10.4.2.2.4.1); some meters do not tell, and are."""
ELECTRIC: Final = frozenset((None, 0, *range(7, 16)))
"""Metering device types (ZCL8 §10.4.2.2.4.7): meters of electricity, and what generates it."""
W_OF_KW: Final = 1000


def _is_electric(place: Place) -> bool:
    """Water and gas are counted by the same cluster."""
    unit, kind = place.attribute(metering.CLUSTER_ID, UNIT), place.attribute(metering.CLUSTER_ID, DEVICE_TYPE)
    return unit in KWH_UNITS and kind in ELECTRIC


def _scaled(value: Any, place: Place, attribute: str, times: float = 1) -> float | None:
    if value is None or not place.factors_known:
        return None
    multiplier = place.attribute(metering.CLUSTER_ID, MULTIPLIER) or 1
    divisor = place.attribute(metering.CLUSTER_ID, DIVISOR) or 1
    number: float = value * multiplier * times * place.quirk.factors.get(attribute, 1) / divisor
    return round(number, 6)


def _summation(value: Any, place: Place) -> list[Said]:
    return read_one(ELECTRICAL_ENERGY_MEASUREMENT, energy=_scaled(value, place, "energy"))


def _summation_received(value: Any, place: Place) -> list[Said]:
    return read_one(ELECTRICAL_ENERGY_MEASUREMENT, energy_exported=_scaled(value, place, "energy"))


def _demand(value: Any, place: Place) -> list[Said]:
    if _measures_power(place):
        # The other cluster says the same of the same load, and finer.
        return []
    return read_one(ELECTRICAL_POWER_MEASUREMENT, power=_scaled(value, place, "power", W_OF_KW))


def _measures_power(place: Place) -> bool:
    return place.has(electrical_measurement.CLUSTER_ID) and not place.lacks(
        electrical_measurement.CLUSTER_ID, ACTIVE_POWER
    )


def _has_demand(place: Place) -> bool:
    return not place.lacks(metering.CLUSTER_ID, DEMAND) and not _measures_power(place)


def _metering_offers(place: Place) -> tuple[Capability, ...]:
    if _has_demand(place):
        return (ELECTRICAL_ENERGY_MEASUREMENT, ELECTRICAL_POWER_MEASUREMENT)
    return (ELECTRICAL_ENERGY_MEASUREMENT,)


def _metering_state(place: Place) -> tuple[int, ...]:
    wanted = [SUMMATION]
    if place.attribute(metering.CLUSTER_ID, SUMMATION_RECEIVED) is not None:
        wanted.append(SUMMATION_RECEIVED)
    if _has_demand(place):
        wanted.append(DEMAND)
    return tuple(wanted)


def _change(place: Place, unit_share: float, cluster: int, multiplier: int, divisor: int) -> int:
    """`unit_share` of our unit in the device's steps: what is worth a report."""
    step = (place.attribute(cluster, multiplier) or 1) / (place.attribute(cluster, divisor) or 1)
    return max(1, min(0x7FFF, round(unit_share / step)))


def _metering_reporting(place: Place) -> tuple[Reporting, ...]:
    """Every hundredth of a kWh, every 5 W."""
    changes = {SUMMATION: 0.01, SUMMATION_RECEIVED: 0.01, DEMAND: 0.005}
    return tuple(
        Reporting(attribute, 5, 3600, _change(place, changes[attribute], metering.CLUSTER_ID, MULTIPLIER, DIVISOR))
        for attribute in _metering_state(place)
    )


# Electrical Measurement


@dataclass(frozen=True, slots=True)
class Electrical:
    """An attribute with those that scale it; `worth` is how much of our unit is worth a report."""

    id: int
    attribute: str
    multiplier: int
    divisor: int
    worth: float
    otherwise: tuple[int, int] | None = None
    """Multiplier and divisor of the cluster's first edition, where it has those only."""
    fixed: float = 1


def _of(name: str) -> int:
    return ELECTRICAL_MEASUREMENT.named(name).id


ACTIVE_POWER: Final = _of("active_power")
_AC_POWER: Final = (_of("ac_power_multiplier"), _of("ac_power_divisor"))
_POWER: Final = (_of("power_multiplier"), _of("power_divisor"))
_VOLTAGE: Final = (_of("ac_voltage_multiplier"), _of("ac_voltage_divisor"))
_CURRENT: Final = (_of("ac_current_multiplier"), _of("ac_current_divisor"))
_FREQUENCY: Final = (_of("ac_frequency_multiplier"), _of("ac_frequency_divisor"))
_NOTHING: Final = (-1, -1)

ELECTRICALS: Final = (
    Electrical(ACTIVE_POWER, "power", *_AC_POWER, 5, _POWER),
    Electrical(_of("rms_voltage"), "voltage", *_VOLTAGE, 2),
    Electrical(_of("rms_current"), "current", *_CURRENT, 0.05),
    Electrical(_of("apparent_power"), "apparent_power", *_AC_POWER, 5, _POWER),
    Electrical(_of("ac_frequency"), "frequency", *_FREQUENCY, 0.5),
    # Hundredths (ZCL8 §4.9.2.2.5.11).
    Electrical(_of("power_factor"), "power_factor", *_NOTHING, 0.05, fixed=0.01),
)
_OPTIONAL: Final = frozenset(("apparent_power", "frequency", "power_factor"))
"""Few plugs have them: they are read of those that said something of them in the interview."""


def _factors(electrical: Electrical, place: Place) -> tuple[float, float]:
    cluster = electrical_measurement.CLUSTER_ID
    multiplier = place.attribute(cluster, electrical.multiplier)
    divisor = place.attribute(cluster, electrical.divisor)
    if electrical.otherwise is not None and multiplier is None and divisor is None:
        multiplier, divisor = (place.attribute(cluster, one) for one in electrical.otherwise)
    return (multiplier or 1, divisor or 1)


def _electrical(electrical: Electrical) -> Reader:
    capability, attribute = ELECTRICAL_POWER_MEASUREMENT.name, electrical.attribute

    def read(value: Any, place: Place) -> list[Said]:
        if value is None or value in _UNKNOWN_NUMBERS or not place.factors_known:
            return [Reading(capability, {attribute: None})]
        multiplier, divisor = _factors(electrical, place)
        factor = place.quirk.factors.get(attribute, 1) * electrical.fixed
        number = round(value * multiplier * factor / divisor, 6)
        if attribute == "power_factor" and not -1 <= number <= 1:
            return [Reading(capability, {attribute: None})]
        return [Reading(capability, {attribute: number})]

    return read


_UNKNOWN_NUMBERS: Final = frozenset((-0x8000,))
"""Where a maker took the wrong type, its non-value comes as a number."""


def _electrical_state(place: Place) -> tuple[int, ...]:
    return tuple(one.id for one in ELECTRICALS if _measures(one, place))


def _measures(electrical: Electrical, place: Place) -> bool:
    cluster = electrical_measurement.CLUSTER_ID
    if electrical.attribute in _OPTIONAL:
        return place.attribute(cluster, electrical.id) is not None
    return not place.lacks(cluster, electrical.id)


def _electrical_reporting(place: Place) -> tuple[Reporting, ...]:
    there = set(_electrical_state(place))
    reporting: list[Reporting] = []
    for one in ELECTRICALS:
        if one.id in there:
            multiplier, divisor = _factors(one, place)
            change = max(1, min(0x7FFF, round(one.worth * divisor / (multiplier * one.fixed))))
            reporting.append(Reporting(one.id, 5, 3600, change))
    return tuple(reporting)


_SCALES: Final = (*_AC_POWER, *_POWER, *_VOLTAGE, *_CURRENT, *_FREQUENCY)

POWER = (
    Translation(
        power_configuration.CLUSTER_ID,
        lambda _: (POWER_SOURCE,),
        _has_battery,
        readers={BATTERY_PERCENTAGE: _percentage, BATTERY_VOLTAGE: _voltage, BATTERY_ALARMS: _battery_alarms},
        questions=(BATTERY_PERCENTAGE, BATTERY_VOLTAGE, BATTERY_ALARMS),
        state=_battery_attributes,
        reporting=_battery_reporting,
    ),
    Translation(
        metering.CLUSTER_ID,
        _metering_offers,
        _is_electric,
        readers={SUMMATION: _summation, SUMMATION_RECEIVED: _summation_received, DEMAND: _demand},
        questions=(UNIT, MULTIPLIER, DIVISOR, DEVICE_TYPE, SUMMATION_RECEIVED, DEMAND),
        state=_metering_state,
        reporting=_metering_reporting,
    ),
    Translation(
        electrical_measurement.CLUSTER_ID,
        lambda _: (ELECTRICAL_POWER_MEASUREMENT,),
        readers={one.id: _electrical(one) for one in ELECTRICALS},
        questions=(*_SCALES, *(one.id for one in ELECTRICALS)),
        state=_electrical_state,
        reporting=_electrical_reporting,
    ),
)
