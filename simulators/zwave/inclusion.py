"""Devices come and go: the stick in add or remove mode, and its ways to get rid of nodes that no longer answer."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from drivers.zwave.serial_api.inclusion import (
    AddNode,
    AddNodeCallback,
    FailedNode,
    FailedNodeStart,
    FailedNodeStatus,
    IsFailedNode,
    NetworkMode,
    NetworkStatus,
    RemoveFailedNode,
    RemoveFailedNodeCallback,
    RemoveFailedNodeResponse,
    RemoveNode,
    RemoveNodeCallback,
    ReplaceFailedNode,
    ReplaceFailedNodeCallback,
    ReplaceFailedNodeResponse,
)
from simulators.zwave.chip import Chip, Handlers
from simulators.zwave.transmitter import information_frame, reach

STOPS = (NetworkMode.STOP, NetworkMode.STOP_FAILED)
STARTS = (NetworkMode.ANY, NetworkMode.CONTROLLER, NetworkMode.END_NODE, NetworkMode.EXISTING)


class Doing(Enum):
    NOTHING = "nothing"
    ADDING = "adding"
    REMOVING = "removing"
    REPLACING = "replacing"


@dataclass(slots=True)
class _State:
    doing: Doing = Doing.NOTHING
    callback_id: int = 0
    node_id: int = 0
    """Of the node just added, until the host says STOP; of the one to be replaced."""
    found: bool = False
    """A device was pressed: no second one until this is over."""


class Inclusion:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._state = _State()

    def handlers(self) -> Handlers:
        return {
            AddNode: self._add,
            RemoveNode: self._remove,
            RemoveFailedNode: self._remove_failed,
            IsFailedNode: lambda request: self._chip.respond(FailedNode(request.node_id in self._chip.failed_nodes)),
            ReplaceFailedNode: self._replace_failed,
        }

    def button_pressed(self, device: str) -> bool:
        """Whether the stick waits for it. A device that is included cannot be added, but one of nowhere be removed."""
        state = self._state
        if state.doing is Doing.NOTHING or state.found:
            return False
        included = self._chip.network.node_of(device) is not None
        if state.doing is Doing.REMOVING:
            self._begin_removing(device)
            return True
        if included or self._chip.network.is_orphan(device):
            return False
        if state.doing is Doing.REPLACING:
            self._replace(device)
        else:
            self._begin_adding(device)
        return True

    # --- adding

    def _add(self, request: AddNode) -> None:
        if request.mode in STOPS:
            self._stop_adding(request.callback_id)
        elif request.mode in STARTS:
            self._start(Doing.ADDING, request.callback_id, AddNodeCallback)
        # SmartStart listens in the background, without a word; no device here announces itself that way.

    def _start(
        self, doing: Doing, callback_id: int, callback: type[AddNodeCallback] | type[RemoveNodeCallback]
    ) -> None:
        if self._state.doing is not Doing.NOTHING or self._chip.sending:
            self._chip.call_back(callback(callback_id, NetworkStatus.FAILED))
            return
        self._state = _State(doing, callback_id)
        self._chip.call_back(callback(callback_id, NetworkStatus.READY))

    def _stop_adding(self, callback_id: int) -> None:
        node_id = self._state.node_id if self._state.doing is Doing.ADDING else 0
        if self._state.doing is not Doing.REMOVING:
            self._state = _State()
        self._chip.call_back(AddNodeCallback(callback_id, NetworkStatus.DONE, node_id))

    def _begin_adding(self, device: str) -> None:
        self._state.found = True
        callback_id = self._state.callback_id
        self._chip.call_back(AddNodeCallback(callback_id, NetworkStatus.NODE_FOUND))
        self._step(lambda: self._give_node_id(device, callback_id))

    def _give_node_id(self, device: str, callback_id: int) -> None:
        node_id = self._chip.memory.free_node_id()
        info = self._chip.network.info_of(device)
        if not node_id or info is None:
            self._chip.call_back(AddNodeCallback(callback_id, NetworkStatus.FAILED))
            return
        self._state.node_id = self._chip.network.admit(device, node_id)
        found = AddNodeCallback(callback_id, NetworkStatus.END_NODE, node_id, information_frame(info))
        self._chip.call_back(found)
        done = AddNodeCallback(callback_id, NetworkStatus.PROTOCOL_DONE, node_id)
        self._step(lambda: self._chip.call_back(done))

    # --- removing

    def _remove(self, request: RemoveNode) -> None:
        if request.mode in STOPS:
            if self._state.doing is Doing.REMOVING:
                self._state = _State()
            self._chip.call_back(RemoveNodeCallback(request.callback_id, NetworkStatus.DONE))
        elif request.mode in STARTS:
            self._start(Doing.REMOVING, request.callback_id, RemoveNodeCallback)

    def _begin_removing(self, device: str) -> None:
        self._state.found = True
        callback_id = self._state.callback_id
        self._chip.call_back(RemoveNodeCallback(callback_id, NetworkStatus.NODE_FOUND))
        self._step(lambda: self._take_node_id(device, callback_id))

    def _take_node_id(self, device: str, callback_id: int) -> None:
        network = self._chip.network
        node_id = network.node_of(device) or 0
        info = network.info_of(device)
        network.dismiss(device)
        self._chip.failed_nodes.discard(node_id)
        frame = None if info is None else information_frame(info)
        self._chip.call_back(RemoveNodeCallback(callback_id, NetworkStatus.END_NODE, node_id, frame))
        self._step(lambda: self._end_removing(callback_id, node_id))

    def _end_removing(self, callback_id: int, node_id: int) -> None:
        self._state = _State()
        self._chip.call_back(RemoveNodeCallback(callback_id, NetworkStatus.DONE, node_id))

    # --- nodes that failed

    def _remove_failed(self, request: RemoveFailedNode) -> None:
        start = self._failed_start(request.node_id, request.callback_id)
        self._chip.respond(RemoveFailedNodeResponse(start))
        if start is FailedNodeStart.STARTED:
            reach(self._chip, request.node_id, lambda answered: self._removed_or_not(request, answered))

    def _removed_or_not(self, request: RemoveFailedNode, answered: bool) -> None:
        if not answered:
            self._chip.network.forget(request.node_id)
            self._chip.failed_nodes.discard(request.node_id)
        status = FailedNodeStatus.NODE_OK if answered else FailedNodeStatus.REMOVED
        self._chip.call_back(RemoveFailedNodeCallback(request.callback_id, status))

    def _replace_failed(self, request: ReplaceFailedNode) -> None:
        start = self._failed_start(request.node_id, request.callback_id)
        self._chip.respond(ReplaceFailedNodeResponse(start))
        if start is FailedNodeStart.STARTED:
            reach(self._chip, request.node_id, lambda answered: self._ready_to_replace(request, answered))

    def _ready_to_replace(self, request: ReplaceFailedNode, answered: bool) -> None:
        status = FailedNodeStatus.NODE_OK if answered else FailedNodeStatus.REPLACE
        if not answered:
            self._state = _State(Doing.REPLACING, request.callback_id, request.node_id)
        self._chip.call_back(ReplaceFailedNodeCallback(request.callback_id, status))

    def _replace(self, device: str) -> None:
        callback_id, node_id = self._state.callback_id, self._state.node_id
        self._state = _State()
        self._chip.network.forget(node_id)
        self._chip.network.admit(device, node_id)
        self._chip.failed_nodes.discard(node_id)
        self._chip.call_back(ReplaceFailedNodeCallback(callback_id, FailedNodeStatus.REPLACED))

    def _failed_start(self, node_id: int, callback_id: int) -> FailedNodeStart:
        if not callback_id:
            return FailedNodeStart.NO_CALLBACK
        if node_id not in self._chip.failed_nodes:
            return FailedNodeStart.NOT_FAILED
        busy = self._chip.sending or self._state.doing is not Doing.NOTHING
        return FailedNodeStart.BUSY if busy else FailedNodeStart.STARTED

    def _step(self, then: Callable[[], None]) -> None:
        """Do it a frame later, unless the host stopped it all before."""
        state = self._state

        def step() -> None:
            if self._state is state:
                then()

        self._chip.later(self._chip.network.air.frame_s, step)
