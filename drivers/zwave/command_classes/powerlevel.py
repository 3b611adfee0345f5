"""Powerlevel, version 1: a node whispers for a while, and says whom it still reaches.

SDS13784 (Z-Wave Network-Protocol Command Class Specification), COMMAND_CLASS_POWERLEVEL. The level counts steps of 1 dB
below normal power, 0 to 9. Used to measure the quality of a link.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x73
VERSION = 1


class TestStatus(IntEnum):
    """How a test ended, or that it has not."""

    FAILED = 0x00
    SUCCESS = 0x01
    IN_PROGRESS = 0x02


@dataclass(frozen=True, slots=True)
class PowerlevelSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    level: int
    """dB below normal power, 0-9."""
    timeout_s: int
    """After which the power is normal again, 1-255; ignored where the level is 0."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.level, self.timeout_s))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], data[3])


@dataclass(frozen=True, slots=True)
class PowerlevelGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class PowerlevelReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    level: int
    """dB below normal power, 0-9."""
    timeout_s: int
    """Left until the power is normal again, 1-255; says nothing where the level is 0."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.level, self.timeout_s))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], data[3])


@dataclass(frozen=True, slots=True)
class PowerlevelTestNodeSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    node: int
    """To whom the test frames go, 1-232."""
    level: int
    """dB below normal power, 0-9."""
    frames: int
    """How many, 1-65535."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.node, self.level, self.frames >> 8, self.frames & 0xFF))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        return cls(data[2], data[3], data[4] << 8 | data[5])


@dataclass(frozen=True, slots=True)
class PowerlevelTestNodeGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class PowerlevelTestNodeReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    node: int
    """The node of the last test; 0 is that there was none."""
    status: int
    """A TestStatus, where it is one that is known here."""
    acknowledged: int
    """How many test frames were, 0-65535."""

    def to_bytes(self) -> bytes:
        frames = self.acknowledged >> 8, self.acknowledged & 0xFF
        return bytes((COMMAND_CLASS, self.COMMAND, self.node, self.status, *frames))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        return cls(data[2], data[3], data[4] << 8 | data[5])


COMMANDS = (
    PowerlevelSet,
    PowerlevelGet,
    PowerlevelReport,
    PowerlevelTestNodeSet,
    PowerlevelTestNodeGet,
    PowerlevelTestNodeReport,
)
