"""Multilevel Switch, version 4: a dimmer, a blind, a fan; something with levels.

SDS13781, COMMAND_CLASS_SWITCH_MULTILEVEL. Version 2 adds durations, version 3 the switch types and a secondary switch
(obsolete since), version 4 the target value. 0 is off, 1-99 a level in percent, 0xFF the last level that was not off;
0xFE in a report is unknown.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit
from drivers.zwave.command_classes.command import MalformedCommand, need
from drivers.zwave.command_classes.duration import Duration

COMMAND_CLASS = 0x26
VERSION = 4
UNKNOWN = 0xFE
ON = 0xFF


class SwitchType(IntEnum):
    """What 0 and 99 mean; the first word is 0."""

    NOT_SUPPORTED = 0
    OFF_ON = 1
    DOWN_UP = 2
    CLOSE_OPEN = 3
    COUNTERCLOCKWISE_CLOCKWISE = 4
    LEFT_RIGHT = 5
    REVERSE_FORWARD = 6
    PULL_PUSH = 7


class Change(IntEnum):
    """Which way a level goes. The value 2 is reserved."""

    UP = 0
    DOWN = 1
    NONE = 3


def _change(bits: int) -> Change:
    if bits == 2:
        raise MalformedCommand("Multilevel Switch Start Level Change: direction 2 is reserved")
    return Change(bits)


def _value(byte: int) -> int | None:
    return None if byte == UNKNOWN else byte


def _byte(value: int | None) -> int:
    return UNKNOWN if value is None else value


@dataclass(frozen=True, slots=True)
class SwitchMultilevelSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    value: int
    duration: Duration | None = None
    """Absent in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.value))
        return body if self.duration is None else body + bytes((self.duration.byte,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2], Duration(data[3]) if len(data) > 3 else None)


@dataclass(frozen=True, slots=True)
class SwitchMultilevelGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class SwitchMultilevelReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    value: int | None
    target: int | None = None
    duration: Duration | None = None
    """Time left until the target is reached. Absent, with the target, before version 4."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, _byte(self.value)))
        return body if self.duration is None else body + bytes((_byte(self.target), self.duration.byte))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        if len(data) < 5:
            return cls(_value(data[2]))
        return cls(_value(data[2]), _value(data[3]), Duration(data[4]))


@dataclass(frozen=True, slots=True)
class SwitchMultilevelStartLevelChange:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    change: Change
    start_level: int | None = None
    """The level from which to start; None is where the device is now."""
    duration: Duration | None = None
    """From one end of the range to the other. Absent in version 1."""
    secondary: Change = Change.NONE
    step_size: int | None = None
    """Of the secondary switch, which exists only where this is given: version 3 and later."""

    def to_bytes(self) -> bytes:
        # Versions 1 and 2 have no secondary switch and leave its bits 0.
        secondary = 0 if self.step_size is None else self.secondary << 3
        ignore_start = 0x20 if self.start_level is None else 0
        body = bytes((COMMAND_CLASS, self.COMMAND, self.change << 6 | ignore_start | secondary, self.start_level or 0))
        if self.duration is None:
            return body
        body += bytes((self.duration.byte,))
        return body if self.step_size is None else body + bytes((self.step_size,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        change = _change(data[2] >> 6)
        start_level = None if data[2] & 0x20 else data[3]
        if len(data) < 6:
            return cls(change, start_level, Duration(data[4]) if len(data) > 4 else None)
        return cls(change, start_level, Duration(data[4]), _change(data[2] >> 3 & 0x03), data[5])


@dataclass(frozen=True, slots=True)
class SwitchMultilevelStopLevelChange:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class SwitchMultilevelSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class SwitchMultilevelSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    primary_type: int
    """A SwitchType, where it is one that is known here. 0-31."""
    secondary_type: int | None = None
    """Obsolete, and left out by some devices."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, fit(self.primary_type, 5)))
        return body if self.secondary_type is None else body + bytes((fit(self.secondary_type, 5),))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2] & 0x1F, data[3] & 0x1F if len(data) > 3 else None)


COMMANDS = (
    SwitchMultilevelSet,
    SwitchMultilevelGet,
    SwitchMultilevelReport,
    SwitchMultilevelStartLevelChange,
    SwitchMultilevelStopLevelChange,
    SwitchMultilevelSupportedGet,
    SwitchMultilevelSupportedReport,
)
