"""Groups: the group addresses that an endpoint listens to (ZCL8, 3.6)."""

from typing import ClassVar, Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.groups import (
    GROUPS,
    AddGroup,
    AddGroupIfIdentifying,
    AddGroupResponse,
    GetGroupMembership,
    GetGroupMembershipResponse,
    RemoveAllGroups,
    RemoveGroup,
    RemoveGroupResponse,
    ViewGroup,
    ViewGroupResponse,
)
from drivers.zigbee.zcl.clusters.identify import CLUSTER_ID as IDENTIFY
from drivers.zigbee.zcl.clusters.scenes import CLUSTER_ID as SCENES
from drivers.zigbee.zcl.status import ZclStatus
from simulators.device_memory import Kept
from simulators.zigbee.clusters.identify import IdentifyServer
from simulators.zigbee.clusters.scenes import ScenesServer
from simulators.zigbee.clusters.side import Answer, Peer, Side

GROUPS_MAX: Final = 16
HIGHEST_GROUP: Final = 0xFFF7
_NAMES: Final = 0x80
"""Bit of NameSupport: names are kept."""
_NAME_MAX: Final = 16


class GroupsServer(Side):
    CLUSTER = GROUPS
    REVISION = 3
    COMMANDS: ClassVar = (
        AddGroup,
        ViewGroup,
        GetGroupMembership,
        RemoveGroup,
        RemoveAllGroups,
        AddGroupIfIdentifying,
    )

    def __init__(self) -> None:
        super().__init__()
        self.members: dict[int, str] = {}
        """The groups that this endpoint is in, with their names."""
        self._constant("name_support", _NAMES)

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:
        """ZCL8, 3.6: responses go to whoever asked this node alone."""
        answer = self._do(command)
        return answer if sender.alone or isinstance(answer, ZclStatus) else ZclStatus.SUCCESS

    def reset(self) -> None:
        super().reset()
        self.members.clear()

    def kept(self) -> Kept:
        return {"members": {str(group): name for group, name in self.members.items()}}

    def restore(self, kept: Kept) -> None:
        self.members = {int(group): str(name) for group, name in kept["members"].items()}

    def _do(self, command: ClusterCommand) -> Answer:
        match command:
            case AddGroup(group, name):
                return AddGroupResponse(self._add(group, name), group)
            case AddGroupIfIdentifying(group, name):
                identify = self.place.server(IDENTIFY)
                if isinstance(identify, IdentifyServer) and identify.seconds_left:
                    self._add(group, name)
                return ZclStatus.SUCCESS
            case ViewGroup(group):
                known = group in self.members
                status = ZclStatus.SUCCESS if known else ZclStatus.NOT_FOUND
                return ViewGroupResponse(status, group, self.members.get(group, ""))
            case GetGroupMembership(groups):
                found = [it for it in self.members if not groups or it in groups]
                return GetGroupMembershipResponse(GROUPS_MAX - len(self.members), tuple(sorted(found)))
            case RemoveGroup(group):
                return RemoveGroupResponse(self._remove(group), group)
            case RemoveAllGroups():
                for group in tuple(self.members):
                    self._remove(group)
                return ZclStatus.SUCCESS
        return None

    def _add(self, group: int, name: str) -> ZclStatus:
        if not 0 < group <= HIGHEST_GROUP:
            return ZclStatus.INVALID_VALUE
        if group not in self.members and len(self.members) >= GROUPS_MAX:
            return ZclStatus.INSUFFICIENT_SPACE
        # ZCL8, 3.6, Add Group: one that is a member already has succeeded.
        self.members[group] = name[:_NAME_MAX]
        return ZclStatus.SUCCESS

    def _remove(self, group: int) -> ZclStatus:
        """With the scenes of the group (ZCL8, 3.6, Remove Group)."""
        if self.members.pop(group, None) is None:
            return ZclStatus.NOT_FOUND
        scenes = self.place.server(SCENES)
        if isinstance(scenes, ScenesServer):
            scenes.group_left(group)
        return ZclStatus.SUCCESS
