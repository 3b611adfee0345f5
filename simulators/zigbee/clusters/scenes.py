"""Scenes: how the clusters of an endpoint were, kept under a number and brought back (ZCL8, 3.7).

Which of its values a cluster gives to a scene is its side's: `scene_fields` and `recall_scene`.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.scenes import (
    COPY_ALL_SCENES,
    SCENES,
    AddScene,
    AddSceneResponse,
    CopyScene,
    CopySceneResponse,
    EnhancedAddScene,
    EnhancedAddSceneResponse,
    EnhancedViewScene,
    EnhancedViewSceneResponse,
    ExtensionField,
    GetSceneMembership,
    GetSceneMembershipResponse,
    RecallScene,
    RemoveAllScenes,
    RemoveAllScenesResponse,
    RemoveScene,
    RemoveSceneResponse,
    StoreScene,
    StoreSceneResponse,
    ViewScene,
    ViewSceneResponse,
)
from drivers.zigbee.zcl.status import ZclStatus
from simulators.device_memory import Kept
from simulators.zigbee.clusters.side import Answer, Peer, Side

SCENES_MAX: Final = 16
NO_GROUP: Final = 0
"""Scenes of no group; number 0 of these is the global scene (ZCL8, 3.7)."""
_NAMES: Final = 0x80
_NAME_MAX: Final = 16
_AS_THE_SCENE_SAYS: Final = 0xFFFF

_Place = tuple[int, int]
"""Group and scene."""


@dataclass(frozen=True, slots=True)
class _Scene:
    transition_tenths: int = 0
    name: str = ""
    fields: tuple[ExtensionField, ...] = ()

    def kept(self) -> Kept:
        fields = [[field.cluster, field.values.hex()] for field in self.fields]
        return {"transition_tenths": self.transition_tenths, "name": self.name, "fields": fields}

    @classmethod
    def of(cls, kept: Kept) -> "_Scene":
        fields = (ExtensionField(int(cluster), bytes.fromhex(values)) for cluster, values in kept["fields"])
        return cls(int(kept["transition_tenths"]), str(kept["name"]), tuple(fields))


class ScenesServer(Side):
    CLUSTER = SCENES
    REVISION = 3
    COMMANDS: ClassVar = (
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
    )

    def __init__(self) -> None:
        super().__init__()
        self._scenes: dict[_Place, _Scene] = {}
        self._current: _Place = (NO_GROUP, 0)
        self._shows("scene_count", lambda: len(self._scenes))
        self._shows("current_scene", lambda: self._current[1])
        self._shows("current_group", lambda: self._current[0])
        self._shows("scene_valid", self._is_valid)
        self._constant("name_support", _NAMES)

    # --- what happens to it

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:
        """ZCL8, 3.7: responses go to whoever asked this node alone, but for the membership of a group that has
        some."""
        answer = self._do(command)
        told_all = isinstance(answer, GetSceneMembershipResponse) and answer.scenes
        return answer if sender.alone or told_all or isinstance(answer, ZclStatus) else ZclStatus.SUCCESS

    def reset(self) -> None:
        super().reset()
        self._scenes.clear()
        self._current = (NO_GROUP, 0)

    def kept(self) -> Kept:
        scenes = [{"group": group, "scene": scene, **it.kept()} for (group, scene), it in self._scenes.items()]
        return {"scenes": scenes, "current": list(self._current)}

    def restore(self, kept: Kept) -> None:
        self._scenes = {(int(it["group"]), int(it["scene"])): _Scene.of(it) for it in kept["scenes"]}
        group, scene = kept["current"]
        self._current = (int(group), int(scene))

    def group_left(self, group: int) -> None:
        """The endpoint is in that group no more, and its scenes are gone."""
        for place in [it for it in self._scenes if it[0] == group]:
            del self._scenes[place]

    def store_global_scene(self) -> None:
        self._store((NO_GROUP, 0))

    def recall_global_scene(self) -> None:
        self._recall((NO_GROUP, 0), None)

    # --- commands

    def _do(self, command: ClusterCommand) -> Answer:
        match command:
            case AddScene(group, scene, seconds, name, fields):
                status = self._add((group, scene), _Scene(min(0xFFFF, seconds * 10), name[:_NAME_MAX], fields))
                return AddSceneResponse(status, group, scene)
            case EnhancedAddScene(group, scene, tenths, name, fields):
                status = self._add((group, scene), _Scene(tenths, name[:_NAME_MAX], fields))
                return EnhancedAddSceneResponse(status, group, scene)
            case ViewScene(group, scene):
                status, found = self._find((group, scene))
                if found is None:
                    return ViewSceneResponse(status, group, scene)
                seconds = found.transition_tenths // 10
                return ViewSceneResponse(status, group, scene, seconds, found.name, found.fields)
            case EnhancedViewScene(group, scene):
                status, found = self._find((group, scene))
                if found is None:
                    return EnhancedViewSceneResponse(status, group, scene)
                tenths = found.transition_tenths
                return EnhancedViewSceneResponse(status, group, scene, tenths, found.name, found.fields)
            case RemoveScene(group, scene):
                status, _ = self._find((group, scene))
                self._scenes.pop((group, scene), None)
                return RemoveSceneResponse(status, group, scene)
            case RemoveAllScenes(group):
                status = self._has_group(group)
                self.group_left(group)
                return RemoveAllScenesResponse(status, group)
            case StoreScene(group, scene):
                return StoreSceneResponse(self._store((group, scene)), group, scene)
            case RecallScene(group, scene, tenths):
                return self._recall((group, scene), None if tenths == _AS_THE_SCENE_SAYS else tenths)
            case GetSceneMembership(group):
                status = self._has_group(group)
                scenes = tuple(sorted(scene for of, scene in self._scenes if of == group))
                told = scenes if status == ZclStatus.SUCCESS else None
                return GetSceneMembershipResponse(status, SCENES_MAX - len(self._scenes), group, told)
            case CopyScene():
                return CopySceneResponse(self._copy(command), command.group_from, command.scene_from)
        return None

    def _has_group(self, group: int) -> ZclStatus:
        known = group == NO_GROUP or self.place.in_group(group)
        return ZclStatus.SUCCESS if known else ZclStatus.INVALID_FIELD

    def _find(self, place: _Place) -> tuple[ZclStatus, _Scene | None]:
        status = self._has_group(place[0])
        if status != ZclStatus.SUCCESS:
            return status, None
        found = self._scenes.get(place)
        return (ZclStatus.NOT_FOUND if found is None else ZclStatus.SUCCESS), found

    def _add(self, place: _Place, scene: _Scene) -> ZclStatus:
        status = self._has_group(place[0])
        if status != ZclStatus.SUCCESS:
            return status
        if place not in self._scenes and len(self._scenes) >= SCENES_MAX:
            return ZclStatus.INSUFFICIENT_SPACE
        self._scenes[place] = scene
        return ZclStatus.SUCCESS

    def _store(self, place: _Place) -> ZclStatus:
        """ZCL8, 3.7, Store Scene: what is there is kept but for its fields."""
        before = self._scenes.get(place, _Scene())
        fields = tuple(
            ExtensionField(side.cluster.id, fields)
            for side in self.place.sides()
            if (fields := side.scene_fields()) is not None
        )
        status = self._add(place, _Scene(before.transition_tenths, before.name, fields))
        if status == ZclStatus.SUCCESS:
            self._current = place
        return status

    def _recall(self, place: _Place, tenths: int | None) -> ZclStatus:
        """ZCL8, 3.7, Recall Scene: the transition time of the command goes before that of the scene."""
        status, scene = self._find(place)
        if scene is None:
            return status
        transition_s = (scene.transition_tenths if tenths is None else tenths) / 10
        # On/Off has the lowest identifier of those that take part, and goes first.
        for field in sorted(scene.fields, key=lambda it: it.cluster):
            side = self.place.server(field.cluster)
            if side is not None:
                try:
                    side.recall_scene(field.values, transition_s)
                except MalformedFrame:
                    status = ZclStatus.INVALID_FIELD
        self._current = place
        return status

    def _copy(self, command: CopyScene) -> ZclStatus:
        every = bool(command.mode & COPY_ALL_SCENES)
        source = [
            place
            for place in self._scenes
            if place[0] == command.group_from and (every or place[1] == command.scene_from)
        ]
        statuses = (self._has_group(command.group_from), self._has_group(command.group_to))
        if any(status != ZclStatus.SUCCESS for status in statuses):
            return ZclStatus.INVALID_FIELD
        if not source:
            return ZclStatus.NOT_FOUND
        for place in source:
            target = (command.group_to, place[1] if every else command.scene_to)
            status = self._add(target, self._scenes[place])
            if status != ZclStatus.SUCCESS:
                return status
        return ZclStatus.SUCCESS

    def _is_valid(self) -> bool:
        """Whether all is as the current scene has it (ZCL8, 3.7, SceneValid)."""
        scene = self._scenes.get(self._current)
        if scene is None:
            return False
        sides = {field.cluster: self.place.server(field.cluster) for field in scene.fields}
        now = {cluster: None if side is None else side.scene_fields() for cluster, side in sides.items()}
        return all(now[field.cluster] == field.values for field in scene.fields)
