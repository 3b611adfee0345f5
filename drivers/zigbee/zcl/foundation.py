"""The commands that every cluster has: reading, writing and reporting of attributes, discovery (ZCL8, 2.5).

What they are made of is in `attribute_records`.
`ReportAttributes.from_bytes` is on the path of every report and written for it. A frame with one value that cannot
be read is refused whole: where it ends is unknown, so is everything behind it.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Self

from drivers.zigbee.wire import Bool, Listed, MalformedFrame, Nested, Number, Record, UInt8, UInt16
from drivers.zigbee.zcl.attribute_records import (
    CONFIGURATION,
    AttributeValue,
    DiscoveredAttribute,
    DiscoveredAttributeExtended,
    ExpectedReports,
    ReadRecord,
    Reporting,
    ReportingAsked,
    ReportingRecord,
    ReportingTold,
    WriteRecord,
)
from drivers.zigbee.zcl.data_types import (
    READERS,
    unknown_type,
)
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import Status, ZclStatus, status_of


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
    def from_bytes(cls, data: bytes, version: int = 0) -> Self:
        """Hot: what the annotations say, with the readers called directly."""
        records: list[AttributeValue] = []
        at, end = 0, len(data)
        while at < end:
            try:
                attribute, type_id = data[at] | data[at + 1] << 8, data[at + 2]
            except IndexError:
                if records:
                    # Xiaomi's devices put a stray byte behind a string.
                    break
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
class WriteAttributesResponse(GlobalCommand):
    """What could not be written; nothing when everything was. ZCL8, 2.5.5."""

    COMMAND: ClassVar = 0x04

    records: Annotated[tuple[WriteRecord, ...], Listed(Nested(WriteRecord), 0)] = ()
    status: int = ZclStatus.SUCCESS
    """Of all, where there are no records: some devices say a single failure for everything."""

    def to_bytes(self, version: int = 0) -> bytes:
        return _for_all(self.records, self.status, version)

    @classmethod
    def from_bytes(cls, data: bytes, version: int = 0) -> Self:
        if len(data) == 1:
            return cls((), status_of(data[0]))
        return cls(_all(WriteRecord, data))


@dataclass(frozen=True, slots=True)
class WriteAttributesNoResponse(_Values):
    """ZCL8, 2.5.6."""

    COMMAND: ClassVar = 0x05


# Reporting ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConfigureReporting(GlobalCommand):
    """ZCL8, 2.5.7."""

    COMMAND: ClassVar = 0x06

    records: Annotated[tuple[Reporting | ExpectedReports, ...], Listed(CONFIGURATION, 0)]


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
    def from_bytes(cls, data: bytes, version: int = 0) -> Self:
        if len(data) == 1:
            return cls((), status_of(data[0]))
        return cls(_all(ReportingRecord, data))


@dataclass(frozen=True, slots=True)
class ReadReportingConfiguration(GlobalCommand):
    """ZCL8, 2.5.9."""

    COMMAND: ClassVar = 0x08

    records: Annotated[tuple[ReportingAsked, ...], Listed(Nested(ReportingAsked), 0)]


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
