"""What the commands of the foundation are made of: attributes with values, with statuses, with ways to report them.

ZCL8, 2.5. Each record knows where it ends, so that a command is a list of them to the end of its frame.
"""

from dataclasses import dataclass
from enum import IntFlag
from typing import Any, ClassVar, Final, Self

from drivers.zigbee.wire import MalformedFrame, Record, UInt8, UInt16, cut
from drivers.zigbee.zcl.data_types import Value, decode_value, encode_value, is_analog, is_known, unknown_type
from drivers.zigbee.zcl.status import Status, ZclStatus, status_of

REPORTED = 0x00
"""Direction of a reporting configuration: how the server is to report."""
RECEIVED = 0x01
"""Direction of a reporting configuration: how long the client waits for reports."""


@dataclass(frozen=True, slots=True)
class AttributeValue(Record):
    """An attribute with its value, as it is written or reported."""

    attribute: int
    type_id: int
    value: Value

    def to_bytes(self, version: int = 0) -> bytes:
        return _id(self.attribute) + bytes((self.type_id,)) + encode_value(self.type_id, self.value)

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        attribute, type_id = _number(data, at, 2), _number(data, at + 2, 1)
        value, end = decode_value(type_id, data, at + 3)
        return cls(attribute, type_id, value), end


@dataclass(frozen=True, slots=True)
class ReadRecord(Record):
    """What became of the reading of one attribute. Type and value are there with SUCCESS only."""

    attribute: int
    status: int
    type_id: int | None = None
    value: Value = None

    def to_bytes(self, version: int = 0) -> bytes:
        head = _id(self.attribute) + bytes((self.status,))
        return head if self.type_id is None else head + bytes((self.type_id,)) + encode_value(self.type_id, self.value)

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        attribute, status = _number(data, at, 2), status_of(_number(data, at + 2, 1))
        if status != ZclStatus.SUCCESS:
            return cls(attribute, status), at + 3
        type_id = _number(data, at + 3, 1)
        value, end = decode_value(type_id, data, at + 4)
        return cls(attribute, status, type_id, value), end


@dataclass(frozen=True, slots=True)
class WriteRecord(Record):
    status: Status
    attribute: UInt16


@dataclass(frozen=True, slots=True)
class Reporting(Record):
    """How a server is to report one attribute."""

    DIRECTION: ClassVar = REPORTED

    attribute: int
    type_id: int
    min_s: int
    """Not more often than this; 0xFFFF together with a maximum of 0 asks for the device's own values."""
    max_s: int
    """Not later than this; 0xFFFF ends the reports, 0 is for changes only."""
    change: Value = None
    """How far an analog value has to move; discrete ones have none. None is the type's non-value."""

    def to_bytes(self, version: int = 0) -> bytes:
        head = _id(self.attribute) + bytes((self.type_id,)) + _id(self.min_s) + _id(self.max_s)
        return head + encode_value(self.type_id, self.change) if is_analog(self.type_id) else head

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        attribute, type_id = _number(data, at, 2), _number(data, at + 2, 1)
        min_s, max_s = _number(data, at + 3, 2), _number(data, at + 5, 2)
        if not is_known(type_id):
            # Whether a change follows is unknown, and so is where the next record begins.
            raise unknown_type(type_id, data)
        change, at = decode_value(type_id, data, at + 7) if is_analog(type_id) else (None, at + 7)
        return cls(attribute, type_id, min_s, max_s, change), at


@dataclass(frozen=True, slots=True)
class ExpectedReports(Record):
    """How long a client waits for reports of one attribute before it takes the server for gone."""

    DIRECTION: ClassVar = RECEIVED

    attribute: UInt16
    timeout_s: UInt16


class Configuration:
    """A reporting configuration with its direction before it."""

    def pack(self, value: Reporting | ExpectedReports, version: int) -> bytes:
        return bytes((value.DIRECTION,)) + value.to_bytes(version)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Any, int]:
        direction = _number(data, at, 1)
        if direction == REPORTED:
            return Reporting.unpack(data, at + 1, version)
        if direction == RECEIVED:
            return ExpectedReports.unpack(data, at + 1, version)
        raise MalformedFrame(f"direction {direction} of a reporting configuration: {data[:64].hex()}")


CONFIGURATION: Final = Configuration()


@dataclass(frozen=True, slots=True)
class ReportingRecord(Record):
    status: Status
    direction: UInt8
    attribute: UInt16


@dataclass(frozen=True, slots=True)
class ReportingAsked(Record):
    direction: UInt8
    attribute: UInt16


@dataclass(frozen=True, slots=True)
class ReportingTold(Record):
    """What became of the reading of one reporting configuration, which is there with SUCCESS only."""

    status: int
    direction: int
    attribute: int
    configuration: Reporting | ExpectedReports | None = None

    def to_bytes(self, version: int = 0) -> bytes:
        if self.configuration is None:
            return bytes((self.status, self.direction)) + _id(self.attribute)
        return bytes((self.status,)) + CONFIGURATION.pack(self.configuration, version)

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        status, direction = status_of(_number(data, at, 1)), _number(data, at + 1, 1)
        if status != ZclStatus.SUCCESS:
            return cls(status, direction, _number(data, at + 2, 2)), at + 4
        configuration, end = CONFIGURATION.unpack(data, at + 1, version)
        return cls(status, direction, configuration.attribute, configuration), end


class Access(IntFlag):
    """What may be done with an attribute."""

    READ = 0x01
    WRITE = 0x02
    REPORT = 0x04


@dataclass(frozen=True, slots=True)
class DiscoveredAttribute(Record):
    attribute: UInt16
    type_id: UInt8


@dataclass(frozen=True, slots=True)
class DiscoveredAttributeExtended(Record):
    attribute: UInt16
    type_id: UInt8
    access: UInt8
    """Bits of Access."""


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(cut(data, at, at + size), "little")


def _id(number: int) -> bytes:
    return number.to_bytes(2, "little")
