"""UG100 "Binding Frames": the stick's own binding table."""

from typing import Final

from drivers.zigbee.ezsp.binding import (
    BindingIsActive,
    BindingIsActiveResponse,
    BindingTableEntry,
    BindingType,
    ClearBindingTable,
    ClearBindingTableOnLeave,
    ClearBindingTableOnLeaveResponse,
    ClearBindingTableResponse,
    DeleteBinding,
    DeleteBindingResponse,
    GetBinding,
    GetBindingRemoteNodeId,
    GetBindingRemoteNodeIdResponse,
    GetBindingResponse,
    SetBinding,
    SetBindingRemoteNodeId,
    SetBindingRemoteNodeIdResponse,
    SetBindingResponse,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import NO_NODE, ConfigurationId
from simulators.zigbee.chip import Chip, Handlers

_UNUSED: Final = BindingTableEntry(BindingType.UNUSED, 0, 0, 0, 0)


class Binding:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def handlers(self) -> Handlers:
        return {
            ClearBindingTable: self._clear,
            SetBinding: self._set,
            GetBinding: self._get,
            DeleteBinding: self._delete,
            BindingIsActive: lambda _: BindingIsActiveResponse(False),
            GetBindingRemoteNodeId: self._remote,
            SetBindingRemoteNodeId: lambda _: SetBindingRemoteNodeIdResponse(),
            ClearBindingTableOnLeave: lambda _: ClearBindingTableOnLeaveResponse(),
        }

    def _fits(self, index: int) -> bool:
        return index < self._chip.size(ConfigurationId.BINDING_TABLE_SIZE)

    def _clear(self, _: ClearBindingTable) -> ClearBindingTableResponse:
        self._chip.bindings.clear()
        return ClearBindingTableResponse(Status.OK)

    def _set(self, request: SetBinding) -> SetBindingResponse:
        if not self._fits(request.index):
            return SetBindingResponse(Status.INVALID_INDEX)
        self._chip.bindings[request.index] = request.value
        return SetBindingResponse(Status.OK)

    def _get(self, request: GetBinding) -> GetBindingResponse:
        if not self._fits(request.index):
            return GetBindingResponse(Status.INVALID_INDEX, _UNUSED)
        return GetBindingResponse(Status.OK, self._chip.bindings.get(request.index, _UNUSED))

    def _delete(self, request: DeleteBinding) -> DeleteBindingResponse:
        if not self._fits(request.index):
            return DeleteBindingResponse(Status.INVALID_INDEX)
        self._chip.bindings.pop(request.index, None)
        return DeleteBindingResponse(Status.OK)

    def _remote(self, request: GetBindingRemoteNodeId) -> GetBindingRemoteNodeIdResponse:
        entry = self._chip.bindings.get(request.index)
        found = None if entry is None else self._chip.network.address_of(entry.identifier)
        return GetBindingRemoteNodeIdResponse(NO_NODE if found is None else found)
