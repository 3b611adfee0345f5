"""UG100 "Networking Frames": forming, resuming and leaving a network, opening it, and what it is."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, LateStatusResponse, Response, StatusResponse
from drivers.zigbee.ezsp.scanning import BeaconData
from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, SlStatusField, StatusField
from drivers.zigbee.ezsp.structures import NetworkParameters
from drivers.zigbee.ezsp.types import ExtendedPanId
from drivers.zigbee.wire import Bool, Eui64, Int8, UInt8, UInt16, UInt32


@dataclass(frozen=True, slots=True)
class SetManufacturerCodeResponse(LateStatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetManufacturerCode(Command):
    """What the stick's own node descriptor says."""

    ID: ClassVar = 0x0015
    RESPONSE: ClassVar = SetManufacturerCodeResponse

    code: UInt16


@dataclass(frozen=True, slots=True)
class NetworkInitResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class NetworkInit(Command):
    """Back into the network that is kept. NOT_JOINED: there is none."""

    ID: ClassVar = 0x0017
    RESPONSE: ClassVar = NetworkInitResponse

    bitmask: UInt16 = 0
    """Of `NetworkInitBitmask`."""


@dataclass(frozen=True, slots=True)
class NetworkStateResponse(Response):
    status: UInt8
    """Of `NetworkStatus`."""


@dataclass(frozen=True, slots=True)
class NetworkState(Command):
    ID: ClassVar = 0x0018
    RESPONSE: ClassVar = NetworkStateResponse


@dataclass(frozen=True, slots=True)
class StackStatusHandler(Callback):
    """The network is up, down, opened, on another channel."""

    ID: ClassVar = 0x0019

    status: StatusField


@dataclass(frozen=True, slots=True)
class FormNetworkResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class FormNetwork(Command):
    """StackStatusHandler says when it is up."""

    ID: ClassVar = 0x001E
    RESPONSE: ClassVar = FormNetworkResponse

    parameters: NetworkParameters


@dataclass(frozen=True, slots=True)
class LeaveNetworkResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class LeaveNetwork(Command):
    """StackStatusHandler says when it is down."""

    ID: ClassVar = 0x0020
    RESPONSE: ClassVar = LeaveNetworkResponse

    options: UInt8 = 0
    """Of `LeaveOption`; since version 14."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        return ("options",) if version >= SL_STATUS_SINCE else ()


@dataclass(frozen=True, slots=True)
class PermitJoiningResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class PermitJoining(Command):
    """Devices may join through the stick itself."""

    ID: ClassVar = 0x0022
    RESPONSE: ClassVar = PermitJoiningResponse

    duration: UInt8
    """In seconds; 0 closes the network, 0xFF leaves it open."""


@dataclass(frozen=True, slots=True)
class GetNetworkParametersResponse(Response):
    status: StatusField
    node_type: UInt8
    """Of `NodeType`."""
    parameters: NetworkParameters


@dataclass(frozen=True, slots=True)
class GetNetworkParameters(Command):
    ID: ClassVar = 0x0028
    RESPONSE: ClassVar = GetNetworkParametersResponse


@dataclass(frozen=True, slots=True)
class GetManufacturerCodeResponse(Response):
    code: UInt16


@dataclass(frozen=True, slots=True)
class GetManufacturerCode(Command):
    ID: ClassVar = 0x00CA
    RESPONSE: ClassVar = GetManufacturerCodeResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class SetPowerDescriptorResponse(LateStatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetPowerDescriptor(Command):
    """What the stick's own power descriptor says."""

    ID: ClassVar = 0x0016
    RESPONSE: ClassVar = SetPowerDescriptorResponse

    descriptor: UInt16


@dataclass(frozen=True, slots=True)
class JoinNetworkResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class JoinNetwork(Command):
    ID: ClassVar = 0x001F
    RESPONSE: ClassVar = JoinNetworkResponse

    node_type: UInt8
    """Of `NodeType`."""
    parameters: NetworkParameters


@dataclass(frozen=True, slots=True)
class JoinNetworkDirectlyResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class JoinNetworkDirectly(Command):
    """Through the node whose beacon this is, without looking for another."""

    ID: ClassVar = 0x003B
    RESPONSE: ClassVar = JoinNetworkDirectlyResponse

    local_node_type: UInt8
    """Of `NodeType`."""
    beacon: BeaconData
    radio_tx_power: Int8
    clear_beacons_after_network_up: Bool


@dataclass(frozen=True, slots=True)
class FindAndRejoinNetworkResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class FindAndRejoinNetwork(Command):
    ID: ClassVar = 0x0021
    RESPONSE: ClassVar = FindAndRejoinNetworkResponse

    have_current_network_key: Bool
    channel_mask: UInt32
    """0: the current channel."""
    reason: UInt8 = 0xFF
    """Since version 14."""
    node_type: UInt8 = 0
    """Since version 14."""

    @classmethod
    def wire_names(cls, version: int) -> tuple[str, ...]:
        if version < SL_STATUS_SINCE:
            return ("have_current_network_key", "channel_mask")
        return ("have_current_network_key", "channel_mask", "reason", "node_type")


@dataclass(frozen=True, slots=True)
class GetParentChildParametersResponse(Response):
    child_count: UInt8
    parent_eui64: Eui64
    parent_node_id: UInt16


@dataclass(frozen=True, slots=True)
class GetParentChildParameters(Command):
    ID: ClassVar = 0x0029
    RESPONSE: ClassVar = GetParentChildParametersResponse


@dataclass(frozen=True, slots=True)
class SetLogicalAndRadioChannelResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetLogicalAndRadioChannel(Command):
    """The stack's channel and the radio's."""

    ID: ClassVar = 0x00B9
    RESPONSE: ClassVar = SetLogicalAndRadioChannelResponse

    radio_channel: UInt8


@dataclass(frozen=True, slots=True)
class SendZigbeeLeaveResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class SendZigbeeLeave(Command):
    """The NWK command Leave, to another node."""

    ID: ClassVar = 0x011A
    RESPONSE: ClassVar = SendZigbeeLeaveResponse
    SINCE: ClassVar = 14

    destination: UInt16
    flags: UInt8
    """Of the NWK leave command."""


@dataclass(frozen=True, slots=True)
class GetPermitJoiningResponse(Response):
    joining_permitted: Bool


@dataclass(frozen=True, slots=True)
class GetPermitJoining(Command):
    ID: ClassVar = 0x011F
    RESPONSE: ClassVar = GetPermitJoiningResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class GetExtendedPanIdResponse(Response):
    extended_pan_id: ExtendedPanId


@dataclass(frozen=True, slots=True)
class GetExtendedPanId(Command):
    ID: ClassVar = 0x0127
    RESPONSE: ClassVar = GetExtendedPanIdResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class GetCurrentNetworkResponse(Response):
    index: UInt8


@dataclass(frozen=True, slots=True)
class GetCurrentNetwork(Command):
    ID: ClassVar = 0x014E
    RESPONSE: ClassVar = GetCurrentNetworkResponse
    SINCE: ClassVar = 14


@dataclass(frozen=True, slots=True)
class SetNwkUpdateIdResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class SetNwkUpdateId(Command):
    ID: ClassVar = 0x011D
    RESPONSE: ClassVar = SetNwkUpdateIdResponse
    SINCE: ClassVar = 14

    nwk_update_id: UInt8
    set_when_on_network: Bool


@dataclass(frozen=True, slots=True)
class SetupDelayedJoinResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class SetupDelayedJoin(Command):
    ID: ClassVar = 0x003A
    RESPONSE: ClassVar = SetupDelayedJoinResponse
    SINCE: ClassVar = 14

    network_key_timeout_s: UInt8


@dataclass(frozen=True, slots=True)
class WriteNodeDataResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class WriteNodeData(Command):
    """Node id, PAN id and node type, into the flash."""

    ID: ClassVar = 0x00FE
    RESPONSE: ClassVar = WriteNodeDataResponse

    erase: Bool


@dataclass(frozen=True, slots=True)
class SetConcentratorResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetConcentrator(Command):
    """Routes lead to the stick from everywhere."""

    ID: ClassVar = 0x0010
    RESPONSE: ClassVar = SetConcentratorResponse

    on: Bool
    concentrator_type: UInt16
    """Of `ConcentratorType`."""
    min_time: UInt16
    """In seconds, between route requests."""
    max_time: UInt16
    route_error_threshold: UInt8
    delivery_failure_threshold: UInt8
    max_hops: UInt8
