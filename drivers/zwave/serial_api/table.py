"""The functions that are kept, and the one way from a data frame to a message of each kind."""

from typing import Final

from drivers.zwave.serial_api import setup
from drivers.zwave.serial_api.application import ApplicationCommand, ApplicationUpdate, BridgeApplicationCommand
from drivers.zwave.serial_api.chip_settings import SetReceiveMode, SetTimeouts, StartWatchdog, StopWatchdog
from drivers.zwave.serial_api.controller_info import (
    GetBackgroundRssi,
    GetControllerCapabilities,
    GetHomeId,
    GetInitData,
    GetLibraryVersion,
    GetProtocolVersion,
    GetRandomBytes,
    GetSerialApiCapabilities,
)
from drivers.zwave.serial_api.function import MalformedMessage, Message, Request
from drivers.zwave.serial_api.inclusion import (
    AddNode,
    AddNodeCallback,
    IsFailedNode,
    RemoveFailedNode,
    RemoveNode,
    RemoveNodeCallback,
    ReplaceFailedNode,
    ReplaceFailedNodeCallback,
)
from drivers.zwave.serial_api.node_info import GetNodeProtocolInfo, RequestNodeInfo, SetApplicationNodeInformation
from drivers.zwave.serial_api.nvm import NvmOperation
from drivers.zwave.serial_api.reset import SerialApiStarted, SetDefault, SoftReset
from drivers.zwave.serial_api.routing import (
    AssignPriorityReturnRoute,
    AssignPrioritySucReturnRoute,
    AssignReturnRoute,
    AssignSucReturnRoute,
    DeleteReturnRoute,
    DeleteSucReturnRoute,
    GetPriorityRoute,
    GetRoutingInfo,
    RequestNeighborUpdate,
    SetPriorityRoute,
)
from drivers.zwave.serial_api.send_data import (
    SendData,
    SendDataAbort,
    SendDataBridge,
    SendDataMulticast,
    SendDataMulticastBridge,
)
from drivers.zwave.serial_api.suc import GetSucNodeId, SetSucNodeId
from drivers.zwave.serial_frame import DataFrame, FrameType

# One line a function. Each names its response and callback itself. Function 0x0B is a table of its own: setup.REQUESTS.
REQUESTS: Final[tuple[type[Request], ...]] = (
    GetInitData,
    SetApplicationNodeInformation,
    GetControllerCapabilities,
    SetTimeouts,
    GetSerialApiCapabilities,
    SoftReset,
    GetProtocolVersion,
    SetReceiveMode,
    SendData,
    SendDataMulticast,
    GetLibraryVersion,
    SendDataAbort,
    GetRandomBytes,
    GetHomeId,
    NvmOperation,
    GetBackgroundRssi,
    GetNodeProtocolInfo,
    SetDefault,
    AssignReturnRoute,
    DeleteReturnRoute,
    RequestNeighborUpdate,
    AddNode,
    RemoveNode,
    AssignPriorityReturnRoute,
    AssignSucReturnRoute,
    SetSucNodeId,
    DeleteSucReturnRoute,
    GetSucNodeId,
    AssignPrioritySucReturnRoute,
    RequestNodeInfo,
    RemoveFailedNode,
    IsFailedNode,
    ReplaceFailedNode,
    GetRoutingInfo,
    GetPriorityRoute,
    SetPriorityRoute,
    SendDataBridge,
    SendDataMulticastBridge,
    StartWatchdog,
    StopWatchdog,
)

# What comes without a request in flight; inclusion's callbacks, because a person takes their time with the button.
UNSOLICITED: Final[tuple[type[Message], ...]] = (
    ApplicationCommand,
    SerialApiStarted,
    ApplicationUpdate,
    AddNodeCallback,
    RemoveNodeCallback,
    ReplaceFailedNodeCallback,
    BridgeApplicationCommand,
)

_REQUESTS: Final = {kind.FUNCTION: kind for kind in REQUESTS}
_UNSOLICITED: Final = {kind.FUNCTION: kind for kind in UNSOLICITED}
_SETUP: Final[dict[int, type[Request]]] = {kind.COMMAND: kind for kind in setup.REQUESTS}


def decode_request(frame: DataFrame) -> Request | None:
    """What the host asks, for the controller's side. None: a function that is not kept. Raises MalformedMessage."""
    if frame.type != FrameType.REQUEST:
        raise MalformedMessage(f"not a request: {frame}")
    if frame.function == setup.FUNCTION:
        if not frame.payload:
            raise MalformedMessage("SerialAPISetup without a command")
        return _SETUP.get(frame.payload[0], setup.UnknownSetup).from_payload(frame.payload)
    kind = _REQUESTS.get(frame.function)
    return None if kind is None else kind.from_payload(frame.payload)


def decode_unsolicited(frame: DataFrame) -> Message | None:
    """What the controller says unasked. None: a function that is not kept. Raises MalformedMessage."""
    if frame.type != FrameType.REQUEST:
        raise MalformedMessage(f"a response to nothing: {frame}")
    kind = _UNSOLICITED.get(frame.function)
    return None if kind is None else kind.from_payload(frame.payload)
