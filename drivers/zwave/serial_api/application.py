"""What a controller says unasked: a node's command arrived, or what is known of a node changed."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from functools import lru_cache
from typing import ClassVar, Self

from drivers.zwave.serial_api.function import need, one_of
from drivers.zwave.serial_api.node_information import NodeInformationFrame
from drivers.zwave.serial_api.rssi import dbm, rssi_byte
from drivers.zwave.serial_frame import FrameType


class ReceiveStatus(IntFlag):
    """INS13954-13, ApplicationCommandHandler, rxStatus."""

    SINGLE = 0x00
    """To the controller alone, if neither of BROADCAST and MULTICAST is there."""
    ROUTED_BUSY = 0x01
    LOW_POWER = 0x02
    BROADCAST = 0x04
    MULTICAST = 0x08
    EXPLORE = 0x10
    FOREIGN_FRAME = 0x40
    FOREIGN_HOME_ID = 0x80


_receive_status = lru_cache(maxsize=256)(ReceiveStatus)
"""Making a flag takes longer than all the rest of a frame."""


@dataclass(frozen=True, slots=True)
class ApplicationCommand:
    """INS13954-13, ApplicationCommandHandler of a static controller."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x04

    node_id: int
    """Who sent it."""
    command: bytes
    status: ReceiveStatus = ReceiveStatus.SINGLE
    rssi_dbm: int | None = None
    """Not measured, or not told by firmware older than SDK 6.6."""

    def to_payload(self) -> bytes:
        body = bytes((self.status, self.node_id, len(self.command))) + self.command
        return body if self.rssi_dbm is None else body + bytes((rssi_byte(self.rssi_dbm),))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        end = 3 + payload[2] if len(payload) > 2 else 3
        need(payload, end, cls)
        rssi = dbm(payload[end]) if len(payload) > end else None
        return cls(payload[1], bytes(payload[3:end]), _receive_status(payload[0]), rssi)


@dataclass(frozen=True, slots=True)
class BridgeApplicationCommand:
    """INS13954-13, ApplicationCommandHandler_Bridge: the same of a bridge controller, with its several ids."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0xA8

    node_id: int
    """Who sent it."""
    command: bytes
    destination: int
    """The controller's own node, or one of its virtual nodes; 0 when it went to several."""
    status: ReceiveStatus = ReceiveStatus.SINGLE
    multicast_mask: bytes = b""
    rssi_dbm: int | None = None

    def to_payload(self) -> bytes:
        head = bytes((self.status, self.destination, self.node_id, len(self.command)))
        tail = bytes((len(self.multicast_mask),)) + self.multicast_mask + bytes((rssi_byte(self.rssi_dbm),))
        return head + self.command + tail

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 4, cls)
        end = 4 + payload[3]
        need(payload, end, cls)
        mask_end = end + 1 + payload[end] if len(payload) > end else end
        need(payload, mask_end, cls)
        return cls(
            payload[2],
            bytes(payload[4:end]),
            payload[1],
            _receive_status(payload[0]),
            bytes(payload[end + 1 : mask_end]),
            dbm(payload[mask_end]) if len(payload) > mask_end else None,
        )


class UpdateEvent(IntEnum):
    """INS13954-13, ApplicationControllerUpdate."""

    SUC_ID = 0x10
    NODE_REMOVED = 0x20
    NODE_ADDED = 0x40
    ROUTING_PENDING = 0x80
    REQUEST_FAILED = 0x81
    """The node information that was asked for did not come. The node identifier is zero."""
    REQUEST_DONE = 0x82
    NODE_INFORMATION = 0x84
    SMART_START_HOME_ID = 0x85
    SMART_START_NODE_INFORMATION = 0x86
    SMART_START_LONG_RANGE = 0x87


_WITH_INFORMATION = (UpdateEvent.NODE_INFORMATION, UpdateEvent.NODE_ADDED)


@dataclass(frozen=True, slots=True)
class ApplicationUpdate:
    """INS13954-13, ApplicationControllerUpdate. SmartStart's events are recognised, their contents not kept."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x49

    event: UpdateEvent
    node_id: int
    information: NodeInformationFrame | None = None
    """With NODE_INFORMATION and NODE_ADDED."""

    def to_payload(self) -> bytes:
        tail = b"\0" if self.information is None else self.information.to_bytes()
        return bytes((self.event, self.node_id)) + tail

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        event = one_of(UpdateEvent, payload[0], cls)
        if event not in _WITH_INFORMATION or len(payload) < 3 or payload[2] == 0:
            return cls(event, payload[1])
        return cls(event, payload[1], NodeInformationFrame.from_bytes(payload[2:]))
