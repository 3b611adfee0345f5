"""What locks, doors and smoke alarms notify of: the events of their Notification classes, and when each happens."""

from drivers.zwave.command_classes.notification_events import AccessControlEvent, NotificationType, SmokeEvent
from simulators.devices.lock import Cause, Lock
from simulators.devices.sensors import DoorSensor, SmokeAlarm
from simulators.zwave.reactions.notification import Happening, Source

_LOCK_EVENTS = {
    (Cause.HAND, True): AccessControlEvent.LOCKED_MANUALLY,
    (Cause.HAND, False): AccessControlEvent.UNLOCKED_MANUALLY,
    (Cause.RADIO, True): AccessControlEvent.LOCKED_BY_RF,
    (Cause.RADIO, False): AccessControlEvent.UNLOCKED_BY_RF,
    (Cause.KEYPAD, True): AccessControlEvent.LOCKED_BY_KEYPAD,
    (Cause.KEYPAD, False): AccessControlEvent.UNLOCKED_BY_KEYPAD,
    (Cause.ITSELF, True): AccessControlEvent.LOCKED_AUTOMATICALLY,
}


def lock_operations(lock: Lock) -> Source:
    def happening(attribute: str) -> Happening | None:
        if attribute == "jammed":
            return Happening(AccessControlEvent.LOCK_JAMMED)
        if attribute == "wrong_code":
            return Happening(AccessControlEvent.CODE_LIMIT_EXCEEDED) if not lock.keypad_enabled else None
        event = _LOCK_EVENTS.get((lock.cause, lock.locked)) if attribute == "locked" else None
        return None if event is None else Happening(event)

    events = frozenset(int(event) for event in _LOCK_EVENTS.values()) | {int(AccessControlEvent.LOCK_JAMMED)}
    return Source(NotificationType.ACCESS_CONTROL, events, happening)


def door_moves(sensor: DoorSensor) -> Source:
    def now() -> int:
        return AccessControlEvent.DOOR_OPEN if sensor.seen("open", sensor.open) else AccessControlEvent.DOOR_CLOSED

    def happening(attribute: str) -> Happening | None:
        return Happening(now()) if attribute == "open" else None

    events = frozenset({int(AccessControlEvent.DOOR_OPEN), int(AccessControlEvent.DOOR_CLOSED)})
    return Source(NotificationType.ACCESS_CONTROL, events, happening, now)


def smoke_alarms(alarm: SmokeAlarm) -> Source:
    def now() -> int:
        return SmokeEvent.SMOKE if alarm.seen("smoke", alarm.smoke) else SmokeEvent.TEST if alarm.testing else 0

    def happening(attribute: str) -> Happening | None:
        ended = {"smoke": SmokeEvent.SMOKE, "testing": SmokeEvent.TEST}.get(attribute)
        if ended is None:
            return None
        return Happening(now()) if now() else Happening(0, bytes((ended,)))

    events = frozenset({int(SmokeEvent.SMOKE), int(SmokeEvent.TEST)})
    return Source(NotificationType.SMOKE, events, happening, now)
