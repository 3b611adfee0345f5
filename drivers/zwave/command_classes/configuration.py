"""Configuration, version 4: the numbered parameters with which a manufacturer lets a device be adjusted.

SDS13781, COMMAND_CLASS_CONFIGURATION. Version 2 adds the bulk commands, version 3 names, descriptions and properties
and parameters above 255, version 4 the reset of all and more properties. Values are read as signed: only the
properties of a parameter say whether it is, so `as_unsigned` is for whoever knows them.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit
from drivers.zwave.command_classes.command import MalformedCommand, need

COMMAND_CLASS = 0x70
VERSION = 4
SIZES = (1, 2, 4)


class Format(IntEnum):
    """How the bytes of a value are read. All but SIGNED are unsigned."""

    SIGNED = 0
    UNSIGNED = 1
    ENUMERATED = 2
    BIT_FIELD = 3


def as_unsigned(value: int, size: int) -> int:
    """What a value of `size` bytes that was read as signed means to a parameter that is not."""
    return value % (1 << 8 * size)


def as_signed(value: int, size: int) -> int:
    """How a value of `size` bytes is written here, whether it was meant signed or not."""
    return int.from_bytes(as_unsigned(value, size).to_bytes(size, "big"), "big", signed=True)


def _size(bits: int, what: type) -> int:
    if bits & 0x07 not in SIZES:
        raise MalformedCommand(f"{what.__name__}: {bits & 0x07} is not a size of a value")
    return bits & 0x07


def _write_value(value: int, size: int, *, signed: bool = True) -> bytes:
    if size not in SIZES:
        raise ValueError(f"{size} is not a size of a value: 1, 2 or 4")
    low, high = (-(1 << 8 * size - 1), 1 << 8 * size - 1) if signed else (0, 1 << 8 * size)
    if not low <= value < high:
        raise ValueError(f"{value} does not fit in {size} bytes, {'signed' if signed else 'unsigned'}")
    return value.to_bytes(size, "big", signed=signed)


def _read_values(data: bytes, size: int) -> tuple[int, ...]:
    return tuple(int.from_bytes(data[at : at + size], "big", signed=True) for at in range(0, len(data), size))


@dataclass(frozen=True, slots=True)
class ConfigurationDefaultReset:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class ConfigurationSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    parameter: int
    """0-255; those above are set in bulk."""
    size: int
    """Of the value, in bytes: 1, 2 or 4."""
    value: int | None
    """Signed. None is the parameter's default."""

    def to_bytes(self) -> bytes:
        flag = 0x80 if self.value is None else 0
        header = bytes((COMMAND_CLASS, self.COMMAND, self.parameter, flag | self.size))
        return header + _write_value(self.value or 0, self.size)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        size = _size(data[3], cls)
        if data[3] & 0x80:
            return cls(data[2], size, None)
        need(data, 4 + size, cls)
        return cls(data[2], size, int.from_bytes(data[4 : 4 + size], "big", signed=True))


@dataclass(frozen=True, slots=True)
class ConfigurationGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    parameter: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.parameter))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class ConfigurationReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    parameter: int
    """0-255."""
    size: int
    """Of the value, in bytes: 1, 2 or 4."""
    value: int
    """Signed."""

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND, self.parameter, self.size))
        return header + _write_value(self.value, self.size)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        size = _size(data[3], cls)
        need(data, 4 + size, cls)
        return cls(data[2], size, int.from_bytes(data[4 : 4 + size], "big", signed=True))


@dataclass(frozen=True, slots=True)
class ConfigurationBulkSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    first: int
    """The parameter of the first value; the others follow in order. 0-65535."""
    size: int
    """Of each value, in bytes: 1, 2 or 4."""
    values: tuple[int, ...]
    """Signed. At most 255."""
    default: bool = False
    """Resets the parameters instead; the values are then ignored."""
    handshake: bool = False
    """Whether a bulk report is wanted when all is set."""

    def to_bytes(self) -> bytes:
        flags = self.default << 7 | self.handshake << 6 | self.size
        header = bytes((COMMAND_CLASS, self.COMMAND, self.first >> 8, self.first & 0xFF, len(self.values), flags))
        return header + b"".join(_write_value(value, self.size) for value in self.values)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        size = _size(data[5], cls)
        end = 6 + data[4] * size
        need(data, end, cls)
        values = _read_values(data[6:end], size)
        return cls(data[2] << 8 | data[3], size, values, bool(data[5] & 0x80), bool(data[5] & 0x40))


@dataclass(frozen=True, slots=True)
class ConfigurationBulkGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x08

    first: int
    """0-65535."""
    count: int
    """0-255."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.first >> 8, self.first & 0xFF, self.count))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        return cls(data[2] << 8 | data[3], data[4])


@dataclass(frozen=True, slots=True)
class ConfigurationBulkReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x09

    first: int
    """The parameter of the first value; the others follow in order. 0-65535."""
    reports_to_follow: int
    size: int
    """Of each value, in bytes: 1, 2 or 4."""
    values: tuple[int, ...]
    """Signed. At most 255."""
    default: bool = False
    """All these parameters have their defaults."""
    handshake: bool = False
    """Answers a bulk set, not a bulk get."""

    def to_bytes(self) -> bytes:
        flags = self.default << 7 | self.handshake << 6 | self.size
        counts = len(self.values), self.reports_to_follow
        header = bytes((COMMAND_CLASS, self.COMMAND, self.first >> 8, self.first & 0xFF, *counts, flags))
        return header + b"".join(_write_value(value, self.size) for value in self.values)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 7, cls)
        size = _size(data[6], cls)
        end = 7 + data[4] * size
        need(data, end, cls)
        values = _read_values(data[7:end], size)
        return cls(data[2] << 8 | data[3], data[5], size, values, bool(data[6] & 0x80), bool(data[6] & 0x40))


@dataclass(frozen=True, slots=True)
class ConfigurationNameGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0A

    parameter: int
    """0-65535."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.parameter >> 8, self.parameter & 0xFF))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2] << 8 | data[3])


@dataclass(frozen=True, slots=True)
class ConfigurationNameReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0B

    parameter: int
    """0-65535."""
    reports_to_follow: int
    part: bytes
    """UTF-8 once all parts are joined: a character may be cut in two."""

    def to_bytes(self) -> bytes:
        parameter = self.parameter >> 8, self.parameter & 0xFF
        return bytes((COMMAND_CLASS, self.COMMAND, *parameter, self.reports_to_follow)) + self.part

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        return cls(data[2] << 8 | data[3], data[4], data[5:])


@dataclass(frozen=True, slots=True)
class ConfigurationInfoGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0C

    parameter: int
    """0-65535."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.parameter >> 8, self.parameter & 0xFF))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2] << 8 | data[3])


@dataclass(frozen=True, slots=True)
class ConfigurationInfoReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0D

    parameter: int
    """0-65535."""
    reports_to_follow: int
    part: bytes
    """UTF-8 once all parts are joined: a character may be cut in two."""

    def to_bytes(self) -> bytes:
        parameter = self.parameter >> 8, self.parameter & 0xFF
        return bytes((COMMAND_CLASS, self.COMMAND, *parameter, self.reports_to_follow)) + self.part

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        return cls(data[2] << 8 | data[3], data[4], data[5:])


@dataclass(frozen=True, slots=True)
class ConfigurationPropertiesGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0E

    parameter: int
    """0-65535."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.parameter >> 8, self.parameter & 0xFF))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2] << 8 | data[3])


@dataclass(frozen=True, slots=True)
class Limits:
    """What a parameter may be, in its own format: these are unsigned where it is."""

    size: int
    """In bytes: 1, 2 or 4."""
    minimum: int
    maximum: int
    default: int


@dataclass(frozen=True, slots=True)
class ConfigurationPropertiesReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0F

    parameter: int
    """0-65535."""
    format: int
    """A Format, 0-7."""
    limits: Limits | None
    """None where the device has no such parameter."""
    next_parameter: int
    """The next one that the device has; 0 is none. 0-65535."""
    read_only: bool = False
    altering_capabilities: bool = False
    """Setting it changes what the device is, so it must be interviewed again. This and read_only: version 4."""
    advanced: bool | None = None
    no_bulk: bool | None = None
    """Not to be used in bulk. This and advanced are absent in version 3."""

    def to_bytes(self) -> bytes:
        size = 0 if self.limits is None else self.limits.size
        flags = self.altering_capabilities << 7 | self.read_only << 6 | fit(self.format, 3) << 3 | size
        body = bytes((COMMAND_CLASS, self.COMMAND, self.parameter >> 8, self.parameter & 0xFF, flags))
        if self.limits is not None:
            signed = self.format == Format.SIGNED
            for value in (self.limits.minimum, self.limits.maximum, self.limits.default):
                body += _write_value(value, size, signed=signed)
        body += bytes((self.next_parameter >> 8, self.next_parameter & 0xFF))
        if self.advanced is None or self.no_bulk is None:
            return body
        return body + bytes((self.no_bulk << 1 | self.advanced,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        size = _size(data[4], cls) if data[4] & 0x07 else 0
        end = 5 + 3 * size
        need(data, end + 2, cls)
        signed = data[4] >> 3 & 0x07 == Format.SIGNED
        least, most, default = (
            int.from_bytes(data[5 + at * size : 5 + (at + 1) * size], "big", signed=signed) for at in range(3)
        )
        later = len(data) > end + 2
        return cls(
            parameter=data[2] << 8 | data[3],
            format=data[4] >> 3 & 0x07,
            limits=Limits(size, least, most, default) if size else None,
            next_parameter=data[end] << 8 | data[end + 1],
            read_only=bool(data[4] & 0x40),
            altering_capabilities=bool(data[4] & 0x80),
            advanced=bool(data[end + 2] & 0x01) if later else None,
            no_bulk=bool(data[end + 2] & 0x02) if later else None,
        )


COMMANDS = (
    ConfigurationDefaultReset,
    ConfigurationSet,
    ConfigurationGet,
    ConfigurationReport,
    ConfigurationBulkSet,
    ConfigurationBulkGet,
    ConfigurationBulkReport,
    ConfigurationNameGet,
    ConfigurationNameReport,
    ConfigurationInfoGet,
    ConfigurationInfoReport,
    ConfigurationPropertiesGet,
    ConfigurationPropertiesReport,
)
