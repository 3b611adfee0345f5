"""Hail, version 1: a device of before Z-Wave Plus says that something about it changed, and not what.

SDS13781 (Z-Wave Application Command Class Specification), COMMAND_CLASS_HAIL; obsolete, but in use.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x82
VERSION = 1


@dataclass(frozen=True, slots=True)
class Hail:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


COMMANDS = (Hail,)
