"""Association Group Information, version 3: what each association group of a node is for, and what it sends.

SDS13782 (Z-Wave Management Command Class Specification), COMMAND_CLASS_ASSOCIATION_GRP_INFO. Versions 2 and 3 add
profiles, and nothing on the wire. The mode and the event code of a group are reserved: written 0, and ignored.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from drivers.zwave.command_classes.command import MalformedCommand, need

COMMAND_CLASS = 0x59
VERSION = 3

LIFELINE: Final = 0x0001
"""The profile of the group that tells the controller everything."""
NO_PROFILE: Final = 0x0000

_GROUP_BYTES: Final = 7
GROUPS_MAX: Final = 63
"""The groups that one report has room for."""


class ProfileCategory(IntEnum):
    """The high byte of a profile. What the low byte counts, it says."""

    GENERAL = 0x00
    """0 none, 1 lifeline."""
    CONTROL = 0x20
    """The number of a key."""
    SENSOR = 0x31
    """A sensor type of Multilevel Sensor."""
    METER = 0x32
    """A meter type."""
    IRRIGATION = 0x6B
    """The number of a channel."""
    NOTIFICATION = 0x71
    """A notification type."""


@dataclass(frozen=True, slots=True)
class AssociationGroupNameGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    group: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.group))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class AssociationGroupNameReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    group: int
    name: str
    """At most 42 bytes of UTF-8. Read up to a NUL, which some devices end it with, and without what is not UTF-8."""

    def to_bytes(self) -> bytes:
        name = self.name.encode()
        return bytes((COMMAND_CLASS, self.COMMAND, self.group, len(name))) + name

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        need(data, 4 + data[3], cls)
        return cls(data[2], data[4 : 4 + data[3]].partition(b"\0")[0].decode("utf-8", "ignore"))


@dataclass(frozen=True, slots=True)
class AssociationGroupInfoGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    group: int
    """0 in list mode."""
    list_mode: bool = False
    """All groups at once."""
    refresh_cache: bool = False

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.refresh_cache << 7 | self.list_mode << 6, self.group))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[3], bool(data[2] & 0x40), bool(data[2] & 0x80))


@dataclass(frozen=True, slots=True)
class GroupInfo:
    group: int
    profile: int
    """LIFELINE, NO_PROFILE, or a ProfileCategory times 256 plus what it counts."""


@dataclass(frozen=True, slots=True)
class AssociationGroupInfoReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    groups: tuple[GroupInfo, ...]
    """At most GROUPS_MAX; a node with more sends several reports."""
    list_mode: bool = False
    dynamic: bool = False
    """The information may change while the node is in the network."""

    def to_bytes(self) -> bytes:
        assert len(self.groups) <= GROUPS_MAX
        body = bytes((COMMAND_CLASS, self.COMMAND, self.list_mode << 7 | self.dynamic << 6 | len(self.groups)))
        return body + b"".join(bytes((it.group, 0, *it.profile.to_bytes(2, "big"), 0, 0, 0)) for it in self.groups)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        count = data[2] & 0x3F
        need(data, 3 + count * _GROUP_BYTES, cls)
        starts = range(3, 3 + count * _GROUP_BYTES, _GROUP_BYTES)
        groups = tuple(GroupInfo(data[at], int.from_bytes(data[at + 2 : at + 4], "big")) for at in starts)
        return cls(groups, bool(data[2] & 0x80), bool(data[2] & 0x40))


@dataclass(frozen=True, slots=True)
class AssociationGroupCommandListGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    group: int
    allow_cache: bool = True

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.allow_cache << 7, self.group))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[3], bool(data[2] & 0x80))


@dataclass(frozen=True, slots=True)
class AssociationGroupCommandListReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    group: int
    commands: tuple[tuple[int, int], ...]
    """Each command class, 0x00-0xF0 or an extended one of two bytes 0xF100-0xFFFF, and the command of it."""

    def to_bytes(self) -> bytes:
        listed = b"".join(_class_bytes(command_class) + bytes((command,)) for command_class, command in self.commands)
        return bytes((COMMAND_CLASS, self.COMMAND, self.group, len(listed))) + listed

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        need(data, 4 + data[3], cls)
        return cls(data[2], _commands(data[4 : 4 + data[3]]))


def _class_bytes(command_class: int) -> bytes:
    return command_class.to_bytes(1 if command_class < 0xF100 else 2, "big")


def _commands(listed: bytes) -> tuple[tuple[int, int], ...]:
    commands = []
    while listed:
        # SDS13782: a first byte of 0xF1-0xFF begins an extended command class of two bytes.
        size = 2 if listed[0] >= 0xF1 else 1
        if len(listed) <= size:
            raise MalformedCommand("Association Group Command List Report: the last command is cut short")
        commands.append((int.from_bytes(listed[:size], "big"), listed[size]))
        listed = listed[size + 1 :]
    return tuple(commands)


COMMANDS = (
    AssociationGroupNameGet,
    AssociationGroupNameReport,
    AssociationGroupInfoGet,
    AssociationGroupInfoReport,
    AssociationGroupCommandListGet,
    AssociationGroupCommandListReport,
)
