"""Node Naming and Location, version 1: a name and a place of at most 16 bytes each, kept in the device.

SDS13782, COMMAND_CLASS_NODE_NAMING. The bytes are kept as they come, beside the encoding that the device claims.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit
from drivers.zwave.command_classes.command import MalformedCommand, need

COMMAND_CLASS = 0x77
VERSION = 1
TEXT_MAX = 16


class Presentation(IntEnum):
    """How the bytes of a text are read. The others are reserved."""

    ASCII = 0x00
    OEM_EXTENDED_ASCII = 0x01
    UTF_16 = 0x02


ENCODINGS: dict[int, str] = {
    Presentation.ASCII: "ascii",
    Presentation.OEM_EXTENDED_ASCII: "cp437",
    Presentation.UTF_16: "utf-16-be",
}


@dataclass(frozen=True, slots=True)
class NodeText:
    """A name or a place."""

    presentation: int
    """A Presentation, 0-7."""
    data: bytes
    """At most 16 bytes."""

    @property
    def text(self) -> str:
        """The text, with a replacement character for what is not one."""
        return self.data.decode(ENCODINGS.get(self.presentation, "ascii"), "replace")

    @classmethod
    def of(cls, text: str) -> Self:
        """`text` as ASCII, or as UTF-16 where it is more than that; what does not fit in 16 bytes is cut off."""
        if text.isascii():
            return cls(Presentation.ASCII, text.encode("ascii")[:TEXT_MAX])
        whole = text.encode("utf-16-be")[:TEXT_MAX].decode("utf-16-be", "ignore")
        return cls(Presentation.UTF_16, whole.encode("utf-16-be"))

    def to_bytes(self) -> bytes:
        if len(self.data) > TEXT_MAX:
            raise ValueError(f"{len(self.data)} bytes of text, at most {TEXT_MAX} fit")
        return bytes((fit(self.presentation, 3),)) + self.data

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the one to 17 bytes behind the command's header."""
        if len(data) > 1 + TEXT_MAX:
            raise MalformedCommand(f"Node Naming: {len(data) - 1} bytes of text, at most {TEXT_MAX} are allowed")
        return cls(data[0] & 0x07, data[1:])


@dataclass(frozen=True, slots=True)
class NodeNamingNodeNameSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    name: NodeText

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + self.name.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(NodeText.from_bytes(data[2:]))


@dataclass(frozen=True, slots=True)
class NodeNamingNodeNameGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class NodeNamingNodeNameReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    name: NodeText

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + self.name.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(NodeText.from_bytes(data[2:]))


@dataclass(frozen=True, slots=True)
class NodeNamingNodeLocationSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    location: NodeText

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + self.location.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(NodeText.from_bytes(data[2:]))


@dataclass(frozen=True, slots=True)
class NodeNamingNodeLocationGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class NodeNamingNodeLocationReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    location: NodeText

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + self.location.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(NodeText.from_bytes(data[2:]))


COMMANDS = (
    NodeNamingNodeNameSet,
    NodeNamingNodeNameGet,
    NodeNamingNodeNameReport,
    NodeNamingNodeLocationSet,
    NodeNamingNodeLocationGet,
    NodeNamingNodeLocationReport,
)
