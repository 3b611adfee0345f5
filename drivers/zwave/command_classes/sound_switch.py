"""Sound Switch, version 2: a siren or doorbell that plays tones it names itself.

SDS13781, COMMAND_CLASS_SOUND_SWITCH. Version 2 adds the volume to the play commands. Volumes are 0-100 percent; 0xFF
in a Set is the volume from before it was muted. Tone 0 is off, 0xFF the default tone, 1-254 those that the device
has.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.text import read_text

COMMAND_CLASS = 0x79
VERSION = 2
TONE_OFF = 0x00
TONE_DEFAULT = 0xFF


@dataclass(frozen=True, slots=True)
class SoundSwitchTonesNumberGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class SoundSwitchTonesNumberReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    tones: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.tones))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class SoundSwitchToneInfoGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    tone: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.tone))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class SoundSwitchToneInfoReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    tone: int
    duration_s: int
    """0-65535. All zero, with an empty name, where the device has no such tone."""
    name: str
    """At most 255 bytes of UTF-8."""

    def to_bytes(self) -> bytes:
        name = self.name.encode()
        duration = self.duration_s >> 8, self.duration_s & 0xFF
        return bytes((COMMAND_CLASS, self.COMMAND, self.tone, *duration, len(name))) + name

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 6, cls)
        end = 6 + data[5]
        need(data, end, cls)
        return cls(data[2], data[3] << 8 | data[4], read_text(data[6:end]))


@dataclass(frozen=True, slots=True)
class SoundSwitchConfigurationSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    volume: int
    default_tone: int
    """0 leaves the default tone as it is."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.volume, self.default_tone))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], data[3])


@dataclass(frozen=True, slots=True)
class SoundSwitchConfigurationGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class SoundSwitchConfigurationReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    volume: int
    default_tone: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.volume, self.default_tone))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], data[3])


@dataclass(frozen=True, slots=True)
class SoundSwitchTonePlaySet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x08

    tone: int
    volume: int | None = None
    """0 is the configured volume. Absent in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.tone))
        return body if self.volume is None else body + bytes((self.volume,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2], data[3] if len(data) > 3 else None)


@dataclass(frozen=True, slots=True)
class SoundSwitchTonePlayGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x09

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class SoundSwitchTonePlayReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0A

    tone: int
    """0 where nothing plays."""
    volume: int | None = None
    """0 where nothing plays. Absent in version 1."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.tone))
        return body if self.volume is None else body + bytes((self.volume,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2], data[3] if len(data) > 3 else None)


COMMANDS = (
    SoundSwitchTonesNumberGet,
    SoundSwitchTonesNumberReport,
    SoundSwitchToneInfoGet,
    SoundSwitchToneInfoReport,
    SoundSwitchConfigurationSet,
    SoundSwitchConfigurationGet,
    SoundSwitchConfigurationReport,
    SoundSwitchTonePlaySet,
    SoundSwitchTonePlayGet,
    SoundSwitchTonePlayReport,
)
