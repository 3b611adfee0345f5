"""What a cluster is: attributes with types, commands that its server hears, commands that it says.

A cluster is data. Attributes are `AttributeDef`s, commands are `ClusterCommand`s: frozen dataclasses whose
annotations say how they lie in bytes. Nothing here knows devices, endpoints or time.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from drivers.zigbee.wire import Record
from drivers.zigbee.zcl.frame import ZclFrame


class ClusterCommand(Record):
    """One command of one cluster, complete when constructed."""

    __slots__ = ()

    CLUSTER: ClassVar[int]
    COMMAND: ClassVar[int]
    FROM_SERVER: ClassVar[bool] = False
    """True for what the cluster's server sends."""
    UNASKED: ClassVar[bool] = False
    """True for what answers nothing: its transaction is the sender's own, whatever its number."""
    MANUFACTURER_CODE: ClassVar[int | None] = None


class ServerCommand(ClusterCommand):
    """One command that the cluster's server sends."""

    __slots__ = ()

    FROM_SERVER = True


class Notification(ServerCommand):
    """One command that the cluster's server sends by itself."""

    __slots__ = ()

    UNASKED = True


def frame_of(sequence: int, command: ClusterCommand, *, disable_default_response: bool = False) -> ZclFrame:
    """The frame in which a command travels."""
    return ZclFrame(
        sequence,
        command.COMMAND,
        command.to_bytes(),
        cluster_specific=True,
        from_server=command.FROM_SERVER,
        manufacturer_code=command.MANUFACTURER_CODE,
        disable_default_response=disable_default_response,
    )


@dataclass(frozen=True, slots=True)
class AttributeDef:
    id: int
    name: str
    """snake_case of the ZCL's name."""
    type_id: int
    """A DataType."""
    reportable: bool = False
    writable: bool = False
    manufacturer_code: int | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    id: int
    name: str
    """As its module is called."""
    attributes: tuple[AttributeDef, ...] = ()
    """Those of the server."""
    received: tuple[type[ClusterCommand], ...] = ()
    """What the server hears."""
    generated: tuple[type[ClusterCommand], ...] = ()
    """What the server says."""
    client_attributes: tuple[AttributeDef, ...] = ()
    """Those of the client, for the few clusters where it has some."""
    manufacturer_code: int | None = None
    """Where the whole cluster is a maker's own: the code that its frames carry."""
    _by_id: dict[int, AttributeDef] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, AttributeDef] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        everything = (*self.client_attributes, *self.attributes)
        object.__setattr__(self, "_by_id", {attribute.id: attribute for attribute in everything})
        object.__setattr__(self, "_by_name", {attribute.name: attribute for attribute in everything})

    def attribute(self, attribute_id: int) -> AttributeDef | None:
        return self._by_id.get(attribute_id)

    def named(self, name: str) -> AttributeDef:
        """KeyError where the cluster has no such attribute: then we are wrong."""
        return self._by_name[name]

    def ids(self, *names: str) -> tuple[int, ...]:
        return tuple(self._by_name[name].id for name in names)


CLUSTER_REVISION = AttributeDef(0xFFFD, "cluster_revision", 0x21)
"""Every cluster has it: ZCL8, 2.3.5."""
ATTRIBUTE_REPORTING_STATUS = AttributeDef(0xFFFE, "attribute_reporting_status", 0x30)
"""ZCL8, 2.3.5.2: 0 while one of several reports is still to follow, 1 with the last."""
GLOBAL_ATTRIBUTES = (CLUSTER_REVISION, ATTRIBUTE_REPORTING_STATUS)
