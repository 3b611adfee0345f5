"""Thermostat Mode, version 3: whether a thermostat heats, cools, both or neither.

SDS13781, COMMAND_CLASS_THERMOSTAT_MODE. Version 2 adds the energy saving modes, version 3 full power and the
manufacturer specific mode, the only one that carries data.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit, read_mask, write_mask
from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x40
VERSION = 3


class ThermostatMode(IntEnum):
    """The modes that the specification names; 14 and 16-30 are reserved."""

    OFF = 0x00
    HEAT = 0x01
    COOL = 0x02
    AUTO = 0x03
    AUXILIARY = 0x04
    RESUME = 0x05
    FAN = 0x06
    FURNACE = 0x07
    DRY = 0x08
    MOIST = 0x09
    AUTO_CHANGEOVER = 0x0A
    ENERGY_HEAT = 0x0B
    ENERGY_COOL = 0x0C
    AWAY = 0x0D
    FULL_POWER = 0x0F
    MANUFACTURER_SPECIFIC = 0x1F


def _write(mode: int, manufacturer_data: bytes) -> bytes:
    return bytes((fit(len(manufacturer_data), 3) << 5 | fit(mode, 5),)) + manufacturer_data


def _read(data: bytes, what: type) -> tuple[int, bytes]:
    need(data, 3, what)
    mode = data[2] & 0x1F
    # The count of data bytes means something only with this mode: elsewhere its bits are reserved.
    if mode != ThermostatMode.MANUFACTURER_SPECIFIC:
        return mode, b""
    end = 3 + (data[2] >> 5)
    need(data, end, what)
    return mode, data[3:end]


@dataclass(frozen=True, slots=True)
class ThermostatModeSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    mode: int
    """A ThermostatMode, where it is one that is known here. 0-31."""
    manufacturer_data: bytes = b""
    """At most 7 bytes, with the manufacturer specific mode only."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + _write(self.mode, self.manufacturer_data)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return cls(*_read(data, cls))


@dataclass(frozen=True, slots=True)
class ThermostatModeGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ThermostatModeReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    mode: int
    """A ThermostatMode, where it is one that is known here. 0-31."""
    manufacturer_data: bytes = b""
    """At most 7 bytes, with the manufacturer specific mode only."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + _write(self.mode, self.manufacturer_data)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return cls(*_read(data, cls))


@dataclass(frozen=True, slots=True)
class ThermostatModeSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ThermostatModeSupportedReport:
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
    ThermostatModeSet,
    ThermostatModeGet,
    ThermostatModeReport,
    ThermostatModeSupportedGet,
    ThermostatModeSupportedReport,
)
