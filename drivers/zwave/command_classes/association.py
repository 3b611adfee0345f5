"""Association, version 4: which nodes a node tells of what happens to it, in groups.

SDS13782 (Z-Wave Management Command Class Specification), COMMAND_CLASS_ASSOCIATION. Version 2 adds the Specific Group
commands and wider removal (group 0 is every group, no nodes is every node); versions 3 and 4 change no bytes.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x85
VERSION = 4


@dataclass(frozen=True, slots=True)
class AssociationSet:
    """Add nodes to a group."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    group: int
    nodes: tuple[int, ...]

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.group, *self.nodes))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2], tuple(data[3:]))


@dataclass(frozen=True, slots=True)
class AssociationGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    group: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.group))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class AssociationReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    group: int
    nodes_max: int
    """How many the group can hold."""
    reports_to_follow: int
    nodes: tuple[int, ...]

    def to_bytes(self) -> bytes:
        header = (COMMAND_CLASS, self.COMMAND, self.group, self.nodes_max, self.reports_to_follow)
        return bytes((*header, *self.nodes))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        return cls(data[2], data[3], data[4], tuple(data[5:]))


@dataclass(frozen=True, slots=True)
class AssociationRemove:
    """Take nodes out of a group: all of them where none is named, and out of every group where `group` is 0."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    group: int
    nodes: tuple[int, ...] = ()

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.group, *self.nodes))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2], tuple(data[3:]))


@dataclass(frozen=True, slots=True)
class AssociationSupportedGroupingsGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class AssociationSupportedGroupingsReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    groups: int
    """How many there are, numbered from 1."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.groups))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class AssociationSpecificGroupGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0B

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class AssociationSpecificGroupReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0C

    group: int
    """The group of the button pressed last; 0 where the node cannot say."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.group))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


COMMANDS = (
    AssociationSet,
    AssociationGet,
    AssociationReport,
    AssociationRemove,
    AssociationSupportedGroupingsGet,
    AssociationSupportedGroupingsReport,
    AssociationSpecificGroupGet,
    AssociationSpecificGroupReport,
)
