"""IAS WD: sirens and strobes (ZCL8, 8.4)."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, ClassVar, Self

from drivers.zigbee.wire import Nested, Record, UInt16, cut
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import MaybeUInt8

CLUSTER_ID = 0x0502

DURATION_MAX_S = 0xFFFE


class WarningMode(IntEnum):
    STOP = 0x0
    BURGLAR = 0x1
    FIRE = 0x2
    EMERGENCY = 0x3
    POLICE_PANIC = 0x4
    FIRE_PANIC = 0x5
    EMERGENCY_PANIC = 0x6


class SirenLevel(IntEnum):
    """Of the siren, the strobe, and a squawk."""

    LOW = 0x0
    MEDIUM = 0x1
    HIGH = 0x2
    VERY_HIGH = 0x3


class SquawkMode(IntEnum):
    SYSTEM_ARMED = 0x0
    SYSTEM_DISARMED = 0x1


@dataclass(frozen=True, slots=True)
class WarningInfo(Record):
    """One byte: the mode in the upper four bits, the strobe in the next two, the level in the last two."""

    mode: int
    """A WarningMode, where it is one that is known here."""
    strobe: int = 0
    """1 flashes together with the siren."""
    level: int = SirenLevel.LOW

    def to_bytes(self, version: int = 0) -> bytes:
        return bytes((self.mode << 4 | self.strobe << 2 | self.level,))

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        byte = cut(data, at, at + 1)[0]
        return cls(byte >> 4, byte >> 2 & 0x03, byte & 0x03), at + 1


@dataclass(frozen=True, slots=True)
class SquawkInfo(Record):
    """One byte: the mode in the upper four bits, the strobe in bit 3, the level in the last two."""

    mode: int
    """A SquawkMode, where it is one that is known here."""
    strobe: bool = False
    level: int = SirenLevel.LOW

    def to_bytes(self, version: int = 0) -> bytes:
        return bytes((self.mode << 4 | self.strobe << 3 | self.level,))

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        byte = cut(data, at, at + 1)[0]
        return cls(byte >> 4, bool(byte & 0x08), byte & 0x03), at + 1


@dataclass(frozen=True, slots=True)
class StartWarning(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    info: Annotated[WarningInfo, Nested(WarningInfo)]
    duration_s: UInt16
    strobe_duty_cycle: MaybeUInt8 = None
    """Per cent, in tens. Absent, with the level, before HA 1.2."""
    strobe_level: MaybeUInt8 = None


@dataclass(frozen=True, slots=True)
class Squawk(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    info: Annotated[SquawkInfo, Nested(SquawkInfo)]


IAS_WD = Cluster(
    id=CLUSTER_ID,
    name="ias_wd",
    attributes=(AttributeDef(0x0000, "max_duration", DataType.UINT16, writable=True),),
    received=(StartWarning, Squawk),
)
