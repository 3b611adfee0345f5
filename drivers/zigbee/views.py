"""A node as the home sees it: a device, and a part for each end point that has functions of its own."""

from collections.abc import Mapping
from typing import Final

from drivers.zigbee.node import Node
from drivers.zigbee.node_record import ROOT, NodeRecord
from hubagent.model.device import Device, DeviceId

_WORDS: Final = {
    0x0000: "switch",
    0x0001: "remote",
    0x0002: "switch",
    0x0003: "dimmer",
    0x0006: "remote",
    0x0007: "remote",
    0x0009: "plug",
    0x000A: "lock",
    0x000B: "lock_remote",
    0x0051: "plug",
    0x0053: "meter",
    0x0100: "light",
    0x0101: "light",
    0x0102: "light",
    0x0103: "remote",
    0x0104: "remote",
    0x0105: "remote",
    0x0106: "light_sensor",
    0x0107: "motion_sensor",
    0x010A: "plug",
    0x010B: "plug",
    0x010C: "light",
    0x010D: "light",
    0x010E: "light_sensor",
    0x0200: "blind",
    0x0201: "remote",
    0x0202: "blind",
    0x0203: "remote",
    0x0300: "heater",
    0x0301: "thermostat",
    0x0302: "sensor",
    0x0303: "pump",
    0x0307: "sensor",
    0x0400: "alarm",
    0x0401: "keypad",
    0x0402: "sensor",
    0x0403: "siren",
    0x0800: "remote",
    0x0810: "remote",
    0x0820: "remote",
    0x0830: "remote",
    0x0840: "remote",
    0x0850: "switch",
}
"""Device types of the profiles for homes (ZHA 05-3520-29 §7, Lighting & Occupancy 15-0014-05) as people call them."""
_ZLL_WORDS: Final = {
    0x0000: "light",
    0x0010: "plug",
    0x0100: "light",
    0x0110: "plug",
    0x0200: "light",
    0x0210: "light",
    0x0220: "light",
}
"""Device types of Light Link (ZLL 11-0037-10 §4), where they are other than those of Home Automation."""
ZLL_PROFILE: Final = 0xC05E

POWER_SOURCES: Final = {
    0: "unknown",
    1: "mains",
    2: "mains (three phases)",
    3: "battery",
    4: "DC",
    5: "emergency mains",
    6: "emergency mains",
}
"""ZCL8 (07-5123-08) §3.2.2.2.8."""


def word_for(record: NodeRecord) -> str:
    """What a person would call such a thing."""
    for _, endpoint in sorted(record.endpoints.items()):
        own = _ZLL_WORDS if endpoint.profile == ZLL_PROFILE else _WORDS
        word = own.get(endpoint.device_type) or _WORDS.get(endpoint.device_type)
        if word is not None:
            return word
    return "repeater" if record.is_router and record.endpoints else "device"


def name_of(record: NodeRecord) -> str:
    """What the device calls itself, or what a person would call it, with the end of its address."""
    return record.name or f"{word_for(record)}_{record.key[-4:]}"


def devices_of(node: Node, offers: Mapping[int, tuple[str, ...]]) -> dict[int, Device]:
    """By part, the devices that the home knows of one node; ROOT always among them."""
    record = node.record
    root, name = node.device, name_of(record)
    return {
        part: Device(
            id=part_id(root, part),
            name=name if part == ROOT else f"{name}/{part}",
            protocol="zigbee",
            address=record.node_id,
            capabilities=offers.get(part, ()),
            presence=node.presence,
            parent=None if part == ROOT else root,
            details=_details(record) if part == ROOT else {},
        )
        for part in sorted({ROOT, *offers})
    }


def part_id(root: DeviceId, part: int) -> DeviceId:
    return root if part == ROOT else f"{root}/{part}"


def _details(record: NodeRecord) -> dict[str, str]:
    details = {"interview": record.stage.name.lower()}
    if record.manufacturer:
        details["manufacturer"] = record.manufacturer
    if record.model:
        details["product"] = record.model
    if record.firmware:
        details["firmware"] = record.firmware
    if record.power_source is not None:
        details["power"] = POWER_SOURCES.get(record.power_source & 0x7F, f"0x{record.power_source:02x}")
    if record.stage:
        details["type"] = record.logical_type.name.lower().replace("_", " ")
    return details
