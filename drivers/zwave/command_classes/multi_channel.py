"""Multi Channel, version 4: a node that is several devices, each an end point of its own.

SDS13783 (Z-Wave Transport-Encapsulation Command Class Specification), COMMAND_CLASS_MULTI_CHANNEL; Z-Wave Specification
2024A, §4.2.2 and §4.2.3. Version 1 was Multi Instance, whose three commands are kept for old devices; version 3 names
end points; version 4 adds aggregated ones. An encapsulated command is carried as bytes; the chain in
`drivers.zwave.encapsulation` decodes it.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import read_mask, write_mask
from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.end_points import EndPoints, end_points, end_points_byte

COMMAND_CLASS = 0x60
VERSION = 4

END_POINT_MASK = 0x7F
EXTENDED_CLASSES_FROM = 0xF1
"""A command class identifier that begins with this or more has a second byte."""


def _command_classes(data: bytes) -> tuple[int, ...]:
    found = []
    at = 0
    while at < len(data):
        if data[at] < EXTENDED_CLASSES_FROM:
            found.append(data[at])
            at += 1
        elif at + 1 < len(data):
            found.append(data[at] << 8 | data[at + 1])
            at += 2
        else:
            break
    return tuple(found)


def _command_classes_bytes(command_classes: tuple[int, ...]) -> bytes:
    return b"".join(each.to_bytes(2 if each > 0xFF else 1, "big") for each in command_classes)


@dataclass(frozen=True, slots=True)
class MultiInstanceGet:
    """How many instances of a command class are there? Version 1 only."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    requested: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.requested))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class MultiInstanceReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    requested: int
    instances: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.requested, self.instances))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], data[3] & END_POINT_MASK)


@dataclass(frozen=True, slots=True)
class MultiInstanceCommandEncapsulation:
    """A command to or from one instance of its class. Version 1 only."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    instance: int
    payload: bytes

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.instance)) + self.payload

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2] & END_POINT_MASK, data[3:])


@dataclass(frozen=True, slots=True)
class MultiChannelEndPointGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class MultiChannelEndPointReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x08

    individual: int
    """How many individual end points there are, 0-127; numbered from 1 unless their number is dynamic."""
    aggregated: int | None = None
    """How many aggregated ones follow them. Absent before version 4."""
    dynamic: bool = False
    identical: bool = False
    """All end points have the same device class and command classes."""

    def to_bytes(self) -> bytes:
        flags = self.dynamic << 7 | self.identical << 6
        body = bytes((COMMAND_CLASS, self.COMMAND, flags, self.individual))
        return body if self.aggregated is None else body + bytes((self.aggregated,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        aggregated = data[4] & END_POINT_MASK if len(data) > 4 else None
        return cls(data[3] & END_POINT_MASK, aggregated, bool(data[2] & 0x80), bool(data[2] & 0x40))


@dataclass(frozen=True, slots=True)
class MultiChannelCapabilityGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x09

    end_point: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.end_point))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2] & END_POINT_MASK)


@dataclass(frozen=True, slots=True)
class MultiChannelCapabilityReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0A

    end_point: int
    generic: int
    specific: int
    command_classes: tuple[int, ...]
    """Those supported without security; an extended class has 16 bits."""
    dynamic: bool = False

    @property
    def removed(self) -> bool:
        """A dynamic end point tells that it is gone (CC:0060.03.0A.11.002)."""
        return self.dynamic and self.generic == 0xFF and self.specific == 0x00

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND, self.dynamic << 7 | self.end_point, self.generic, self.specific))
        return header + _command_classes_bytes(self.command_classes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        return cls(data[2] & END_POINT_MASK, data[3], data[4], _command_classes(data[5:]), bool(data[2] & 0x80))


@dataclass(frozen=True, slots=True)
class MultiChannelEndPointFind:
    """Which end points have this device class? 0xFF in both is any."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0B

    generic: int
    specific: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.generic, self.specific))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], data[3])


@dataclass(frozen=True, slots=True)
class MultiChannelEndPointFindReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0C

    reports_to_follow: int
    generic: int
    specific: int
    end_points: tuple[int, ...]

    def to_bytes(self) -> bytes:
        header = (COMMAND_CLASS, self.COMMAND, self.reports_to_follow, self.generic, self.specific)
        return bytes((*header, *self.end_points))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        return cls(data[2], data[3], data[4], tuple(byte & END_POINT_MASK for byte in data[5:]))


@dataclass(frozen=True, slots=True)
class MultiChannelCommandEncapsulation:
    """A command between end points. `source` and `destination` are never both 0 in what is sent."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0D

    source: int
    destination: EndPoints
    payload: bytes

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND, self.source, end_points_byte(self.destination)))
        return header + self.payload

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        return cls(data[2] & END_POINT_MASK, end_points(data[3]), data[4:])


@dataclass(frozen=True, slots=True)
class MultiChannelAggregatedMembersGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0E

    end_point: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.end_point))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2] & END_POINT_MASK)


@dataclass(frozen=True, slots=True)
class MultiChannelAggregatedMembersReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0F

    end_point: int
    members: frozenset[int]
    """End points, from 1; none where `end_point` is not an aggregated one."""

    def to_bytes(self) -> bytes:
        masks = write_mask(self.members, first=1)
        return bytes((COMMAND_CLASS, self.COMMAND, self.end_point, len(masks))) + masks

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        end = 4 + data[3]
        need(data, end, cls)
        return cls(data[2] & END_POINT_MASK, read_mask(data[4:end], first=1))


COMMANDS = (
    MultiInstanceGet,
    MultiInstanceReport,
    MultiInstanceCommandEncapsulation,
    MultiChannelEndPointGet,
    MultiChannelEndPointReport,
    MultiChannelCapabilityGet,
    MultiChannelCapabilityReport,
    MultiChannelEndPointFind,
    MultiChannelEndPointFindReport,
    MultiChannelCommandEncapsulation,
    MultiChannelAggregatedMembersGet,
    MultiChannelAggregatedMembersReport,
)
