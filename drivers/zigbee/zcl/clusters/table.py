"""The clusters that are kept, and the one way from a frame to a cluster's command."""

from typing import Final

from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.clusters.basic import BASIC
from drivers.zigbee.zcl.clusters.groups import GROUPS
from drivers.zigbee.zcl.clusters.ias_zone import IAS_ZONE
from drivers.zigbee.zcl.clusters.identify import IDENTIFY
from drivers.zigbee.zcl.clusters.level_control import LEVEL_CONTROL
from drivers.zigbee.zcl.clusters.occupancy_sensing import OCCUPANCY_SENSING
from drivers.zigbee.zcl.clusters.on_off import ON_OFF
from drivers.zigbee.zcl.clusters.power_configuration import POWER_CONFIGURATION
from drivers.zigbee.zcl.clusters.temperature_measurement import TEMPERATURE_MEASUREMENT
from drivers.zigbee.zcl.frame import ZclFrame

# One line a cluster.
_ALL: Final[tuple[Cluster, ...]] = (
    BASIC,
    POWER_CONFIGURATION,
    IDENTIFY,
    GROUPS,
    ON_OFF,
    LEVEL_CONTROL,
    TEMPERATURE_MEASUREMENT,
    OCCUPANCY_SENSING,
    IAS_ZONE,
)

CLUSTERS: Final[dict[int, Cluster]] = {cluster.id: cluster for cluster in _ALL}

COMMANDS: Final[tuple[type[ClusterCommand], ...]] = tuple(
    kind for cluster in _ALL for kind in (*cluster.received, *cluster.generated)
)

_Header = tuple[int, int, bool, int | None]
_DECODERS: Final[dict[_Header, type[ClusterCommand]]] = {
    (kind.CLUSTER, kind.COMMAND, kind.FROM_SERVER, kind.MANUFACTURER_CODE): kind for kind in COMMANDS
}


def decode_command(cluster_id: int, frame: ZclFrame) -> ClusterCommand | None:
    """The command in a cluster specific frame; None where it is not kept here. Raises MalformedFrame."""
    kind = _DECODERS.get((cluster_id, frame.command, frame.from_server, frame.manufacturer_code))
    return None if kind is None else kind.from_bytes(frame.payload)


def attribute_of(cluster_id: int, attribute_id: int) -> AttributeDef | None:
    cluster = CLUSTERS.get(cluster_id)
    return None if cluster is None else cluster.attribute(attribute_id)
