"""UG100 "Trust Center Frames": who joins, and the network key."""

from dataclasses import dataclass, field
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, Response, StatusResponse
from drivers.zigbee.ezsp.status import StatusField
from drivers.zigbee.wire import Bool, Bytes8, Eui64, Key, Record, UInt8, UInt16, UInt32


@dataclass(frozen=True, slots=True)
class AesMmoHashContext(Record):
    """EmberAesMmoHashContext: as far as a hash has come."""

    result: Key = field(repr=False)
    length: UInt32


@dataclass(frozen=True, slots=True)
class TrustCenterJoinHandler(Callback):
    ID: ClassVar = 0x0024

    new_node_id: UInt16
    new_node_eui64: Eui64
    status: UInt8
    """Of `DeviceUpdate`."""
    policy_decision: UInt8
    """Of `JoinDecision`."""
    parent_of_new_node_id: UInt16


@dataclass(frozen=True, slots=True)
class BroadcastNextNetworkKeyResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class BroadcastNextNetworkKey(Command):
    ID: ClassVar = 0x0073
    RESPONSE: ClassVar = BroadcastNextNetworkKeyResponse

    key: Key = field(repr=False)
    """All zeros: the stick makes one up."""


@dataclass(frozen=True, slots=True)
class BroadcastNetworkKeySwitchResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class BroadcastNetworkKeySwitch(Command):
    ID: ClassVar = 0x0074
    RESPONSE: ClassVar = BroadcastNetworkKeySwitchResponse


@dataclass(frozen=True, slots=True)
class SendTrustCenterLinkKeyResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class SendTrustCenterLinkKey(Command):
    ID: ClassVar = 0x0067
    RESPONSE: ClassVar = SendTrustCenterLinkKeyResponse

    destination_node_id: UInt16
    destination_eui64: Eui64


@dataclass(frozen=True, slots=True)
class UnicastCurrentNetworkKeyResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class UnicastCurrentNetworkKey(Command):
    """To a device that rejoined without it."""

    ID: ClassVar = 0x0050
    RESPONSE: ClassVar = UnicastCurrentNetworkKeyResponse

    target_short: UInt16
    target_long: Eui64
    parent_short_id: UInt16


@dataclass(frozen=True, slots=True)
class UnicastNwkKeyUpdateResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class UnicastNwkKeyUpdate(Command):
    """The next network key, to one device."""

    ID: ClassVar = 0x00A9
    RESPONSE: ClassVar = UnicastNwkKeyUpdateResponse

    target_short: UInt16
    target_long: Eui64
    new_key: Key = field(repr=False)


@dataclass(frozen=True, slots=True)
class RemoveDeviceResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class RemoveDevice(Command):
    """An APS Remove-Device command."""

    ID: ClassVar = 0x00A8
    RESPONSE: ClassVar = RemoveDeviceResponse

    dest_short: UInt16
    """Its parent, or the device itself."""
    dest_long: Eui64
    target_long: Eui64


@dataclass(frozen=True, slots=True)
class AesMmoHashResponse(Response):
    status: StatusField
    return_context: AesMmoHashContext


@dataclass(frozen=True, slots=True)
class AesMmoHash(Command):
    """A step of the hash that install codes become keys by."""

    ID: ClassVar = 0x006F
    RESPONSE: ClassVar = AesMmoHashResponse

    context: AesMmoHashContext
    finalize: Bool
    data: Bytes8
