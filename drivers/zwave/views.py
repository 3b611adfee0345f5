"""A node as the home sees it: a device, and a part for each of its end points."""

from drivers.zwave.capabilities.switches import is_motor
from drivers.zwave.capabilities.table import capabilities_of
from drivers.zwave.node import Node
from drivers.zwave.node_record import ROOT, EndPoint, NodeRecord
from hubagent.model.device import Device, DeviceId

_WORDS = {
    0x01: "remote",
    0x02: "controller",
    0x03: "av_control",
    0x06: "appliance",
    0x07: "sensor",
    0x08: "thermostat",
    0x09: "blind",
    0x0F: "repeater",
    0x10: "switch",
    0x11: "dimmer",
    0x12: "remote",
    0x18: "wall_controller",
    0x20: "sensor",
    0x21: "sensor",
    0x30: "meter",
    0x31: "meter",
    0x40: "lock",
    0xA1: "sensor",
}
"""Generic device classes (SDS13740) as a person would call such a thing, for devices without a name of their own."""

SECURITY_CLASSES = (0x98, 0x9F)
"""Security 0 and Security 2 (SDS13783). A node that has them was made to be paired encrypted."""


def name_of(record: NodeRecord) -> str:
    """What the device calls itself, or what a person would call such a thing, with its number."""
    word = "blind" if is_motor(record.root) else _WORDS.get(record.root.generic_class, "device")
    return record.name or f"{word}_{record.node_id}"


def device_of(node: Node, end_point: EndPoint, device: DeviceId, root: DeviceId) -> Device:
    record = node.record
    name = name_of(record)
    is_root = end_point.number == ROOT
    return Device(
        id=device,
        name=name if is_root else f"{name}/{end_point.number}",
        protocol="zwave",
        address=record.node_id,
        capabilities=capabilities_of(end_point),
        presence=node.presence,
        parent=None if is_root else root,
        details=_details(node) if is_root else {},
    )


def _details(node: Node) -> dict[str, str]:
    record = node.record
    details = {"interview": record.stage.name.lower()}
    if record.manufacturer is not None and record.product_type is not None and record.product is not None:
        details["product"] = f"{record.manufacturer:04x}:{record.product_type:04x}:{record.product:04x}"
    if any(record.root.has(command_class) for command_class in SECURITY_CLASSES):
        details["encryption"] = "none: it could be paired encrypted, by a version that speaks S0 or S2"
    if record.firmware:
        details["firmware"] = record.firmware
    if record.wake_up_interval_s is not None:
        details["wake_up_interval"] = f"{record.wake_up_interval_s} s"
    return details
