"""What the controller knows of a node, asking the node itself, and what the controller tells others of itself."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.serial_api.function import need
from drivers.zwave.serial_api.node_information import classes_from_bytes, classes_to_bytes
from drivers.zwave.serial_api.shapes import Answer, NodeRequest, YesOrNo
from drivers.zwave.serial_frame import FrameType


class Flirs(IntEnum):
    """How often a frequently listening node wakes to hear a beam."""

    EVERY_250_MS = 0x20
    EVERY_1000_MS = 0x40


@dataclass(frozen=True, slots=True)
class NodeProtocolInfo(Answer):
    """INS13954-13 §4.4, ZW_GetNodeProtocolInfo; the bits are SDS13782's of the node information frame."""

    FUNCTION: ClassVar = 0x41

    listening: bool
    flirs: Flirs | None
    routing: bool
    basic_class: int
    generic_class: int
    """0: there is no such node."""
    specific_class: int
    optional_functionality: bool = True
    controller: bool = False
    beaming: bool = True
    security: bool = False
    speeds_kbit: tuple[int, ...] = (40, 100)
    """Of 9, 40 and 100."""
    protocol_version: int = 3
    """SDK generation: 3 from SDK 4.5 on."""

    def to_payload(self) -> bytes:
        first = self.listening << 7 | self.routing << 6 | (40 in self.speeds_kbit) << 4 | (9 in self.speeds_kbit) << 3
        second = (
            self.optional_functionality << 7
            | (self.flirs or 0)
            | self.beaming << 4
            | (not self.controller) << 3
            | (self.specific_class != 0) << 2
            | self.controller << 1
            | self.security
        )
        head = (first | self.protocol_version & 7, second, int(100 in self.speeds_kbit))
        return bytes((*head, self.basic_class, self.generic_class, self.specific_class))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 5, cls)
        first, second, third = payload[:3]
        speeds = ((9, first & 0x08), (40, first & 0x10), (100, third & 0x01))
        flirs = second & 0x60
        return cls(
            listening=bool(first & 0x80),
            flirs=Flirs(flirs) if flirs in (0x20, 0x40) else None,
            routing=bool(first & 0x40),
            basic_class=payload[3],
            generic_class=payload[4],
            specific_class=payload[5] if second & 0x04 and len(payload) > 5 else 0,
            optional_functionality=bool(second & 0x80),
            controller=bool(second & 0x02),
            beaming=bool(second & 0x10),
            security=bool(second & 0x01),
            speeds_kbit=tuple(speed for speed, bit in speeds if bit),
            protocol_version=first & 0x07,
        )


@dataclass(frozen=True, slots=True)
class GetNodeProtocolInfo(NodeRequest):
    FUNCTION: ClassVar = 0x41
    RESPONSE: ClassVar = NodeProtocolInfo


@dataclass(frozen=True, slots=True)
class RequestNodeInfoResponse(YesOrNo):
    FUNCTION: ClassVar = 0x60


@dataclass(frozen=True, slots=True)
class RequestNodeInfo(NodeRequest):
    """INS13954-13 §4.4, ZW_RequestNodeInfo. Its outcome is an `ApplicationUpdate`, not a callback."""

    FUNCTION: ClassVar = 0x60
    RESPONSE: ClassVar = RequestNodeInfoResponse


@dataclass(frozen=True, slots=True)
class SetApplicationNodeInformation:
    """INS12350-14 §7.1: the classes the controller announces of itself. Neither response nor callback."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x03
    RESPONSE: ClassVar = None
    CALLBACK: ClassVar = None

    listening: bool
    generic_class: int
    specific_class: int
    command_classes: tuple[int, ...]
    controlled: tuple[int, ...] = ()
    optional_functionality: bool = True

    def to_payload(self) -> bytes:
        classes = classes_to_bytes(self.command_classes, self.controlled)
        options = self.listening | self.optional_functionality << 1
        return bytes((options, self.generic_class, self.specific_class, len(classes))) + classes

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 4, cls)
        need(payload, 4 + payload[3], cls)
        supported, controlled = classes_from_bytes(payload[4 : 4 + payload[3]])
        return cls(bool(payload[0] & 1), payload[1], payload[2], supported, controlled, bool(payload[0] & 2))
