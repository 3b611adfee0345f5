"""Every command and callback of versions 13 to 19 that is kept, and the one way from a frame to each."""

from typing import Final

from drivers.zigbee.ezsp.address_table import (
    GetAddressTableInfo,
    GetExtendedTimeout,
    GetMulticastTableEntry,
    LookupNodeIdByEui64,
    ReplaceAddressTableEntry,
    SetExtendedTimeout,
    SetMulticastTableEntry,
)
from drivers.zigbee.ezsp.configuration import (
    AddEndpoint,
    GetConfigurationValue,
    GetExtendedValue,
    GetPolicy,
    GetValue,
    SetConfigurationValue,
    SetPolicy,
    SetValue,
    Version,
)
from drivers.zigbee.ezsp.frame import Callback, Command, Frame, Response
from drivers.zigbee.ezsp.green_power import (
    GpSinkTableClearAll,
)
from drivers.zigbee.ezsp.messaging import (
    IdConflictHandler,
    IncomingMessageHandler,
    IncomingRouteRecordHandler,
    MessageSentHandler,
    SendBroadcast,
    SendMulticast,
    SendUnicast,
    SetSourceRoute,
    SetSourceRouteDiscoveryMode,
)
from drivers.zigbee.ezsp.networking import (
    ChildJoinHandler,
    EnergyScanResultHandler,
    FormNetwork,
    GetChildData,
    GetNetworkParameters,
    LeaveNetwork,
    NetworkInit,
    NetworkState,
    PermitJoining,
    ScanCompleteHandler,
    SetChildData,
    SetConcentrator,
    SetManufacturerCode,
    SetRadioPower,
    StackStatusHandler,
    StartScan,
)
from drivers.zigbee.ezsp.security import (
    ClearKeyTable,
    ClearTransientLinkKeys,
    EraseKeyTableEntry,
    ExportKey,
    ExportLinkKeyByIndex,
    FindKeyTableEntry,
    GetCurrentSecurityState,
    GetNetworkKeyInfo,
    ImportLinkKey,
    ImportTransientKey,
    SetInitialSecurityState,
)
from drivers.zigbee.ezsp.token_interface import (
    GetTokenData,
    TokenFactoryReset,
)
from drivers.zigbee.ezsp.trust_center import (
    BroadcastNetworkKeySwitch,
    BroadcastNextNetworkKey,
    TrustCenterJoinHandler,
)
from drivers.zigbee.ezsp.utilities import (
    CustomFrame,
    GetEui64,
    GetMfgToken,
    GetNodeId,
    InvalidCommand,
    InvalidCommandResponse,
    Nop,
    ReadAndClearCounters,
    ReadCounters,
)
from drivers.zigbee.wire import MalformedFrame

_COMMANDS: Final[tuple[type[Command], ...]] = (
    Version,
    GetConfigurationValue,
    SetConfigurationValue,
    AddEndpoint,
    SetPolicy,
    GetPolicy,
    GetValue,
    GetExtendedValue,
    SetValue,
    Nop,
    InvalidCommand,
    GetMfgToken,
    ReadAndClearCounters,
    ReadCounters,
    CustomFrame,
    GetEui64,
    GetNodeId,
    SetManufacturerCode,
    NetworkInit,
    NetworkState,
    StartScan,
    FormNetwork,
    LeaveNetwork,
    PermitJoining,
    GetNetworkParameters,
    SetRadioPower,
    SetConcentrator,
    GetChildData,
    SetChildData,
    SendUnicast,
    SendBroadcast,
    SendMulticast,
    SetSourceRouteDiscoveryMode,
    SetSourceRoute,
    GetAddressTableInfo,
    LookupNodeIdByEui64,
    GetMulticastTableEntry,
    SetMulticastTableEntry,
    SetExtendedTimeout,
    GetExtendedTimeout,
    ReplaceAddressTableEntry,
    SetInitialSecurityState,
    GetCurrentSecurityState,
    ExportKey,
    FindKeyTableEntry,
    EraseKeyTableEntry,
    ClearKeyTable,
    ClearTransientLinkKeys,
    GetNetworkKeyInfo,
    ImportLinkKey,
    ExportLinkKeyByIndex,
    ImportTransientKey,
    BroadcastNextNetworkKey,
    BroadcastNetworkKeySwitch,
    GpSinkTableClearAll,
    GetTokenData,
    TokenFactoryReset,
)

_CALLBACKS: Final[tuple[type[Callback], ...]] = (
    StackStatusHandler,
    EnergyScanResultHandler,
    ScanCompleteHandler,
    ChildJoinHandler,
    MessageSentHandler,
    IncomingMessageHandler,
    IncomingRouteRecordHandler,
    IdConflictHandler,
    TrustCenterJoinHandler,
)

COMMANDS: Final[dict[int, type[Command]]] = {kind.ID: kind for kind in _COMMANDS}
CALLBACKS: Final[dict[int, type[Callback]]] = {kind.ID: kind for kind in _CALLBACKS}


def decode_command(frame: Frame, version: int) -> Command | None:
    """What the host asks, for the stick's side. None: a command that is not kept. Raises MalformedFrame."""
    kind = COMMANDS.get(frame.frame_id)
    return None if kind is None else kind.from_bytes(frame.payload, version)


def decode_response(command_type: type[Command], frame: Frame, version: int) -> Response:
    """The answer to a command of this type; `InvalidCommandResponse` where the stick refused it. MalformedFrame."""
    if frame.frame_id == command_type.ID:
        return command_type.RESPONSE.from_bytes(frame.payload, version)
    if frame.frame_id == InvalidCommand.ID:
        return InvalidCommandResponse.from_bytes(frame.payload, version)
    raise MalformedFrame(f"0x{frame.frame_id:04x} is no answer to {command_type.__name__}")


def decode_callback(frame: Frame, version: int) -> Callback | None:
    """What the stick says unasked. None: a callback that is not kept. Raises MalformedFrame."""
    kind = CALLBACKS.get(frame.frame_id)
    return None if kind is None else kind.from_bytes(frame.payload, version)
