"""UG100 "Trust Center Frames": who joins, and the network key."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Callback, Command, StatusResponse
from drivers.zigbee.wire import Eui64, Key, UInt8, UInt16


@dataclass(frozen=True, slots=True)
class TrustCenterJoinHandler(Callback):
    """UG100 trustCenterJoinHandler."""

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
    """UG100 broadcastNextNetworkKey."""

    ID: ClassVar = 0x0073
    RESPONSE: ClassVar = BroadcastNextNetworkKeyResponse

    key: Key
    """All zeros: the stick makes one up."""


@dataclass(frozen=True, slots=True)
class BroadcastNetworkKeySwitchResponse(StatusResponse):
    pass


@dataclass(frozen=True, slots=True)
class BroadcastNetworkKeySwitch(Command):
    """UG100 broadcastNetworkKeySwitch."""

    ID: ClassVar = 0x0074
    RESPONSE: ClassVar = BroadcastNetworkKeySwitchResponse
