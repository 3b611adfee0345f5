"""UG100 "Networking Frames": forming, resuming and leaving a network, opening it, and what it is."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, LateStatusResponse, Response, StatusResponse
from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, SlStatusField, StatusField
from drivers.zigbee.ezsp.types import ChildData, NetworkParameters
from drivers.zigbee.wire import Bool, Eui64, Int8, UInt8, UInt16, UInt32


@dataclass(frozen=True, slots=True)
class SetManufacturerCodeResponse(LateStatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetManufacturerCode(Command):
    """UG100 setManufacturerCode: what the stick's own node descriptor says."""

    ID: ClassVar = 0x0015
    RESPONSE: ClassVar = SetManufacturerCodeResponse

    code: UInt16


@dataclass(frozen=True, slots=True)
class NetworkInitResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class NetworkInit(Command):
    """UG100 networkInit: back into the network that is kept. NOT_JOINED: there is none."""

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
    """UG100 networkState."""

    ID: ClassVar = 0x0018
    RESPONSE: ClassVar = NetworkStateResponse


@dataclass(frozen=True, slots=True)
class StackStatusHandler(Callback):
    """UG100 stackStatusHandler: the network is up, down, opened, on another channel."""

    ID: ClassVar = 0x0019

    status: StatusField


@dataclass(frozen=True, slots=True)
class StartScanResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class StartScan(Command):
    """UG100 startScan."""

    ID: ClassVar = 0x001A
    RESPONSE: ClassVar = StartScanResponse

    scan_type: UInt8
    """Of `ScanType`."""
    channel_mask: UInt32
    duration: UInt8
    """2^duration + 1 scan periods of 15.36 ms on each channel."""


@dataclass(frozen=True, slots=True)
class EnergyScanResultHandler(Callback):
    """UG100 energyScanResultHandler: one channel of an energy scan."""

    ID: ClassVar = 0x0048

    channel: UInt8
    max_rssi_value: Int8
    """In dBm."""


@dataclass(frozen=True, slots=True)
class ScanCompleteHandler(Callback):
    """UG100 scanCompleteHandler."""

    ID: ClassVar = 0x001C

    channel: UInt8
    """Where it failed; meaningless when it did not."""
    status: StatusField


@dataclass(frozen=True, slots=True)
class FormNetworkResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class FormNetwork(Command):
    """UG100 formNetwork. StackStatusHandler says when it is up."""

    ID: ClassVar = 0x001E
    RESPONSE: ClassVar = FormNetworkResponse

    parameters: NetworkParameters


@dataclass(frozen=True, slots=True)
class LeaveNetworkResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class LeaveNetwork(Command):
    """UG100 leaveNetwork. StackStatusHandler says when it is down."""

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
    """UG100 permitJoining: devices may join through the stick itself."""

    ID: ClassVar = 0x0022
    RESPONSE: ClassVar = PermitJoiningResponse

    duration: UInt8
    """In seconds; 0 closes the network, 0xFF leaves it open."""


@dataclass(frozen=True, slots=True)
class ChildJoinHandler(Callback):
    """UG100 childJoinHandler."""

    ID: ClassVar = 0x0023

    index: UInt8
    joining: Bool
    """Left otherwise."""
    child_id: UInt16
    child_eui64: Eui64
    child_type: UInt8
    """Of `NodeType`."""


@dataclass(frozen=True, slots=True)
class GetNetworkParametersResponse(Response):
    status: StatusField
    node_type: UInt8
    """Of `NodeType`."""
    parameters: NetworkParameters


@dataclass(frozen=True, slots=True)
class GetNetworkParameters(Command):
    """UG100 getNetworkParameters."""

    ID: ClassVar = 0x0028
    RESPONSE: ClassVar = GetNetworkParametersResponse


@dataclass(frozen=True, slots=True)
class SetRadioPowerResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetRadioPower(Command):
    """UG100 setRadioPower."""

    ID: ClassVar = 0x0099
    RESPONSE: ClassVar = SetRadioPowerResponse

    power: Int8
    """In dBm."""


@dataclass(frozen=True, slots=True)
class SetConcentratorResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetConcentrator(Command):
    """UG100 setConcentrator: routes lead to the stick from everywhere."""

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


@dataclass(frozen=True, slots=True)
class GetChildDataResponse(Response):
    status: StatusField
    child_data: ChildData


@dataclass(frozen=True, slots=True)
class GetChildData(Command):
    """UG100 getChildData."""

    ID: ClassVar = 0x004A
    RESPONSE: ClassVar = GetChildDataResponse

    index: UInt8


@dataclass(frozen=True, slots=True)
class SetChildDataResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetChildData(Command):
    """UG100 setChildData."""

    ID: ClassVar = 0x00AC
    RESPONSE: ClassVar = SetChildDataResponse

    index: UInt8
    child_data: ChildData
