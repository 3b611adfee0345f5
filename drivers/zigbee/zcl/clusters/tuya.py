"""Tuya's own cluster 0xEF00: data points, which mean something else on every device (Tuya's Zigbee serial protocol).

A data point is a number, a type and a value; numbers and values are big-endian. Frames carry no manufacturer code.
Sources: developer.tuya.com, "Zigbee Module Serial Communication Protocol" and the cluster as zigbee-herdsman has it.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, ClassVar, Self

from drivers.zigbee.wire import Listed, Nested, Record, UInt8, UInt16, cut
from drivers.zigbee.zcl.cluster import Cluster, ClusterCommand, Notification, ServerCommand

CLUSTER_ID = 0xEF00


class BigEndian:
    """A whole number, its most significant byte first."""

    def __init__(self, size: int) -> None:
        self.size = size

    def pack(self, value: int, version: int) -> bytes:
        return value.to_bytes(self.size, "big")

    def unpack(self, data: bytes, at: int, version: int) -> tuple[int, int]:
        end = at + self.size
        return int.from_bytes(cut(data, at, end), "big"), end


BigUInt16 = Annotated[int, BigEndian(2)]
BigUInt32 = Annotated[int, BigEndian(4)]


class PointType(IntEnum):
    RAW = 0x00
    BOOLEAN = 0x01
    NUMBER = 0x02
    """Four bytes, signed."""
    STRING = 0x03
    ENUM = 0x04
    """One byte."""
    BITMAP = 0x05
    """One, two or four bytes."""


@dataclass(frozen=True, slots=True)
class DataPoint(Record):
    point: int
    type: int
    """A PointType, where it is one that is known here."""
    data: bytes

    @property
    def value(self) -> bool | int | str | bytes:
        """The bytes as their type says; as they are where they do not fit it or the type is unknown."""
        match self.type:
            case PointType.BOOLEAN if len(self.data) == 1:
                return self.data != b"\x00"
            case PointType.NUMBER if self.data:
                return int.from_bytes(self.data, "big", signed=True)
            case PointType.ENUM | PointType.BITMAP if self.data:
                return int.from_bytes(self.data, "big")
            case PointType.STRING:
                return self.data.decode(errors="replace")
            case _:
                return self.data

    @classmethod
    def boolean(cls, point: int, value: bool) -> Self:
        return cls(point, PointType.BOOLEAN, bytes((value,)))

    @classmethod
    def number(cls, point: int, value: int) -> Self:
        return cls(point, PointType.NUMBER, value.to_bytes(4, "big", signed=True))

    @classmethod
    def enum(cls, point: int, value: int) -> Self:
        return cls(point, PointType.ENUM, bytes((value,)))

    def to_bytes(self, version: int = 0) -> bytes:
        return bytes((self.point, self.type)) + len(self.data).to_bytes(2, "big") + self.data

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        point, kind, high, low = cut(data, at, at + 4)
        end = at + 4 + (high << 8 | low)
        return cls(point, kind, cut(data, at + 4, end)), end


DataPoints = Annotated[tuple[DataPoint, ...], Listed(Nested(DataPoint), 0)]


@dataclass(frozen=True, slots=True)
class SetData(ClusterCommand):
    """The hub sets data points; the device answers with what they are then."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    sequence: BigUInt16
    points: DataPoints


@dataclass(frozen=True, slots=True)
class QueryData(ClusterCommand):
    """The hub asks for all data points."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03


@dataclass(frozen=True, slots=True)
class SendData(ClusterCommand):
    """What some devices need in place of SetData."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    sequence: BigUInt16
    points: DataPoints


@dataclass(frozen=True, slots=True)
class VersionRequest(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x10

    sequence: BigUInt16


@dataclass(frozen=True, slots=True)
class Time(ClusterCommand):
    """The hub's answer to TimeRequest: seconds since 1970 (some devices take them from 2000), UTC and local."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x24

    utc: BigUInt32
    local: BigUInt32
    size: UInt16 = 8
    """Of what follows it: it stands before the times, as `wire_names` says, and is little-endian."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        return ("size", "utc", "local")


@dataclass(frozen=True, slots=True)
class GatewayStatus(ClusterCommand):
    """The hub's answer to GatewayStatusRequest."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x25

    size: UInt16 = 1
    status: UInt8 = 1
    """1 is connected to the Internet."""


@dataclass(frozen=True, slots=True)
class DataResponse(ServerCommand):
    """What data points are after they were set or asked for."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    sequence: BigUInt16
    points: DataPoints


@dataclass(frozen=True, slots=True)
class DataReport(ServerCommand):
    """What data points are, by itself."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    sequence: BigUInt16
    points: DataPoints


@dataclass(frozen=True, slots=True)
class StatusReport(ServerCommand):
    """As DataReport."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    sequence: BigUInt16
    points: DataPoints


@dataclass(frozen=True, slots=True)
class ActiveStatusReport(ServerCommand):
    """As DataReport."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    sequence: BigUInt16
    points: DataPoints


@dataclass(frozen=True, slots=True)
class VersionResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x11

    sequence: BigUInt16
    version: UInt8
    """Two bits major, two bits minor, four bits of a release."""


@dataclass(frozen=True, slots=True)
class TimeRequest(Notification):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x24

    sequence: BigUInt16


@dataclass(frozen=True, slots=True)
class GatewayStatusRequest(Notification):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x25

    sequence: BigUInt16


TUYA = Cluster(
    id=CLUSTER_ID,
    name="tuya",
    received=(SetData, QueryData, SendData, VersionRequest, Time, GatewayStatus),
    generated=(
        DataResponse,
        DataReport,
        StatusReport,
        ActiveStatusReport,
        VersionResponse,
        TimeRequest,
        GatewayStatusRequest,
    ),
)
