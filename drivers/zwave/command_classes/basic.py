"""Basic, version 2: the one control that every device maps to what it mainly does.

SDS13781, COMMAND_CLASS_BASIC. Version 2 adds the target value and the duration to the report. 0 is off, 1-99 a level in
percent, 0xFF on; 0xFE in a report is unknown. Devices map other values as they like, so they are kept as they come.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.duration import Duration

COMMAND_CLASS = 0x20
VERSION = 2
UNKNOWN = 0xFE


def _value(byte: int) -> int | None:
    return None if byte == UNKNOWN else byte


def _byte(value: int | None) -> int:
    return UNKNOWN if value is None else value


@dataclass(frozen=True, slots=True)
class BasicSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    value: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.value))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class BasicGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class BasicReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    value: int | None
    target: int | None = None
    duration: Duration | None = None
    """Time left until the target is reached. Absent, with the target, in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, _byte(self.value)))
        return body if self.duration is None else body + bytes((_byte(self.target), self.duration.byte))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        if len(data) < 5:
            return cls(_value(data[2]))
        return cls(_value(data[2]), _value(data[3]), Duration(data[4]))


COMMANDS = (
    BasicSet,
    BasicGet,
    BasicReport,
)
