"""Door Lock, version 4: the lock itself, its handles, and how it locks by itself.

SDS13781, COMMAND_CLASS_DOOR_LOCK. Version 3 adds the target mode and its duration, version 4 the capabilities,
automatic relocking, hold and release, twist assist and block to block. Codes are in User Code, not here.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit, read_mask, write_mask
from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.duration import Duration

COMMAND_CLASS = 0x62
VERSION = 4

NO_TIMEOUT = 0xFE
HANDLES = frozenset((1, 2, 3, 4))


class DoorLockMode(IntEnum):
    """Modes; UNKNOWN is only reported, never set."""

    UNSECURED = 0x00
    UNSECURED_WITH_TIMEOUT = 0x01
    INSIDE_UNSECURED = 0x10
    INSIDE_UNSECURED_WITH_TIMEOUT = 0x11
    OUTSIDE_UNSECURED = 0x20
    OUTSIDE_UNSECURED_WITH_TIMEOUT = 0x21
    UNKNOWN = 0xFE
    SECURED = 0xFF


class OperationType(IntEnum):
    """Whether the lock stays as it is set or locks again after the lock timeout."""

    CONSTANT = 0x01
    TIMED = 0x02


def _handles(nibble: int) -> frozenset[int]:
    return read_mask(bytes((nibble & 0x0F,)), first=1)


def _handles_byte(inside: frozenset[int], outside: frozenset[int]) -> int:
    if not inside | outside <= HANDLES:
        raise ValueError(f"handles are 1 to 4, not {sorted(inside | outside)}")
    return write_mask(outside, first=1, length=1)[0] << 4 | write_mask(inside, first=1, length=1)[0]


def _timeout(minutes: int, seconds: int) -> int | None:
    return None if minutes >= NO_TIMEOUT or seconds > 59 else minutes * 60 + seconds


def _timeout_bytes(timeout_s: int | None) -> tuple[int, int]:
    if timeout_s is None:
        return NO_TIMEOUT, NO_TIMEOUT
    if not 0 <= timeout_s < NO_TIMEOUT * 60:
        raise ValueError(f"a timeout of {timeout_s} s, 0 to 15239 fit")
    return timeout_s // 60, timeout_s % 60


@dataclass(frozen=True, slots=True)
class DoorLockOperationSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    mode: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.mode))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class DoorLockOperationGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class DoorLockOperationReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    mode: int
    """A DoorLockMode, where it is one that is known here."""
    inside_handles: frozenset[int]
    """The handles, 1 to 4, that open the door from the inside at this moment."""
    outside_handles: frozenset[int]
    door_closed: bool
    bolt_unlocked: bool
    latch_closed: bool
    """This and the two before say nothing where the lock has no such part: see the capabilities."""
    remaining_s: int | None
    """Until the lock locks by itself; None where it does not. 0-15239."""
    target: int | None = None
    duration: Duration | None = None
    """Time left until the target is reached. Absent, with the target, before version 3."""

    def to_bytes(self) -> bytes:
        handles = _handles_byte(self.inside_handles, self.outside_handles)
        condition = self.door_closed | self.bolt_unlocked << 1 | self.latch_closed << 2
        body = bytes((COMMAND_CLASS, self.COMMAND, self.mode, handles, condition, *_timeout_bytes(self.remaining_s)))
        if self.target is None or self.duration is None:
            return body
        return body + bytes((self.target, self.duration.byte))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 7, cls)
        later = len(data) > 8
        return cls(
            mode=data[2],
            inside_handles=_handles(data[3]),
            outside_handles=_handles(data[3] >> 4),
            door_closed=bool(data[4] & 0x01),
            bolt_unlocked=bool(data[4] & 0x02),
            latch_closed=bool(data[4] & 0x04),
            remaining_s=_timeout(data[5], data[6]),
            target=data[7] if later else None,
            duration=Duration(data[8]) if later else None,
        )


@dataclass(frozen=True, slots=True)
class AutomaticLocking:
    """What version 4 adds to the configuration. 0 s switches a function off."""

    auto_relock_s: int
    """Locks this long after it was unlocked. 0-65535."""
    hold_and_release_s: int
    """Keeps the latch retracted this long. 0-65535."""
    twist_assist: bool
    block_to_block: bool

    def to_bytes(self) -> bytes:
        relock, hold = self.auto_relock_s, self.hold_and_release_s
        flags = self.twist_assist | self.block_to_block << 1
        return bytes((relock >> 8, relock & 0xFF, hold >> 8, hold & 0xFF, flags))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self | None:
        """None where `data` is shorter than the five bytes: an older version."""
        if len(data) < 5:
            return None
        return cls(data[0] << 8 | data[1], data[2] << 8 | data[3], bool(data[4] & 0x01), bool(data[4] & 0x02))


@dataclass(frozen=True, slots=True)
class DoorLockConfiguration:
    """What the configuration's Set and Report have in common, and all that they have."""

    operation_type: int
    """An OperationType, where it is one that is known here."""
    inside_handles: frozenset[int]
    """The handles, 1 to 4, that open the door from the inside in the unsecured modes."""
    outside_handles: frozenset[int]
    lock_timeout_s: int | None
    """Timed operation locks again after so long; None with constant operation. 0-15239."""
    automatic: AutomaticLocking | None = None
    """Absent before version 4."""

    def to_bytes(self) -> bytes:
        handles = _handles_byte(self.inside_handles, self.outside_handles)
        body = bytes((self.operation_type, handles, *_timeout_bytes(self.lock_timeout_s)))
        return body if self.automatic is None else body + self.automatic.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the four to nine bytes behind the command's header."""
        inside, outside = _handles(data[1]), _handles(data[1] >> 4)
        return cls(data[0], inside, outside, _timeout(data[2], data[3]), AutomaticLocking.from_bytes(data[4:]))


@dataclass(frozen=True, slots=True)
class DoorLockConfigurationSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    configuration: DoorLockConfiguration

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + self.configuration.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        return cls(DoorLockConfiguration.from_bytes(data[2:]))


@dataclass(frozen=True, slots=True)
class DoorLockConfigurationGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class DoorLockConfigurationReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    configuration: DoorLockConfiguration

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + self.configuration.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        return cls(DoorLockConfiguration.from_bytes(data[2:]))


@dataclass(frozen=True, slots=True)
class DoorLockCapabilitiesGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class DoorLockCapabilitiesReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x08

    operation_types: frozenset[int]
    modes: tuple[int, ...]
    """At most 255."""
    inside_handles: frozenset[int]
    outside_handles: frozenset[int]
    """The handles, 1 to 4, that can be set to open the door or not."""
    door: bool
    bolt: bool
    latch: bool
    """Whether the condition of each is known to the lock."""
    block_to_block: bool
    twist_assist: bool
    hold_and_release: bool
    auto_relock: bool

    def to_bytes(self) -> bytes:
        types = write_mask(self.operation_types)
        components = self.door | self.bolt << 1 | self.latch << 2
        flags = self.block_to_block | self.twist_assist << 1 | self.hold_and_release << 2 | self.auto_relock << 3
        handles = _handles_byte(self.inside_handles, self.outside_handles)
        header = bytes((COMMAND_CLASS, self.COMMAND, fit(len(types), 5)))
        return header + types + bytes((len(self.modes), *self.modes, handles, components, flags))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        modes_at = 3 + (data[2] & 0x1F)
        need(data, modes_at + 1, cls)
        end = modes_at + 1 + data[modes_at]
        need(data, end + 3, cls)
        handles, components, flags = data[end : end + 3]
        return cls(
            operation_types=read_mask(data[3:modes_at]),
            modes=tuple(data[modes_at + 1 : end]),
            inside_handles=_handles(handles),
            outside_handles=_handles(handles >> 4),
            door=bool(components & 0x01),
            bolt=bool(components & 0x02),
            latch=bool(components & 0x04),
            block_to_block=bool(flags & 0x01),
            twist_assist=bool(flags & 0x02),
            hold_and_release=bool(flags & 0x04),
            auto_relock=bool(flags & 0x08),
        )


COMMANDS = (
    DoorLockOperationSet,
    DoorLockOperationGet,
    DoorLockOperationReport,
    DoorLockConfigurationSet,
    DoorLockConfigurationGet,
    DoorLockConfigurationReport,
    DoorLockCapabilitiesGet,
    DoorLockCapabilitiesReport,
)
