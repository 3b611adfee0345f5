"""No Operation, version 1: one byte, to see whether a node acknowledges.

SDS13784 (Z-Wave Network-Protocol Command Class Specification), COMMAND_CLASS_NO_OPERATION. The class has no commands:
its identifier alone goes over the air, and the acknowledgement of that frame is all the answer there is.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x00
VERSION = 1


@dataclass(frozen=True, slots=True)
class NoOperation:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x00
    """Not on the wire: what a byte that is not there reads as."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 1, cls)
        return cls()


COMMANDS = (NoOperation,)
