"""Thermostat Operating State, version 2: what a thermostat does at this moment, and how long it did what.

SDS13781, COMMAND_CLASS_THERMOSTAT_OPERATING_STATE. Version 2 adds states 7 to 11 and the log of today and yesterday.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit, read_mask, write_mask
from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x42
VERSION = 2


class OperatingState(IntEnum):
    """What the thermostat does; 12 to 15 are reserved."""

    IDLE = 0x00
    HEATING = 0x01
    COOLING = 0x02
    FAN_ONLY = 0x03
    PENDING_HEAT = 0x04
    PENDING_COOL = 0x05
    VENT_ECONOMIZER = 0x06
    AUX_HEATING = 0x07
    SECOND_STAGE_HEATING = 0x08
    SECOND_STAGE_COOLING = 0x09
    SECOND_STAGE_AUX_HEAT = 0x0A
    THIRD_STAGE_AUX_HEAT = 0x0B


@dataclass(frozen=True, slots=True)
class ThermostatOperatingStateLoggingSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ThermostatOperatingStateGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ThermostatOperatingStateReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    state: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, fit(self.state, 4)))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2] & 0x0F)


@dataclass(frozen=True, slots=True)
class ThermostatOperatingStateLoggingSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    states: frozenset[int]

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + (write_mask(self.states) or bytes(1))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls(read_mask(data[2:]))


@dataclass(frozen=True, slots=True)
class ThermostatOperatingStateLoggingGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    states: frozenset[int]

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + (write_mask(self.states) or bytes(1))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls(read_mask(data[2:]))


@dataclass(frozen=True, slots=True)
class LoggedState:
    """How long a thermostat was in one state."""

    state: int
    """An OperatingState, 0-15."""
    today_h: int
    today_min: int
    yesterday_h: int
    yesterday_min: int

    def to_bytes(self) -> bytes:
        return bytes((fit(self.state, 4), self.today_h, self.today_min, self.yesterday_h, self.yesterday_min))


@dataclass(frozen=True, slots=True)
class ThermostatOperatingStateLoggingReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    reports_to_follow: int
    states: tuple[LoggedState, ...]

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND, self.reports_to_follow))
        return header + b"".join(state.to_bytes() for state in self.states)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        starts = range(3, len(data) - 4, 5)
        return cls(data[2], tuple(LoggedState(data[at] & 0x0F, *data[at + 1 : at + 5]) for at in starts))


COMMANDS = (
    ThermostatOperatingStateLoggingSupportedGet,
    ThermostatOperatingStateGet,
    ThermostatOperatingStateReport,
    ThermostatOperatingStateLoggingSupportedReport,
    ThermostatOperatingStateLoggingGet,
    ThermostatOperatingStateLoggingReport,
)
