"""Door Lock over a lock with a bolt, a knob inside and a keypad outside (ZCL8, 7.3). Its codes: `door_lock_users`."""

from typing import ClassVar, Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.door_lock import (
    DOOR_LOCK,
    DoorState,
    EventSource,
    LockDoor,
    LockDoorResponse,
    LockState,
    LockType,
    OperationEvent,
    OperationEventNotification,
    ProgrammingEventNotification,
    Toggle,
    ToggleResponse,
    UnlockDoor,
    UnlockDoorResponse,
    UnlockWithTimeout,
    UnlockWithTimeoutResponse,
)
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.device import Timer
from simulators.devices.lock import Cause, Lock
from simulators.zigbee.attributes import Schedule, between
from simulators.zigbee.clusters import door_lock_users
from simulators.zigbee.clusters.door_lock_users import LONGEST, SHORTEST, USERS, PinCodes
from simulators.zigbee.clusters.side import Answer, Peer, Place, Side

NOBODY: Final = 0xFFFF
NO_TIME: Final = 0xFFFFFFFF
"""It has no clock."""
ALL_EVENTS: Final = 0xFFFF
RELOCK_MAX_S: Final = 86_400

_OPERATIONS: Final = {
    (Cause.HAND, True): (EventSource.MANUAL, OperationEvent.MANUAL_LOCK),
    (Cause.HAND, False): (EventSource.MANUAL, OperationEvent.MANUAL_UNLOCK),
    (Cause.RADIO, True): (EventSource.RF, OperationEvent.LOCK),
    (Cause.RADIO, False): (EventSource.RF, OperationEvent.UNLOCK),
    (Cause.KEYPAD, True): (EventSource.KEYPAD, OperationEvent.LOCK),
    (Cause.KEYPAD, False): (EventSource.KEYPAD, OperationEvent.UNLOCK),
    (Cause.ITSELF, True): (EventSource.MANUAL, OperationEvent.AUTO_LOCK),
}
"""ZCL8, 7.3, Operation Event Notification: who moved the bolt, and where to."""


class DoorLockServer(Side):
    CLUSTER = DOOR_LOCK
    REVISION = 3
    COMMANDS: ClassVar = (LockDoor, UnlockDoor, Toggle, UnlockWithTimeout, *door_lock_users.COMMANDS)

    def __init__(self, lock: Lock) -> None:
        super().__init__()
        self._lock = lock
        self._codes = PinCodes(lock)
        self._relock: Timer | None = None
        self._shows("lock_state", self._lock_state, schedule=Schedule(0, 3600))
        self._constant("lock_type", LockType.DEAD_BOLT)
        self._constant("actuator_enabled", True)
        self._shows("door_state", self._door_state, schedule=Schedule(0, 3600))
        self._constant("num_total_users_supported", USERS)
        self._constant("num_pin_users_supported", USERS)
        self._constant("max_pin_length", LONGEST)
        self._constant("min_pin_length", SHORTEST)
        self._auto_relock = self._keeps("auto_relock_time", 0, between(0, RELOCK_MAX_S))
        self._sends_codes = self._keeps("send_pin_over_the_air", True)
        self._needs_code = self._keeps("require_pin_for_rf_operation", False)
        self._masks = {
            EventSource.KEYPAD: self._keeps("keypad_operation_event_mask", ALL_EVENTS),
            EventSource.RF: self._keeps("rf_operation_event_mask", ALL_EVENTS),
            EventSource.MANUAL: self._keeps("manual_operation_event_mask", ALL_EVENTS),
        }
        self._programming_mask = self._keeps("rf_programming_event_mask", ALL_EVENTS)

    def placed(self, place: Place) -> None:
        super().placed(place)
        self._relock = Timer(place.loop, lambda: self._lock.drive(True, Cause.ITSELF))

    # --- what happens to it

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - whoever asks
        match command:
            case LockDoor(code):
                return LockDoorResponse(self._operate(True, code))
            case UnlockDoor(code):
                return UnlockDoorResponse(self._operate(False, code))
            case Toggle(code):
                return ToggleResponse(self._operate(not self._lock.locked, code))
            case UnlockWithTimeout(timeout_s, code):
                return UnlockWithTimeoutResponse(self._operate(False, code, float(timeout_s)))
        answer = self._codes.react(command, tells_codes=bool(self._sends_codes.value))
        self._tell_programming()
        return answer

    def happened(self, attribute: str) -> None:
        if attribute == "locked":
            self._bolt_stopped()
        elif attribute == "wrong_code":
            self._tell(EventSource.KEYPAD, OperationEvent.UNLOCK_INVALID_PIN_OR_ID, NOBODY)

    def halt(self) -> None:
        if self._relock is not None:
            self._relock.stop()

    def reset(self) -> None:
        super().reset()
        self._lock.codes.clear()

    # --- the bolt

    def _operate(self, lock: bool, code: bytes | None, relock_after_s: float | None = None) -> ZclStatus:
        if self._needs_code.value and not self._knows(code):
            return ZclStatus.FAILURE
        self._lock.drive(lock, Cause.RADIO, relock_after_s)
        stuck = self._lock.jammed and not self._lock.moving and self._lock.locked != lock
        return ZclStatus.FAILURE if stuck else ZclStatus.SUCCESS

    def _knows(self, code: bytes | None) -> bool:
        digits = (code or b"").decode("ascii", errors="replace")
        return any(it.enabled and it.digits == digits for it in self._lock.codes.values())

    def _bolt_stopped(self) -> None:
        assert self._relock is not None
        self._relock.stop()
        operation = _OPERATIONS.get((self._lock.cause, self._lock.locked))
        if operation is not None:
            source, event = operation
            by_code = source is EventSource.KEYPAD and event is OperationEvent.UNLOCK
            self._tell(source, event, self._lock.last_user if by_code else NOBODY)
        seconds = self._auto_relock.number
        if seconds and not self._lock.locked and self._lock.relocks_in_s is None:
            self._relock.start(seconds)

    def _lock_state(self) -> int:
        if self._lock.moving:
            return LockState.NOT_FULLY_LOCKED
        return LockState.LOCKED if self._lock.locked else LockState.UNLOCKED

    def _door_state(self) -> int:
        return DoorState.OPEN if self._lock.door_open else DoorState.CLOSED

    # --- what it tells

    def _tell(self, source: EventSource, event: OperationEvent, user: int) -> None:
        """ZCL8, 7.3 (the masks): each source has a bit an event."""
        mask = self._masks[source].number or 0
        if mask >> event & 1:
            self.place.tell_bound(OperationEventNotification(source, event, user, b"", NO_TIME, b""))

    def _tell_programming(self) -> None:
        programmed = self._codes.programmed
        if programmed is None or not (self._programming_mask.number or 0) >> programmed[0] & 1:
            return
        event, user = programmed
        status, user_type, _ = self._codes.of(user)
        self.place.tell_bound(
            ProgrammingEventNotification(EventSource.RF, event, user, b"", user_type, status, NO_TIME, b"")
        )
