"""Which nodes there are, what the home calls them, and what is kept of them between restarts.

The one place that makes device identifiers: `zwave-<home id>-<node>`, with `/<end point>` for a part.
"""

import asyncio
import logging
from collections.abc import Callable
from collections.abc import Set as AbstractSet

from drivers.zwave.capabilities.table import capabilities_of
from drivers.zwave.node import Node
from drivers.zwave.node_record import ROOT, EndPoint, NodeRecord, Stage
from drivers.zwave.views import device_of
from hubagent.model.device import DeviceId
from hubagent.model.driver import NotPossible, Record, Records, Report
from hubagent.model.event import DeviceChanged, DeviceJoined, DeviceLeft

log = logging.getLogger(__name__)


class Registry:
    """Empty until `load`. What it tells the home goes through `report`.

    `first_session` numbers a node's first supervision session. After a restart that must not be the one of the last
    command before it, because a node ignores the same session again (Z-Wave specifications, CC:006C.01.01.11.00D).
    """

    def __init__(self, records: Records, report: Report, first_session: Callable[[], int]) -> None:
        self.nodes: dict[int, Node] = {}
        self.devices: dict[DeviceId, tuple[Node, EndPoint]] = {}
        """Everything that was announced to the home."""
        self.ids: dict[tuple[int, int], DeviceId] = {}
        """The same by node and end point, so that a report needs no formatting."""
        self._offers: dict[DeviceId, frozenset[str]] = {}
        self._records = records
        self._report = report
        self._first_session = first_session
        self._home_id = ""

    def load(self, home_id: int, node_ids: AbstractSet[int]) -> None:
        """Announce the nodes that the stick knows, with what was found out about them before."""
        self._home_id = f"{home_id:08x}"
        kept = self._records.load()
        for node_id in sorted(node_ids):
            node = Node(_restored(kept.get(self._key(node_id)), node_id), session=self._first_session())
            self.nodes[node_id] = node
            self.announce(node)
        known = {self._key(node_id) for node_id in self.nodes}
        for key in kept:
            if key.startswith(f"{self._home_id}-") and key not in known:
                self._records.remove(key)
                self._report(DeviceLeft(f"zwave-{key}"))

    def node_of(self, device: DeviceId) -> Node:
        """Raises NotPossible where there is no such device."""
        known = self.devices.get(device)
        if known is None:
            raise NotPossible(f"there is no Z-Wave device {device}")
        return known[0]

    def device_id(self, node: Node) -> DeviceId:
        return self._id(node.node_id, ROOT)

    def offers(self, device: DeviceId, capability: str) -> bool:
        """Whether the home was told that the device has the capability."""
        return capability in self._offers[device]

    def announce(self, node: Node) -> None:
        """Tell the home what the node is, and its parts."""
        root = self.device_id(node)
        for number, end_point in sorted(node.record.end_points.items()):
            device = self._id(node.node_id, number)
            is_new = device not in self.devices
            self.devices[device] = (node, end_point)
            self.ids[node.node_id, number] = device
            self._offers[device] = frozenset(capabilities_of(end_point))
            described = device_of(node, end_point, device, root)
            self._report(DeviceJoined(described) if is_new else DeviceChanged(described))
        if node.record.stage is Stage.COMPLETE:
            self._drop_parts(node)

    def keep(self, node: Node) -> None:
        """Into the store."""
        self._records.put(self._key(node.node_id), node.record.to_record())

    def flush(self) -> None:
        self._records.flush()

    def add(self, node_id: int) -> Node:
        """A node that has just come, awake as newcomers are, and not announced yet."""
        heard_at = asyncio.get_running_loop().time()
        node = Node(NodeRecord(node_id), heard_at=heard_at, awake=True, session=self._first_session())
        self.nodes[node_id] = node
        return node

    def forget(self, node_id: int) -> DeviceId:
        """The node is not in the network any more; nothing where it was not known."""
        node = self.nodes.pop(node_id, None)
        self._records.remove(self._key(node_id))
        if node is not None:
            for number in sorted(node.record.end_points, reverse=True):
                self._forget_part(node, number)
            self._records.flush()
        return self._id(node_id, ROOT)

    def _drop_parts(self, node: Node) -> None:
        """End points that another interview did not find any more."""
        announced = [number for node_id, number in self.ids if node_id == node.node_id]
        for number in announced:
            if number not in node.record.end_points:
                self._forget_part(node, number)

    def _forget_part(self, node: Node, number: int) -> None:
        device = self.ids.pop((node.node_id, number), None)
        if device is not None:
            del self.devices[device], self._offers[device]
            self._report(DeviceLeft(device))

    def _id(self, node_id: int, number: int) -> DeviceId:
        base = f"zwave-{self._key(node_id)}"
        return base if number == ROOT else f"{base}/{number}"

    def _key(self, node_id: int) -> str:
        return f"{self._home_id}-{node_id}"


def _restored(record: Record | None, node_id: int) -> NodeRecord:
    if record is None:
        return NodeRecord(node_id)
    try:
        return NodeRecord.from_record(record)
    except (KeyError, TypeError, ValueError) as error:
        log.warning("what was kept of node %d cannot be read (%r): it is asked anew", node_id, error)
        return NodeRecord(node_id)
