"""Records of nodes as an interview leaves them, and what is heard of them byte for byte."""

from collections.abc import Mapping
from typing import Any

from drivers.zigbee.capabilities.table import capabilities_of, part_of, said_by_attributes, said_by_command
from drivers.zigbee.capabilities.translation import Reading, Said
from drivers.zigbee.node_record import EndPoint, NodeRecord, Stage
from drivers.zigbee.zcl.foundation import ReportAttributes
from drivers.zigbee.zcl.frame import ZclFrame

BASIC, POWER, IDENTIFY, ALARMS = 0x0000, 0x0001, 0x0003, 0x0009
ON_OFF, LEVEL, SCENES, COVERING, DOOR_LOCK = 0x0006, 0x0008, 0x0005, 0x0102, 0x0101
THERMOSTAT, FAN, COLOR = 0x0201, 0x0202, 0x0300
ILLUMINANCE, TEMPERATURE, PRESSURE, FLOW, HUMIDITY, OCCUPANCY, SOIL = (
    0x0400, 0x0402, 0x0403, 0x0404, 0x0405, 0x0406, 0x0408,
)  # fmt: skip
CO2, PM2_5, FORMALDEHYDE = 0x040D, 0x042A, 0x042B
IAS_ZONE, IAS_ACE, IAS_WD, METERING, ELECTRICAL = 0x0500, 0x0501, 0x0502, 0x0702, 0x0B04
ANALOG_INPUT, ANALOG_OUTPUT, MULTISTATE_INPUT, XIAOMI, TUYA = 0x000C, 0x000D, 0x0012, 0xFCC0, 0xEF00

Attributes = Mapping[int, Mapping[int, Any]]


def an_end_point(
    *inputs: int,
    number: int = 1,
    outputs: tuple[int, ...] = (),
    device_type: int = 0,
    attributes: Attributes | None = None,
) -> EndPoint:
    known = {cluster: dict(values) for cluster, values in (attributes or {}).items()}
    return EndPoint(number, 0x0104, device_type, inputs, outputs, attributes=known)


def a_node(
    *end_points: EndPoint, maker: str = "", model: str = "", mains: bool = True, sleeps: bool = False
) -> NodeRecord:
    record = NodeRecord(0x00124B0001020304, manufacturer=maker, model=model, mains=mains, rx_on_when_idle=not sleeps)
    record.stage = Stage.COMPLETE
    record.endpoints = {end_point.number: end_point for end_point in end_points}
    return record


def of_one(*inputs: int, attributes: Attributes | None = None, **more: Any) -> NodeRecord:
    """A node with one end point."""
    return a_node(an_end_point(*inputs, attributes=attributes), **more)


def reported(record: NodeRecord, cluster: int, text: str, endpoint: int = 1) -> list[Said]:
    """What a Report Attributes with this payload says."""
    records = ReportAttributes.from_bytes(bytes.fromhex(text)).records
    return said_by_attributes(record, endpoint, cluster, {one.attribute: one.value for one in records})


def commanded(record: NodeRecord, cluster: int, text: str, endpoint: int = 1) -> list[Said]:
    """What a cluster specific frame, from its control byte on, says."""
    return said_by_command(record, endpoint, cluster, ZclFrame.from_bytes(bytes.fromhex(text)))


def values_in(said: list[Said]) -> dict[str, Any]:
    """By `capability.attribute`."""
    return {
        f"{item.capability}.{name}": value
        for item in said
        if isinstance(item, Reading)
        for name, value in item.values.items()
    }


def heard(record: NodeRecord, cluster: int, text: str, endpoint: int = 1) -> dict[str, Any]:
    """What a report says; each of it is of a capability that the node offers where it is said."""
    said = reported(record, cluster, text, endpoint)
    offered = capabilities_of(record)
    for item in said:
        if isinstance(item, Reading):
            assert item.capability in offered[part_of(record, endpoint, item)], item
    return values_in(said)
