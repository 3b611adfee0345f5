"""Notification (SDS13781): states that begin and end, and events that just happen, pushed through the lifeline."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from drivers.zwave.command_classes import notification
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.notification import (
    ANY_PENDING,
    Event,
    EventSupportedGet,
    EventSupportedReport,
    NotificationGet,
    NotificationReport,
    NotificationSet,
    NotificationStatus,
    NotificationSupportedGet,
    NotificationSupportedReport,
)
from drivers.zwave.command_classes.notification_events import IDLE, UNKNOWN_EVENT, NotificationType
from simulators.device_memory import Kept
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Reaction


@dataclass(frozen=True, slots=True)
class Happening:
    """An event and its parameters; None where nothing is to be said."""

    event: int
    parameters: bytes = b""


@dataclass(frozen=True, slots=True)
class Source:
    """One notification type of a device. `happening` says what a change of `attribute` amounts to, if anything."""

    notification_type: NotificationType
    events: frozenset[int]
    happening: Callable[[str], Happening | None]
    now: Callable[[], int] = lambda: IDLE
    """The event that is the case at present, for a Get."""


class NotificationReaction(Reaction):
    MODULE = notification
    REPORTS = (NotificationReport,)

    def __init__(self, *sources: Source) -> None:
        self._sources = {int(source.notification_type): source for source in sources}
        self._enabled = dict.fromkeys(self._sources, True)

    def react(self, command: Command) -> Answer:
        match command:
            case NotificationSupportedGet():
                return NotificationSupportedReport(frozenset(self._sources))
            case EventSupportedGet(kind):
                source = self._sources.get(kind)
                return EventSupportedReport(kind, source.events if source else frozenset())
            case NotificationGet(_, kind, event):
                return self._get(kind, event)
            case NotificationSet(kind, status):
                if kind not in self._sources:
                    return FAILED
                self._enabled[kind] = status == NotificationStatus.ON
                return DONE
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        for kind, source in self._sources.items():
            happening = source.happening(attribute)
            if happening is not None and self._enabled[kind]:
                yield NotificationReport(event=Event(kind, happening.event, happening.parameters))

    def reset(self) -> None:
        self._enabled = dict.fromkeys(self._sources, True)

    def kept(self) -> Kept:
        return {"disabled": [kind for kind, enabled in self._enabled.items() if not enabled]}

    def restore(self, kept: Kept) -> None:
        self._enabled = {kind: kind not in kept["disabled"] for kind in self._sources}

    def _get(self, kind: int | None, event: int | None) -> NotificationReport:
        if kind == ANY_PENDING:
            # There is no queue: what happens is pushed.
            return NotificationReport(event=Event(0, 0, status=NotificationStatus.NONE_PENDING))
        source = self._sources.get(kind or next(iter(self._sources)))
        if source is None:
            return NotificationReport(event=Event(kind or 0, UNKNOWN_EVENT))
        now = source.now()
        known = event in (None, 0, now) or event in source.events
        status = NotificationStatus.ON if self._enabled[int(source.notification_type)] else NotificationStatus.OFF
        return NotificationReport(
            event=Event(int(source.notification_type), now if known else UNKNOWN_EVENT, status=status)
        )


def state(kind: NotificationType, attribute: str, event: int, active: Callable[[], bool], *others: int) -> Source:
    """A state that `attribute` of the device switches: `event` while it is active, idle otherwise."""

    def happening(changed: str) -> Happening | None:
        if changed != attribute:
            return None
        # Table "Idle": the parameter of an idle report is the event that has ended.
        return Happening(event) if active() else Happening(IDLE, bytes((event,)))

    return Source(kind, frozenset({event, *others}), happening, lambda: event if active() else IDLE)
