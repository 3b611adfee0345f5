"""Thermostat Fan Mode, version 5: how a thermostat's fan runs.

SDS13781, COMMAND_CLASS_THERMOSTAT_FAN_MODE. Version 2 adds the off bit, each later version some modes.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit, read_mask, write_mask
from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x44
VERSION = 5


class FanMode(IntEnum):
    """How the fan runs; 12 to 15 are reserved."""

    AUTO_LOW = 0x00
    LOW = 0x01
    AUTO_HIGH = 0x02
    HIGH = 0x03
    AUTO_MEDIUM = 0x04
    MEDIUM = 0x05
    CIRCULATION = 0x06
    HUMIDITY_CIRCULATION = 0x07
    LEFT_RIGHT = 0x08
    UP_DOWN = 0x09
    QUIET = 0x0A
    EXTERNAL_CIRCULATION = 0x0B


@dataclass(frozen=True, slots=True)
class ThermostatFanModeSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    mode: int
    """A FanMode, 0-15."""
    off: bool = False
    """Switches the fan off; the mode is kept for later. Reserved, and false, in version 1."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.off << 7 | fit(self.mode, 4)))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2] & 0x0F, bool(data[2] & 0x80))


@dataclass(frozen=True, slots=True)
class ThermostatFanModeGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ThermostatFanModeReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    mode: int
    """A FanMode, 0-15."""
    off: bool = False

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.off << 7 | fit(self.mode, 4)))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2] & 0x0F, bool(data[2] & 0x80))


@dataclass(frozen=True, slots=True)
class ThermostatFanModeSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ThermostatFanModeSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    modes: frozenset[int]

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + (write_mask(self.modes) or bytes(1))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls(read_mask(data[2:]))


COMMANDS = (
    ThermostatFanModeSet,
    ThermostatFanModeGet,
    ThermostatFanModeReport,
    ThermostatFanModeSupportedGet,
    ThermostatFanModeSupportedReport,
)
