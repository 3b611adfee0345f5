"""UG100 "Networking Frames", continued: the radio itself, its power and its channel."""

from dataclasses import dataclass
from typing import ClassVar, Final

from drivers.zigbee.ezsp.frame import Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import StatusField
from drivers.zigbee.wire import Int8, Record, UInt8, UInt32

_FIVE_PRIORITIES_SINCE: Final = 16


@dataclass(frozen=True, slots=True)
class RadioPriorities(Record):
    """sl_802154_radio_priorities_t: who goes first where several protocols share the radio. Three numbers until 15."""

    background_rx: UInt8
    min_tx_priority: UInt8
    active_rx: UInt8
    tx_step: UInt8 = 0
    max_tx_priority: UInt8 = 0

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < _FIVE_PRIORITIES_SINCE:
            return ("background_rx", "min_tx_priority", "active_rx")
        return ("background_rx", "min_tx_priority", "tx_step", "max_tx_priority", "active_rx")


@dataclass(frozen=True, slots=True)
class SetRadioPowerResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetRadioPower(Command):
    ID: ClassVar = 0x0099
    RESPONSE: ClassVar = SetRadioPowerResponse

    power: Int8
    """In dBm."""


@dataclass(frozen=True, slots=True)
class SetRadioChannelResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetRadioChannel(Command):
    """The stick goes there; the others of its network are not told."""

    ID: ClassVar = 0x009A
    RESPONSE: ClassVar = SetRadioChannelResponse

    channel: UInt8


@dataclass(frozen=True, slots=True)
class GetRadioChannelResponse(Response):
    channel: UInt8


@dataclass(frozen=True, slots=True)
class GetRadioChannel(Command):
    ID: ClassVar = 0x00FF
    RESPONSE: ClassVar = GetRadioChannelResponse


@dataclass(frozen=True, slots=True)
class SetRadioIeee802154CcaModeResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetRadioIeee802154CcaMode(Command):
    ID: ClassVar = 0x0095
    RESPONSE: ClassVar = SetRadioIeee802154CcaModeResponse

    cca_mode: UInt8


@dataclass(frozen=True, slots=True)
class GetRadioParametersResponse(Response):
    status: StatusField
    radio_tx_power: Int8
    radio_page: UInt8
    radio_channel: UInt8


@dataclass(frozen=True, slots=True)
class GetRadioParameters(Command):
    ID: ClassVar = 0x00FD
    RESPONSE: ClassVar = GetRadioParametersResponse

    phy_index: UInt8


@dataclass(frozen=True, slots=True)
class RadioGetSchedulerPrioritiesResponse(Response):
    priorities: RadioPriorities


@dataclass(frozen=True, slots=True)
class RadioGetSchedulerPriorities(Command):
    ID: ClassVar = 0x012A
    RESPONSE: ClassVar = RadioGetSchedulerPrioritiesResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class RadioSetSchedulerPrioritiesResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class RadioSetSchedulerPriorities(Command):
    ID: ClassVar = 0x012B
    RESPONSE: ClassVar = RadioSetSchedulerPrioritiesResponse
    SINCE: ClassVar = 14

    priorities: RadioPriorities


@dataclass(frozen=True, slots=True)
class RadioGetSchedulerSliptimeResponse(Response):
    slip_time: UInt32


@dataclass(frozen=True, slots=True)
class RadioGetSchedulerSliptime(Command):
    ID: ClassVar = 0x012C
    RESPONSE: ClassVar = RadioGetSchedulerSliptimeResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class RadioSetSchedulerSliptimeResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class RadioSetSchedulerSliptime(Command):
    ID: ClassVar = 0x012D
    RESPONSE: ClassVar = RadioSetSchedulerSliptimeResponse
    SINCE: ClassVar = 14

    slip_time: UInt32


@dataclass(frozen=True, slots=True)
class SendLinkPowerDeltaRequestResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SendLinkPowerDeltaRequest(Command):
    ID: ClassVar = 0x00F7
    RESPONSE: ClassVar = SendLinkPowerDeltaRequestResponse


@dataclass(frozen=True, slots=True)
class GetMaxMacRetriesResponse(Response):
    retries: UInt32


@dataclass(frozen=True, slots=True)
class GetMaxMacRetries(Command):
    ID: ClassVar = 0x006A
    RESPONSE: ClassVar = GetMaxMacRetriesResponse
    SINCE: ClassVar = 14
