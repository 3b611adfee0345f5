"""UG100 "Utilities Frames": what is no network's business."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, ClassVar, Final

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import (
    ERROR_INVALID_CALL,
    EZSP_STATUSES,
    NEVER,
    SL_STATUS_SINCE,
    Status,
    StatusByVersion,
    StatusField,
)
from drivers.zigbee.wire import Bool, Bytes8, Eui64, Fixed, UInt8, UInt16


class TimerUnits(IntEnum):
    """EmberEventUnits."""

    INACTIVE = 0
    MILLISECONDS = 1
    QUARTER_SECONDS = 2
    MINUTES = 3


class Reason:
    """Why a command was refused: an EzspStatus. Hosts look at its first byte alone (ezsp.c, `responseReceived`).

    From version 14 on zeros stand behind it, so that hosts which expect an sl_status there find four bytes.
    """

    def pack(self, value: int, version: int) -> bytes:
        return _REASON.pack(value, version) + bytes(_BEHIND if version >= SL_STATUS_SINCE else 0)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Status, int]:
        reason, end = _REASON.unpack(data, at, version)
        return reason, min(end + _BEHIND, len(data)) if version >= SL_STATUS_SINCE else end


class Counts:
    """As many as the firmware keeps, 40 to 42 (UG100 "EmberCounterType"), whatever odd byte stands behind them."""

    def pack(self, value: tuple[int, ...], version: int) -> bytes:
        return b"".join(count.to_bytes(2, "little") for count in value)

    def unpack(self, data: bytes, at: int, version: int) -> tuple[tuple[int, ...], int]:
        end = len(data) - (len(data) - at) % 2
        return tuple(data[i] | data[i + 1] << 8 for i in range(at, end, 2)), end


_BEHIND: Final = 3
_REASON: Final = StatusByVersion(EZSP_STATUSES, ERROR_INVALID_CALL, since=NEVER)
EzspReason = Annotated[Status, Reason()]
TokenData = Annotated[bytes, Fixed(8)]
Counters = Annotated[tuple[int, ...], Counts()]


@dataclass(frozen=True, slots=True)
class NopResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class Nop(Command):
    """That the stick is there."""

    ID: ClassVar = 0x0005
    RESPONSE: ClassVar = NopResponse


@dataclass(frozen=True, slots=True)
class InvalidCommandResponse(Response):
    """The stick does not know the command, or cannot take it now."""

    reason: EzspReason


@dataclass(frozen=True, slots=True)
class InvalidCommand(Command):
    """Never sent; its response comes instead of another command's."""

    ID: ClassVar = 0x0058
    RESPONSE: ClassVar = InvalidCommandResponse


@dataclass(frozen=True, slots=True)
class GetMfgTokenResponse(Response):
    token_data: Bytes8
    """Bytes that were never written are 0xFF."""


@dataclass(frozen=True, slots=True)
class GetMfgToken(Command):
    ID: ClassVar = 0x000B
    RESPONSE: ClassVar = GetMfgTokenResponse

    token_id: UInt8
    """Of `MfgTokenId`."""


@dataclass(frozen=True, slots=True)
class ReadAndClearCountersResponse(Response):
    values: Counters


@dataclass(frozen=True, slots=True)
class ReadAndClearCounters(Command):
    ID: ClassVar = 0x0065
    RESPONSE: ClassVar = ReadAndClearCountersResponse


@dataclass(frozen=True, slots=True)
class ReadCountersResponse(Response):
    values: Counters


@dataclass(frozen=True, slots=True)
class ReadCounters(Command):
    ID: ClassVar = 0x00F1
    RESPONSE: ClassVar = ReadCountersResponse


@dataclass(frozen=True, slots=True)
class CustomFrameResponse(Response):
    status: StatusField
    reply: Bytes8


@dataclass(frozen=True, slots=True)
class CustomFrame(Command):
    """Whatever a maker's firmware understands."""

    ID: ClassVar = 0x0047
    RESPONSE: ClassVar = CustomFrameResponse

    payload: Bytes8


@dataclass(frozen=True, slots=True)
class GetEui64Response(Response):
    eui64: Eui64


@dataclass(frozen=True, slots=True)
class GetEui64(Command):
    ID: ClassVar = 0x0026
    RESPONSE: ClassVar = GetEui64Response


@dataclass(frozen=True, slots=True)
class GetNodeIdResponse(Response):
    node_id: UInt16


@dataclass(frozen=True, slots=True)
class GetNodeId(Command):
    ID: ClassVar = 0x0027
    RESPONSE: ClassVar = GetNodeIdResponse


@dataclass(frozen=True, slots=True)
class EchoResponse(Response):
    echo: Bytes8


@dataclass(frozen=True, slots=True)
class Echo(Command):
    ID: ClassVar = 0x0081
    RESPONSE: ClassVar = EchoResponse

    data: Bytes8


@dataclass(frozen=True, slots=True)
class SetTokenResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetToken(Command):
    """Eight bytes of the host's own, kept in the stick's flash."""

    ID: ClassVar = 0x0009
    RESPONSE: ClassVar = SetTokenResponse

    token_id: UInt8
    token_data: TokenData


@dataclass(frozen=True, slots=True)
class GetTokenResponse(Response):
    status: StatusField
    token_data: TokenData


@dataclass(frozen=True, slots=True)
class GetToken(Command):
    ID: ClassVar = 0x000A
    RESPONSE: ClassVar = GetTokenResponse

    token_id: UInt8


@dataclass(frozen=True, slots=True)
class SetMfgTokenResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetMfgToken(Command):
    """Once only, where nothing was written yet."""

    ID: ClassVar = 0x000C
    RESPONSE: ClassVar = SetMfgTokenResponse

    token_id: UInt8
    """Of `MfgTokenId`."""
    token_data: Bytes8


@dataclass(frozen=True, slots=True)
class StackTokenChangedHandler(Callback):
    ID: ClassVar = 0x000D

    token_address: UInt16


@dataclass(frozen=True, slots=True)
class GetRandomNumberResponse(Response):
    status: StatusField
    value: UInt16


@dataclass(frozen=True, slots=True)
class GetRandomNumber(Command):
    ID: ClassVar = 0x0049
    RESPONSE: ClassVar = GetRandomNumberResponse


@dataclass(frozen=True, slots=True)
class SetTimerResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetTimer(Command):
    ID: ClassVar = 0x000E
    RESPONSE: ClassVar = SetTimerResponse

    timer_id: UInt8
    """0 or 1."""
    time: UInt16
    units: UInt8
    """Of `TimerUnits`."""
    repeat: Bool


@dataclass(frozen=True, slots=True)
class GetTimerResponse(Response):
    time: UInt16
    units: UInt8
    """Of `TimerUnits`."""
    repeat: Bool


@dataclass(frozen=True, slots=True)
class GetTimer(Command):
    ID: ClassVar = 0x004E
    RESPONSE: ClassVar = GetTimerResponse

    timer_id: UInt8


@dataclass(frozen=True, slots=True)
class TimerHandler(Callback):
    ID: ClassVar = 0x000F

    timer_id: UInt8


@dataclass(frozen=True, slots=True)
class DebugWriteResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class DebugWrite(Command):
    """To the stick's own debug port."""

    ID: ClassVar = 0x0012
    RESPONSE: ClassVar = DebugWriteResponse

    binary_message: Bool
    message: Bytes8


@dataclass(frozen=True, slots=True)
class CounterRolloverHandler(Callback):
    ID: ClassVar = 0x00F2

    counter_type: UInt8


@dataclass(frozen=True, slots=True)
class MuxInvalidRxHandler(Callback):
    """Protocols that share the radio want to hear on different channels."""

    ID: ClassVar = 0x0062
    SINCE: ClassVar = 17

    new_rx_channel: UInt8
    old_rx_channel: UInt8


@dataclass(frozen=True, slots=True)
class DelayTestResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class DelayTest(Command):
    ID: ClassVar = 0x009D
    RESPONSE: ClassVar = DelayTestResponse

    delay: UInt16
    """In milliseconds, before the stick answers."""


@dataclass(frozen=True, slots=True)
class GetLibraryStatusResponse(Response):
    status: UInt8
    """Bit 7: it is there."""


@dataclass(frozen=True, slots=True)
class GetLibraryStatus(Command):
    ID: ClassVar = 0x0001
    RESPONSE: ClassVar = GetLibraryStatusResponse

    library_id: UInt8


@dataclass(frozen=True, slots=True)
class GetXncpInfoResponse(Response):
    status: StatusField
    manufacturer_id: UInt16
    version_number: UInt16


@dataclass(frozen=True, slots=True)
class GetXncpInfo(Command):
    """Whose extended firmware it is."""

    ID: ClassVar = 0x0013
    RESPONSE: ClassVar = GetXncpInfoResponse


@dataclass(frozen=True, slots=True)
class CustomFrameHandler(Callback):
    ID: ClassVar = 0x0054

    payload: Bytes8


@dataclass(frozen=True, slots=True)
class GetPhyInterfaceCountResponse(Response):
    interface_count: UInt8


@dataclass(frozen=True, slots=True)
class GetPhyInterfaceCount(Command):
    ID: ClassVar = 0x00FC
    RESPONSE: ClassVar = GetPhyInterfaceCountResponse


@dataclass(frozen=True, slots=True)
class GetTrueRandomEntropySourceResponse(Response):
    entropy_source: UInt8
    """Of EmberEntropySource."""


@dataclass(frozen=True, slots=True)
class GetTrueRandomEntropySource(Command):
    ID: ClassVar = 0x004F
    RESPONSE: ClassVar = GetTrueRandomEntropySourceResponse
