"""The commands that every cluster has: reading, writing and reporting of attributes, discovery (ZCL8, 2.5).

`ReportAttributes.from_bytes` is on the path of every report and written for it. A frame with one value that cannot
be read is refused whole: where it ends is unknown, so is everything behind it.
"""

from dataclasses import dataclass
from enum import IntFlag
from typing import Annotated, Any, ClassVar, Final, Self

from drivers.zigbee.wire import Bool, Listed, MalformedFrame, Nested, Number, Record, UInt8, UInt16, cut
from drivers.zigbee.zcl.data_types import (
    READERS,
    Value,
    decode_value,
    encode_value,
    is_analog,
    is_known,
    unknown_type,
)
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import Status, ZclStatus, status_of

REPORTED = 0x00
"""Direction of a reporting configuration: how the server is to report."""
RECEIVED = 0x01
"""Direction of a reporting configuration: how long the client waits for reports."""


class GlobalCommand(Record):
    """One command of the foundation, complete when constructed."""

    __slots__ = ()

    COMMAND: ClassVar[int]


def global_frame(
    sequence: int,
    command: GlobalCommand,
    *,
    from_server: bool = False,
    manufacturer_code: int | None = None,
    disable_default_response: bool = False,
) -> ZclFrame:
    """The frame in which a command of the foundation travels."""
    return ZclFrame(
        sequence,
        command.COMMAND,
        command.to_bytes(),
        cluster_specific=False,
        from_server=from_server,
        manufacturer_code=manufacturer_code,
        disable_default_response=disable_default_response,
    )


# Reading and writing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AttributeValue(Record):
    """An attribute with its value, as it is written or reported."""

    attribute: int
    type_id: int
    value: Value

    def to_bytes(self, version: int = 0) -> bytes:  # noqa: ARG002 - the same in every version
        return _id(self.attribute) + bytes((self.type_id,)) + encode_value(self.type_id, self.value)

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:  # noqa: ARG003
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

    def to_bytes(self, version: int = 0) -> bytes:  # noqa: ARG002
        head = _id(self.attribute) + bytes((self.status,))
        return head if self.type_id is None else head + bytes((self.type_id,)) + encode_value(self.type_id, self.value)

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:  # noqa: ARG003
        attribute, status = _number(data, at, 2), status_of(_number(data, at + 2, 1))
        if status != ZclStatus.SUCCESS:
            return cls(attribute, status), at + 3
        type_id = _number(data, at + 3, 1)
        value, end = decode_value(type_id, data, at + 4)
        return cls(attribute, status, type_id, value), end


@dataclass(frozen=True, slots=True)
class ReadAttributes(GlobalCommand):
    """ZCL8, 2.5.1."""

    COMMAND: ClassVar = 0x00

    attributes: Annotated[tuple[int, ...], Listed(Number(2), 0)]


@dataclass(frozen=True, slots=True)
class ReadAttributesResponse(GlobalCommand):
    """ZCL8, 2.5.2. An attribute that did not fit into the frame is not in it."""

    COMMAND: ClassVar = 0x01

    records: Annotated[tuple[ReadRecord, ...], Listed(Nested(ReadRecord), 0)]


@dataclass(frozen=True, slots=True)
class _Values(GlobalCommand):
    """Attributes with values, one after the other."""

    records: Annotated[tuple[AttributeValue, ...], Listed(Nested(AttributeValue), 0)]

    @classmethod
    def from_bytes(cls, data: bytes, version: int = 0) -> Self:  # noqa: ARG003
        """Hot: what the annotations say, with the readers called directly."""
        records = []
        at, end = 0, len(data)
        while at < end:
            try:
                attribute, type_id = data[at] | data[at + 1] << 8, data[at + 2]
            except IndexError:
                raise MalformedFrame(f"an attribute's header is cut off: {data[:64].hex()}") from None
            reader = READERS.get(type_id)
            if reader is None:
                raise unknown_type(type_id, data)
            value, at = reader(data, at + 3)
            records.append(AttributeValue(attribute, type_id, value))
        return cls(tuple(records))


@dataclass(frozen=True, slots=True)
class WriteAttributes(_Values):
    """ZCL8, 2.5.3."""

    COMMAND: ClassVar = 0x02


@dataclass(frozen=True, slots=True)
class WriteAttributesUndivided(_Values):
    """All or none. ZCL8, 2.5.4."""

    COMMAND: ClassVar = 0x03


@dataclass(frozen=True, slots=True)
class WriteRecord(Record):
    status: Status
    attribute: UInt16


@dataclass(frozen=True, slots=True)
class WriteAttributesResponse(GlobalCommand):
    """What could not be written; nothing when everything was. ZCL8, 2.5.5."""

    COMMAND: ClassVar = 0x04

    records: Annotated[tuple[WriteRecord, ...], Listed(Nested(WriteRecord), 0)] = ()
    status: int = ZclStatus.SUCCESS
    """Of all, where there are no records: some devices say a single failure for everything."""

    def to_bytes(self, version: int = 0) -> bytes:
        return _for_all(self.records, self.status, version)

    @classmethod
    def from_bytes(cls, data: bytes, version: int = 0) -> Self:  # noqa: ARG003
        if len(data) == 1:
            return cls((), status_of(data[0]))
        return cls(_all(WriteRecord, data))


@dataclass(frozen=True, slots=True)
class WriteAttributesNoResponse(_Values):
    """ZCL8, 2.5.6."""

    COMMAND: ClassVar = 0x05


# Reporting ----------------------------------------------------------------------------------------------------------


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

    def to_bytes(self, version: int = 0) -> bytes:  # noqa: ARG002
        head = _id(self.attribute) + bytes((self.type_id,)) + _id(self.min_s) + _id(self.max_s)
        return head + encode_value(self.type_id, self.change) if is_analog(self.type_id) else head

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:  # noqa: ARG003
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


class _Configuration:
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


_CONFIGURATION: Final = _Configuration()


@dataclass(frozen=True, slots=True)
class ConfigureReporting(GlobalCommand):
    """ZCL8, 2.5.7."""

    COMMAND: ClassVar = 0x06

    records: Annotated[tuple[Reporting | ExpectedReports, ...], Listed(_CONFIGURATION, 0)]


@dataclass(frozen=True, slots=True)
class ReportingRecord(Record):
    status: Status
    direction: UInt8
    attribute: UInt16


@dataclass(frozen=True, slots=True)
class ConfigureReportingResponse(GlobalCommand):
    """What could not be configured; nothing when everything was. ZCL8, 2.5.8."""

    COMMAND: ClassVar = 0x07

    records: Annotated[tuple[ReportingRecord, ...], Listed(Nested(ReportingRecord), 0)] = ()
    status: int = ZclStatus.SUCCESS
    """Of all, where there are no records: some devices say a single failure for everything."""

    def to_bytes(self, version: int = 0) -> bytes:
        return _for_all(self.records, self.status, version)

    @classmethod
    def from_bytes(cls, data: bytes, version: int = 0) -> Self:  # noqa: ARG003
        if len(data) == 1:
            return cls((), status_of(data[0]))
        return cls(_all(ReportingRecord, data))


@dataclass(frozen=True, slots=True)
class ReportingAsked(Record):
    direction: UInt8
    attribute: UInt16


@dataclass(frozen=True, slots=True)
class ReadReportingConfiguration(GlobalCommand):
    """ZCL8, 2.5.9."""

    COMMAND: ClassVar = 0x08

    records: Annotated[tuple[ReportingAsked, ...], Listed(Nested(ReportingAsked), 0)]


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
        return bytes((self.status,)) + _CONFIGURATION.pack(self.configuration, version)

    @classmethod
    def unpack(cls, data: bytes, at: int, version: int = 0) -> tuple[Self, int]:
        status, direction = status_of(_number(data, at, 1)), _number(data, at + 1, 1)
        if status != ZclStatus.SUCCESS:
            return cls(status, direction, _number(data, at + 2, 2)), at + 4
        configuration, end = _CONFIGURATION.unpack(data, at + 1, version)
        return cls(status, direction, configuration.attribute, configuration), end


@dataclass(frozen=True, slots=True)
class ReadReportingConfigurationResponse(GlobalCommand):
    """ZCL8, 2.5.10."""

    COMMAND: ClassVar = 0x09

    records: Annotated[tuple[ReportingTold, ...], Listed(Nested(ReportingTold), 0)]


@dataclass(frozen=True, slots=True)
class ReportAttributes(_Values):
    """ZCL8, 2.5.11."""

    COMMAND: ClassVar = 0x0A


@dataclass(frozen=True, slots=True)
class DefaultResponse(GlobalCommand):
    """What became of a command that has no answer of its own. ZCL8, 2.5.12."""

    COMMAND: ClassVar = 0x0B

    command: UInt8
    status: Status


# Discovery ----------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class DiscoverAttributes(GlobalCommand):
    """ZCL8, 2.5.13."""

    COMMAND: ClassVar = 0x0C

    start: UInt16
    maximum: UInt8


@dataclass(frozen=True, slots=True)
class DiscoverAttributesResponse(GlobalCommand):
    """ZCL8, 2.5.14."""

    COMMAND: ClassVar = 0x0D

    complete: Bool
    attributes: Annotated[tuple[DiscoveredAttribute, ...], Listed(Nested(DiscoveredAttribute), 0)] = ()


@dataclass(frozen=True, slots=True)
class DiscoverCommandsReceived(GlobalCommand):
    """Which commands of the cluster the asked side hears. ZCL8, 2.5.18."""

    COMMAND: ClassVar = 0x11

    start: UInt8
    maximum: UInt8


@dataclass(frozen=True, slots=True)
class DiscoverCommandsReceivedResponse(GlobalCommand):
    """ZCL8, 2.5.19."""

    COMMAND: ClassVar = 0x12

    complete: Bool
    commands: Annotated[tuple[int, ...], Listed(Number(1), 0)] = ()


@dataclass(frozen=True, slots=True)
class DiscoverCommandsGenerated(GlobalCommand):
    """Which commands of the cluster the asked side says. ZCL8, 2.5.20."""

    COMMAND: ClassVar = 0x13

    start: UInt8
    maximum: UInt8


@dataclass(frozen=True, slots=True)
class DiscoverCommandsGeneratedResponse(GlobalCommand):
    """ZCL8, 2.5.21."""

    COMMAND: ClassVar = 0x14

    complete: Bool
    commands: Annotated[tuple[int, ...], Listed(Number(1), 0)] = ()


@dataclass(frozen=True, slots=True)
class DiscoverAttributesExtended(GlobalCommand):
    """ZCL8, 2.5.22."""

    COMMAND: ClassVar = 0x15

    start: UInt16
    maximum: UInt8


@dataclass(frozen=True, slots=True)
class DiscoverAttributesExtendedResponse(GlobalCommand):
    """ZCL8, 2.5.23."""

    COMMAND: ClassVar = 0x16

    complete: Bool
    attributes: Annotated[tuple[DiscoveredAttributeExtended, ...], Listed(Nested(DiscoveredAttributeExtended), 0)] = ()


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(cut(data, at, at + size), "little")


def _id(number: int) -> bytes:
    return number.to_bytes(2, "little")


def _all(kind: type[Any], data: bytes) -> tuple[Any, ...]:
    """At least one record, and nothing behind the last."""
    if not data:
        raise MalformedFrame(f"no {kind.__name__} at all")
    return Listed(Nested(kind), 0).unpack(data, 0, 0)[0]


def _for_all(records: tuple[Record, ...], status: int, version: int) -> bytes:
    """To save bytes, success of all is said once and without attributes."""
    return b"".join([record.to_bytes(version) for record in records]) or bytes((status,))


COMMANDS: Final[tuple[type[GlobalCommand], ...]] = (
    ReadAttributes,
    ReadAttributesResponse,
    WriteAttributes,
    WriteAttributesUndivided,
    WriteAttributesResponse,
    WriteAttributesNoResponse,
    ConfigureReporting,
    ConfigureReportingResponse,
    ReadReportingConfiguration,
    ReadReportingConfigurationResponse,
    ReportAttributes,
    DefaultResponse,
    DiscoverAttributes,
    DiscoverAttributesResponse,
    DiscoverCommandsReceived,
    DiscoverCommandsReceivedResponse,
    DiscoverCommandsGenerated,
    DiscoverCommandsGeneratedResponse,
    DiscoverAttributesExtended,
    DiscoverAttributesExtendedResponse,
)

_BY_ID: Final[dict[int, type[GlobalCommand]]] = {kind.COMMAND: kind for kind in COMMANDS}


def decode_global(frame: ZclFrame) -> GlobalCommand | None:
    """The command in a frame that is not cluster specific; None where it is unknown. Raises MalformedFrame."""
    kind = _BY_ID.get(frame.command)
    return None if kind is None else kind.from_bytes(frame.payload)
