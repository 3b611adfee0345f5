"""Thermostat Setpoint, version 3: the temperatures that a thermostat works towards, one for each purpose.

SDS13781, COMMAND_CLASS_THERMOSTAT_SETPOINT. Version 3 adds the capabilities: the least and greatest value of a
setpoint. Scale 0 is Celsius, 1 Fahrenheit.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit, read_mask, write_mask
from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.scaled_value import ScaledValue

COMMAND_CLASS = 0x43
VERSION = 3


class SetpointType(IntEnum):
    """What a setpoint is for; 3 to 6 are not in use."""

    NOT_SUPPORTED = 0x00
    HEATING = 0x01
    COOLING = 0x02
    FURNACE = 0x07
    DRY_AIR = 0x08
    MOIST_AIR = 0x09
    AUTO_CHANGEOVER = 0x0A
    ENERGY_SAVE_HEATING = 0x0B
    ENERGY_SAVE_COOLING = 0x0C
    AWAY_HEATING = 0x0D
    AWAY_COOLING = 0x0E
    FULL_POWER = 0x0F


@dataclass(frozen=True, slots=True)
class ThermostatSetpointSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    type: int
    """A SetpointType, 0-15."""
    setpoint: ScaledValue

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, fit(self.type, 4))) + self.setpoint.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2] & 0x0F, ScaledValue.from_bytes(data[3:]))


@dataclass(frozen=True, slots=True)
class ThermostatSetpointGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    type: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, fit(self.type, 4)))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2] & 0x0F)


@dataclass(frozen=True, slots=True)
class ThermostatSetpointReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    type: int
    """A SetpointType, 0-15; NOT_SUPPORTED answers a Get for a type that the device does not have."""
    setpoint: ScaledValue | None
    """None with NOT_SUPPORTED, and only then."""

    def to_bytes(self) -> bytes:
        setpoint = ScaledValue(0, 0, 0, 1) if self.setpoint is None else self.setpoint
        return bytes((COMMAND_CLASS, self.COMMAND, fit(self.type, 4))) + setpoint.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        kind = data[2] & 0x0F
        return cls(kind, None if kind == SetpointType.NOT_SUPPORTED else ScaledValue.from_bytes(data[3:]))


@dataclass(frozen=True, slots=True)
class ThermostatSetpointSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ThermostatSetpointSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    bits: frozenset[int]
    """The bits as they stand in the mask. What they mean depends on the device, see `types`."""

    @property
    def types(self) -> frozenset[int]:
        """The types by interpretation A, in which the bits count the SetpointTypes in use, 3 being FURNACE.

        Version 3 devices follow it. Older ones may follow interpretation B, in which bit n is type n: where bit 3 or a
        higher one is set, ask such a device for each type before believing it (SDS13781, Supported Report, note).
        """
        known = tuple(SetpointType)
        return frozenset(known[bit] for bit in self.bits if 0 < bit < len(known))

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + write_mask(self.bits)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls(read_mask(data[2:]))


@dataclass(frozen=True, slots=True)
class ThermostatSetpointCapabilitiesGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x09

    type: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, fit(self.type, 4)))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2] & 0x0F)


@dataclass(frozen=True, slots=True)
class ThermostatSetpointCapabilitiesReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0A

    type: int
    minimum: ScaledValue
    maximum: ScaledValue

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND, fit(self.type, 4)))
        return header + self.minimum.to_bytes() + self.maximum.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        minimum = ScaledValue.from_bytes(data[3:])
        return cls(data[2] & 0x0F, minimum, ScaledValue.from_bytes(data[4 + minimum.size :]))


COMMANDS = (
    ThermostatSetpointSet,
    ThermostatSetpointGet,
    ThermostatSetpointReport,
    ThermostatSetpointSupportedGet,
    ThermostatSetpointSupportedReport,
    ThermostatSetpointCapabilitiesGet,
    ThermostatSetpointCapabilitiesReport,
)
