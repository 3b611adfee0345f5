"""Manufacturer Specific, version 2: who made a device, which product it is, and its serial number.

SDS13782 (Z-Wave Management Command Class Specification), COMMAND_CLASS_MANUFACTURER_SPECIFIC; Z-Wave Specification
2024A, §3.2.31. Version 2 adds the Device Specific commands.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x72
VERSION = 2


class DeviceIdType(IntEnum):
    FACTORY_DEFAULT = 0
    """In a Get: whichever the device would rather show. Never in a Report."""
    SERIAL_NUMBER = 1
    PSEUDO_RANDOM = 2


class DeviceIdFormat(IntEnum):
    UTF_8 = 0
    BINARY = 1


@dataclass(frozen=True, slots=True)
class ManufacturerSpecificGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ManufacturerSpecificReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    manufacturer: int
    product_type: int
    product: int

    def to_bytes(self) -> bytes:
        identifiers = (self.manufacturer, self.product_type, self.product)
        return bytes((COMMAND_CLASS, self.COMMAND)) + b"".join(number.to_bytes(2, "big") for number in identifiers)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 8, cls)
        return cls(*(int.from_bytes(data[start : start + 2], "big") for start in (2, 4, 6)))


@dataclass(frozen=True, slots=True)
class DeviceSpecificGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    id_type: int
    """DeviceIdType, or a later one up to 7."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.id_type))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2] & 0x07)


@dataclass(frozen=True, slots=True)
class DeviceSpecificReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    id_type: int
    """DeviceIdType, or a later one up to 7."""
    format: int
    """DeviceIdFormat, or a later one up to 7."""
    device_id: bytes
    """Up to 31 bytes."""

    @property
    def text(self) -> str:
        """The device id as people write it: text where it is some, else hexadecimal digits after h' (Table 3.127)."""
        if self.format == DeviceIdFormat.UTF_8:
            return self.device_id.decode("utf-8", errors="replace")
        return f"h'{self.device_id.hex().upper()}"

    def to_bytes(self) -> bytes:
        return (
            bytes((COMMAND_CLASS, self.COMMAND, self.id_type, self.format << 5 | len(self.device_id))) + self.device_id
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        end = 4 + (data[3] & 0x1F)
        need(data, end, cls)
        return cls(data[2] & 0x07, data[3] >> 5, data[4:end])


COMMANDS = (ManufacturerSpecificGet, ManufacturerSpecificReport, DeviceSpecificGet, DeviceSpecificReport)
