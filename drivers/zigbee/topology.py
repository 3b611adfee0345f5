"""Who hears whom: every router is asked for its neighbours, from the stick outwards.

Zigbee Specification 05-3474-22 §2.4.3.3.1, Mgmt_Lqi_req. A table comes in pages of two or three neighbours. What is
found of devices that nobody knows here is told, so that they can be taken in.
"""

import logging
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from drivers.zigbee.exchange import Priority
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import NodeRecord
from drivers.zigbee.questions import Questions
from drivers.zigbee.registry import Registry
from drivers.zigbee.stick_node import StickAsNode
from drivers.zigbee.zdo.descriptors import LogicalType
from drivers.zigbee.zdo.management import MgmtLqiReq, MgmtLqiRsp, Neighbor
from drivers.zigbee.zdo.message import ZdoStatus
from hubagent.model.driver import DeviceUnreachable

log = logging.getLogger(__name__)

PAGES_MAX: Final = 128
"""Of one router: more neighbours than 255 no table has."""
_NOBODY: Final = frozenset((0, 0xFFFF_FFFF_FFFF_FFFF))


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody's neighbour."""

    eui64: int
    node_id: int
    logical_type: int
    rx_on_when_idle: bool


@dataclass(frozen=True, slots=True)
class Link:
    """`one` hears `other` so well, 0 to 255; both by NWK address."""

    one: int
    other: int
    lqi: int


@dataclass(slots=True)
class Topology:
    nodes: dict[int, Found] = field(default_factory=dict)
    """By EUI64, whoever is somebody's neighbour."""
    links: list[Link] = field(default_factory=list)
    unanswered: list[int] = field(default_factory=list)
    """EUI64s of routers that did not say whom they hear."""


async def survey(stick_as_node: StickAsNode, registry: Registry, questions: Questions) -> Topology:
    """Ask them all. Raises DriverUnavailable where even the stick does not answer."""
    stick = stick_as_node.node
    topology = Topology()
    asked = {stick.eui64}
    waiting = deque([stick])
    for node in registry.nodes.values():
        if node.record.is_router and not node.silent:
            asked.add(node.eui64)
            waiting.append(node)
    try:
        while waiting:
            router = waiting[0]
            try:
                await _ask(router, questions, topology)
            except DeviceUnreachable as error:
                topology.unanswered.append(router.eui64)
                log.info("%s", error)
            for found in list(topology.nodes.values()):
                if found.eui64 not in asked and found.logical_type == LogicalType.ROUTER:
                    asked.add(found.eui64)
                    waiting.append(_node_of(stick_as_node, registry, found))
            waiting.popleft()
            _has_passed(router, stick_as_node)
    finally:
        # Whoever is not asked any more is a stranger like any other.
        for router in waiting:
            _has_passed(router, stick_as_node)
    return topology


def _has_passed(router: Node, stick_as_node: StickAsNode) -> None:
    if stick_as_node.passing.get(router.node_id) is router:
        del stick_as_node.passing[router.node_id]


def _node_of(stick_as_node: StickAsNode, registry: Registry, found: Found) -> Node:
    known = registry.nodes.get(found.eui64)
    if known is not None:
        return known
    record = NodeRecord(found.eui64, found.node_id, logical_type=LogicalType.ROUTER, rx_on_when_idle=True)
    node = Node(record)
    stick_as_node.passing[node.node_id] = node
    return node


async def ask_neighbours(router: Node, questions: Questions) -> Topology:
    """Of one router only. Raises DeviceUnreachable, DriverUnavailable."""
    topology = Topology()
    await _ask(router, questions, topology)
    return topology


async def _ask(router: Node, questions: Questions, topology: Topology) -> None:
    """Raises DeviceUnreachable, DriverUnavailable."""
    index = 0
    for _ in range(PAGES_MAX):
        answer = await questions.ask_zdo(router, MgmtLqiReq(index), MgmtLqiRsp, Priority.CONTROLLER)
        if answer is None or answer.status != ZdoStatus.SUCCESS:
            if answer is None:
                topology.unanswered.append(router.eui64)
            return
        for neighbor in answer.neighbors:
            _note(router, neighbor, topology)
        index += len(answer.neighbors)
        if not answer.neighbors or index >= (answer.total or 0):
            return


def _note(router: Node, neighbor: Neighbor, topology: Topology) -> None:
    topology.links.append(Link(router.node_id, neighbor.node_id, neighbor.lqi))
    if neighbor.eui64 in _NOBODY or neighbor.logical_type == LogicalType.COORDINATOR:
        return
    rx_on = neighbor.rx_on_when_idle == 1
    topology.nodes[neighbor.eui64] = Found(neighbor.eui64, neighbor.node_id, neighbor.logical_type, rx_on)
