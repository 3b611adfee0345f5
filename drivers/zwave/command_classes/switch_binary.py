"""Binary Switch, version 2: something that is on or off.

SDS13781 (Z-Wave Application Command Class Specification), COMMAND_CLASS_SWITCH_BINARY. Version 2 adds the target
value and the duration. 0x00 is off; 0x01-0x63 and 0xFF are on; 0xFE in a report is unknown.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import MalformedCommand, need
from drivers.zwave.command_classes.duration import Duration

COMMAND_CLASS = 0x25
VERSION = 2


def _value(byte: int) -> bool | None:
    if byte == 0xFE:
        return None
    if 0x64 <= byte <= 0xFD:
        raise MalformedCommand(f"Binary Switch: 0x{byte:02x} is a reserved value")
    return byte != 0


def _byte(on: bool | None) -> int:
    return 0xFE if on is None else 0xFF if on else 0x00


@dataclass(frozen=True, slots=True)
class SwitchBinarySet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    on: bool
    duration: Duration | None = None
    """Absent in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, _byte(self.on)))
        return body if self.duration is None else body + bytes((self.duration.byte,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        on = _value(data[2])
        if on is None:
            raise MalformedCommand("Binary Switch Set: 0xfe is a reserved value")
        return cls(on, Duration(data[3]) if len(data) > 3 else None)


@dataclass(frozen=True, slots=True)
class SwitchBinaryGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class SwitchBinaryReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    on: bool | None
    target: bool | None = None
    duration: Duration | None = None
    """Time left until the target is reached. Absent, with the target, in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, _byte(self.on)))
        return body if self.duration is None else body + bytes((_byte(self.target), self.duration.byte))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        if len(data) < 5:
            return cls(_value(data[2]))
        return cls(_value(data[2]), _value(data[3]), Duration(data[4]))


COMMANDS = (SwitchBinarySet, SwitchBinaryGet, SwitchBinaryReport)
