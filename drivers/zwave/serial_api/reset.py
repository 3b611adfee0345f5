"""Starting over: the soft reset, what a controller says when it has started, and the return to factory settings."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.serial_api.function import need, one_of
from drivers.zwave.serial_api.node_information import classes_from_bytes, classes_to_bytes
from drivers.zwave.serial_api.shapes import BareRequest, CallbackRequest
from drivers.zwave.serial_frame import FrameType


@dataclass(frozen=True, slots=True)
class SoftReset(BareRequest):
    """INS12350-14, FUNC_ID_SERIAL_API_SOFT_RESET: only the ACK answers. A USB stick may re-enumerate.

    Newer controllers say `SerialApiStarted` when they are back; older ones say nothing, ready within 1.5 s.
    """

    FUNCTION: ClassVar = 0x08


class WakeUpReason(IntEnum):
    """Z-Wave Serial API Host Application Programming Guide, Serial API started command."""

    RESET = 0x00
    WAKE_UP_TIMER = 0x01
    WAKE_UP_BEAM = 0x02
    WATCHDOG = 0x03
    EXTERNAL_INTERRUPT = 0x04
    POWER_UP = 0x05
    USB_SUSPEND = 0x06
    SOFTWARE_RESET = 0x07
    EMERGENCY_WATCHDOG = 0x08
    BROWNOUT = 0x09
    UNKNOWN = 0xFF


@dataclass(frozen=True, slots=True)
class SerialApiStarted:
    """Unsolicited: the controller has (re)started and is ready (FUNC_ID_SERIAL_API_STARTED, SDK 7 and newer)."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x0A

    reason: WakeUpReason
    watchdog: bool
    listening: bool
    generic_class: int
    specific_class: int
    command_classes: tuple[int, ...] = ()
    controlled: tuple[int, ...] = ()
    long_range: bool = False

    def to_payload(self) -> bytes:
        classes = classes_to_bytes(self.command_classes, self.controlled)
        head = (self.reason, self.watchdog, self.listening, self.generic_class, self.specific_class, len(classes))
        return bytes(head) + classes + bytes((self.long_range,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 6, cls)
        end = 6 + payload[5]
        need(payload, end, cls)
        reason = one_of(WakeUpReason, payload[0], cls)
        supported, controlled = classes_from_bytes(payload[6:end])
        return cls(
            reason,
            payload[1] == 1,
            bool(payload[2] & 1),
            payload[3],
            payload[4],
            supported,
            controlled,
            len(payload) > end and bool(payload[end] & 1),
        )


@dataclass(frozen=True, slots=True)
class SetDefaultCallback:
    """The network is gone, and a new home id has been drawn."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x42

    callback_id: int

    @property
    def final(self) -> bool:
        return True

    def to_payload(self) -> bytes:
        return bytes((self.callback_id,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(payload[0])


@dataclass(frozen=True, slots=True)
class SetDefault(CallbackRequest):
    """INS13954-13 §4.4, ZW_SetDefault: forget the whole network. There is no response, only the callback."""

    FUNCTION: ClassVar = 0x42
    CALLBACK: ClassVar = SetDefaultCallback
