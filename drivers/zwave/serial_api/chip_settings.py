"""Small switches of the chip itself: its own timeouts on the link, its receiver, its watchdog."""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.serial_api.function import need
from drivers.zwave.serial_api.shapes import Answer, BareRequest, YesOrNo
from drivers.zwave.serial_frame import FrameType


@dataclass(frozen=True, slots=True)
class OldTimeouts(Answer):
    """What they were before."""

    FUNCTION: ClassVar = 0x06

    ack_10ms: int
    byte_10ms: int

    def to_payload(self) -> bytes:
        return bytes((self.ack_10ms, self.byte_10ms))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[0], payload[1])


@dataclass(frozen=True, slots=True)
class SetTimeouts:
    """INS12350-14, FUNC_ID_SERIAL_API_SET_TIMEOUTS: how long the chip waits for our ACK, and between two bytes."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x06
    RESPONSE: ClassVar = OldTimeouts
    CALLBACK: ClassVar = None

    ack_10ms: int
    byte_10ms: int

    def to_payload(self) -> bytes:
        return bytes((self.ack_10ms, self.byte_10ms))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[0], payload[1])


@dataclass(frozen=True, slots=True)
class SetReceiveModeResponse(YesOrNo):
    FUNCTION: ClassVar = 0x10


@dataclass(frozen=True, slots=True)
class SetReceiveMode:
    """INS13954-13, ZW_SetRFReceiveMode: off while the memory is read or written."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x10
    RESPONSE: ClassVar = SetReceiveModeResponse
    CALLBACK: ClassVar = None

    on: bool

    def to_payload(self) -> bytes:
        return bytes((self.on,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(payload[0] != 0)


@dataclass(frozen=True, slots=True)
class StartWatchdog(BareRequest):
    """Restart the chip when its software hangs. Only the ACK answers."""

    FUNCTION: ClassVar = 0xD2


@dataclass(frozen=True, slots=True)
class StopWatchdog(BareRequest):
    FUNCTION: ClassVar = 0xD3
