"""UG100 "Utilities Frames": what is no network's business."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from drivers.zigbee.ezsp.frame import Command, Response
from drivers.zigbee.ezsp.status import EZSP, Status, StatusByVersion, StatusField
from drivers.zigbee.wire import Bytes8, Eui64, Listed, Number, UInt8, UInt16


class Reason:
    """Why a command was refused: an EzspStatus of one byte; newer firmware writes an sl_status of four."""

    def pack(self, value: int, version: int) -> bytes:
        return _REASON.pack(value, version)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Status, int]:
        # Both begin with the low byte. Where the frame ends says which it is.
        return _REASON.unpack(data, at, version if len(data) - at >= _SL_STATUS_SIZE else 0)


_SL_STATUS_SIZE: Final = 4
_REASON: Final = StatusByVersion(EZSP)
EzspReason = Annotated[Status, Reason()]
Counters = Annotated[tuple[int, ...], Listed(Number(2), 0)]
"""As many as the firmware keeps: 40 to 42. UG100 "EmberCounterType"."""


@dataclass(frozen=True, slots=True)
class NopResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class Nop(Command):
    """UG100 nop: that the stick is there."""

    ID: ClassVar = 0x0005
    RESPONSE: ClassVar = NopResponse


@dataclass(frozen=True, slots=True)
class InvalidCommandResponse(Response):
    """The stick does not know the command, or cannot take it now."""

    reason: EzspReason


@dataclass(frozen=True, slots=True)
class InvalidCommand(Command):
    """UG100 invalidCommand. Never sent; its response comes instead of another command's."""

    ID: ClassVar = 0x0058
    RESPONSE: ClassVar = InvalidCommandResponse


@dataclass(frozen=True, slots=True)
class GetMfgTokenResponse(Response):
    token_data: Bytes8
    """Bytes that were never written are 0xFF."""


@dataclass(frozen=True, slots=True)
class GetMfgToken(Command):
    """UG100 getMfgToken."""

    ID: ClassVar = 0x000B
    RESPONSE: ClassVar = GetMfgTokenResponse

    token_id: UInt8
    """Of `MfgTokenId`."""


@dataclass(frozen=True, slots=True)
class ReadAndClearCountersResponse(Response):
    values: Counters


@dataclass(frozen=True, slots=True)
class ReadAndClearCounters(Command):
    """UG100 readAndClearCounters."""

    ID: ClassVar = 0x0065
    RESPONSE: ClassVar = ReadAndClearCountersResponse


@dataclass(frozen=True, slots=True)
class ReadCountersResponse(Response):
    values: Counters


@dataclass(frozen=True, slots=True)
class ReadCounters(Command):
    """UG100 readCounters."""

    ID: ClassVar = 0x00F1
    RESPONSE: ClassVar = ReadCountersResponse


@dataclass(frozen=True, slots=True)
class CustomFrameResponse(Response):
    status: StatusField
    reply: Bytes8


@dataclass(frozen=True, slots=True)
class CustomFrame(Command):
    """UG100 customFrame: whatever a maker's firmware understands."""

    ID: ClassVar = 0x0047
    RESPONSE: ClassVar = CustomFrameResponse

    payload: Bytes8


@dataclass(frozen=True, slots=True)
class GetEui64Response(Response):
    eui64: Eui64


@dataclass(frozen=True, slots=True)
class GetEui64(Command):
    """UG100 getEui64."""

    ID: ClassVar = 0x0026
    RESPONSE: ClassVar = GetEui64Response


@dataclass(frozen=True, slots=True)
class GetNodeIdResponse(Response):
    node_id: UInt16


@dataclass(frozen=True, slots=True)
class GetNodeId(Command):
    """UG100 getNodeId."""

    ID: ClassVar = 0x0027
    RESPONSE: ClassVar = GetNodeIdResponse
