"""Supervision, version 2: a command that is answered with what became of it.

SDS13783 (Z-Wave Transport-Encapsulation Command Class Specification), COMMAND_CLASS_SUPERVISION; Z-Wave Specification
2024A, §4.2.8 and §4.2.9. Version 2 adds the wake-up request. The supervised command is carried as bytes; the chain
in `drivers.zwave.encapsulation` decodes it.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import MalformedCommand, need
from drivers.zwave.command_classes.duration import INSTANTLY, Duration

COMMAND_CLASS = 0x6C
VERSION = 2

SESSION_MAX = 0x3F


class SupervisionStatus(IntEnum):
    """Table 4.29. Any other value is reserved, and a report that has it is to be ignored."""

    NO_SUPPORT = 0x00
    WORKING = 0x01
    FAIL = 0x02
    BUSY = 0x03
    """Not in the table any more; the Z/IP Gateway says it of a command that it had no time to carry out."""
    SUCCESS = 0xFF


@dataclass(frozen=True, slots=True)
class SupervisionGet:
    """Carry out `payload`, a whole command of 1-255 bytes, and report."""

    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    session: int
    """0-63."""
    status_updates: bool
    """More reports are welcome after the first, until the command is done."""
    payload: bytes

    def to_bytes(self) -> bytes:
        properties = self.status_updates << 7 | self.session
        return bytes((COMMAND_CLASS, self.COMMAND, properties, len(self.payload))) + self.payload

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        end = 4 + data[3]
        need(data, end, cls)
        if end == 4:
            raise MalformedCommand(f"Supervision Get: nothing to supervise: {data.hex()}")
        return cls(data[2] & SESSION_MAX, bool(data[2] & 0x80), data[4:end])


@dataclass(frozen=True, slots=True)
class SupervisionReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    session: int
    """0-63, of the Get that is answered."""
    status: int
    """SupervisionStatus, or a reserved value."""
    duration: Duration = INSTANTLY
    """Time left while the status is working; zero otherwise."""
    more_updates: bool = False
    wake_up_request: bool = False
    """Version 2, to a node with Wake Up On Demand: start a wake-up period. A reserved bit, zero, before."""

    def to_bytes(self) -> bytes:
        properties = self.more_updates << 7 | self.wake_up_request << 6 | self.session
        return bytes((COMMAND_CLASS, self.COMMAND, properties, self.status, self.duration.byte))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        properties = data[2]
        return cls(
            properties & SESSION_MAX, data[3], Duration(data[4]), bool(properties & 0x80), bool(properties & 0x40)
        )


COMMANDS = (SupervisionGet, SupervisionReport)
