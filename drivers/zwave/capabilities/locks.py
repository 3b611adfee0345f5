"""Door Lock and User Code."""

from drivers.zwave.capabilities.translation import Plan, Said, Translation, read_one
from drivers.zwave.command_classes import door_lock, user_code
from drivers.zwave.command_classes.door_lock import DoorLockMode
from drivers.zwave.command_classes.user_code import ExtendedUserCode, UserIdStatus
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.door_lock import DOOR_LOCK, ClearUserCode, LockDoor, SetUserCode
from hubagent.model.capability import Value

LOCK_TIME_S = 10.0
"""How long a bolt may take."""
USER_OF_ONE_BYTE_MAX = 255
_EXTENDED = 2
"""From this version of User Code on there are users beyond, and commands that name them in two bytes."""


def _locked(mode: int) -> Value:
    if mode == DoorLockMode.UNKNOWN:
        return None
    return mode == DoorLockMode.SECURED


def _report(report: door_lock.DoorLockOperationReport, end_point: EndPoint) -> list[Said]:
    values: dict[str, Value] = {"locked": _locked(report.mode)}
    if end_point.facts_of(door_lock.COMMAND_CLASS).get("door"):
        # Only a lock that says that it sees the door (version 4) is believed: others leave the bit as it is.
        values["door_open"] = not report.door_closed
    return read_one(DOOR_LOCK, **values)


def _lock(wish: LockDoor, _end_point: EndPoint) -> Plan:
    mode = DoorLockMode.SECURED if wish.locked else DoorLockMode.UNSECURED
    return Plan(door_lock.DoorLockOperationSet(mode), (door_lock.DoorLockOperationGet(),), transition_s=LOCK_TIME_S)


def _set_code(wish: SetUserCode, end_point: EndPoint) -> Plan | None:
    code = wish.code.encode("ascii")
    if wish.user_id > USER_OF_ONE_BYTE_MAX:
        return _extended(ExtendedUserCode(wish.user_id, UserIdStatus.ENABLED, code), end_point)
    command = user_code.UserCodeSet(wish.user_id, UserIdStatus.ENABLED, code)
    return Plan(command, (user_code.UserCodeGet(wish.user_id),))


def _clear_code(wish: ClearUserCode, end_point: EndPoint) -> Plan | None:
    if wish.user_id > USER_OF_ONE_BYTE_MAX:
        return _extended(ExtendedUserCode(wish.user_id, UserIdStatus.AVAILABLE, b""), end_point)
    command = user_code.UserCodeSet(wish.user_id, UserIdStatus.AVAILABLE, b"\0\0\0\0")
    return Plan(command, (user_code.UserCodeGet(wish.user_id),))


def _extended(code: ExtendedUserCode, end_point: EndPoint) -> Plan | None:
    if end_point.version(user_code.COMMAND_CLASS) < _EXTENDED:
        return None
    return Plan(user_code.ExtendedUserCodeSet((code,)), (user_code.ExtendedUserCodeGet(code.user),))


LOCKS = (
    Translation(
        door_lock.COMMAND_CLASS,
        lambda _: (DOOR_LOCK,),
        {door_lock.DoorLockOperationReport: _report},
        {LockDoor: _lock},
    ),
    Translation(
        user_code.COMMAND_CLASS,
        lambda _: (DOOR_LOCK,),
        planners={SetUserCode: _set_code, ClearUserCode: _clear_code},
    ),
)
