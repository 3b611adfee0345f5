"""Color Switch, version 3: the components of a colour, each with a level of its own.

SDS13781, COMMAND_CLASS_SWITCH_COLOR. Version 2 adds durations to the Set, version 3 to the report (with the target
value) and to the level change. What the components mean together is not known here.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit, read_mask, write_mask
from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.duration import Duration

COMMAND_CLASS = 0x33
VERSION = 3


class Component(IntEnum):
    """Components of a colour. INDEX is obsolete: an index into a table of colours."""

    WARM_WHITE = 0
    COLD_WHITE = 1
    RED = 2
    GREEN = 3
    BLUE = 4
    AMBER = 5
    CYAN = 6
    PURPLE = 7
    INDEX = 8


@dataclass(frozen=True, slots=True)
class ComponentLevel:
    """A component and its level, 0-255."""

    component: int
    level: int


@dataclass(frozen=True, slots=True)
class SwitchColorSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class SwitchColorSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    components: frozenset[int]
    """0-15."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + write_mask(self.components, length=2)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(read_mask(data[2:4]))


@dataclass(frozen=True, slots=True)
class SwitchColorGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    component: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.component))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class SwitchColorReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    component: int
    level: int
    target: int | None = None
    duration: Duration | None = None
    """Time left until the target is reached. Absent, with the target, before version 3."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.component, self.level))
        if self.target is None or self.duration is None:
            return body
        return body + bytes((self.target, self.duration.byte))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        if len(data) < 6:
            return cls(data[2], data[3])
        return cls(data[2], data[3], data[4], Duration(data[5]))


@dataclass(frozen=True, slots=True)
class SwitchColorSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    levels: tuple[ComponentLevel, ...]
    """At most 31."""
    duration: Duration | None = None
    """Absent in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, fit(len(self.levels), 5)))
        body += bytes(byte for one in self.levels for byte in (one.component, one.level))
        return body if self.duration is None else body + bytes((self.duration.byte,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        end = 3 + 2 * (data[2] & 0x1F)
        need(data, end, cls)
        levels = tuple(ComponentLevel(data[at], data[at + 1]) for at in range(3, end, 2))
        return cls(levels, Duration(data[end]) if len(data) > end else None)


@dataclass(frozen=True, slots=True)
class SwitchColorStartLevelChange:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    down: bool
    component: int
    start_level: int | None = None
    """The level from which to start; None is where the device is now."""
    duration: Duration | None = None
    """From one end of the range to the other. Absent before version 3."""

    def to_bytes(self) -> bytes:
        flags = self.down << 6 | (0x20 if self.start_level is None else 0)
        body = bytes((COMMAND_CLASS, self.COMMAND, flags, self.component, self.start_level or 0))
        return body if self.duration is None else body + bytes((self.duration.byte,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        start_level = None if data[2] & 0x20 else data[4]
        return cls(bool(data[2] & 0x40), data[3], start_level, Duration(data[5]) if len(data) > 5 else None)


@dataclass(frozen=True, slots=True)
class SwitchColorStopLevelChange:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    component: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.component))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


COMMANDS = (
    SwitchColorSupportedGet,
    SwitchColorSupportedReport,
    SwitchColorGet,
    SwitchColorReport,
    SwitchColorSet,
    SwitchColorStartLevelChange,
    SwitchColorStopLevelChange,
)
