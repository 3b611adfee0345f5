"""UG100 "Messaging Frames", continued: who has which address, who answers slowly, which groups the stick hears."""

from typing import Final

from drivers.zigbee.ezsp.address_table import (
    AddressTableEntryIsActive,
    AddressTableEntryIsActiveResponse,
    GetAddressTableInfo,
    GetAddressTableInfoResponse,
    GetExtendedTimeout,
    GetExtendedTimeoutResponse,
    GetMulticastTableEntry,
    GetMulticastTableEntryResponse,
    LookupEui64ByNodeId,
    LookupEui64ByNodeIdResponse,
    LookupNodeIdByEui64,
    LookupNodeIdByEui64Response,
    ReplaceAddressTableEntry,
    ReplaceAddressTableEntryResponse,
    SetAddressTableInfo,
    SetAddressTableInfoResponse,
    SetExtendedTimeout,
    SetExtendedTimeoutResponse,
    SetMulticastTableEntry,
    SetMulticastTableEntryResponse,
)
from drivers.zigbee.ezsp.address_table_13 import (
    GetAddressTableRemoteEui64,
    GetAddressTableRemoteEui64Response,
    GetAddressTableRemoteNodeId,
    GetAddressTableRemoteNodeIdResponse,
    SetAddressTableRemoteEui64,
    SetAddressTableRemoteEui64Response,
    SetAddressTableRemoteNodeId,
    SetAddressTableRemoteNodeIdResponse,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import MulticastTableEntry
from drivers.zigbee.ezsp.types import ANY_EUI64, NO_EUI64, NO_NODE, ConfigurationId
from simulators.zigbee.chip import AddressEntry, Chip, Handlers
from simulators.zigbee.radio import COORDINATOR

SLOW_MAX: Final = 256
_FREE: Final = MulticastTableEntry(0, 0, 0)


class AddressTable:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def handlers(self) -> Handlers:
        return {**self._address_handlers(), **self._old_address_handlers()}

    def _address_handlers(self) -> Handlers:
        return {
            GetAddressTableInfo: self._get_info,
            SetAddressTableInfo: self._set_info,
            ReplaceAddressTableEntry: self._replace,
            AddressTableEntryIsActive: lambda _: AddressTableEntryIsActiveResponse(False),
            LookupNodeIdByEui64: self._node_id,
            LookupEui64ByNodeId: self._eui64,
            GetExtendedTimeout: lambda request: GetExtendedTimeoutResponse(self._chip.is_slow(request.remote_eui64)),
            SetExtendedTimeout: self._set_slow,
            GetMulticastTableEntry: self._get_group,
            SetMulticastTableEntry: self._set_group,
        }

    def _old_address_handlers(self) -> Handlers:
        return {
            GetAddressTableRemoteEui64: lambda request: GetAddressTableRemoteEui64Response(
                self._entry(request.address_table_index, ANY_EUI64).eui64
            ),
            GetAddressTableRemoteNodeId: lambda request: GetAddressTableRemoteNodeIdResponse(
                self._entry(request.address_table_index, ANY_EUI64).node_id
            ),
            SetAddressTableRemoteEui64: self._set_remote_eui64,
            SetAddressTableRemoteNodeId: self._set_remote_node_id,
        }

    # --- addresses

    def _entry(self, index: int, free: int = NO_EUI64) -> AddressEntry:
        return self._chip.addresses.get(index) or AddressEntry(free, NO_NODE)

    def _fits(self, index: int) -> bool:
        sizes = (ConfigurationId.ADDRESS_TABLE_SIZE, ConfigurationId.TRUST_CENTER_ADDRESS_CACHE_SIZE)
        return index < sum(self._chip.size(it) for it in sizes)

    def _get_info(self, request: GetAddressTableInfo) -> GetAddressTableInfoResponse:
        entry = self._chip.addresses.get(request.address_table_index)
        if entry is None:
            fits = self._fits(request.address_table_index)
            return GetAddressTableInfoResponse(Status.NOT_FOUND if fits else Status.WOULD_OVERFLOW, NO_NODE, NO_EUI64)
        return GetAddressTableInfoResponse(Status.OK, entry.node_id, entry.eui64)

    def _set_info(self, request: SetAddressTableInfo) -> SetAddressTableInfoResponse:
        if not self._fits(request.address_table_index):
            return SetAddressTableInfoResponse(Status.INVALID_INDEX)
        self._put(request.address_table_index, AddressEntry(request.eui64, request.node_id))
        return SetAddressTableInfoResponse(Status.OK)

    def _replace(self, request: ReplaceAddressTableEntry) -> ReplaceAddressTableEntryResponse:
        if not self._fits(request.address_table_index):
            return ReplaceAddressTableEntryResponse(Status.INVALID_INDEX, NO_EUI64, NO_NODE, False)
        old = self._entry(request.address_table_index)
        new = AddressEntry(request.new_eui64, request.new_id, request.new_extended_timeout)
        self._put(request.address_table_index, new)
        return ReplaceAddressTableEntryResponse(Status.OK, old.eui64, old.node_id, old.extended_timeout)

    def _put(self, index: int, entry: AddressEntry) -> None:
        if entry.eui64 in (NO_EUI64, ANY_EUI64):
            self._chip.addresses.pop(index, None)
        else:
            self._chip.addresses[index] = entry

    def _set_remote_eui64(self, request: SetAddressTableRemoteEui64) -> SetAddressTableRemoteEui64Response:
        if not self._fits(request.address_table_index):
            return SetAddressTableRemoteEui64Response(Status.INVALID_INDEX)
        node_id = self._known_id(request.eui64)
        entry = AddressEntry(request.eui64, NO_NODE if node_id is None else node_id)
        self._put(request.address_table_index, entry)
        return SetAddressTableRemoteEui64Response(Status.OK)

    def _set_remote_node_id(self, request: SetAddressTableRemoteNodeId) -> SetAddressTableRemoteNodeIdResponse:
        entry = self._chip.addresses.get(request.address_table_index)
        if entry is not None:
            entry.node_id = request.node_id
        return SetAddressTableRemoteNodeIdResponse()

    def _known_id(self, eui64: int) -> int | None:
        """From the address table, the neighbours and children, or those that came lately; nobody is asked."""
        chip = self._chip
        found = next((it.node_id for it in chip.addresses.values() if it.eui64 == eui64), None)
        if found is None:
            near = {it.eui64: it.node_id for it in chip.network.coordinator_neighbours()} if chip.joined else {}
            found = near.get(eui64, chip.known.get(eui64))
        return found

    def _node_id(self, request: LookupNodeIdByEui64) -> LookupNodeIdByEui64Response:
        found = self._known_id(request.eui64)
        return (
            LookupNodeIdByEui64Response(NO_NODE, Status.FAIL) if found is None else LookupNodeIdByEui64Response(found)
        )

    def _eui64(self, request: LookupEui64ByNodeId) -> LookupEui64ByNodeIdResponse:
        chip = self._chip
        if request.node_id == COORDINATOR and chip.joined:
            return LookupEui64ByNodeIdResponse(Status.OK, chip.memory.eui64)
        near = chip.network.coordinator_neighbours() if chip.joined else ()
        found = next(
            (
                eui64
                for eui64, node_id in (
                    *((it.eui64, it.node_id) for it in chip.addresses.values()),
                    *((it.eui64, it.node_id) for it in near),
                    *chip.known.items(),
                )
                if node_id == request.node_id
            ),
            None,
        )
        if found is None:
            return LookupEui64ByNodeIdResponse(Status.NOT_FOUND, NO_EUI64)
        return LookupEui64ByNodeIdResponse(Status.OK, found)

    # --- who is slow

    def _set_slow(self, request: SetExtendedTimeout) -> SetExtendedTimeoutResponse:
        chip = self._chip
        if not request.extended_timeout:
            chip.slow.discard(request.remote_eui64)
        elif len(chip.slow) < SLOW_MAX:
            chip.slow.add(request.remote_eui64)
        for entry in chip.addresses.values():
            if entry.eui64 == request.remote_eui64:
                entry.extended_timeout = request.extended_timeout
        return SetExtendedTimeoutResponse(Status.OK)

    # --- groups

    def _get_group(self, request: GetMulticastTableEntry) -> GetMulticastTableEntryResponse:
        if request.index >= self._chip.size(ConfigurationId.MULTICAST_TABLE_SIZE):
            return GetMulticastTableEntryResponse(Status.INVALID_INDEX, _FREE)
        return GetMulticastTableEntryResponse(Status.OK, self._chip.multicast.get(request.index, _FREE))

    def _set_group(self, request: SetMulticastTableEntry) -> SetMulticastTableEntryResponse:
        if request.index >= self._chip.size(ConfigurationId.MULTICAST_TABLE_SIZE):
            return SetMulticastTableEntryResponse(Status.INVALID_INDEX)
        self._chip.multicast[request.index] = request.value
        return SetMulticastTableEntryResponse(Status.OK)
