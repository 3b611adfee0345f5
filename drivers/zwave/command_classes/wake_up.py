"""Wake Up, version 3: when a sleeping node wakes, whom it tells, and when it may sleep again.

SDS13782 (Z-Wave Management Command Class Specification), COMMAND_CLASS_WAKE_UP. Version 2 adds the capabilities,
version 3 the wake-up on demand.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x84
VERSION = 3

NEVER: Final = 0
"""The interval of a node that wakes only when a person or its sensor wakes it."""
BROADCAST_NODE: Final = 0xFF
"""As the node to tell: every node in reach."""


def _three_bytes(seconds: int) -> bytes:
    return seconds.to_bytes(3, "big")


@dataclass(frozen=True, slots=True)
class WakeUpIntervalSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    interval_s: int
    """0-16777215, or NEVER."""
    node_id: int
    """The node to tell, 1-232 or BROADCAST_NODE."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, *_three_bytes(self.interval_s), self.node_id))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        return cls(int.from_bytes(data[2:5], "big"), data[5])


@dataclass(frozen=True, slots=True)
class WakeUpIntervalGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class WakeUpIntervalReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    interval_s: int
    """0-16777215, or NEVER."""
    node_id: int
    """The node that is told; 0 where none was ever set."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, *_three_bytes(self.interval_s), self.node_id))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        return cls(int.from_bytes(data[2:5], "big"), data[5])


@dataclass(frozen=True, slots=True)
class WakeUpNotification:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class WakeUpNoMoreInformation:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x08

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class WakeUpIntervalCapabilitiesGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x09

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class WakeUpIntervalCapabilitiesReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0A

    minimum_s: int
    maximum_s: int
    default_s: int
    step_s: int
    """An interval is the minimum plus a multiple of this."""
    on_demand: bool | None = None
    """The node can also be woken by a beam. Absent in version 2."""

    def to_bytes(self) -> bytes:
        seconds = (self.minimum_s, self.maximum_s, self.default_s, self.step_s)
        body = bytes((COMMAND_CLASS, self.COMMAND)) + b"".join(map(_three_bytes, seconds))
        return body if self.on_demand is None else body + bytes((self.on_demand,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 14, cls)
        minimum, maximum, default, step = (int.from_bytes(data[at : at + 3], "big") for at in (2, 5, 8, 11))
        return cls(minimum, maximum, default, step, bool(data[14] & 0x01) if len(data) > 14 else None)


COMMANDS = (
    WakeUpIntervalSet,
    WakeUpIntervalGet,
    WakeUpIntervalReport,
    WakeUpNotification,
    WakeUpNoMoreInformation,
    WakeUpIntervalCapabilitiesGet,
    WakeUpIntervalCapabilitiesReport,
)
