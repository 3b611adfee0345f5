"""Clock, version 1: the weekday and the time of a device that shows or needs them.

SDS13781, COMMAND_CLASS_CLOCK (deprecated in favour of Time and Time Parameters). Local time, 24 hours; no seconds.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import MalformedCommand, need

COMMAND_CLASS = 0x81
VERSION = 1


class Weekday(IntEnum):
    """UNKNOWN is a device that keeps the time only."""

    UNKNOWN = 0
    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7


def _write(weekday: Weekday, hour: int, minute: int) -> bytes:
    if not 0 <= hour <= 23 or not 0 <= minute <= 59:
        raise ValueError(f"{hour}:{minute} is not a time of day")
    return bytes((weekday << 5 | hour, minute))


def _read(data: bytes, what: type) -> tuple[Weekday, int, int]:
    need(data, 4, what)
    hour, minute = data[2] & 0x1F, data[3]
    if hour > 23 or minute > 59:
        raise MalformedCommand(f"{what.__name__}: {hour}:{minute} is not a time of day")
    return Weekday(data[2] >> 5), hour, minute


@dataclass(frozen=True, slots=True)
class ClockSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    weekday: Weekday
    hour: int
    minute: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + _write(self.weekday, self.hour, self.minute)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return cls(*_read(data, cls))


@dataclass(frozen=True, slots=True)
class ClockGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ClockReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    weekday: Weekday
    hour: int
    minute: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + _write(self.weekday, self.hour, self.minute)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return cls(*_read(data, cls))


COMMANDS = (
    ClockSet,
    ClockGet,
    ClockReport,
)
