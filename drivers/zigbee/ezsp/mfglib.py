"""UG100 "Mfglib Frames": the bare radio, for makers and for hearing what is on a channel."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.wire import Bool, Bytes8, Int8, UInt8, UInt16


@dataclass(frozen=True, slots=True)
class MfglibInternalStartResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class MfglibInternalStart(Command):
    ID: ClassVar = 0x0083
    RESPONSE: ClassVar = MfglibInternalStartResponse

    rx_callback: Bool


@dataclass(frozen=True, slots=True)
class MfglibInternalEndResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class MfglibInternalEnd(Command):
    ID: ClassVar = 0x0084
    RESPONSE: ClassVar = MfglibInternalEndResponse


@dataclass(frozen=True, slots=True)
class MfglibInternalStartToneResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class MfglibInternalStartTone(Command):
    ID: ClassVar = 0x0085
    RESPONSE: ClassVar = MfglibInternalStartToneResponse


@dataclass(frozen=True, slots=True)
class MfglibInternalStopToneResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class MfglibInternalStopTone(Command):
    ID: ClassVar = 0x0086
    RESPONSE: ClassVar = MfglibInternalStopToneResponse


@dataclass(frozen=True, slots=True)
class MfglibInternalStartStreamResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class MfglibInternalStartStream(Command):
    ID: ClassVar = 0x0087
    RESPONSE: ClassVar = MfglibInternalStartStreamResponse


@dataclass(frozen=True, slots=True)
class MfglibInternalStopStreamResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class MfglibInternalStopStream(Command):
    ID: ClassVar = 0x0088
    RESPONSE: ClassVar = MfglibInternalStopStreamResponse


@dataclass(frozen=True, slots=True)
class MfglibInternalSendPacketResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class MfglibInternalSendPacket(Command):
    ID: ClassVar = 0x0089
    RESPONSE: ClassVar = MfglibInternalSendPacketResponse

    packet_contents: Bytes8
    """With its checksum's two bytes, whatever they are."""


@dataclass(frozen=True, slots=True)
class MfglibInternalSetChannelResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class MfglibInternalSetChannel(Command):
    ID: ClassVar = 0x008A
    RESPONSE: ClassVar = MfglibInternalSetChannelResponse

    channel: UInt8


@dataclass(frozen=True, slots=True)
class MfglibInternalGetChannelResponse(Response):
    channel: UInt8


@dataclass(frozen=True, slots=True)
class MfglibInternalGetChannel(Command):
    ID: ClassVar = 0x008B
    RESPONSE: ClassVar = MfglibInternalGetChannelResponse


@dataclass(frozen=True, slots=True)
class MfglibInternalSetPowerResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class MfglibInternalSetPower(Command):
    ID: ClassVar = 0x008C
    RESPONSE: ClassVar = MfglibInternalSetPowerResponse

    tx_power_mode: UInt16
    power: Int8


@dataclass(frozen=True, slots=True)
class MfglibInternalGetPowerResponse(Response):
    power: Int8


@dataclass(frozen=True, slots=True)
class MfglibInternalGetPower(Command):
    ID: ClassVar = 0x008D
    RESPONSE: ClassVar = MfglibInternalGetPowerResponse


@dataclass(frozen=True, slots=True)
class MfglibRxHandler(Callback):
    ID: ClassVar = 0x008E

    link_quality: UInt8
    rssi: Int8
    packet_contents: Bytes8
