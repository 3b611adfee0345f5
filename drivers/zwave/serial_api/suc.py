"""The static update controller (SUC), which knows the newest routes, and the SUC ID server (SIS)."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.serial_api.function import need, one_of
from drivers.zwave.serial_api.shapes import Answer, BareRequest, YesOrNo
from drivers.zwave.serial_frame import FrameType


@dataclass(frozen=True, slots=True)
class SucNodeId(Answer):
    FUNCTION: ClassVar = 0x56

    node_id: int
    """0: there is none."""

    def to_payload(self) -> bytes:
        return bytes((self.node_id,))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 1, cls)
        return cls(payload[0])


@dataclass(frozen=True, slots=True)
class GetSucNodeId(BareRequest):
    """INS13954-13 §4.4, ZW_GetSUCNodeID."""

    FUNCTION: ClassVar = 0x56
    RESPONSE: ClassVar = SucNodeId


class SetSucStatus(IntEnum):
    SUCCEEDED = 5
    FAILED = 6


@dataclass(frozen=True, slots=True)
class SetSucNodeIdResponse(YesOrNo):
    FUNCTION: ClassVar = 0x54


@dataclass(frozen=True, slots=True)
class SetSucNodeIdCallback:
    """Does not come when the controller appoints itself."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x54

    callback_id: int
    status: SetSucStatus

    @property
    def final(self) -> bool:
        return True

    def to_payload(self) -> bytes:
        return bytes((self.callback_id, self.status))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 2, cls)
        return cls(payload[0], one_of(SetSucStatus, payload[1], cls))


@dataclass(frozen=True, slots=True)
class SetSucNodeId:
    """INS13954-13 §4.4, ZW_SetSUCNodeID."""

    TYPE: ClassVar = FrameType.REQUEST
    FUNCTION: ClassVar = 0x54
    RESPONSE: ClassVar = SetSucNodeIdResponse
    CALLBACK: ClassVar = SetSucNodeIdCallback

    node_id: int
    enable: bool
    sis: bool
    callback_id: int
    options: int = 0
    """Of `TransmitOption`; only LOW_POWER means anything here."""

    def to_payload(self) -> bytes:
        return bytes((self.node_id, self.enable, self.options, self.sis, self.callback_id))

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        need(payload, 5, cls)
        return cls(payload[0], bool(payload[1]), bool(payload[3]), payload[4], payload[2])
