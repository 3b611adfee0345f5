"""Sending an application command to a node, and what became of it on the air (INS13954-13 §4.3.3, ZW_SendData)."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar, Self

from drivers.zwave.serial_api.function import need
from drivers.zwave.serial_api.rssi import dbm, rssi_byte
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
    """INS13954-13 §4.3.3.1, txStatus. Any number is one of these, because a callback ends the call whatever it says.

    TRANSMIT_COMPLETE_VERIFIED (5, of later SDKs) is OK and more. What else there is, such as
    TRANSMIT_COMPLETE_HOP_n_FAIL of older SDKs, says that it did not arrive.
    """

    OK = 0x00
    NO_ACK = 0x01
    FAIL = 0x02
    """The network is busy: the controller could not get a frame out."""
    ROUTING_NOT_IDLE = 0x03
    NO_ROUTE = 0x04

    @classmethod
    def _missing_(cls, value: object) -> Self:
        return cls(cls.OK if value == _VERIFIED else cls.NO_ACK)


_VERIFIED = 0x05


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
        # zwave-js' simulated controller leaves the byte out of the bridge's response, and sends.
        return cls(not payload or payload[0] != 0)


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
        status = TransmitStatus(payload[1])
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


@dataclass(frozen=True, slots=True)
class SendDataBridgeResponse(SendDataResponse):
    FUNCTION: ClassVar = 0xA9


@dataclass(frozen=True, slots=True)
class SendDataBridgeCallback(SendDataCallback):
    FUNCTION: ClassVar = 0xA9


@dataclass(frozen=True, slots=True)
class SendDataBridge:
    """INS13954-13 §4.3.3, ZW_SendData_Bridge: the same from a bridge controller, which has several ids of its own."""

    FUNCTION: ClassVar = 0xA9
    TYPE: ClassVar = FrameType.REQUEST
    RESPONSE: ClassVar = SendDataBridgeResponse
    CALLBACK: ClassVar = SendDataBridgeCallback

    source_id: int
    """The controller's own node, or one of its virtual nodes."""
    node_id: int
    command: bytes
    options: int
    callback_id: int

    def to_payload(self) -> bytes:
        head = bytes((self.source_id, self.node_id, len(self.command)))
        # Four bytes of a route that no controller uses any more.
        return head + self.command + bytes((self.options, 0, 0, 0, 0, self.callback_id))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 9, cls)
        end = 3 + payload[2]
        need(payload, end + 6, cls)
        return cls(payload[0], payload[1], bytes(payload[3:end]), payload[end], payload[end + 5])


@dataclass(frozen=True, slots=True)
class SendDataMulticastResponse(SendDataResponse):
    FUNCTION: ClassVar = 0x14


@dataclass(frozen=True, slots=True)
class SendDataMulticastCallback(SendDataCallback):
    """Says that it was sent: nobody acknowledges a multicast."""

    FUNCTION: ClassVar = 0x14


@dataclass(frozen=True, slots=True)
class SendDataMulticast:
    """INS13954-13 §4.3.3, ZW_SendDataMulti."""

    FUNCTION: ClassVar = 0x14
    TYPE: ClassVar = FrameType.REQUEST
    RESPONSE: ClassVar = SendDataMulticastResponse
    CALLBACK: ClassVar = SendDataMulticastCallback

    node_ids: tuple[int, ...]
    """At most 64."""
    command: bytes
    options: int
    callback_id: int

    def to_payload(self) -> bytes:
        head = bytes((len(self.node_ids), *self.node_ids, len(self.command)))
        return head + self.command + bytes((self.options, self.callback_id))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        at = 1 + payload[0]
        need(payload, at + 1, cls)
        end = at + 1 + payload[at]
        need(payload, end + 2, cls)
        return cls(tuple(payload[1:at]), bytes(payload[at + 1 : end]), payload[end], payload[end + 1])


@dataclass(frozen=True, slots=True)
class SendDataMulticastBridgeResponse(SendDataResponse):
    FUNCTION: ClassVar = 0xAB


@dataclass(frozen=True, slots=True)
class SendDataMulticastBridgeCallback(SendDataCallback):
    FUNCTION: ClassVar = 0xAB


@dataclass(frozen=True, slots=True)
class SendDataMulticastBridge:
    """INS13954-13 §4.3.3, ZW_SendDataMulti_Bridge."""

    FUNCTION: ClassVar = 0xAB
    TYPE: ClassVar = FrameType.REQUEST
    RESPONSE: ClassVar = SendDataMulticastBridgeResponse
    CALLBACK: ClassVar = SendDataMulticastBridgeCallback

    source_id: int
    node_ids: tuple[int, ...]
    command: bytes
    options: int
    callback_id: int

    def to_payload(self) -> bytes:
        head = bytes((self.source_id, len(self.node_ids), *self.node_ids, len(self.command)))
        return head + self.command + bytes((self.options, self.callback_id))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        rest = SendDataMulticast.from_payload(payload[1:])
        return cls(payload[0], rest.node_ids, rest.command, rest.options, rest.callback_id)


@dataclass(frozen=True, slots=True)
class SendDataAbort:
    """INS13954-13 §4.3.3, ZW_SendDataAbort: give up what is being sent; its callback still comes. No response."""

    FUNCTION: ClassVar = 0x16
    TYPE: ClassVar = FrameType.REQUEST
    RESPONSE: ClassVar = None
    CALLBACK: ClassVar = None

    def to_payload(self) -> bytes:
        return b""

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:  # noqa: ARG003 - a decoder's signature
        return cls()


@dataclass(frozen=True, slots=True)
class TransmitReport:
    """INS13954-13 §4.3.3.1, TX_STATUS_TYPE after its transmit ticks: what `SendDataCallback.report` holds.

    What Long Range adds at its end is not kept.
    """

    repeaters: tuple[int, ...] = ()
    """The route taken, the repeater next to the controller first."""
    ack_rssi_dbm: int | None = None
    ack_repeater_rssi_dbm: tuple[int | None, ...] = (None,) * 4
    ack_channel: int = 0
    channel: int = 0
    route_scheme: int = 0
    speed_and_beam: int = 0x03
    """Low bits 1-3: 9.6, 40, 100 kbit/s; 0x20 and 0x40: a beam of 250 or 1000 ms woke the node."""
    attempts: int = 1
    """How often it was tried, over all routes."""
    last_functional: int = 0
    first_broken: int = 0
    """The link that failed lies between these two; zero when none did."""

    def to_bytes(self) -> bytes:
        rssi = (self.ack_rssi_dbm, *self.ack_repeater_rssi_dbm)
        return (
            bytes((len(self.repeaters), *map(rssi_byte, rssi), self.ack_channel, self.channel, self.route_scheme))
            + bytes(self.repeaters).ljust(4, b"\0")
            + bytes((self.speed_and_beam, self.attempts, self.last_functional, self.first_broken))
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises MalformedMessage. Older firmware leaves out the last two bytes."""
        need(data, 15, cls)
        return cls(
            tuple(data[9 : 9 + min(data[0], 4)]),
            dbm(data[1]),
            tuple(map(dbm, data[2:6])),
            data[6],
            data[7],
            data[8],
            data[13],
            data[14],
            data[15] if len(data) > 16 else 0,
            data[16] if len(data) > 16 else 0,
        )
