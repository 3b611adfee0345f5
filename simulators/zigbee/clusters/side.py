"""One side of a cluster on one endpoint: its attributes, and what it does with the commands that it hears.

It is given decoded commands and gives answers back; it knows no radio. What it says unasked goes through its `Place`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from drivers.zigbee.zcl.cluster import CLUSTER_REVISION, Cluster, ClusterCommand
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from simulators.device_memory import Kept
from simulators.devices.clock import DeviceClock
from simulators.zigbee.attributes import Attribute, Attributes, Cell, Read, Schedule, Write
from simulators.zigbee.kept_value import kept_value, value_of


@dataclass(frozen=True, slots=True)
class Peer:
    """An endpoint elsewhere: who sent a command, or whom to send one."""

    node_id: int
    endpoint: int
    profile: int = 0x0104
    alone: bool = True
    """It sent the command to this node alone, not to a group or to all."""


Answer = ClusterCommand | tuple[ClusterCommand, ...] | ZclStatus | None
"""To what has a response of its own that; to others how it went; None: there is no such command."""


class Place(Protocol):
    """The endpoint that a side lives on, as the side sees it."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...

    @property
    def clock(self) -> DeviceClock: ...

    @property
    def number(self) -> int: ...

    @property
    def coordinator_eui64(self) -> int:
        """0 while in no network."""
        ...

    @property
    def eui64(self) -> int:
        """Its own."""
        ...

    def server(self, cluster: int) -> "Side | None":
        """Of another cluster, here."""
        ...

    def in_group(self, group: int) -> bool: ...

    def sides(self) -> "tuple[Side, ...]":
        """All that live here."""
        ...

    def look(self) -> None:
        """Some attribute may have changed by itself: report what is to be reported."""
        ...

    def reset_attributes(self) -> None:
        """Of all clusters of the node, to factory settings."""
        ...

    def address_of(self, eui64: int) -> int | None: ...

    def tell_bound(self, command: ClusterCommand) -> None:
        """Unasked, to whoever is bound."""
        ...

    def tell(self, node_id: int, endpoint: int, command: ClusterCommand) -> None:
        """Unasked, to one endpoint."""
        ...

    def tell_eui64(self, eui64: int, endpoint: int, command: ClusterCommand) -> None:
        """Likewise, to a node by the name that it keeps."""
        ...

    def ask(self, node_id: int, endpoint: int, cluster: int, command: int, payload: bytes) -> None:
        """A foundation command to the server of a cluster elsewhere."""
        ...

    def poll_fast(self, seconds: float) -> None:
        """One that sleeps fetches its messages often for a while: it expects some."""
        ...


class Side:
    """The server of a cluster, unless IS_SERVER says otherwise."""

    CLUSTER: ClassVar[Cluster]
    IS_SERVER: ClassVar[bool] = True
    REVISION: ClassVar[int] = 1
    COMMANDS: ClassVar[tuple[type[ClusterCommand], ...]] = ()
    """Those of the cluster's commands that it carries out, as they are discovered."""

    def __init__(self) -> None:
        self.attributes = Attributes()
        self._cells: dict[str, Cell] = {}
        """By the names of their attributes."""
        self._place: Place | None = None
        self.attributes.add(Attribute(CLUSTER_REVISION, lambda: self.REVISION))

    @property
    def cluster(self) -> Cluster:
        return self.CLUSTER

    @property
    def is_server(self) -> bool:
        return self.IS_SERVER

    @property
    def commands(self) -> tuple[type[ClusterCommand], ...]:
        """Those that it hears."""
        return self.COMMANDS

    @property
    def place(self) -> Place:
        assert self._place is not None, "it is on no endpoint yet"
        return self._place

    @property
    def generated(self) -> tuple[type[ClusterCommand], ...]:
        """The commands that it sends, as they are discovered."""
        return self.cluster.generated if self.is_server else self.cluster.received

    def placed(self, place: Place) -> None:
        self._place = place

    # --- what it is made of

    def _shows(self, name: str, read: Read, *, write: Write | None = None, schedule: Schedule | None = None) -> None:
        """An attribute whose value is had from elsewhere."""
        definition = self.cluster.named(name)
        self.attributes.add(Attribute(definition, read, write, schedule, reportable=definition.reportable))

    def _constant(self, name: str, value: Value) -> None:
        self._shows(name, lambda: value)

    def _keeps(
        self,
        name: str,
        factory: Value,
        allowed: Callable[[Value], bool] | None = None,
        written: Callable[[], None] | None = None,
    ) -> Cell:
        """An attribute that is written down and kept."""
        cell = Cell(factory, allowed, written)
        self._cells[name] = cell
        self._shows(name, cell.read, write=cell.write)
        return cell

    # --- what happens to it

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - for those who hear some
        """Do what a command of this cluster asks."""
        return None

    def answered(self, frame: ZclFrame, sender: Peer) -> None:
        """A foundation response came to what it asked."""

    def happened(self, attribute: str) -> None:
        """An attribute of the physical device changed."""

    def next_look_s(self) -> float | None:
        """When its attributes will have changed without anything happening; None: never."""
        return None

    def joined(self) -> None:
        """In a network, for the first time or again."""

    def halt(self) -> None:
        """Out of its network, or without power: what was under way ends, and what was only in RAM is gone."""

    def power_returned(self) -> None:
        """The power was gone, and is back."""

    def reset_attributes(self) -> None:
        """What was written comes back as from the factory. Bindings, groups and scenes stay (ZCL8, 3.2, Reset to
        Factory Defaults)."""
        for cell in self._cells.values():
            cell.reset()

    def reset(self) -> None:
        """Back to factory settings, all of it."""
        self.reset_attributes()

    # --- what it keeps without power

    def kept(self) -> Kept:
        """What was written to its attributes; those of whom more is kept add it under names of their own."""
        return {
            name: kept_value(self.cluster.named(name).type_id, cell.value)
            for name, cell in self._cells.items()
            if not cell.is_factory
        }

    def restore(self, kept: Kept) -> None:
        """Be as it was. Raises anything that an unfit dictionary leads to."""
        for name, cell in self._cells.items():
            if name in kept:
                cell.restore(value_of(self.cluster.named(name).type_id, kept[name]))

    # --- what a scene keeps of it (ZCL8, 3.7, the extension fields)

    def scene_fields(self) -> bytes | None:
        """Its extension fields as they are now; None: it has no part in scenes."""
        return None

    def recall_scene(self, fields: bytes, transition_s: float) -> None:
        """Become as the fields say. Missing ones at the end leave things as they are; raises MalformedFrame."""
