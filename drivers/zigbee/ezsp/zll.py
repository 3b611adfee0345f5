"""UG100 "ZLL Frames": touchlink, which takes over whatever device is near enough, and how it is kept off."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.ezsp.scanning import ZigbeeNetwork
from drivers.zigbee.ezsp.status import StatusField
from drivers.zigbee.ezsp.structures import RxPacketInfo
from drivers.zigbee.wire import Bool, Eui64, Int8, Key, Record, UInt8, UInt16, UInt32


class ZllOperation(IntEnum):
    """EzspZllNetworkOperation."""

    FORM_NETWORK = 0
    JOIN_TARGET = 1


@dataclass(frozen=True, slots=True)
class ZllSecurityAlgorithmData(Record):
    """EmberZllSecurityAlgorithmData."""

    transaction_id: UInt32
    response_id: UInt32
    bitmask: UInt16


@dataclass(frozen=True, slots=True)
class ZllNetwork(Record):
    """EmberZllNetwork: a device that answered a touchlink scan."""

    zigbee_network: ZigbeeNetwork
    security_algorithm: ZllSecurityAlgorithmData
    eui64: Eui64
    node_id: UInt16
    state: UInt16
    node_type: UInt8
    """Of `NodeType`."""
    number_sub_devices: UInt8
    total_group_identifiers: UInt8
    rssi_correction: UInt8


@dataclass(frozen=True, slots=True)
class ZllInitialSecurityState(Record):
    """EmberZllInitialSecurityState; EmberTokTypeStackZllSecurity is the same."""

    bitmask: UInt32
    key_index: UInt8
    encryption_key: Key = field(repr=False)
    preconfigured_key: Key = field(repr=False)


@dataclass(frozen=True, slots=True)
class ZllDeviceInfoRecord(Record):
    """EmberZllDeviceInfoRecord."""

    ieee_address: Eui64
    endpoint_id: UInt8
    profile_id: UInt16
    device_id: UInt16
    version: UInt8
    group_id_count: UInt8


@dataclass(frozen=True, slots=True)
class ZllAddressAssignment(Record):
    """EmberZllAddressAssignment."""

    node_id: UInt16
    free_node_id_min: UInt16
    free_node_id_max: UInt16
    group_id_min: UInt16
    group_id_max: UInt16
    free_group_id_min: UInt16
    free_group_id_max: UInt16


@dataclass(frozen=True, slots=True)
class ZllData(Record):
    """EmberTokTypeStackZllData."""

    bitmask: UInt32
    free_node_id_min: UInt16
    free_node_id_max: UInt16
    my_group_id_min: UInt16
    free_group_id_min: UInt16
    free_group_id_max: UInt16
    rssi_correction: UInt8


@dataclass(frozen=True, slots=True)
class ZllNetworkOpsResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class ZllNetworkOps(Command):
    ID: ClassVar = 0x00B2
    RESPONSE: ClassVar = ZllNetworkOpsResponse

    network_info: ZllNetwork
    op: UInt8
    """Of `ZllOperation`."""
    radio_tx_power: Int8


@dataclass(frozen=True, slots=True)
class ZllSetInitialSecurityStateResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class ZllSetInitialSecurityState(Command):
    ID: ClassVar = 0x00B3
    RESPONSE: ClassVar = ZllSetInitialSecurityStateResponse

    network_key: Key = field(repr=False)
    security_state: ZllInitialSecurityState


@dataclass(frozen=True, slots=True)
class ZllSetSecurityStateWithoutKeyResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class ZllSetSecurityStateWithoutKey(Command):
    ID: ClassVar = 0x00CF
    RESPONSE: ClassVar = ZllSetSecurityStateWithoutKeyResponse

    security_state: ZllInitialSecurityState


@dataclass(frozen=True, slots=True)
class ZllStartScanResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class ZllStartScan(Command):
    ID: ClassVar = 0x00B4
    RESPONSE: ClassVar = ZllStartScanResponse

    channel_mask: UInt32
    radio_power_for_scan: Int8
    node_type: UInt8
    """Of `NodeType`."""


@dataclass(frozen=True, slots=True)
class ZllSetRxOnWhenIdleResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class ZllSetRxOnWhenIdle(Command):
    ID: ClassVar = 0x00B5
    RESPONSE: ClassVar = ZllSetRxOnWhenIdleResponse

    duration_ms: UInt32


@dataclass(frozen=True, slots=True)
class ZllNetworkFoundHandler(Callback):
    ID: ClassVar = 0x00B6

    network_info: ZllNetwork
    is_device_info_null: Bool
    device_info: ZllDeviceInfoRecord
    packet_info: RxPacketInfo


@dataclass(frozen=True, slots=True)
class ZllScanCompleteHandler(Callback):
    ID: ClassVar = 0x00B7

    status: StatusField


@dataclass(frozen=True, slots=True)
class ZllAddressAssignmentHandler(Callback):
    ID: ClassVar = 0x00B8

    address_info: ZllAddressAssignment
    packet_info: RxPacketInfo


@dataclass(frozen=True, slots=True)
class ZllTouchLinkTargetHandler(Callback):
    """Somebody takes the stick over."""

    ID: ClassVar = 0x00BB

    network_info: ZllNetwork


@dataclass(frozen=True, slots=True)
class ZllGetTokensResponse(Response):
    data: ZllData
    security: ZllInitialSecurityState


@dataclass(frozen=True, slots=True)
class ZllGetTokens(Command):
    ID: ClassVar = 0x00BC
    RESPONSE: ClassVar = ZllGetTokensResponse


@dataclass(frozen=True, slots=True)
class ZllSetDataTokenResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ZllSetDataToken(Command):
    ID: ClassVar = 0x00BD
    RESPONSE: ClassVar = ZllSetDataTokenResponse

    data: ZllData


@dataclass(frozen=True, slots=True)
class ZllClearTokensResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ZllClearTokens(Command):
    ID: ClassVar = 0x0025
    RESPONSE: ClassVar = ZllClearTokensResponse


@dataclass(frozen=True, slots=True)
class ZllSetNonZllNetworkResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ZllSetNonZllNetwork(Command):
    """This network takes no part in touchlink."""

    ID: ClassVar = 0x00BF
    RESPONSE: ClassVar = ZllSetNonZllNetworkResponse


@dataclass(frozen=True, slots=True)
class IsZllNetworkResponse(Response):
    is_zll_network: Bool


@dataclass(frozen=True, slots=True)
class IsZllNetwork(Command):
    ID: ClassVar = 0x00BE
    RESPONSE: ClassVar = IsZllNetworkResponse


@dataclass(frozen=True, slots=True)
class ZllSetRadioIdleModeResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ZllSetRadioIdleMode(Command):
    ID: ClassVar = 0x00D4
    RESPONSE: ClassVar = ZllSetRadioIdleModeResponse

    mode: UInt8
    """0: on, 1: off."""


@dataclass(frozen=True, slots=True)
class ZllGetRadioIdleModeResponse(Response):
    radio_idle_mode: UInt8


@dataclass(frozen=True, slots=True)
class ZllGetRadioIdleMode(Command):
    ID: ClassVar = 0x00BA
    RESPONSE: ClassVar = ZllGetRadioIdleModeResponse


@dataclass(frozen=True, slots=True)
class SetZllNodeTypeResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetZllNodeType(Command):
    ID: ClassVar = 0x00D5
    RESPONSE: ClassVar = SetZllNodeTypeResponse

    node_type: UInt8
    """Of `NodeType`."""


@dataclass(frozen=True, slots=True)
class SetZllAdditionalStateResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetZllAdditionalState(Command):
    ID: ClassVar = 0x00D6
    RESPONSE: ClassVar = SetZllAdditionalStateResponse

    state: UInt16


@dataclass(frozen=True, slots=True)
class ZllOperationInProgressResponse(Response):
    zll_operation_in_progress: Bool


@dataclass(frozen=True, slots=True)
class ZllOperationInProgress(Command):
    ID: ClassVar = 0x00D7
    RESPONSE: ClassVar = ZllOperationInProgressResponse


@dataclass(frozen=True, slots=True)
class ZllRxOnWhenIdleGetActiveResponse(Response):
    zll_rx_on_when_idle_get_active: Bool


@dataclass(frozen=True, slots=True)
class ZllRxOnWhenIdleGetActive(Command):
    ID: ClassVar = 0x00D8
    RESPONSE: ClassVar = ZllRxOnWhenIdleGetActiveResponse


@dataclass(frozen=True, slots=True)
class ZllScanningCompleteResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class ZllScanningComplete(Command):
    ID: ClassVar = 0x00F6
    RESPONSE: ClassVar = ZllScanningCompleteResponse


@dataclass(frozen=True, slots=True)
class GetZllPrimaryChannelMaskResponse(Response):
    zll_primary_channel_mask: UInt32


@dataclass(frozen=True, slots=True)
class GetZllPrimaryChannelMask(Command):
    ID: ClassVar = 0x00D9
    RESPONSE: ClassVar = GetZllPrimaryChannelMaskResponse


@dataclass(frozen=True, slots=True)
class GetZllSecondaryChannelMaskResponse(Response):
    zll_secondary_channel_mask: UInt32


@dataclass(frozen=True, slots=True)
class GetZllSecondaryChannelMask(Command):
    ID: ClassVar = 0x00DA
    RESPONSE: ClassVar = GetZllSecondaryChannelMaskResponse


@dataclass(frozen=True, slots=True)
class SetZllPrimaryChannelMaskResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetZllPrimaryChannelMask(Command):
    ID: ClassVar = 0x00DB
    RESPONSE: ClassVar = SetZllPrimaryChannelMaskResponse

    zll_primary_channel_mask: UInt32


@dataclass(frozen=True, slots=True)
class SetZllSecondaryChannelMaskResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class SetZllSecondaryChannelMask(Command):
    ID: ClassVar = 0x00DC
    RESPONSE: ClassVar = SetZllSecondaryChannelMaskResponse

    zll_secondary_channel_mask: UInt32
