"""Asks a node everything that it can be asked, as a thorough host does."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from drivers.zigbee.wire import Record
from drivers.zigbee.zcl.attribute_records import Access, DiscoveredAttributeExtended
from drivers.zigbee.zcl.clusters.table import CLUSTERS
from drivers.zigbee.zcl.data_types import Value, is_known
from drivers.zigbee.zcl.foundation import (
    DiscoverAttributesExtended,
    DiscoverAttributesExtendedResponse,
    DiscoverCommandsReceived,
    DiscoverCommandsReceivedResponse,
    GlobalCommand,
    ReadAttributes,
    ReadAttributesResponse,
)
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.descriptors import NodeDescriptor, SimpleDescriptor
from drivers.zigbee.zdo.discovery import (
    ActiveEpReq,
    ActiveEpRsp,
    NodeDescReq,
    NodeDescRsp,
    SimpleDescReq,
    SimpleDescRsp,
)
from drivers.zigbee.zdo.message import ZdoStatus
from tests.simulators.zigbee.on_air import NODE_ID, OnAir

AT_ONCE = 5
"""Attributes in one read; what did not fit is asked for again."""


@dataclass(frozen=True, slots=True)
class Place:
    """One side of a cluster, and whose attributes of it."""

    endpoint: int
    server: bool
    cluster: int
    manufacturer_code: int | None = None


@dataclass(slots=True)
class Interviewed:
    node: NodeDescriptor
    endpoints: dict[int, SimpleDescriptor]
    attributes: dict[Place, dict[int, tuple[int, Value]]] = field(default_factory=dict)
    """Types and values."""
    commands: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    """By endpoint and cluster: those that its server hears."""


def interview(air: OnAir) -> Interviewed:
    node = air.zdo(NodeDescReq(NODE_ID))
    assert isinstance(node, NodeDescRsp)
    assert node.descriptor is not None
    active = air.zdo(ActiveEpReq(NODE_ID))
    assert isinstance(active, ActiveEpRsp)
    assert active.status == ZdoStatus.SUCCESS
    found = Interviewed(node.descriptor, {})
    for number in active.endpoints:
        simple = air.zdo(SimpleDescReq(NODE_ID, number))
        assert isinstance(simple, SimpleDescRsp)
        assert simple.descriptor is not None
        found.endpoints[number] = simple.descriptor
        for server, clusters in ((True, simple.descriptor.inputs), (False, simple.descriptor.outputs)):
            for cluster in clusters:
                for code in _codes(cluster):
                    place = Place(number, server, cluster, code)
                    found.attributes[place] = _attributes(air, place, simple.descriptor.profile)
        for cluster in simple.descriptor.inputs:
            found.commands[number, cluster] = _commands(air, simple.descriptor, cluster)
    return found


def _codes(cluster: int) -> set[int | None]:
    """The makers who have attributes of their own in a cluster, as far as the tables know."""
    known = CLUSTERS.get(cluster)
    mine = () if known is None else (*known.attributes, *known.client_attributes)
    return {None, *(it.manufacturer_code for it in mine)}


def _attributes(air: OnAir, place: Place, profile: int) -> dict[int, tuple[int, Value]]:
    discovered = {it.attribute: it for it in _discovered(air, place, profile)}
    left = list(discovered)
    found: dict[int, tuple[int, Value]] = {}
    while left:
        answer = _ask(air, place, profile, ReadAttributes(tuple(left[:AT_ONCE])))
        assert isinstance(answer, ReadAttributesResponse), answer
        assert answer.records, "an answer without a single attribute"
        for record in answer.records:
            assert record.status == ZclStatus.SUCCESS
            assert record.type_id is not None
            assert is_known(record.type_id)
            assert record.type_id == discovered[record.attribute].type_id
            assert discovered[record.attribute].access & Access.READ
            found[record.attribute] = (record.type_id, record.value)
            left.remove(record.attribute)
    return found


def _discovered(air: OnAir, place: Place, profile: int) -> Iterator[DiscoveredAttributeExtended]:
    start, complete = 0, False
    while not complete:
        answer = _ask(air, place, profile, DiscoverAttributesExtended(start, 0xFF))
        assert isinstance(answer, DiscoverAttributesExtendedResponse), answer
        complete = answer.complete
        assert complete or answer.attributes
        yield from answer.attributes
        start = answer.attributes[-1].attribute + 1 if answer.attributes else start


def _ask(air: OnAir, place: Place, profile: int, question: GlobalCommand) -> Record | None:
    return air.ask(
        place.cluster,
        question,
        endpoint=place.endpoint,
        manufacturer_code=place.manufacturer_code,
        from_server=not place.server,
        profile=profile,
    )


def _commands(air: OnAir, endpoint: SimpleDescriptor, cluster: int) -> tuple[int, ...]:
    question = DiscoverCommandsReceived(0, 0xFF)
    answer = air.ask(cluster, question, endpoint=endpoint.endpoint, profile=endpoint.profile)
    assert isinstance(answer, DiscoverCommandsReceivedResponse)
    assert answer.complete
    return answer.commands
