"""Where a node is that is not where it was: it took another address, and nobody heard of it.

All are asked by a broadcast: the node itself answers, and a router for its children that sleep (Zigbee Specification
05-3474-22 §2.4.3.1.1, NWK_addr_req). The stick says nothing of its own children, but has them among its neighbours.
What is answered is heard by `hearing`.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from drivers.zigbee.endpoints import ZDO_PROFILE
from drivers.zigbee.exchange import Priority
from drivers.zigbee.ezsp.types import BROADCAST_RX_ON_WHEN_IDLE
from drivers.zigbee.node import Node
from drivers.zigbee.questions import Questions
from drivers.zigbee.radio import Address, Radio
from drivers.zigbee.stick_node import StickAsNode
from drivers.zigbee.topology import ask_neighbours
from drivers.zigbee.zdo.discovery import NwkAddrReq
from drivers.zigbee.zdo.table import encode
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible

ANSWERED_S: Final = 1.0
"""How long an answer to the broadcast may take."""
_LOOK_FOR: Final = Address(ZDO_PROFILE, NwkAddrReq.CLUSTER, 0, 0)


class Looking:
    """`told` hears by EUI64 at which address somebody says that a node is."""

    def __init__(
        self, radio: Radio, questions: Questions, stick: StickAsNode, told: Callable[[int, int], None]
    ) -> None:
        self._radio = radio
        self._questions = questions
        self._stick = stick
        self._told = told
        self._sequence = 0

    async def look_for(self, node: Node) -> None:
        """When this returns it is known where the node is, if anybody knows it."""
        try:
            if node.record.sleeps:
                topology = await ask_neighbours(self._stick.node, self._questions)
                child = topology.nodes.get(node.eui64)
                if child is not None:
                    self._told(child.eui64, child.node_id)
            self._sequence = (self._sequence + 1) & 0x7F
            message = encode(self._sequence, NwkAddrReq(node.eui64))
            await self._radio.broadcast(BROADCAST_RX_ON_WHEN_IDLE, _LOOK_FOR, message, Priority.POLL)
        except (DeviceUnreachable, DriverUnavailable, NotPossible):
            return
        await asyncio.sleep(ANSWERED_S)
