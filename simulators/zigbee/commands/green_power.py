"""UG100 "Green Power Frames": the tables of proxies and sinks, kept in RAM. Nothing is sent to such devices."""

from typing import Final

from drivers.zigbee.ezsp.green_power import (
    GpAddress,
    GpClearProxyTable,
    GpClearProxyTableResponse,
    GpProxyTableEntry,
    GpProxyTableGetEntry,
    GpProxyTableGetEntryResponse,
    GpProxyTableLookup,
    GpProxyTableLookupResponse,
    GpProxyTableProcessGpPairing,
    GpProxyTableProcessGpPairingResponse,
    GpProxyTableRemoveEntry,
    GpProxyTableRemoveEntryResponse,
    GpSinkListEntry,
    GpSinkTableClearAll,
    GpSinkTableClearAllResponse,
    GpSinkTableEntry,
    GpSinkTableFindOrAllocateEntry,
    GpSinkTableFindOrAllocateEntryResponse,
    GpSinkTableGetEntry,
    GpSinkTableGetEntryResponse,
    GpSinkTableGetNumberOfActiveEntries,
    GpSinkTableGetNumberOfActiveEntriesResponse,
    GpSinkTableInit,
    GpSinkTableInitResponse,
    GpSinkTableLookup,
    GpSinkTableLookupResponse,
    GpSinkTableRemoveEntry,
    GpSinkTableRemoveEntryResponse,
    GpSinkTableSetEntry,
    GpSinkTableSetEntryResponse,
    GpSinkTableSetSecurityFrameCounter,
    GpSinkTableSetSecurityFrameCounterResponse,
    GpTranslationTableClear,
    GpTranslationTableClearResponse,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import NO_INDEX, ConfigurationId
from simulators.zigbee.chip import Chip, Handlers

ACTIVE: Final = 0x01
UNUSED: Final = 0xFF
_NO_SINK: Final = GpSinkListEntry(UNUSED, bytes(10))
_NO_SINK_ENTRY: Final = GpSinkTableEntry(UNUSED, 0, GpAddress(0, 0), 0, (_NO_SINK, _NO_SINK), 0, 0, 0, 0, bytes(16))
_NO_PROXY_ENTRY: Final = GpProxyTableEntry(UNUSED, 0, GpAddress(0, 0), 0, 0, 0, bytes(16), (_NO_SINK, _NO_SINK), 0, 0)


class GreenPower:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._sinks: dict[int, GpSinkTableEntry] = {}

    def handlers(self) -> Handlers:
        return {
            GpSinkTableGetEntry: self._get,
            GpSinkTableSetEntry: self._set,
            GpSinkTableLookup: lambda request: GpSinkTableLookupResponse(self._index(request.address)),
            GpSinkTableFindOrAllocateEntry: self._find_or_allocate,
            GpSinkTableRemoveEntry: self._remove,
            GpSinkTableClearAll: self._clear,
            GpSinkTableInit: lambda _: GpSinkTableInitResponse(),
            GpSinkTableSetSecurityFrameCounter: lambda _: GpSinkTableSetSecurityFrameCounterResponse(),
            GpSinkTableGetNumberOfActiveEntries: self._count,
            GpTranslationTableClear: lambda _: GpTranslationTableClearResponse(),
            GpProxyTableGetEntry: lambda _: GpProxyTableGetEntryResponse(Status.NOT_FOUND, _NO_PROXY_ENTRY),
            GpProxyTableLookup: lambda _: GpProxyTableLookupResponse(NO_INDEX),
            GpProxyTableProcessGpPairing: lambda _: GpProxyTableProcessGpPairingResponse(False),
            GpProxyTableRemoveEntry: lambda _: GpProxyTableRemoveEntryResponse(),
            GpClearProxyTable: lambda _: GpClearProxyTableResponse(),
        }

    @property
    def _size(self) -> int:
        return self._chip.size(ConfigurationId.GP_SINK_TABLE_SIZE)

    def _get(self, request: GpSinkTableGetEntry) -> GpSinkTableGetEntryResponse:
        if request.sink_index >= self._size:
            return GpSinkTableGetEntryResponse(Status.INVALID_INDEX, _NO_SINK_ENTRY)
        found = self._sinks.get(request.sink_index)
        if found is None:
            return GpSinkTableGetEntryResponse(Status.NOT_FOUND, _NO_SINK_ENTRY)
        return GpSinkTableGetEntryResponse(Status.OK, found)

    def _set(self, request: GpSinkTableSetEntry) -> GpSinkTableSetEntryResponse:
        if request.sink_index >= self._size:
            return GpSinkTableSetEntryResponse(Status.INVALID_INDEX)
        self._sinks[request.sink_index] = request.entry
        return GpSinkTableSetEntryResponse(Status.OK)

    def _index(self, address: GpAddress) -> int:
        return next((index for index, it in self._sinks.items() if it.gpd == address), NO_INDEX)

    def _find_or_allocate(self, request: GpSinkTableFindOrAllocateEntry) -> GpSinkTableFindOrAllocateEntryResponse:
        index = self._index(request.address)
        if index == NO_INDEX:
            index = next((it for it in range(self._size) if it not in self._sinks), NO_INDEX)
        return GpSinkTableFindOrAllocateEntryResponse(index)

    def _remove(self, request: GpSinkTableRemoveEntry) -> GpSinkTableRemoveEntryResponse:
        self._sinks.pop(request.sink_index, None)
        return GpSinkTableRemoveEntryResponse()

    def _clear(self, _: GpSinkTableClearAll) -> GpSinkTableClearAllResponse:
        self._sinks.clear()
        return GpSinkTableClearAllResponse()

    def _count(self, _: GpSinkTableGetNumberOfActiveEntries) -> GpSinkTableGetNumberOfActiveEntriesResponse:
        active = sum(it.status == ACTIVE for it in self._sinks.values())
        return GpSinkTableGetNumberOfActiveEntriesResponse(active)
