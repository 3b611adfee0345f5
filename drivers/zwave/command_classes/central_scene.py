"""Central Scene, version 3: buttons that have been pressed, held or released.

SDS13781 (Z-Wave Application Command Class Specification), COMMAND_CLASS_CENTRAL_SCENE. Version 2 adds the key
attributes that each scene supports and the presses beyond the first; version 3 the slow refresh and its configuration.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from drivers.zwave.command_classes.bit_mask import read_mask, write_mask
from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x5B
VERSION = 3

RELEASE_TIMEOUT_S: Final = 0.4
"""A key whose "held down" does not come again for so long has been released (the node repeats it every 200 ms)."""
SLOW_RELEASE_TIMEOUT_S: Final = 60.0
"""The same with slow refresh (the node repeats it every 55 s)."""


class KeyAttribute(IntEnum):
    """What was done to the key. 7 is reserved."""

    PRESSED_1_TIME = 0
    RELEASED = 1
    HELD_DOWN = 2
    PRESSED_2_TIMES = 3
    PRESSED_3_TIMES = 4
    PRESSED_4_TIMES = 5
    PRESSED_5_TIMES = 6


@dataclass(frozen=True, slots=True)
class CentralSceneSupportedGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class CentralSceneSupportedReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    scenes: int
    """How many, 1-255; they are numbered from 1."""
    keys: tuple[frozenset[int], ...] | None = None
    """KeyAttributes: one set for each scene, or one for all where they are `identical`. Absent in version 1."""
    identical: bool = False
    slow_refresh: bool = False
    """Version 3."""

    def keys_of(self, scene: int) -> frozenset[int] | None:
        """What can be done to the key of a scene, 1 to `scenes`; None where the device does not say (version 1)."""
        if self.keys is None:
            return None
        return self.keys[0 if self.identical else scene - 1]

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.scenes))
        if self.keys is None:
            return body
        length = max((len(write_mask(keys)) for keys in self.keys), default=0) or 1
        properties = self.slow_refresh << 7 | length << 1 | self.identical
        return body + bytes((properties,)) + b"".join(write_mask(keys, length=length) for keys in self.keys)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        if len(data) < 4:
            return cls(data[2])
        identical, length = bool(data[3] & 0x01), data[3] >> 1 & 0x03
        masks = 1 if identical else data[2]
        need(data, 4 + masks * length, cls)
        keys = tuple(read_mask(data[4 + at * length : 4 + (at + 1) * length]) for at in range(masks))
        return cls(data[2], keys, identical, bool(data[3] & 0x80))


@dataclass(frozen=True, slots=True)
class CentralSceneNotification:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    sequence_number: int
    """Counts up with each notification, 0-255; the same number again is the same notification again."""
    key: int
    """A KeyAttribute, 0-7."""
    scene: int
    slow_refresh: bool = False
    """Version 3; means something only while the key is held down."""

    def to_bytes(self) -> bytes:
        properties = self.slow_refresh << 7 | self.key
        return bytes((COMMAND_CLASS, self.COMMAND, self.sequence_number, properties, self.scene))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        return cls(data[2], data[3] & 0x07, data[4], bool(data[3] & 0x80))


@dataclass(frozen=True, slots=True)
class CentralSceneConfigurationSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    slow_refresh: bool

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.slow_refresh << 7))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(bool(data[2] & 0x80))


@dataclass(frozen=True, slots=True)
class CentralSceneConfigurationGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class CentralSceneConfigurationReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    slow_refresh: bool

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.slow_refresh << 7))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(bool(data[2] & 0x80))


COMMANDS = (
    CentralSceneSupportedGet,
    CentralSceneSupportedReport,
    CentralSceneNotification,
    CentralSceneConfigurationSet,
    CentralSceneConfigurationGet,
    CentralSceneConfigurationReport,
)
