"""Scenes: states of several clusters, kept by the device under a number, per group (ZCL8, 3.7).

What a scene sets is a list of extension fields: for each cluster the values of its scene attributes, one after the
other and without their types (ZCL8). Transition times are in seconds, with the enhanced commands in tenths.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from drivers.zigbee.wire import Listed, Nested, Record, UInt8, UInt16
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.fields import CharString, MaybeCharString, MaybeUInt8List, MaybeUInt16, OctetString
from drivers.zigbee.zcl.status import Status

CLUSTER_ID = 0x0005

COPY_ALL_SCENES = 0x01
"""The bit of CopyScene's mode."""


@dataclass(frozen=True, slots=True)
class ExtensionField(Record):
    """The scene attributes of one cluster, as far as they are told."""

    cluster: UInt16
    values: OctetString


ExtensionFields = Annotated[tuple[ExtensionField, ...], Listed(Nested(ExtensionField), 0)]


@dataclass(frozen=True, slots=True)
class AddScene(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    group: UInt16
    scene: UInt8
    transition_time_s: UInt16
    name: CharString = ""
    extension_fields: ExtensionFields = ()


@dataclass(frozen=True, slots=True)
class ViewScene(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    group: UInt16
    scene: UInt8


@dataclass(frozen=True, slots=True)
class RemoveScene(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    group: UInt16
    scene: UInt8


@dataclass(frozen=True, slots=True)
class RemoveAllScenes(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    group: UInt16


@dataclass(frozen=True, slots=True)
class StoreScene(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    group: UInt16
    scene: UInt8


@dataclass(frozen=True, slots=True)
class RecallScene(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x05

    group: UInt16
    scene: UInt8
    transition_time: MaybeUInt16 = None
    """In tenths of a second, since ZCL7; as the scene says where it is absent or 0xFFFF."""


@dataclass(frozen=True, slots=True)
class GetSceneMembership(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    group: UInt16


@dataclass(frozen=True, slots=True)
class EnhancedAddScene(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x40

    group: UInt16
    scene: UInt8
    transition_time: UInt16
    """In tenths of a second."""
    name: CharString = ""
    extension_fields: ExtensionFields = ()


@dataclass(frozen=True, slots=True)
class EnhancedViewScene(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x41

    group: UInt16
    scene: UInt8


@dataclass(frozen=True, slots=True)
class CopyScene(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x42

    mode: UInt8
    group_from: UInt16
    scene_from: UInt8
    group_to: UInt16
    scene_to: UInt8


@dataclass(frozen=True, slots=True)
class AddSceneResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    status: Status
    group: UInt16
    scene: UInt8


@dataclass(frozen=True, slots=True)
class ViewSceneResponse(ServerCommand):
    """What follows the scene is there with SUCCESS only."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01

    status: Status
    group: UInt16
    scene: UInt8
    transition_time_s: MaybeUInt16 = None
    name: MaybeCharString = None
    extension_fields: ExtensionFields = ()


@dataclass(frozen=True, slots=True)
class RemoveSceneResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    status: Status
    group: UInt16
    scene: UInt8


@dataclass(frozen=True, slots=True)
class RemoveAllScenesResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    status: Status
    group: UInt16


@dataclass(frozen=True, slots=True)
class StoreSceneResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x04

    status: Status
    group: UInt16
    scene: UInt8


@dataclass(frozen=True, slots=True)
class GetSceneMembershipResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x06

    status: Status
    capacity: UInt8
    """How many more scenes fit; 0xFF where that is unknown."""
    group: UInt16
    scenes: MaybeUInt8List = None
    """There with SUCCESS only."""


@dataclass(frozen=True, slots=True)
class EnhancedAddSceneResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x40

    status: Status
    group: UInt16
    scene: UInt8


@dataclass(frozen=True, slots=True)
class EnhancedViewSceneResponse(ServerCommand):
    """What follows the scene is there with SUCCESS only."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x41

    status: Status
    group: UInt16
    scene: UInt8
    transition_time: MaybeUInt16 = None
    """In tenths of a second."""
    name: MaybeCharString = None
    extension_fields: ExtensionFields = ()


@dataclass(frozen=True, slots=True)
class CopySceneResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x42

    status: Status
    group_from: UInt16
    scene_from: UInt8


SCENES = Cluster(
    id=CLUSTER_ID,
    name="scenes",
    attributes=(
        AttributeDef(0x0000, "scene_count", DataType.UINT8),
        AttributeDef(0x0001, "current_scene", DataType.UINT8),
        AttributeDef(0x0002, "current_group", DataType.UINT16),
        AttributeDef(0x0003, "scene_valid", DataType.BOOLEAN),
        AttributeDef(0x0004, "name_support", DataType.BITMAP8),
        AttributeDef(0x0005, "last_configured_by", DataType.EUI64),
    ),
    received=(
        AddScene,
        ViewScene,
        RemoveScene,
        RemoveAllScenes,
        StoreScene,
        RecallScene,
        GetSceneMembership,
        EnhancedAddScene,
        EnhancedViewScene,
        CopyScene,
    ),
    generated=(
        AddSceneResponse,
        ViewSceneResponse,
        RemoveSceneResponse,
        RemoveAllScenesResponse,
        StoreSceneResponse,
        GetSceneMembershipResponse,
        EnhancedAddSceneResponse,
        EnhancedViewSceneResponse,
        CopySceneResponse,
    ),
)
