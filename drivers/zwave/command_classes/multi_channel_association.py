"""Multi Channel Association, version 5: Association to end points as well as to nodes.

SDS13782 (Z-Wave Management Command Class Specification), COMMAND_CLASS_MULTI_CHANNEL_ASSOCIATION; Z-Wave Specification
2024A, §3.2.33. Version 1 was Multi Instance Association; version 2 adds addressing by bits; versions 3-5 change no
bytes. Node destinations come first, then a marker byte, then pairs of a node and its end points.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.end_points import EndPoints, end_points, end_points_byte

COMMAND_CLASS = 0x8E
VERSION = 5

MARKER = b"\x00"


@dataclass(frozen=True, slots=True)
class EndPointDestination:
    """One entry of a group, also where it names several end points by bits (CC:008E.02.01.12.005)."""

    node: int
    end_points: EndPoints


def _destinations_bytes(nodes: tuple[int, ...], destinations: tuple[EndPointDestination, ...]) -> bytes:
    if not destinations:
        return bytes(nodes)
    pairs = b"".join(bytes((pair.node, end_points_byte(pair.end_points))) for pair in destinations)
    return bytes(nodes) + MARKER + pairs


def _destinations(data: bytes) -> tuple[tuple[int, ...], tuple[EndPointDestination, ...]]:
    nodes, _, pairs = data.partition(MARKER)
    # Not strict: half a pair at the end is trailing rubbish.
    addresses = zip(pairs[::2], pairs[1::2], strict=False)
    return tuple(nodes), tuple(EndPointDestination(node, end_points(byte)) for node, byte in addresses)


@dataclass(frozen=True, slots=True)
class MultiChannelAssociationSet:
    """Add nodes and end points to a group."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    group: int
    nodes: tuple[int, ...] = ()
    end_points: tuple[EndPointDestination, ...] = ()

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.group)) + _destinations_bytes(self.nodes, self.end_points)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2], *_destinations(data[3:]))


@dataclass(frozen=True, slots=True)
class MultiChannelAssociationGet:
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
class MultiChannelAssociationReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    group: int
    nodes_max: int
    """How many destinations, of either kind, the group can hold."""
    reports_to_follow: int
    nodes: tuple[int, ...] = ()
    end_points: tuple[EndPointDestination, ...] = ()

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND, self.group, self.nodes_max, self.reports_to_follow))
        return header + _destinations_bytes(self.nodes, self.end_points)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        return cls(data[2], data[3], data[4], *_destinations(data[5:]))


@dataclass(frozen=True, slots=True)
class MultiChannelAssociationRemove:
    """Take destinations out of a group: all where none is named, and out of every group where `group` is 0."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    group: int
    nodes: tuple[int, ...] = ()
    end_points: tuple[EndPointDestination, ...] = ()

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.group)) + _destinations_bytes(self.nodes, self.end_points)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2], *_destinations(data[3:]))


@dataclass(frozen=True, slots=True)
class MultiChannelAssociationSupportedGroupingsGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class MultiChannelAssociationSupportedGroupingsReport:
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


COMMANDS = (
    MultiChannelAssociationSet,
    MultiChannelAssociationGet,
    MultiChannelAssociationReport,
    MultiChannelAssociationRemove,
    MultiChannelAssociationSupportedGroupingsGet,
    MultiChannelAssociationSupportedGroupingsReport,
)
