"""Binary Sensor, Multilevel Sensor, Notification: what is the case in the home.

The types and events are those of the Z-Wave Alliance's lists (SDS13713 for notifications); a type that the home has no
word for is passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from drivers.zwave.capabilities.thermostats import celsius
from drivers.zwave.capabilities.translation import Reading, Said, Translation
from drivers.zwave.command_classes import notification, sensor_binary, sensor_multilevel
from drivers.zwave.command_classes.notification import NotificationStatus
from drivers.zwave.command_classes.notification_events import (
    IDLE,
    AccessControlEvent,
    CarbonMonoxideEvent,
    GasEvent,
    HomeSecurityEvent,
    NotificationType,
    PowerManagementEvent,
    SmokeEvent,
    WaterEvent,
)
from drivers.zwave.command_classes.sensor_binary import SensorType as BinaryType
from drivers.zwave.command_classes.sensor_multilevel import SensorType
from drivers.zwave.node_record import SEEN, EndPoint
from hubagent.model.capabilities.boolean_state import BOOLEAN_STATE
from hubagent.model.capabilities.concentration_measurement import CONCENTRATION_MEASUREMENT
from hubagent.model.capabilities.door_lock import DOOR_LOCK
from hubagent.model.capabilities.electrical_power_measurement import ELECTRICAL_POWER_MEASUREMENT
from hubagent.model.capabilities.flow_measurement import FLOW_MEASUREMENT
from hubagent.model.capabilities.illuminance_measurement import ILLUMINANCE_MEASUREMENT
from hubagent.model.capabilities.occupancy_sensing import OCCUPANCY_SENSING
from hubagent.model.capabilities.power_source import POWER_SOURCE
from hubagent.model.capabilities.pressure_measurement import PRESSURE_MEASUREMENT
from hubagent.model.capabilities.relative_humidity_measurement import RELATIVE_HUMIDITY_MEASUREMENT
from hubagent.model.capabilities.smoke_co_alarm import SMOKE_CO_ALARM
from hubagent.model.capabilities.soil_measurement import SOIL_MEASUREMENT
from hubagent.model.capabilities.temperature_measurement import TEMPERATURE_MEASUREMENT
from hubagent.model.capability import Capability


@dataclass(frozen=True, slots=True)
class Flag:
    """An attribute that is true or false."""

    capability: Capability
    attribute: str

    def reading(self, value: bool | None) -> Reading:
        return Reading(self.capability.name, {self.attribute: value})


OCCUPIED: Final = Flag(OCCUPANCY_SENSING, "occupied")
OPEN: Final = Flag(BOOLEAN_STATE, "open")
LEAK: Final = Flag(BOOLEAN_STATE, "leak")
TAMPER: Final = Flag(BOOLEAN_STATE, "tamper")
SMOKE: Final = Flag(SMOKE_CO_ALARM, "smoke")
CO: Final = Flag(SMOKE_CO_ALARM, "co")
GAS: Final = Flag(SMOKE_CO_ALARM, "gas")
ALARM_TEST: Final = Flag(SMOKE_CO_ALARM, "test")
LOCKED: Final = Flag(DOOR_LOCK, "locked")
JAMMED: Final = Flag(DOOR_LOCK, "jammed")
BATTERY_LOW: Final = Flag(POWER_SOURCE, "battery_low")
CHARGING: Final = Flag(POWER_SOURCE, "charging")
MAINS: Final = Flag(POWER_SOURCE, "mains")

# Binary Sensor

BINARY_TYPES: Final[Mapping[int, Flag]] = {
    BinaryType.GENERAL_PURPOSE: OCCUPIED,
    BinaryType.SMOKE: SMOKE,
    BinaryType.CO: CO,
    BinaryType.WATER: LEAK,
    BinaryType.TAMPER: TAMPER,
    BinaryType.DOOR_WINDOW: OPEN,
    BinaryType.TILT: OPEN,
    BinaryType.MOTION: OCCUPIED,
}


def _binary_types(end_point: EndPoint) -> list[int]:
    return end_point.facts_of(sensor_binary.COMMAND_CLASS).get("types") or [BinaryType.GENERAL_PURPOSE]


def _binary_offers(end_point: EndPoint) -> tuple[Capability, ...]:
    return tuple(BINARY_TYPES[kind].capability for kind in _binary_types(end_point) if kind in BINARY_TYPES)


def _binary_report(report: sensor_binary.SensorBinaryReport, end_point: EndPoint) -> list[Said]:
    kind = report.sensor_type
    if kind is None or kind == BinaryType.FIRST_SUPPORTED:
        kind = _binary_types(end_point)[0]
    flag = BINARY_TYPES.get(kind)
    return [] if flag is None else [flag.reading(report.detected)]


def binary_reading(detected: bool, end_point: EndPoint) -> list[Said]:
    """What a sensor with one thing to say detects; whether somebody tampers with it is never that."""
    kind = next((kind for kind in _binary_types(end_point) if kind != BinaryType.TAMPER), None)
    flag = None if kind is None else BINARY_TYPES.get(kind)
    return [] if flag is None else [flag.reading(detected)]


# Multilevel Sensor


@dataclass(frozen=True, slots=True)
class Scale:
    """What a scale's unit is of ours, and to how many decimals a measurement is worth keeping then."""

    factor: float
    decimals: int


SAME: Final = Scale(1, 6)
MILLI: Final = Scale(0.001, 6)
_PRESSURES: Final = {0: Scale(10, 2), 1: Scale(33.8639, 2)}
"""Kilopascals and inches of mercury."""

SCALES: Final[Mapping[int, Mapping[int, Scale]]] = {
    SensorType.ILLUMINANCE: {1: SAME},
    SensorType.POWER: {0: SAME},
    SensorType.HUMIDITY: {0: SAME},
    SensorType.BAROMETRIC_PRESSURE: _PRESSURES,
    SensorType.ATMOSPHERIC_PRESSURE: _PRESSURES,
    SensorType.VOLTAGE: {0: SAME, 1: MILLI},
    SensorType.CURRENT: {0: SAME, 1: MILLI},
    SensorType.CARBON_DIOXIDE_LEVEL: {0: SAME},
    SensorType.CARBON_MONOXIDE_LEVEL: {1: SAME},
    SensorType.PARTICULATE_MATTER_2_5: {1: SAME},
    SensorType.PARTICULATE_MATTER_10: {1: SAME},
    SensorType.VOLATILE_ORGANIC_COMPOUND_LEVEL: {1: Scale(1000, 3)},
    SensorType.SOIL_HUMIDITY: {0: SAME},
    SensorType.WATER_FLOW: {0: MILLI},
}
"""The scales with a way to our unit; the others (per cent of light, BTU/h, g/m³, mol/m³) measure something else. A
temperature, whose zero is another one as well, is `celsius`'."""

MEASURED: Final[Mapping[int, tuple[Capability, str]]] = {
    SensorType.AIR_TEMPERATURE: (TEMPERATURE_MEASUREMENT, "temperature"),
    SensorType.ILLUMINANCE: (ILLUMINANCE_MEASUREMENT, "illuminance"),
    SensorType.POWER: (ELECTRICAL_POWER_MEASUREMENT, "power"),
    SensorType.HUMIDITY: (RELATIVE_HUMIDITY_MEASUREMENT, "humidity"),
    SensorType.BAROMETRIC_PRESSURE: (PRESSURE_MEASUREMENT, "pressure"),
    SensorType.ATMOSPHERIC_PRESSURE: (PRESSURE_MEASUREMENT, "pressure"),
    SensorType.VOLTAGE: (ELECTRICAL_POWER_MEASUREMENT, "voltage"),
    SensorType.CURRENT: (ELECTRICAL_POWER_MEASUREMENT, "current"),
    SensorType.CARBON_DIOXIDE_LEVEL: (CONCENTRATION_MEASUREMENT, "co2"),
    SensorType.CARBON_MONOXIDE_LEVEL: (CONCENTRATION_MEASUREMENT, "co_level"),
    SensorType.PARTICULATE_MATTER_2_5: (CONCENTRATION_MEASUREMENT, "pm2_5"),
    SensorType.PARTICULATE_MATTER_10: (CONCENTRATION_MEASUREMENT, "pm10"),
    SensorType.VOLATILE_ORGANIC_COMPOUND_LEVEL: (CONCENTRATION_MEASUREMENT, "voc"),
    SensorType.SOIL_HUMIDITY: (SOIL_MEASUREMENT, "soil_moisture"),
    SensorType.WATER_FLOW: (FLOW_MEASUREMENT, "flow"),
}


def _measured_offers(end_point: EndPoint) -> tuple[Capability, ...]:
    facts = end_point.facts_of(sensor_multilevel.COMMAND_CLASS)
    kinds = [int(kind) for kind in (facts.get("scales") or facts.get(SEEN) or ())]
    return tuple(MEASURED[kind][0] for kind in kinds if kind in MEASURED)


def _ours(kind: int, scale: int, value: float) -> float | None:
    """The value in our unit; None where the device's scale has no way to it."""
    if kind == SensorType.AIR_TEMPERATURE:
        return celsius(value, scale)
    unit = SCALES[kind].get(scale)
    return None if unit is None else round(value * unit.factor, unit.decimals)


def _measured_report(report: sensor_multilevel.SensorMultilevelReport, end_point: EndPoint) -> list[Said]:
    known = MEASURED.get(report.sensor_type)
    if known is None:
        return []
    value = _ours(report.sensor_type, report.number.scale, report.number.value)
    if value is None:
        return []
    facts = end_point.facts.setdefault(sensor_multilevel.COMMAND_CLASS, {})
    if "scales" not in facts and report.sensor_type not in facts.setdefault(SEEN, []):
        # Before version 5 a device cannot list its types: it has those that it has reported.
        facts[SEEN].append(report.sensor_type)
    capability, attribute = known
    return [Reading(capability.name, {attribute: value})]


# Notification

_LOCKED: Final = ((LOCKED, True), (JAMMED, False))
_UNLOCKED: Final = ((LOCKED, False), (JAMMED, False))
_STUCK: Final = ((LOCKED, False), (JAMMED, True))

ACTIVE: Final[Mapping[tuple[int, int], tuple[tuple[Flag, bool], ...]]] = {
    (NotificationType.SMOKE, SmokeEvent.SMOKE_AT_LOCATION): ((SMOKE, True),),
    (NotificationType.SMOKE, SmokeEvent.SMOKE): ((SMOKE, True),),
    (NotificationType.SMOKE, SmokeEvent.TEST): ((ALARM_TEST, True),),
    (NotificationType.CARBON_MONOXIDE, CarbonMonoxideEvent.CARBON_MONOXIDE_AT_LOCATION): ((CO, True),),
    (NotificationType.CARBON_MONOXIDE, CarbonMonoxideEvent.CARBON_MONOXIDE): ((CO, True),),
    (NotificationType.CARBON_MONOXIDE, CarbonMonoxideEvent.TEST): ((ALARM_TEST, True),),
    (NotificationType.GAS, GasEvent.COMBUSTIBLE_GAS_AT_LOCATION): ((GAS, True),),
    (NotificationType.GAS, GasEvent.COMBUSTIBLE_GAS): ((GAS, True),),
    (NotificationType.GAS, GasEvent.TEST): ((ALARM_TEST, True),),
    (NotificationType.WATER, WaterEvent.WATER_LEAK_AT_LOCATION): ((LEAK, True),),
    (NotificationType.WATER, WaterEvent.WATER_LEAK): ((LEAK, True),),
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.LOCKED_MANUALLY): _LOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.UNLOCKED_MANUALLY): _UNLOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.LOCKED_BY_RF): _LOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.UNLOCKED_BY_RF): _UNLOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.LOCKED_BY_KEYPAD): _LOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.UNLOCKED_BY_KEYPAD): _UNLOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.NOT_FULLY_LOCKED_MANUALLY): _STUCK,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.NOT_FULLY_LOCKED_BY_RF): _STUCK,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.LOCKED_AUTOMATICALLY): _LOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.NOT_FULLY_LOCKED_AUTOMATICALLY): _STUCK,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.LOCK_JAMMED): ((JAMMED, True),),
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.LOCKED_WITH_USER_CODE): _LOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.UNLOCKED_WITH_USER_CODE): _UNLOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.LOCKED_WITH_CREDENTIAL): _LOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.UNLOCKED_WITH_CREDENTIAL): _UNLOCKED,
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.DOOR_OPEN): ((OPEN, True),),
    (NotificationType.ACCESS_CONTROL, AccessControlEvent.DOOR_CLOSED): ((OPEN, False),),
    (NotificationType.HOME_SECURITY, HomeSecurityEvent.COVER_REMOVED): ((TAMPER, True),),
    (NotificationType.HOME_SECURITY, HomeSecurityEvent.MOTION_AT_LOCATION): ((OCCUPIED, True),),
    (NotificationType.HOME_SECURITY, HomeSecurityEvent.MOTION): ((OCCUPIED, True),),
    (NotificationType.HOME_SECURITY, HomeSecurityEvent.PRODUCT_MOVED): ((TAMPER, True),),
    (NotificationType.POWER_MANAGEMENT, PowerManagementEvent.MAINS_DISCONNECTED): ((MAINS, False),),
    (NotificationType.POWER_MANAGEMENT, PowerManagementEvent.MAINS_RECONNECTED): ((MAINS, True),),
    (NotificationType.POWER_MANAGEMENT, PowerManagementEvent.REPLACE_BATTERY_SOON): ((BATTERY_LOW, True),),
    (NotificationType.POWER_MANAGEMENT, PowerManagementEvent.REPLACE_BATTERY_NOW): ((BATTERY_LOW, True),),
    (NotificationType.POWER_MANAGEMENT, PowerManagementEvent.BATTERY_CHARGING): ((CHARGING, True),),
    (NotificationType.POWER_MANAGEMENT, PowerManagementEvent.BATTERY_FULL): ((CHARGING, False),),
    (NotificationType.POWER_MANAGEMENT, PowerManagementEvent.CHARGE_BATTERY_SOON): ((BATTERY_LOW, True),),
    (NotificationType.POWER_MANAGEMENT, PowerManagementEvent.CHARGE_BATTERY_NOW): ((BATTERY_LOW, True),),
}
"""What an event says. Intrusion and broken glass are not here: what was opened or moved, they do not tell."""

ENDING: Final = frozenset((SMOKE, CO, GAS, ALARM_TEST, LEAK, OCCUPIED, TAMPER, JAMMED, BATTERY_LOW, CHARGING))
"""What idle ends. A door, a bolt and the mains are always in one state or the other, and each has an event: idle says
nothing of them (SDS13713, the list's idle column)."""


def _events(end_point: EndPoint) -> list[tuple[int, int]]:
    """The events that the device says it has; where it names only types, all that we know of these."""
    listed: list[tuple[int, int]] = []
    for kind, events in end_point.facts_of(notification.COMMAND_CLASS).get("events", {}).items():
        known = [event for (known_kind, event) in ACTIVE if known_kind == int(kind)]
        listed += [(int(kind), event) for event in (events or known)]
    return listed


def _flags(events: list[tuple[int, int]]) -> list[Flag]:
    return list(dict.fromkeys(flag for event in events for flag, _ in ACTIVE.get(event, ())))


def _notification_offers(end_point: EndPoint) -> tuple[Capability, ...]:
    return tuple(flag.capability for flag in _flags(_events(end_point)))


def _notification_report(report: notification.NotificationReport, end_point: EndPoint) -> list[Said]:
    event = report.event
    if event is None or event.status == NotificationStatus.NONE_PENDING:
        return []
    if event.event != IDLE:
        # An event that is not known, 0xFE among them, changes nothing that is.
        return [flag.reading(value) for flag, value in ACTIVE.get((event.notification_type, event.event), ())]
    if event.ended is not None:
        over = _flags([(event.notification_type, event.ended)])
    else:
        # Everything of this type has ended.
        over = _flags([key for key in _events(end_point) if key[0] == event.notification_type])
    return [flag.reading(False) for flag in over if flag in ENDING]


SENSORS = (
    Translation(sensor_binary.COMMAND_CLASS, _binary_offers, {sensor_binary.SensorBinaryReport: _binary_report}),
    Translation(
        sensor_multilevel.COMMAND_CLASS,
        _measured_offers,
        {sensor_multilevel.SensorMultilevelReport: _measured_report},
    ),
    Translation(
        notification.COMMAND_CLASS, _notification_offers, {notification.NotificationReport: _notification_report}
    ),
)
