"""What every cluster answers: attributes read, written, discovered, their reporting configured (ZCL8, 2.5).

A function a command, from the side that is asked to the response. What has none is told by a default response.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Final, TypeVar

from drivers.zigbee.zcl.attribute_records import (
    RECEIVED,
    REPORTED,
    Access,
    AttributeValue,
    DiscoveredAttribute,
    DiscoveredAttributeExtended,
    ReadRecord,
    Reporting,
    ReportingAsked,
    ReportingRecord,
    ReportingTold,
    WriteRecord,
)
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.foundation import (
    ConfigureReporting,
    ConfigureReportingResponse,
    DiscoverAttributes,
    DiscoverAttributesExtended,
    DiscoverAttributesExtendedResponse,
    DiscoverAttributesResponse,
    DiscoverCommandsGenerated,
    DiscoverCommandsGeneratedResponse,
    DiscoverCommandsReceived,
    DiscoverCommandsReceivedResponse,
    GlobalCommand,
    ReadAttributes,
    ReadAttributesResponse,
    ReadReportingConfiguration,
    ReadReportingConfigurationResponse,
    WriteAttributes,
    WriteAttributesNoResponse,
    WriteAttributesResponse,
    WriteAttributesUndivided,
)
from drivers.zigbee.zcl.status import ZclStatus
from simulators.zigbee.attributes import Attribute
from simulators.zigbee.clusters.side import Side
from simulators.zigbee.reporting import Reports

ROOM: Final = 72
"""Bytes that a payload may have so that its frame travels in one piece: an APS frame with network security carries
some 82 with the ZCL header. A response holds as many attributes as fit (ZCL8, 2.5.2)."""

MAKERS_OWN_FROM: Final = 0xFC00
"""Clusters from here on are a maker's own, and answer with or without the maker's code (ZCL8, 2.6.1)."""


class Silence(Enum):
    """It was carried out, and nothing is said."""

    SILENT = "silent"


Answered = GlobalCommand | ZclStatus | Silence | None
"""A response; how it went, for a default response; None: there is no such command."""

_Item = TypeVar("_Item")


def answer(side: Side, reports: Reports, command: GlobalCommand | None, manufacturer: int | None) -> Answered:
    """Do what a foundation command asks of a side. Responses and reports to it are not its business."""
    known = None if command is None else _ANSWERS.get(type(command))
    return None if known is None else known(side, reports, command, manufacturer)


def _find(side: Side, manufacturer: int | None, attribute: int) -> Attribute | None:
    found = side.attributes.find(manufacturer, attribute)
    if found is None and manufacturer is not None and side.cluster.id >= MAKERS_OWN_FROM:
        found = side.attributes.find(None, attribute)
    return found


def _fitting(items: Iterable[_Item], size: Callable[[_Item], int]) -> list[_Item]:
    """The first ones, as many as there is room for."""
    found: list[_Item] = []
    left = ROOM
    for item in items:
        left -= size(item)
        if left < 0:
            break
        found.append(item)
    return found


# --- reading and writing


def _read(side: Side, _reports: Reports, command: ReadAttributes, manufacturer: int | None) -> Answered:
    def record(attribute_id: int) -> ReadRecord:
        found = _find(side, manufacturer, attribute_id)
        if found is None:
            return ReadRecord(attribute_id, ZclStatus.UNSUPPORTED_ATTRIBUTE)
        return ReadRecord(attribute_id, ZclStatus.SUCCESS, found.definition.type_id, found.read())

    records = (record(attribute_id) for attribute_id in command.attributes)
    return ReadAttributesResponse(tuple(_fitting(records, lambda it: len(it.to_bytes()))))


def _write(side: Side, _reports: Reports, command: WriteAttributes, manufacturer: int | None) -> Answered:
    outcomes = [(_write_one(side, manufacturer, it), it.attribute) for it in command.records]
    return _failed(outcomes)


def _write_silently(
    side: Side, _reports: Reports, command: WriteAttributesNoResponse, manufacturer: int | None
) -> Answered:
    for record in command.records:
        _write_one(side, manufacturer, record)
    # ZCL8, 2.5.6.3: neither a Write Attributes Response nor a default response.
    return Silence.SILENT


def _write_undivided(
    side: Side, _reports: Reports, command: WriteAttributesUndivided, manufacturer: int | None
) -> Answered:
    """ZCL8, 2.5.4.3: all or none. What was written before one failed is written back."""
    checks = [(_check(side, manufacturer, it), it.attribute) for it in command.records]
    if any(status != ZclStatus.SUCCESS for status, _ in checks):
        return _failed(checks)
    before: list[AttributeValue] = []
    for record in command.records:
        old = _value(side, manufacturer, record.attribute)
        status = _write_one(side, manufacturer, record)
        if status != ZclStatus.SUCCESS:
            for it in reversed(before):
                _write_one(side, manufacturer, it)
            return _failed([(status, record.attribute)])
        before.append(AttributeValue(record.attribute, record.type_id, old))
    return WriteAttributesResponse()


def _failed(outcomes: Iterable[tuple[ZclStatus, int]]) -> WriteAttributesResponse:
    return WriteAttributesResponse(
        tuple(WriteRecord(status, attribute) for status, attribute in outcomes if status != ZclStatus.SUCCESS)
    )


def _check(side: Side, manufacturer: int | None, record: AttributeValue) -> ZclStatus:
    found = _find(side, manufacturer, record.attribute)
    if found is None:
        return ZclStatus.UNSUPPORTED_ATTRIBUTE
    if found.write is None:
        return ZclStatus.READ_ONLY
    if record.type_id != found.definition.type_id:
        return ZclStatus.INVALID_DATA_TYPE
    return ZclStatus.SUCCESS


def _write_one(side: Side, manufacturer: int | None, record: AttributeValue) -> ZclStatus:
    checked = _check(side, manufacturer, record)
    found = _find(side, manufacturer, record.attribute)
    if checked != ZclStatus.SUCCESS or found is None or found.write is None:
        return checked
    return found.write(record.value)


def _value(side: Side, manufacturer: int | None, attribute: int) -> Value:
    found = _find(side, manufacturer, attribute)
    return None if found is None else found.read()


# --- reporting


def _configure(side: Side, reports: Reports, command: ConfigureReporting, manufacturer: int | None) -> Answered:
    refused = []
    for record in command.records:
        found = _find(side, manufacturer, record.attribute)
        if isinstance(record, Reporting):
            direction, status = REPORTED, reports.configure(side, found, record)
        else:
            # It is told how long to wait for reports of others: none of these devices reads any.
            direction = RECEIVED
            status = ZclStatus.UNSUPPORTED_ATTRIBUTE if found is None else ZclStatus.UNREPORTABLE_ATTRIBUTE
        if status != ZclStatus.SUCCESS:
            refused.append(ReportingRecord(status, direction, record.attribute))
    return ConfigureReportingResponse(tuple(refused))


def _read_configuration(
    side: Side, reports: Reports, command: ReadReportingConfiguration, manufacturer: int | None
) -> Answered:
    def told(asked: ReportingAsked) -> ReportingTold:
        found = _find(side, manufacturer, asked.attribute)
        if found is None:
            return ReportingTold(ZclStatus.UNSUPPORTED_ATTRIBUTE, asked.direction, asked.attribute)
        if not found.reportable:
            return ReportingTold(ZclStatus.UNREPORTABLE_ATTRIBUTE, asked.direction, asked.attribute)
        schedule = reports.schedule_of(side, found) if asked.direction == REPORTED else None
        if schedule is None:
            return ReportingTold(ZclStatus.NOT_FOUND, asked.direction, asked.attribute)
        configuration = Reporting(
            asked.attribute, found.definition.type_id, schedule.min_s, schedule.max_s, schedule.change
        )
        return ReportingTold(ZclStatus.SUCCESS, asked.direction, asked.attribute, configuration)

    records = (told(asked) for asked in command.records)
    return ReadReportingConfigurationResponse(tuple(_fitting(records, lambda it: len(it.to_bytes()))))


# --- discovery


def _discover(side: Side, _reports: Reports, command: DiscoverAttributes, manufacturer: int | None) -> Answered:
    every = [
        DiscoveredAttribute(it.definition.id, it.definition.type_id)
        for it in side.attributes.from_id(manufacturer, command.start)
    ]
    told = _fitting(every[: command.maximum], lambda _: 3)
    return DiscoverAttributesResponse(len(told) == len(every), tuple(told))


def _discover_extended(
    side: Side, _reports: Reports, command: DiscoverAttributesExtended, manufacturer: int | None
) -> Answered:
    every = [
        DiscoveredAttributeExtended(it.definition.id, it.definition.type_id, _access(it))
        for it in side.attributes.from_id(manufacturer, command.start)
    ]
    told = _fitting(every[: command.maximum], lambda _: 4)
    return DiscoverAttributesExtendedResponse(len(told) == len(every), tuple(told))


def _access(attribute: Attribute) -> int:
    writable = Access(0) if attribute.write is None else Access.WRITE
    return Access.READ | writable | (Access.REPORT if attribute.reportable else Access(0))


def _discover_received(
    side: Side, _reports: Reports, command: DiscoverCommandsReceived, manufacturer: int | None
) -> Answered:
    return DiscoverCommandsReceivedResponse(*_commands(side.commands, command.start, command.maximum, manufacturer))


def _discover_generated(
    side: Side, _reports: Reports, command: DiscoverCommandsGenerated, manufacturer: int | None
) -> Answered:
    return DiscoverCommandsGeneratedResponse(*_commands(side.generated, command.start, command.maximum, manufacturer))


def _commands(
    kinds: tuple[type[ClusterCommand], ...], start: int, maximum: int, manufacturer: int | None
) -> tuple[bool, tuple[int, ...]]:
    every = sorted({it.COMMAND for it in kinds if manufacturer == it.MANUFACTURER_CODE and start <= it.COMMAND})
    told = _fitting(every[:maximum], lambda _: 1)
    return len(told) == len(every), tuple(told)


_ANSWERS: Final[dict[type[GlobalCommand], Callable[[Side, Reports, Any, int | None], Answered]]] = {
    ReadAttributes: _read,
    WriteAttributes: _write,
    WriteAttributesUndivided: _write_undivided,
    WriteAttributesNoResponse: _write_silently,
    ConfigureReporting: _configure,
    ReadReportingConfiguration: _read_configuration,
    DiscoverAttributes: _discover,
    DiscoverAttributesExtended: _discover_extended,
    DiscoverCommandsReceived: _discover_received,
    DiscoverCommandsGenerated: _discover_generated,
}
