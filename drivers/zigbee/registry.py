"""Which nodes there are, by address and by identity, and what is kept of them between restarts.

The one place that makes device identifiers: `zigbee-<EUI64>`, with `/<end point>` for a part. A node keeps its EUI64
for life; its NWK address changes when it joins anew, or when another one has the same.
"""

import logging

from drivers.zigbee.capabilities.table import capabilities_of
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import UNKNOWN_NODE_ID, NodeRecord, Stage
from drivers.zigbee.views import devices_of
from drivers.zigbee.wire import eui64_text
from hubagent.model.device import Device, DeviceId
from hubagent.model.driver import NotPossible, Record, Records, Report
from hubagent.model.event import DeviceChanged, DeviceJoined, DeviceLeft

log = logging.getLogger(__name__)

NODES_MAX = 1000
"""More than any network of one stick has; what claims to be one more is not taken in."""
NODE_KEY = "node-"
"""Before the EUI64, in the records, where other things are kept too."""


class Registry:
    """Empty until `load`. What it tells the home goes through `report`."""

    def __init__(self, records: Records, report: Report) -> None:
        self.nodes: dict[int, Node] = {}
        """By EUI64."""
        self.by_address: dict[int, Node] = {}
        """By NWK address, so that whose message it is costs one look."""
        self.devices: dict[DeviceId, tuple[Node, int]] = {}
        """Everything that was announced to the home: the node, and the end point of a part."""
        self._announced: dict[DeviceId, Device] = {}
        self.offered: dict[DeviceId, frozenset[str]] = {}
        """The capabilities that the home was told of."""
        self._records = records
        self._report = report

    def load(self) -> None:
        """Announce the nodes that were known before."""
        for key, kept in sorted(self._records.load().items()):
            if not key.startswith(NODE_KEY):
                continue
            record = _restored(key, kept)
            if record is None:
                self._records.remove(key)
                continue
            self._place(Node(record))
        for node in list(self.nodes.values()):
            self.announce(node)

    def node_of(self, device: DeviceId) -> Node:
        """Raises NotPossible where there is no such device."""
        known = self.devices.get(device)
        if known is None:
            raise NotPossible(f"there is no Zigbee device {device}")
        return known[0]

    def add(self, eui64: int, node_id: int) -> Node:
        """A node that has just come, and is not announced yet."""
        node = Node(NodeRecord(eui64, node_id), hears=True)
        self._place(node)
        return node

    @property
    def full(self) -> bool:
        return len(self.nodes) >= NODES_MAX

    def moved(self, node: Node, node_id: int) -> bool:
        """The node has this NWK address now. Whether that is news."""
        if node.record.node_id == node_id:
            return False
        if self.by_address.get(node.record.node_id) is node:
            del self.by_address[node.record.node_id]
        node.record.node_id = node_id
        self._take_address(node)
        self.keep(node)
        if node.ids:
            self.announce(node)
        return True

    def lost_address(self, node_id: int) -> Node | None:
        """Whoever has this NWK address will have another."""
        node = self.by_address.get(node_id)
        if node is not None:
            self.moved(node, UNKNOWN_NODE_ID)
        return node

    def announce(self, node: Node) -> None:
        """Tell the home what the node is, and its parts."""
        offers = capabilities_of(node.record)
        described = devices_of(node, offers)
        node.ids = {part: device.id for part, device in described.items()}
        for part, device in described.items():
            known = self._announced.get(device.id)
            self.devices[device.id] = (node, part)
            self.offered[device.id] = frozenset(device.capabilities)
            if known == device:
                continue
            self._announced[device.id] = device
            self._report(DeviceJoined(device) if known is None else DeviceChanged(device))
        if node.record.stage is Stage.COMPLETE:
            self._drop_parts(node, {device.id for device in described.values()})

    def keep(self, node: Node) -> None:
        """Into the store."""
        self._records.put(NODE_KEY + node.record.key, node.record.to_record())

    def flush(self) -> None:
        self._records.flush()

    def forget(self, node: Node) -> DeviceId:
        """The node is not in the network any more."""
        self.nodes.pop(node.eui64, None)
        if self.by_address.get(node.record.node_id) is node:
            del self.by_address[node.record.node_id]
        self._records.remove(NODE_KEY + node.record.key)
        self._drop_parts(node, set())
        self._records.flush()
        return node.device

    def forget_all(self) -> None:
        """It is another network now: nobody of the old one is here."""
        for node in list(self.nodes.values()):
            self.forget(node)
        # And those that were not even looked at.
        for key in self._records.load():
            if key.startswith(NODE_KEY):
                self._records.remove(key)
                self._report(DeviceLeft(f"zigbee-{key.removeprefix(NODE_KEY)}"))
        self._records.flush()

    def _place(self, node: Node) -> None:
        self.nodes[node.eui64] = node
        self._take_address(node)

    def _take_address(self, node: Node) -> None:
        """It has this address; whoever was thought to have it does not."""
        if node.record.node_id == UNKNOWN_NODE_ID:
            return
        former = self.by_address.get(node.record.node_id)
        self.by_address[node.record.node_id] = node
        if former is not None and former is not node:
            former.record.node_id = UNKNOWN_NODE_ID
            self.keep(former)

    def _drop_parts(self, node: Node, but: set[DeviceId]) -> None:
        """What another interview did not find any more; the device itself last."""
        gone = [device for device, (owner, _) in self.devices.items() if owner is node and device not in but]
        for device in sorted(gone, reverse=True):
            del self.devices[device], self._announced[device], self.offered[device]
            self._report(DeviceLeft(device))


def _restored(key: str, kept: Record) -> NodeRecord | None:
    """What was kept; asked anew where that cannot be read, None where not even the name can."""
    try:
        record = NodeRecord.from_record(kept)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.warning("what was kept of %s cannot be read (%r): it is asked anew", key, error)
        try:
            record = NodeRecord(int(key.removeprefix(NODE_KEY), 16))
        except ValueError:
            return None
    return record if eui64_text(record.eui64) == key.removeprefix(NODE_KEY) else None
