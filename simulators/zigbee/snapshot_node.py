"""A captured device on the air: what its snapshot says it answers, and what it is commanded really changes.

It has no physics: a lamp is at its new level at once. What each cluster does is in `snapshot_behaviours`.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.clusters.groups import CLUSTER_ID as GROUPS
from drivers.zigbee.zcl.clusters.identify import CLUSTER_ID as IDENTIFY
from drivers.zigbee.zcl.clusters.scenes import CLUSTER_ID as SCENES
from drivers.zigbee.zcl.clusters.table import CLUSTERS
from drivers.zigbee.zcl.data_types import DataType, Value
from drivers.zigbee.zcl.status import ZclStatus
from simulators.device_memory import Kept
from simulators.zigbee.attributes import Attribute, Attributes, Key, Read, Write
from simulators.zigbee.clusters.groups import GroupsServer
from simulators.zigbee.clusters.identify import IdentifyServer
from simulators.zigbee.clusters.scenes import ScenesServer
from simulators.zigbee.clusters.side import Answer, Peer, Side
from simulators.zigbee.endpoint import EndPoint
from simulators.zigbee.kept_value import kept_name, kept_value, value_of
from simulators.zigbee.node import SimulatedNode
from simulators.zigbee.snapshot import CapturedCluster, CapturedEndpoint, Snapshot
from simulators.zigbee.snapshot_behaviours import BEHAVIOURS, KEPT, WRITTEN, Behaviour


def snapshot_node(loop: asyncio.AbstractEventLoop, snapshot: Snapshot) -> SimulatedNode:
    endpoints = [_endpoint(captured) for captured in snapshot.endpoints]
    return SimulatedNode(loop, snapshot.eui64, snapshot.descriptor, endpoints)


class CapturedSide(Side):
    """One side of a cluster as the snapshot has it. Its values are told and changed by their names."""

    def __init__(self, captured: CapturedCluster, *, server: bool) -> None:
        self._cluster = CLUSTERS.get(captured.id) or Cluster(captured.id, f"cluster_{captured.id:04x}")
        super().__init__()
        self._server = server
        self._behaviour: Behaviour | None = BEHAVIOURS.get(captured.id) if server else None
        self._values: dict[Key, Value] = {}
        self._factory = tuple((it.definition, it.value) for it in captured.attributes)
        self.attributes = Attributes()
        self._kept = {self._cluster.named(name) for name in KEPT.get(captured.id, ())} if server else set()
        """The attributes that are kept without power; more are added as they are written."""
        for definition, value in self._factory:
            self._become(definition, value)

    @property
    def cluster(self) -> Cluster:
        return self._cluster

    @property
    def is_server(self) -> bool:
        return self._server

    @property
    def commands(self) -> tuple[type[ClusterCommand], ...]:
        return () if self._behaviour is None else self._behaviour.commands

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - whoever asks
        return None if self._behaviour is None else self._behaviour.react(self, command)

    def reset_attributes(self) -> None:
        super().reset_attributes()
        for definition, value in self._factory:
            self._become(definition, value)

    def kept(self) -> Kept:
        factory = dict(self._factory)
        now = {it: self._values.get(_key(it)) for it in sorted(self._kept, key=kept_name)}
        return {kept_name(it): kept_value(it.type_id, value) for it, value in now.items() if value != factory.get(it)}

    def restore(self, kept: Kept) -> None:
        known = {kept_name(it.definition): it.definition for it in self.attributes}
        known.update({kept_name(it): it for it in self._kept})
        for name, value in kept.items():
            self._kept.add(known[name])
            self._become(known[name], value_of(known[name].type_id, value))

    def scene_fields(self) -> bytes | None:
        name = "" if self._behaviour is None else self._behaviour.scene
        return bytes((self.number(name) & 0xFF,)) if name and self.value(name) is not None else None

    def recall_scene(self, fields: bytes, transition_s: float) -> None:  # noqa: ARG002 - it is there at once
        if not fields:
            raise MalformedFrame("a scene without a value")
        if self._behaviour is not None and self._behaviour.scene:
            definition = self._cluster.named(self._behaviour.scene)
            self._become(definition, bool(fields[0]) if definition.type_id == DataType.BOOLEAN else fields[0])

    # --- as its behaviour sees it

    def value(self, name: str) -> Value:
        """None where the snapshot does not know it."""
        return self._values.get(_key(self._cluster.named(name)))

    def number(self, name: str, otherwise: int = 0) -> int:
        value = self.value(name)
        return int(value) if isinstance(value, int) else otherwise

    def become(self, name: str, value: Value) -> None:
        """What it has been commanded to be it has, even if nobody had ever read it."""
        self._become(self._cluster.named(name), value)

    def beside(self, cluster: int) -> "CapturedSide | None":
        """Another cluster's server on the same endpoint."""
        side = self.place.server(cluster)
        return side if isinstance(side, CapturedSide) else None

    # --- inside

    def _become(self, definition: AttributeDef, value: Value) -> None:
        key = _key(definition)
        if self.attributes.find(*key) is None:
            write = self._writer(definition) if definition.writable else None
            read = self._values.get
            self.attributes.add(Attribute(definition, lambda: read(key), write, None, reportable=definition.reportable))
        self._values[key] = value

    def _writer(self, definition: AttributeDef) -> Write:
        def write(value: Value) -> ZclStatus:
            self._become(definition, value)
            self._kept.add(definition)
            written = WRITTEN.get((self._cluster.id, definition.name)) if self._server else None
            if written is not None:
                written(self)
            return ZclStatus.SUCCESS

        return write


def _key(definition: AttributeDef) -> Key:
    return definition.manufacturer_code, definition.id


_OWN: Final[Mapping[int, Callable[[], Side]]] = {
    IDENTIFY: lambda: IdentifyServer(_blink),
    GROUPS: GroupsServer,
    SCENES: ScenesServer,
}
"""What works as it does in any other device: it knows nothing of what the device is."""


def _blink(_blinks: bool) -> None:
    """There is nothing to be seen of it."""


def _endpoint(captured: CapturedEndpoint) -> EndPoint:
    servers = [_server(it) for it in captured.inputs]
    clients = [CapturedSide(it, server=False) for it in captured.outputs]
    return EndPoint(captured.number, captured.device_type, [*servers, *clients], profile=captured.profile)


def _server(captured: CapturedCluster) -> Side:
    own = _OWN.get(captured.id)
    if own is None:
        return CapturedSide(captured, server=True)
    side = own()
    side.attributes = _overlaid(side.attributes, captured)
    return side


def _overlaid(own: Attributes, captured: CapturedCluster) -> Attributes:
    """The attributes that the snapshot has; those that really work where there are such."""
    found = Attributes()
    for it in captured.attributes:
        definition, value = it.definition, it.value
        works = own.find(definition.manufacturer_code, definition.id)
        alive = works is not None and works.write is not None
        found.add(works if works is not None and alive else Attribute(definition, _constantly(value)))
    return found


def _constantly(value: Value) -> Read:
    return lambda: value
