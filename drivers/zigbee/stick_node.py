"""The stick as one of the nodes: it is asked for its neighbours like any router, and is the source of group commands.

And, while the network is surveyed, routers that are asked and belong to nobody yet.
"""

from typing import Protocol

from drivers.zigbee.coordinator import Coordinator
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import NodeRecord
from drivers.zigbee.zdo.descriptors import LogicalType


class Owner(Protocol):
    def the_coordinator(self) -> Coordinator: ...


class StickAsNode:
    def __init__(self, owner: Owner) -> None:
        self.passing: dict[int, Node] = {}
        """By address, routers that are asked for their neighbours and not taken in yet."""
        self._owner = owner
        self._node: Node | None = None

    @property
    def node(self) -> Node:
        """Raises DriverUnavailable."""
        identity = self._owner.the_coordinator().identity
        if self._node is None or self._node.eui64 != identity.eui64:
            record = NodeRecord(identity.eui64, identity.node_id, rx_on_when_idle=True)
            record.logical_type = LogicalType.COORDINATOR
            self._node = Node(record)
        return self._node
