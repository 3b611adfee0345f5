"""Window Covering, version 1: blinds, curtains and slats, each movement a parameter of its own.

SDS13781, COMMAND_CLASS_WINDOW_COVERING. Levels are 0 (closed) to 99 (open), for slats an angle. An even parameter is
the odd one after it without a known position: it can be moved, not set. A device has one of the two.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit, read_mask, write_mask
from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.duration import Duration

COMMAND_CLASS = 0x6A
VERSION = 1


class Parameter(IntEnum):
    """The movements whose position is known; the number before each is the same movement with an unknown position."""

    OUTBOUND_LEFT = 1
    OUTBOUND_RIGHT = 3
    INBOUND_LEFT = 5
    INBOUND_RIGHT = 7
    INBOUND_LEFT_RIGHT = 9
    VERTICAL_SLATS_ANGLE = 11
    OUTBOUND_BOTTOM = 13
    OUTBOUND_TOP = 15
    INBOUND_BOTTOM = 17
    INBOUND_TOP = 19
    INBOUND_TOP_BOTTOM = 21
    HORIZONTAL_SLATS_ANGLE = 23


@dataclass(frozen=True, slots=True)
class ParameterLevel:
    """A parameter and the level it is to have, 0-99."""

    parameter: int
    level: int


@dataclass(frozen=True, slots=True)
class WindowCoveringSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class WindowCoveringSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    parameters: frozenset[int]
    """0-119."""

    def to_bytes(self) -> bytes:
        mask = write_mask(self.parameters)
        return bytes((COMMAND_CLASS, self.COMMAND, fit(len(mask), 4))) + mask

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        end = 3 + (data[2] & 0x0F)
        need(data, end, cls)
        return cls(read_mask(data[3:end]))


@dataclass(frozen=True, slots=True)
class WindowCoveringGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    parameter: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.parameter))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class WindowCoveringReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    parameter: int
    level: int
    target: int
    duration: Duration
    """Time left until the target is reached."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.parameter, self.level, self.target, self.duration.byte))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        return cls(data[2], data[3], data[4], Duration(data[5]))


@dataclass(frozen=True, slots=True)
class WindowCoveringSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    levels: tuple[ParameterLevel, ...]
    """At most 31."""
    duration: Duration | None = None
    """Every version has it; it is None only where a device left it out."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, fit(len(self.levels), 5)))
        body += bytes(byte for one in self.levels for byte in (one.parameter, one.level))
        return body if self.duration is None else body + bytes((self.duration.byte,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        end = 3 + 2 * (data[2] & 0x1F)
        need(data, end, cls)
        levels = tuple(ParameterLevel(data[at], data[at + 1]) for at in range(3, end, 2))
        return cls(levels, Duration(data[end]) if len(data) > end else None)


@dataclass(frozen=True, slots=True)
class WindowCoveringStartLevelChange:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    down: bool
    """Towards 0."""
    parameter: int
    duration: Duration | None = None
    """From one end of the range to the other. None only where a device left it out."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.down << 6, self.parameter))
        return body if self.duration is None else body + bytes((self.duration.byte,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(bool(data[2] & 0x40), data[3], Duration(data[4]) if len(data) > 4 else None)


@dataclass(frozen=True, slots=True)
class WindowCoveringStopLevelChange:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    parameter: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.parameter))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


COMMANDS = (
    WindowCoveringSupportedGet,
    WindowCoveringSupportedReport,
    WindowCoveringGet,
    WindowCoveringReport,
    WindowCoveringSet,
    WindowCoveringStartLevelChange,
    WindowCoveringStopLevelChange,
)
