"""IAS Zone: the sensors of an alarm system, which are those of a home (ZCL8 §8.2). Its remotes are `buttons`.

What a zone detects is its type, read once; two bits of its status say that it does so now. A status is the same few
readings every time, so they are made once for each.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from drivers.zigbee.capabilities.flags import (
    ALARM,
    BATTERY_LOW,
    CO,
    FLAGS,
    GLASS_BROKEN,
    LEAK,
    OCCUPIED,
    OPEN,
    SMOKE,
    TAMPER,
    TEST,
    VIBRATION,
    Flag,
)
from drivers.zigbee.capabilities.translation import Place, Pressed, Reading, Said, Translation
from drivers.zigbee.zcl.clusters import ias_zone
from drivers.zigbee.zcl.clusters.ias_zone import IAS_ZONE, ZoneStatus, ZoneStatusChangeNotification, ZoneType
from hubagent.model.capabilities.boolean_state import BOOLEAN_STATE
from hubagent.model.capabilities.power_source import POWER_SOURCE
from hubagent.model.capabilities.switch import SWITCH
from hubagent.model.capability import Capability

ZONE_TYPE: Final = IAS_ZONE.named("zone_type").id
ZONE_STATUS: Final = IAS_ZONE.named("zone_status").id
STATUSES_MAX: Final = 1024
"""Statuses of which the readings are kept."""

ZONES: Final[Mapping[int, Flag]] = {
    ZoneType.MOTION_SENSOR: OCCUPIED,
    ZoneType.CONTACT_SWITCH: OPEN,
    ZoneType.DOOR_WINDOW_HANDLE: OPEN,
    ZoneType.FIRE_SENSOR: SMOKE,
    ZoneType.WATER_SENSOR: LEAK,
    ZoneType.CARBON_MONOXIDE_SENSOR: CO,
    ZoneType.PERSONAL_EMERGENCY_DEVICE: ALARM,
    ZoneType.VIBRATION_MOVEMENT_SENSOR: VIBRATION,
    ZoneType.GLASS_BREAK_SENSOR: GLASS_BROKEN,
}
NO_SENSORS: Final = frozenset(
    (ZoneType.REMOTE_CONTROL, ZoneType.KEY_FOB, ZoneType.KEYPAD, ZoneType.STANDARD_WARNING_DEVICE)
)
"""Zones that detect nothing: remotes, sirens."""
_PASSING: Final = (OCCUPIED, VIBRATION)
_TESTED: Final = frozenset(("smoke", "co", "gas"))


def flag_of(place: Place) -> Flag | None:
    """What it detects. A type that is not known is an alarm of some kind: better a vague word than none."""
    if place.quirk.zone_keys:
        return None
    if place.quirk.zone:
        return FLAGS[place.quirk.zone]
    zone_type = place.attribute(ias_zone.CLUSTER_ID, ZONE_TYPE)
    if zone_type is None:
        return ALARM
    return None if zone_type in NO_SENSORS else ZONES.get(zone_type, ALARM)


def _offers(place: Place) -> tuple[Capability, ...]:
    """Every zone has a bit for somebody who tampers with it and one for a low battery."""
    common = (BOOLEAN_STATE,) if place.record.mains else (BOOLEAN_STATE, POWER_SOURCE)
    if place.quirk.zone_keys:
        return (SWITCH, *common)
    flag = flag_of(place)
    return common if flag is None else (flag.capability, *common)


@lru_cache(STATUSES_MAX)
def _readings(status: int, flag: Flag | None, bits: int, mains: bool) -> tuple[Reading, ...]:
    readings: list[Reading] = []
    if flag is not None:
        readings.append(flag.reading(status & bits != 0))
        if flag.attribute in _TESTED:
            readings.append(TEST.reading(status & ZoneStatus.TEST != 0))
    readings.append(TAMPER.reading(status & ZoneStatus.TAMPER != 0))
    if not mains:
        low = status & (ZoneStatus.BATTERY_LOW | ZoneStatus.BATTERY_DEFECT) != 0
        readings.append(BATTERY_LOW.reading(low))
    return tuple(readings)


def _status(status: int, place: Place) -> list[Said]:
    """Hot."""
    quirk = place.quirk
    flag = flag_of(place)
    said: list[Said] = list(_readings(status, flag, quirk.zone_bits, place.record.mains))
    if quirk.active_for_s and status & quirk.zone_bits and flag is not None and flag in _PASSING:
        said[0] = flag.lasting(quirk.active_for_s)
    return said


def _lasting(place: Place) -> tuple[Reading, ...]:
    seconds, flag = place.quirk.active_for_s, flag_of(place)
    return (flag.lasting(seconds),) if seconds and flag is not None and flag in _PASSING else ()


def _attribute(value: Any, place: Place) -> list[Said]:
    """A status that is read says nothing of presses: it may be an old one."""
    return [] if value is None else _status(value, place)


def _changed(command: ZoneStatusChangeNotification, place: Place) -> list[Said]:
    """Hot: how almost every zone says that something happened."""
    said = _status(command.zone_status, place)
    key = place.quirk.zone_keys.get(command.zone_status & place.quirk.zone_bits)
    return said if key is None else [Pressed(key.button, key.press), *said]


IAS = (
    Translation(
        ias_zone.CLUSTER_ID,
        _offers,
        readers={ZONE_STATUS: _attribute},
        commands={ZoneStatusChangeNotification: _changed},
        lasting=_lasting,
        questions=(ZONE_TYPE,),
        state=(ZONE_STATUS,),
    ),
)
"""Zone status is not reported but notified: a binding is all that it takes, where enrolment is not enough already."""
