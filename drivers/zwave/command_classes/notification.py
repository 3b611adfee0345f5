"""Notification, version 8, and Alarm, versions 1 and 2, which it was before: what has happened, or is the case.

SDS13781 (Z-Wave Application Command Class Specification), COMMAND_CLASS_NOTIFICATION and COMMAND_CLASS_ALARM. Version 2
adds the notification type and event behind the two manufacturer-specific bytes of version 1; version 3 the sequence
number and the list of supported events; the others add types and events, which are in `notification_events`.

The byte of a report that versions 2 and 3 gave to a Zensor Net node is ignored, and written 0 as later versions want
it.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from drivers.zwave.command_classes.bit_mask import read_mask, write_mask
from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.notification_events import IDLE

COMMAND_CLASS = 0x71
VERSION = 8

PARAMETERS_MAX: Final = 31
"""The bytes of event parameters that a report has room for."""
ANY_PENDING: Final = 0xFF
"""As the notification type of a Get: whichever notification is pending."""


class NotificationStatus(IntEnum):
    """Whether the device sends this type unasked, and whether a queue of notifications is empty."""

    OFF = 0x00
    NONE_PENDING = 0xFE
    ON = 0xFF


@dataclass(frozen=True, slots=True)
class EventSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    notification_type: int
    """A NotificationType."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.notification_type))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class EventSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    notification_type: int
    """A NotificationType."""
    events: frozenset[int]
    """Empty where the device does not support the type."""

    def to_bytes(self) -> bytes:
        mask = write_mask(self.events)
        return bytes((COMMAND_CLASS, self.COMMAND, self.notification_type, len(mask))) + mask

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        end = 4 + (data[3] & 0x1F)
        need(data, end, cls)
        return cls(data[2], read_mask(data[4:end]))


@dataclass(frozen=True, slots=True)
class NotificationGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    alarm_type: int
    """The manufacturer's own, of version 1; 0 to ask by notification type."""
    notification_type: int | None = None
    """A NotificationType, or ANY_PENDING. Absent in version 1."""
    event: int | None = None
    """Absent before version 3; 0 where the type says it all."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.alarm_type))
        if self.notification_type is None:
            return body
        body += bytes((self.notification_type,))
        return body if self.event is None else body + bytes((self.event,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(*data[2:5])


@dataclass(frozen=True, slots=True)
class Event:
    """What version 2 and later say of a notification."""

    notification_type: int
    """A NotificationType."""
    event: int
    """One of the type's events in `notification_events`, or IDLE, or UNKNOWN_EVENT."""
    parameters: bytes = b""
    """At most PARAMETERS_MAX. Of IDLE the first byte is the event that has ended."""
    status: int = NotificationStatus.ON
    """A NotificationStatus; some devices of version 2 write other values."""
    sequence_number: int | None = None
    """Absent before version 3, and in most devices of later ones."""

    @property
    def ended(self) -> int | None:
        """The event that this one says is over; None where it is no IDLE, or where IDLE ends all of the type."""
        return self.parameters[0] if self.event == IDLE and self.parameters else None

    def to_bytes(self) -> bytes:
        assert len(self.parameters) <= PARAMETERS_MAX
        sequenced = self.sequence_number is not None
        header = bytes((self.status, self.notification_type, self.event, sequenced << 7 | len(self.parameters)))
        tail = b"" if self.sequence_number is None else bytes((self.sequence_number,))
        return header + self.parameters + tail


@dataclass(frozen=True, slots=True)
class NotificationReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    alarm_type: int = 0
    """The manufacturer's own, of version 1; 0 in a report that means only its event."""
    alarm_level: int = 0
    event: Event | None = None
    """Absent in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.alarm_type, self.alarm_level))
        return body if self.event is None else body + b"\x00" + self.event.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        if len(data) < 9:
            return cls(data[2], data[3])
        end, sequenced = 9 + (data[8] & 0x1F), bool(data[8] & 0x80)
        need(data, end + sequenced, cls)
        sequence_number = data[end] if sequenced else None
        return cls(data[2], data[3], Event(data[6], data[7], data[9:end], data[5], sequence_number))


@dataclass(frozen=True, slots=True)
class NotificationSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    notification_type: int
    """A NotificationType."""
    status: int
    """NotificationStatus.ON to be told of this type unasked, or OFF, which also clears one that is pending."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.notification_type, self.status))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], data[3])


@dataclass(frozen=True, slots=True)
class NotificationSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class NotificationSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x08

    notification_types: frozenset[int]
    """Each a NotificationType."""
    alarm_types: bool = False
    """The device also has alarm types of its manufacturer's own (version 1)."""

    def to_bytes(self) -> bytes:
        mask = write_mask(self.notification_types)
        return bytes((COMMAND_CLASS, self.COMMAND, self.alarm_types << 7 | len(mask))) + mask

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        end = 3 + (data[2] & 0x1F)
        need(data, end, cls)
        return cls(read_mask(data[3:end]), bool(data[2] & 0x80))


COMMANDS = (
    EventSupportedGet,
    EventSupportedReport,
    NotificationGet,
    NotificationReport,
    NotificationSet,
    NotificationSupportedGet,
    NotificationSupportedReport,
)
