"""UG100 "Networking Frames", continued: looking for networks, for noise, and for a PAN id that is free."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, LateStatusResponse, Response, StatusResponse
from drivers.zigbee.ezsp.status import SlStatusField, StatusField
from drivers.zigbee.ezsp.types import ExtendedPanId
from drivers.zigbee.wire import Bool, Int8, Record, UInt8, UInt16, UInt32


@dataclass(frozen=True, slots=True)
class ZigbeeNetwork(Record):
    """EmberZigbeeNetwork: what a beacon says of its network."""

    channel: UInt8
    pan_id: UInt16
    extended_pan_id: ExtendedPanId
    allowing_join: Bool
    stack_profile: UInt8
    nwk_update_id: UInt8


@dataclass(frozen=True, slots=True)
class BeaconData(Record):
    """EmberBeaconData: a node that was heard, and might be a parent."""

    channel: UInt8
    lqi: UInt8
    rssi: Int8
    depth: UInt8
    nwk_update_id: UInt8
    power: Int8
    """Only of enhanced beacons."""
    parent_priority: Int8
    enhanced: Bool
    permit_join: Bool
    has_capacity: Bool
    pan_id: UInt16
    sender: UInt16
    extended_pan_id: ExtendedPanId


@dataclass(frozen=True, slots=True)
class BeaconClassificationParams(Record):
    """EmberBeaconClassificationParams: which beacons make a good parent."""

    min_rssi_for_receiving_packets: Int8
    beacon_classification_mask: UInt16


@dataclass(frozen=True, slots=True)
class StartScanResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class StartScan(Command):
    ID: ClassVar = 0x001A
    RESPONSE: ClassVar = StartScanResponse

    scan_type: UInt8
    """Of `ScanType`."""
    channel_mask: UInt32
    duration: UInt8
    """2^duration + 1 scan periods of 15.36 ms on each channel."""


@dataclass(frozen=True, slots=True)
class EnergyScanResultHandler(Callback):
    """One channel of an energy scan."""

    ID: ClassVar = 0x0048

    channel: UInt8
    max_rssi_value: Int8
    """In dBm."""


@dataclass(frozen=True, slots=True)
class ScanCompleteHandler(Callback):
    ID: ClassVar = 0x001C

    channel: UInt8
    """Where it failed; meaningless when it did not."""
    status: StatusField


@dataclass(frozen=True, slots=True)
class NetworkFoundHandler(Callback):
    """One network of an active scan."""

    ID: ClassVar = 0x001B

    network_found: ZigbeeNetwork
    last_hop_lqi: UInt8
    last_hop_rssi: Int8


@dataclass(frozen=True, slots=True)
class StopScanResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class StopScan(Command):
    ID: ClassVar = 0x001D
    RESPONSE: ClassVar = StopScanResponse


@dataclass(frozen=True, slots=True)
class FindUnusedPanIdResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class FindUnusedPanId(Command):
    """UnusedPanIdFoundHandler tells the outcome."""

    ID: ClassVar = 0x00D3
    RESPONSE: ClassVar = FindUnusedPanIdResponse

    channel_mask: UInt32
    duration: UInt8


@dataclass(frozen=True, slots=True)
class UnusedPanIdFoundHandler(Callback):
    ID: ClassVar = 0x00D2

    pan_id: UInt16
    """0xFFFF: none was found."""
    channel: UInt8


@dataclass(frozen=True, slots=True)
class EnergyScanRequestResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class EnergyScanRequest(Command):
    """Another node scans, asked by a ZDO Mgmt_NWK_Update. Of the network manager only."""

    ID: ClassVar = 0x009C
    RESPONSE: ClassVar = EnergyScanRequestResponse

    target: UInt16
    """One node, no broadcast address."""
    scan_channels: UInt32
    scan_duration: UInt8
    scan_count: UInt16
    """1 to 8 on each channel."""


@dataclass(frozen=True, slots=True)
class SetNumBeaconsToStoreResponse(Response):
    status: SlStatusField


@dataclass(frozen=True, slots=True)
class SetNumBeaconsToStore(Command):
    ID: ClassVar = 0x0037
    RESPONSE: ClassVar = SetNumBeaconsToStoreResponse
    SINCE: ClassVar = 14

    number_of_beacons: UInt8


@dataclass(frozen=True, slots=True)
class GetStoredBeaconResponse(Response):
    status: SlStatusField
    beacon: BeaconData


@dataclass(frozen=True, slots=True)
class GetStoredBeacon(Command):
    ID: ClassVar = 0x0004
    RESPONSE: ClassVar = GetStoredBeaconResponse
    SINCE: ClassVar = 14

    beacon_number: UInt8


@dataclass(frozen=True, slots=True)
class GetNumStoredBeaconsResponse(Response):
    number_of_beacons: UInt8


@dataclass(frozen=True, slots=True)
class GetNumStoredBeacons(Command):
    ID: ClassVar = 0x0008
    RESPONSE: ClassVar = GetNumStoredBeaconsResponse


@dataclass(frozen=True, slots=True)
class ClearStoredBeaconsResponse(LateStatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class ClearStoredBeacons(Command):
    ID: ClassVar = 0x003C
    RESPONSE: ClassVar = ClearStoredBeaconsResponse


@dataclass(frozen=True, slots=True)
class SetBeaconClassificationParamsResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SetBeaconClassificationParams(Command):
    ID: ClassVar = 0x00EF
    RESPONSE: ClassVar = SetBeaconClassificationParamsResponse

    param: BeaconClassificationParams


@dataclass(frozen=True, slots=True)
class GetBeaconClassificationParamsResponse(Response):
    status: StatusField
    param: BeaconClassificationParams


@dataclass(frozen=True, slots=True)
class GetBeaconClassificationParams(Command):
    ID: ClassVar = 0x00F3
    RESPONSE: ClassVar = GetBeaconClassificationParamsResponse
