"""UG100 "Messaging Frames", continued: MAC frames that are no messages of the network: touchlink, other protocols."""

from dataclasses import dataclass
from enum import IntFlag
from typing import Annotated, ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, StatusResponse
from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, StatusField
from drivers.zigbee.ezsp.structures import RxPacketInfo
from drivers.zigbee.ezsp.types import ByVersion
from drivers.zigbee.wire import Bool, Bytes8, UInt8


class MacPassthroughType(IntFlag):
    """EmberMacPassthroughType: which MAC frames the stick hands on."""

    NONE = 0x00
    SE_INTERPAN = 0x01
    EMBERNET = 0x02
    EMBERNET_SOURCE = 0x04
    APPLICATION = 0x08
    CUSTOM = 0x10
    INTERNAL_ZLL = 0x80
    INTERNAL_GP = 0x40


FilterMatch = Annotated[int, ByVersion(1, 2, since=18)]


@dataclass(frozen=True, slots=True)
class SendRawMessageResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SendRawMessage(Command):
    """sendRawMessageExtended before version 14."""

    ID: ClassVar = 0x0051
    RESPONSE: ClassVar = SendRawMessageResponse

    message: Bytes8
    """A MAC frame without its checksum."""
    priority: UInt8 = 0
    use_cca: Bool = True


@dataclass(frozen=True, slots=True)
class RawTransmitCompleteHandler(Callback):
    ID: ClassVar = 0x0098

    status: StatusField
    message: Bytes8 = b""
    """Since version 14."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        return ("message", "status") if version >= SL_STATUS_SINCE else ("status",)


@dataclass(frozen=True, slots=True)
class MacPassthroughMessageHandler(Callback):
    ID: ClassVar = 0x0097

    message_type: UInt8
    """Of `MacPassthroughType`."""
    packet_info: RxPacketInfo
    message: Bytes8


@dataclass(frozen=True, slots=True)
class MacFilterMatchMessageHandler(Callback):
    """Touchlink arrives so."""

    ID: ClassVar = 0x0046

    filter_match: FilterMatch
    """The filter's index; since version 18 its value."""
    legacy_passthrough_type: UInt8
    """Of `MacPassthroughType`."""
    packet_info: RxPacketInfo
    message: Bytes8
