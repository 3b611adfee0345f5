"""Sending an application command to a node, and what became of it on the air (INS13954-13 §4.3.3, ZW_SendData)."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar, Self

from drivers.zwave.serial_api.function import MalformedMessage, need
from drivers.zwave.serial_frame import FrameType


class TransmitOption(IntFlag):
    """INS13954-13 §4.3.3.1, txOptions."""

    ACK = 0x01
    LOW_POWER = 0x02
    AUTO_ROUTE = 0x04
    NO_ROUTE = 0x10
    EXPLORE = 0x20


RELIABLE = TransmitOption.ACK | TransmitOption.AUTO_ROUTE | TransmitOption.EXPLORE


class TransmitStatus(IntEnum):
    """INS13954-13 §4.3.3.1, txStatus."""

    OK = 0x00
    NO_ACK = 0x01
    FAIL = 0x02
    """The network is busy: the controller could not get a frame out."""
    ROUTING_NOT_IDLE = 0x03
    NO_ROUTE = 0x04


@dataclass(frozen=True, slots=True)
class SendDataResponse:
    FUNCTION: ClassVar = 0x13
    TYPE: ClassVar = FrameType.RESPONSE

    accepted: bool
    """False: the transmit queue is full, and no callback will come."""

    def to_payload(self) -> bytes:
        return bytes((self.accepted,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(payload[0] != 0)


@dataclass(frozen=True, slots=True)
class SendDataCallback:
    FUNCTION: ClassVar = 0x13
    TYPE: ClassVar = FrameType.REQUEST

    callback_id: int
    status: TransmitStatus
    ticks: int | None = None
    """How long the transmission took, in 10 ms. Absent on controllers that do not report it."""
    report: bytes = b""
    """The rest of the transmission report, undecoded: see `TransmitReport`."""

    @property
    def final(self) -> bool:
        return True

    def to_payload(self) -> bytes:
        head = bytes((self.callback_id, self.status))
        return head if self.ticks is None else head + self.ticks.to_bytes(2, "big") + self.report

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        try:
            status = TransmitStatus(payload[1])
        except ValueError:
            raise MalformedMessage(f"SendData callback: no such status 0x{payload[1]:02x}") from None
        if len(payload) < 4:
            return cls(payload[0], status)
        return cls(payload[0], status, int.from_bytes(payload[2:4], "big"), bytes(payload[4:]))


@dataclass(frozen=True, slots=True)
class SendData:
    FUNCTION: ClassVar = 0x13
    TYPE: ClassVar = FrameType.REQUEST
    RESPONSE: ClassVar = SendDataResponse
    CALLBACK: ClassVar = SendDataCallback

    node_id: int
    command: bytes
    options: int
    callback_id: int
    """1-255; 0 asks for no callback."""

    def to_payload(self) -> bytes:
        return bytes((self.node_id, len(self.command))) + self.command + bytes((self.options, self.callback_id))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 4, cls)
        length = payload[1]
        need(payload, 4 + length, cls)
        return cls(payload[0], bytes(payload[2 : 2 + length]), payload[2 + length], payload[3 + length])
