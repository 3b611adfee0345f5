"""Time, version 3: a device asks for the date and the time, or, since version 3, is told them.

SDS13781, COMMAND_CLASS_TIME. Version 2 adds the offset from UTC and daylight saving, version 3 the source of the time
and setting it. Dates and times are local; they are kept as numbers, which need not be a day that the calendar has.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit
from drivers.zwave.command_classes.command import MalformedCommand, need

COMMAND_CLASS = 0x8A
VERSION = 3


class TimeSource(IntEnum):
    """From where a device has its time; 3 is reserved."""

    Z_WAVE = 0
    SATELLITE = 1
    INTERNET = 2


def _check_time(hour: int, minute: int, second: int, error: type[ValueError]) -> None:
    # 60 is a leap second.
    if not 0 <= hour <= 23 or not 0 <= minute <= 59 or not 0 <= second <= 60:
        raise error(f"{hour}:{minute}:{second} is not a time of day")


def _check_date(month: int, day: int, error: type[ValueError]) -> None:
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        raise error(f"month {month}, day {day} is not a date")


@dataclass(frozen=True, slots=True)
class TimeGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class TimeReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    hour: int
    minute: int
    second: int
    clock_failed: bool = False
    """The device's clock has stopped since it was last set: the time is wrong."""
    source: int = TimeSource.Z_WAVE
    """A TimeSource, 0-3. Reserved, and 0, before version 3."""

    def to_bytes(self) -> bytes:
        _check_time(self.hour, self.minute, self.second, ValueError)
        first = self.clock_failed << 7 | fit(self.source, 2) << 5 | self.hour
        return bytes((COMMAND_CLASS, self.COMMAND, first, self.minute, self.second))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        _check_time(data[2] & 0x1F, data[3], data[4], MalformedCommand)
        return cls(data[2] & 0x1F, data[3], data[4], bool(data[2] & 0x80), data[2] >> 5 & 0x03)


@dataclass(frozen=True, slots=True)
class DateGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class DateReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    year: int
    """0-65535."""
    month: int
    day: int

    def to_bytes(self) -> bytes:
        _check_date(self.month, self.day, ValueError)
        return bytes((COMMAND_CLASS, self.COMMAND, self.year >> 8, self.year & 0xFF, self.month, self.day))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        _check_date(data[4], data[5], MalformedCommand)
        return cls(data[2] << 8 | data[3], data[4], data[5])


@dataclass(frozen=True, slots=True)
class ClockChange:
    """When daylight saving begins or ends; all zero where it does not."""

    month: int
    day: int
    hour: int


@dataclass(frozen=True, slots=True)
class TimeOffset:
    """A time zone: what the offset's Set and Report have in common, and all that they have."""

    utc_min: int
    """Local standard time less UTC. At most 14 hours either way."""
    saving_min: int
    """Local time less standard time while daylight saving lasts. -127 to 127."""
    saving_begins: ClockChange
    saving_ends: ClockChange

    def to_bytes(self) -> bytes:
        if abs(self.utc_min) > 14 * 60 or abs(self.saving_min) > 0x7F:
            raise ValueError(f"{self}: an offset is at most 14 hours, daylight saving 127 minutes")
        hours, minutes = divmod(abs(self.utc_min), 60)
        offset = (self.utc_min < 0) << 7 | hours, minutes, (self.saving_min < 0) << 7 | abs(self.saving_min)
        changes = (
            number for one in (self.saving_begins, self.saving_ends) for number in (one.month, one.day, one.hour)
        )
        return bytes((*offset, *changes))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the nine bytes behind the command's header."""
        utc_min = (data[0] & 0x7F) * 60 + data[1]
        if data[1] > 59 or utc_min > 14 * 60:
            raise MalformedCommand(f"Time Offset: {data[0] & 0x7F}:{data[1]} is not an offset of a time zone")
        saving_min = data[2] & 0x7F
        return cls(
            utc_min=-utc_min if data[0] & 0x80 else utc_min,
            saving_min=-saving_min if data[2] & 0x80 else saving_min,
            saving_begins=ClockChange(*data[3:6]),
            saving_ends=ClockChange(*data[6:9]),
        )


@dataclass(frozen=True, slots=True)
class TimeOffsetSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    offset: TimeOffset

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + self.offset.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 11, cls)
        return cls(TimeOffset.from_bytes(data[2:]))


@dataclass(frozen=True, slots=True)
class TimeOffsetGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class TimeOffsetReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    offset: TimeOffset

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + self.offset.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 11, cls)
        return cls(TimeOffset.from_bytes(data[2:]))


@dataclass(frozen=True, slots=True)
class DateSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x08

    year: int
    """0-65535."""
    month: int
    day: int

    def to_bytes(self) -> bytes:
        _check_date(self.month, self.day, ValueError)
        return bytes((COMMAND_CLASS, self.COMMAND, self.year >> 8, self.year & 0xFF, self.month, self.day))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        _check_date(data[4], data[5], MalformedCommand)
        return cls(data[2] << 8 | data[3], data[4], data[5])


@dataclass(frozen=True, slots=True)
class TimeSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x09

    hour: int
    minute: int
    second: int

    def to_bytes(self) -> bytes:
        _check_time(self.hour, self.minute, self.second, ValueError)
        return bytes((COMMAND_CLASS, self.COMMAND, self.hour, self.minute, self.second))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        _check_time(data[2] & 0x1F, data[3], data[4], MalformedCommand)
        return cls(data[2] & 0x1F, data[3], data[4])


COMMANDS = (
    TimeGet,
    TimeReport,
    DateGet,
    DateReport,
    TimeOffsetSet,
    TimeOffsetGet,
    TimeOffsetReport,
    DateSet,
    TimeSet,
)
