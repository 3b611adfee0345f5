"""Binary Sensor, version 2: something that has been detected, or has not.

SDS13781 (Z-Wave Application Command Class Specification), COMMAND_CLASS_SENSOR_BINARY; deprecated in favour of
Notification, and still what many sensors in use speak. Version 2 adds the sensor type and the list of supported types.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import read_mask, write_mask
from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x30
VERSION = 2


class SensorType(IntEnum):
    """What is detected. A device may report numbers that are not listed here."""

    GENERAL_PURPOSE = 0x01
    SMOKE = 0x02
    CO = 0x03
    CO2 = 0x04
    HEAT = 0x05
    WATER = 0x06
    FREEZE = 0x07
    TAMPER = 0x08
    AUX = 0x09
    DOOR_WINDOW = 0x0A
    TILT = 0x0B
    MOTION = 0x0C
    GLASS_BREAK = 0x0D
    FIRST_SUPPORTED = 0xFF
    """In a Get: whichever type the device has first. Some devices report it, too."""


@dataclass(frozen=True, slots=True)
class SensorBinarySupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class SensorBinaryGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    sensor_type: int | None = None
    """A SensorType. Absent in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND))
        return body if self.sensor_type is None else body + bytes((self.sensor_type,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls(data[2] if len(data) > 2 else None)


@dataclass(frozen=True, slots=True)
class SensorBinaryReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    detected: bool
    """0x00 is idle, 0xFF is detected. Of the values between, which are reserved, nothing but idle is read as idle."""
    sensor_type: int | None = None
    """A SensorType. Absent in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, 0xFF if self.detected else 0x00))
        return body if self.sensor_type is None else body + bytes((self.sensor_type,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2] != 0, data[3] if len(data) > 3 else None)


@dataclass(frozen=True, slots=True)
class SensorBinarySupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    sensor_types: frozenset[int]
    """Each a SensorType."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + (write_mask(self.sensor_types) or b"\x00")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(read_mask(data[2:]))


COMMANDS = (
    SensorBinarySupportedGet,
    SensorBinaryGet,
    SensorBinaryReport,
    SensorBinarySupportedReport,
)
