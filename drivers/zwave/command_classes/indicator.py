"""Indicator, version 4: the lamps and beeps with which a device says something of itself.

SDS13782 (Z-Wave Management Command Class Specification), COMMAND_CLASS_INDICATOR. Version 1 has one indicator without a
name, version 2 any number, each with properties; version 3 adds Node Identify, version 4 descriptions in words.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit, read_mask, write_mask
from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.text import read_text

COMMAND_CLASS = 0x87
VERSION = 4
NODE_IDENTIFY = 0x50
"""The indicator that every Z-Wave Plus v2 device blinks so that a person finds it."""


class Property(IntEnum):
    """What of an indicator is set. The times of the blinking are in tenths of a second."""

    MULTILEVEL = 0x01
    BINARY = 0x02
    ON_OFF_PERIOD = 0x03
    ON_OFF_CYCLES = 0x04
    ON_TIME = 0x05
    TIMEOUT_MINUTES = 0x06
    TIMEOUT_SECONDS = 0x07
    TIMEOUT_HUNDREDTHS = 0x08
    SOUND_LEVEL = 0x09
    LOW_POWER = 0x10


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One property of one indicator."""

    indicator: int
    property: int
    value: int


def _write_values(first: int, values: tuple[IndicatorValue, ...] | None) -> bytes:
    if values is None:
        return bytes((first,))
    return bytes((first, fit(len(values), 5))) + bytes(
        byte for one in values for byte in (one.indicator, one.property, one.value)
    )


def _read_values(data: bytes, what: type) -> tuple[int, tuple[IndicatorValue, ...] | None]:
    need(data, 3, what)
    if len(data) < 4:
        return data[2], None
    end = 4 + 3 * (data[3] & 0x1F)
    need(data, end, what)
    return data[2], tuple(IndicatorValue(*data[at : at + 3]) for at in range(4, end, 3))


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    first: int
    """The indicator of version 1: 0 off, 1-99 or 0xFF on. Ignored where there are values."""
    values: tuple[IndicatorValue, ...] | None = None
    """At most 31. Absent in version 1."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + _write_values(self.first, self.values)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return cls(*_read_values(data, cls))


@dataclass(frozen=True, slots=True)
class IndicatorGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    indicator: int | None = None
    """Absent in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND))
        return body if self.indicator is None else body + bytes((self.indicator,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls(data[2] if len(data) > 2 else None)


@dataclass(frozen=True, slots=True)
class IndicatorReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    first: int
    """The indicator of version 1: 0 off, 1-99 or 0xFF on."""
    values: tuple[IndicatorValue, ...] | None = None
    """At most 31. Absent in version 1."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + _write_values(self.first, self.values)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return cls(*_read_values(data, cls))


@dataclass(frozen=True, slots=True)
class IndicatorSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    indicator: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.indicator))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class IndicatorSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    indicator: int
    """0 where the device does not have the one that was asked for."""
    next_indicator: int
    """The next indicator to ask for; 0 is none."""
    properties: frozenset[int]
    """1-247."""

    def to_bytes(self) -> bytes:
        mask = write_mask(self.properties)
        return bytes((COMMAND_CLASS, self.COMMAND, self.indicator, self.next_indicator, fit(len(mask), 5))) + mask

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        end = 5 + (data[4] & 0x1F)
        need(data, end, cls)
        return cls(data[2], data[3], read_mask(data[5:end]))


@dataclass(frozen=True, slots=True)
class IndicatorDescriptionGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    indicator: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.indicator))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class IndicatorDescriptionReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    indicator: int
    description: str
    """At most 255 bytes of UTF-8; empty where the device has none for this indicator."""

    def to_bytes(self) -> bytes:
        description = self.description.encode()
        return bytes((COMMAND_CLASS, self.COMMAND, self.indicator, len(description))) + description

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        end = 4 + data[3]
        need(data, end, cls)
        return cls(data[2], read_text(data[4:end]))


COMMANDS = (
    IndicatorSet,
    IndicatorGet,
    IndicatorReport,
    IndicatorSupportedGet,
    IndicatorSupportedReport,
    IndicatorDescriptionGet,
    IndicatorDescriptionReport,
)
