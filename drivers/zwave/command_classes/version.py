"""Version, version 4: what a node runs, and which version of each command class it has.

SDS13782 (Z-Wave Management Command Class Specification), COMMAND_CLASS_VERSION, versions 1-3. Version 2 adds the
hardware and further firmware targets; version 3 the capabilities and the Z-Wave software; version 4 the migrations
(ZWave_cmd_classes.xml of the Z-Wave Alliance, COMMAND_CLASS_VERSION version 4).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x86
VERSION = 4


class MigrationOperation(IntEnum):
    USER_CODE_TO_USER_CREDENTIAL = 0x01
    USER_CREDENTIAL_TO_USER_CODE = 0x02


class MigrationStatus(IntEnum):
    READY = 0x00
    IN_PROGRESS = 0x01
    SUCCEEDED = 0x02
    FAILED = 0x03
    UNSUPPORTED = 0x04


@dataclass(frozen=True, slots=True)
class VersionGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x11

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class VersionReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x12

    library_type: int
    protocol: tuple[int, int]
    firmware: tuple[int, int]
    """Firmware target 0, the Z-Wave chip's own."""
    hardware: int | None = None
    """Absent in version 1."""
    other_firmware: tuple[tuple[int, int], ...] = ()
    """Firmware targets 1 and up, which version 1 cannot say."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.library_type, *self.protocol, *self.firmware))
        if self.hardware is None:
            return body
        return body + bytes((self.hardware, len(self.other_firmware))) + b"".join(map(bytes, self.other_firmware))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 7, cls)
        library_type, protocol, firmware = data[2], (data[3], data[4]), (data[5], data[6])
        if len(data) < 9:
            return cls(library_type, protocol, firmware)
        need(data, 9 + 2 * data[8], cls)
        targets = data[9 : 9 + 2 * data[8]]
        return cls(library_type, protocol, firmware, data[7], tuple(zip(targets[::2], targets[1::2], strict=True)))


@dataclass(frozen=True, slots=True)
class VersionCommandClassGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x13

    requested: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.requested))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class VersionCommandClassReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x14

    requested: int
    version: int
    """0 where the node has not the class."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.requested, self.version))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], data[3])


@dataclass(frozen=True, slots=True)
class VersionCapabilitiesGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x15

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class VersionCapabilitiesReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x16

    version: bool
    """Answers Version Get; and so on for each of the class's Get commands."""
    command_class: bool
    zwave_software: bool
    migration: bool = False
    """Version 4; a reserved bit, zero, before."""

    def to_bytes(self) -> bytes:
        flags = self.version | self.command_class << 1 | self.zwave_software << 2 | self.migration << 3
        return bytes((COMMAND_CLASS, self.COMMAND, flags))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(*(bool(data[2] >> bit & 1) for bit in range(4)))


@dataclass(frozen=True, slots=True)
class VersionZWaveSoftwareGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x17

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


SoftwareVersion = tuple[int, int, int]
"""Major, minor and patch."""

UNUSED: Final[SoftwareVersion] = (0, 0, 0)
"""The node has no such part, or does not tell."""


@dataclass(frozen=True, slots=True)
class Build:
    """One part of a node's software. `number` tells builds of one version apart; 0 where it is not used."""

    version: SoftwareVersion = UNUSED
    number: int = 0

    def to_bytes(self) -> bytes:
        return bytes(self.version) + self.number.to_bytes(2, "big")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return cls(_software_version(data), int.from_bytes(data[3:5], "big"))


def _software_version(data: bytes) -> SoftwareVersion:
    return data[0], data[1], data[2]


@dataclass(frozen=True, slots=True)
class VersionZWaveSoftwareReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x18

    sdk: SoftwareVersion
    application_framework: Build = Build()
    host_interface: Build = Build()
    protocol: Build = Build()
    application: Build = Build()

    def to_bytes(self) -> bytes:
        parts = (self.application_framework, self.host_interface, self.protocol, self.application)
        return bytes((COMMAND_CLASS, self.COMMAND, *self.sdk)) + b"".join(part.to_bytes() for part in parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 25, cls)
        parts = (Build.from_bytes(data[start : start + 5]) for start in range(5, 25, 5))
        return cls(_software_version(data[2:5]), *parts)


@dataclass(frozen=True, slots=True)
class VersionMigrationCapabilitiesGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x19

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class VersionMigrationCapabilitiesReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x1A

    operations: tuple[int, ...]
    """MigrationOperation, or a later one."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, len(self.operations), *self.operations))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        need(data, 3 + data[2], cls)
        return cls(tuple(data[3 : 3 + data[2]]))


@dataclass(frozen=True, slots=True)
class VersionMigrationSet:
    """Start a migration."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x1B

    operation: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.operation))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class VersionMigrationGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x1C

    operation: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.operation))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class VersionMigrationReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x1D

    operation: int
    status: int
    """MigrationStatus, or a later one."""
    remaining_s: int
    """An estimate; 0 unless a migration is in progress."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.operation, self.status)) + self.remaining_s.to_bytes(2, "big")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        return cls(data[2], data[3], int.from_bytes(data[4:6], "big"))


COMMANDS = (
    VersionGet,
    VersionReport,
    VersionCommandClassGet,
    VersionCommandClassReport,
    VersionCapabilitiesGet,
    VersionCapabilitiesReport,
    VersionZWaveSoftwareGet,
    VersionZWaveSoftwareReport,
    VersionMigrationCapabilitiesGet,
    VersionMigrationCapabilitiesReport,
    VersionMigrationSet,
    VersionMigrationGet,
    VersionMigrationReport,
)
