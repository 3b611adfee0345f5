"""Door Lock, and what it has to say of a bolt that is stuck through Alarms (ZCL8 §7.3, §3.11)."""

from typing import Any, Final

from drivers.zigbee.capabilities.translation import (
    Place,
    Plan,
    Reading,
    Reporting,
    Said,
    Translation,
    read,
    read_one,
    tell,
)
from drivers.zigbee.zcl.clusters import alarms, door_lock, door_lock_users
from drivers.zigbee.zcl.clusters.door_lock import DOOR_LOCK as LOCK_CLUSTER
from hubagent.model.capabilities.door_lock import DOOR_LOCK, ClearUserCode, LockDoor, SetUserCode
from hubagent.model.capability import Value

LOCK_STATE: Final = LOCK_CLUSTER.named("lock_state").id
DOOR_STATE: Final = LOCK_CLUSTER.named("door_state").id
LOCK_TIME_S: Final = 10.0
"""How long a bolt may take."""

NOT_FULLY_LOCKED, LOCKED, UNLOCKED = 0, 1, 2
"""Lock states (ZCL8 §7.3.2.2.1)."""
_STATES: Final[dict[Any, dict[str, Value]]] = {
    # The bolt is neither in nor out: nobody may believe that the door is locked.
    NOT_FULLY_LOCKED: {"locked": False},
    LOCKED: {"locked": True, "jammed": False},
    UNLOCKED: {"locked": False, "jammed": False},
}
_STATE_READINGS: Final = {state: Reading(DOOR_LOCK.name, values) for state, values in _STATES.items()}
_DOORS: Final[dict[Any, dict[str, Value]]] = {
    0: {"door_open": True},
    1: {"door_open": False},
    2: {"door_open": None, "jammed": True},
    3: {"door_open": True},
}
"""Door states (ZCL8 §7.3.2.2.4): open, closed, jammed, forced open; an error says nothing."""

_LOCKING: Final = frozenset((0x01, 0x07, 0x08, 0x0A, 0x0B, 0x0D))
"""Operation events after which it is locked (ZCL8 §7.3.2.17.22.2, table 7-14): lock, one touch, key, by itself, by
schedule, by hand."""
_UNLOCKING: Final = frozenset((0x02, 0x09, 0x0C, 0x0E))
JAMMED_ALARM: Final = 0x00
"""Alarm code: the bolt is jammed (ZCL8 §7.3.2.3.1, table 7-12)."""
USER_ENABLED: Final = 1
USER_UNRESTRICTED: Final = 0


def _lock_state(value: Any, _place: Place) -> list[Said]:
    known = _STATE_READINGS.get(value)
    return read_one(DOOR_LOCK, locked=None) if known is None else [known]


def _door_state(value: Any, _place: Place) -> list[Said]:
    return [Reading(DOOR_LOCK.name, _DOORS.get(value, {"door_open": None}))]


def _operated(event: door_lock.OperationEventNotification, _place: Place) -> list[Said]:
    if event.event in _LOCKING:
        return [_STATE_READINGS[LOCKED]]
    if event.event in _UNLOCKING:
        return [_STATE_READINGS[UNLOCKED]]
    # A wrong code, or somebody who may not: the bolt has not moved.
    return []


def _alarm(alarm: alarms.Alarm, _place: Place) -> list[Said]:
    if alarm.cluster != door_lock.CLUSTER_ID or alarm.alarm_code != JAMMED_ALARM:
        return []
    return read_one(DOOR_LOCK, jammed=True)


def _lock(wish: LockDoor, place: Place) -> Plan:
    command = door_lock.LockDoor() if wish.locked else door_lock.UnlockDoor()
    return Plan(
        (tell(place, command),),
        (read(place, door_lock.CLUSTER_ID, LOCK_STATE),),
        transition_s=LOCK_TIME_S,
    )


def _set_code(wish: SetUserCode, place: Place) -> Plan:
    command = door_lock_users.SetPin(wish.user_id, USER_ENABLED, USER_UNRESTRICTED, wish.code.encode("ascii"))
    return Plan((tell(place, command),))


def _clear_code(wish: ClearUserCode, place: Place) -> Plan:
    return Plan((tell(place, door_lock_users.ClearPin(wish.user_id)),))


def _state(place: Place) -> tuple[int, ...]:
    return (LOCK_STATE,) if place.lacks(door_lock.CLUSTER_ID, DOOR_STATE) else (LOCK_STATE, DOOR_STATE)


def _reporting(place: Place) -> tuple[Reporting, ...]:
    return tuple(Reporting(attribute, 0, 3600) for attribute in _state(place))


LOCKS = (
    Translation(
        door_lock.CLUSTER_ID,
        lambda _: (DOOR_LOCK,),
        readers={LOCK_STATE: _lock_state, DOOR_STATE: _door_state},
        commands={door_lock.OperationEventNotification: _operated},
        planners={LockDoor: _lock, SetUserCode: _set_code, ClearUserCode: _clear_code},
        questions=(DOOR_STATE,),
        state=_state,
        reporting=_reporting,
    ),
    Translation(
        alarms.CLUSTER_ID,
        applies=lambda place: place.has(door_lock.CLUSTER_ID),
        commands={alarms.Alarm: _alarm},
    ),
)
