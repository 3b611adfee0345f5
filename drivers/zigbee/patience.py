"""Having the stick wait longer for the acknowledgements of nodes that sleep, once and not before each message.

Otherwise it gives a message up while that still waits at the node's parent, and says that it did not arrive. UG100,
setExtendedTimeout: for a node that is in one of the stick's tables, and into one it is put. A stick that restarts has
forgotten all of it.
"""

from drivers.zigbee.coordinator import Coordinator
from drivers.zigbee.ezsp.address_table import LookupNodeIdByEui64, ReplaceAddressTableEntry, SetExtendedTimeout
from drivers.zigbee.ezsp.configuration import GetConfigurationValue
from drivers.zigbee.ezsp.types import ConfigurationId
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import UNKNOWN_NODE_ID


class Patience:
    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator
        self._patient: set[int] = set()
        """EUI64s of the nodes to which the stick is patient."""
        self._entries: dict[int, int] = {}
        """By index in the stick's address table, whose EUI64 was put there."""
        self._next_entry = 0
        self._restarts = 0

    def is_needed(self, node: Node) -> bool:
        """Whether the stick must be told before something is sent to the node."""
        return node.record.sleeps and node.eui64 not in self._patient and node.node_id != UNKNOWN_NODE_ID

    async def have(self, node: Node) -> None:
        """Raises DriverUnavailable, NotPossible."""
        if not self.is_needed(node):
            return
        ask, restarts = self._coordinator.ask, self._restarts
        known = await ask(LookupNodeIdByEui64(node.eui64))
        if known.status.ok and known.node_id == node.node_id:
            await ask(SetExtendedTimeout(node.eui64, extended_timeout=True))
        else:
            size = (await ask(GetConfigurationValue(ConfigurationId.ADDRESS_TABLE_SIZE))).value
            entry = self._take_entry(node.eui64, size)
            await ask(ReplaceAddressTableEntry(entry, node.eui64, node.node_id, new_extended_timeout=True))
        if restarts == self._restarts:
            self._patient.add(node.eui64)

    def moved(self, node: Node) -> None:
        """It has another address: what the stick was told of it is told anew."""
        self._patient.discard(node.eui64)

    def stick_restarted(self) -> None:
        self._patient.clear()
        self._entries.clear()
        self._next_entry = 0
        self._restarts += 1

    def _take_entry(self, eui64: int, size: int) -> int:
        """Its own, or the next; whoever was there has lost it."""
        entry = next((index for index, its in self._entries.items() if its == eui64), None)
        if entry is None:
            entry = self._next_entry % size if size else 0
            self._next_entry = entry + 1
        former = self._entries.get(entry)
        if former is not None and former != eui64:
            self._patient.discard(former)
        self._entries[entry] = eui64
        return entry
