"""Devices that work together without the hub: groups, and remotes that command lamps themselves.

Zigbee Specification 05-3474-22 §2.4.3.2, Bind_req; ZCL8 §3.6, Groups. A group is a number; `group_set` says something
to all of its members in one message, which no member acknowledges: their reports tell what came of it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from drivers.zigbee.capabilities.table import plan_for
from drivers.zigbee.capabilities.translation import Plan, ToSend
from drivers.zigbee.endpoints import HOME_PROFILE, HUB
from drivers.zigbee.exchange import Priority
from drivers.zigbee.groups import FIRST, GROUPS_MAX, LAST
from drivers.zigbee.network_setup import listen_to_groups
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import ROOT
from drivers.zigbee.radio import Address
from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.clusters import groups as groups_cluster
from drivers.zigbee.zcl.clusters.groups import AddGroup, AddGroupResponse, GetGroupMembership, RemoveGroup
from drivers.zigbee.zcl.clusters.table import decode_command
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.binding import Binding, BindReq, BindRsp, ToEndpoint, ToGroup, UnbindReq, UnbindRsp
from drivers.zigbee.zdo.message import ZdoStatus
from hubagent.model.capabilities.table import commands_for
from hubagent.model.capability import Command, InvalidValue
from hubagent.model.driver import DeviceUnreachable, NotPossible, Record

if TYPE_CHECKING:
    from drivers.zigbee.driver import ZigbeeDriver

EVERY_END_POINT: Final = 0xFF
_CONTROL: Final = (0x0006, 0x0008, 0x0300, 0x0005, 0x0102)
"""What remotes command lamps and blinds with: On/Off, Level Control, Color Control, Scenes, Window Covering."""


# Groups.


async def groups(driver: "ZigbeeDriver", node: Node, arguments: Mapping[str, Any]) -> Record:
    """Which groups the device says that it is in."""
    found: set[int] = set()
    for endpoint in _in_groups(driver, node, arguments):
        answer = await _ask_groups(driver, node, endpoint, GetGroupMembership())
        found |= set(getattr(answer, "groups", ()))
    return {"groups": sorted(found)}


async def group_add(driver: "ZigbeeDriver", node: Node, arguments: Mapping[str, Any]) -> Record:
    """Put the device into a group."""
    group = _group(arguments)
    if group not in driver.group_table.numbers() and len(driver.group_table.numbers()) >= GROUPS_MAX:
        raise NotPossible(f"there are {GROUPS_MAX} groups already")
    for endpoint in _in_groups(driver, node, arguments):
        answer = await _ask_groups(driver, node, endpoint, AddGroup(group))
        status = answer.status if isinstance(answer, AddGroupResponse) else ZclStatus.FAILURE
        if status not in (ZclStatus.SUCCESS, ZclStatus.DUPLICATE_EXISTS):
            raise NotPossible(f"the device does not take the group (status 0x{int(status):02x})")
    driver.group_table.add(group, str(arguments["device"]))
    await listen_to_groups(driver.the_coordinator().ask, driver.group_table.numbers())
    return {"group": group, "members": list(driver.group_table.members(group))}


async def group_remove(driver: "ZigbeeDriver", node: Node, arguments: Mapping[str, Any]) -> Record:
    """Take the device out of a group. That it was not in it is no mistake."""
    group = _group(arguments)
    for endpoint in _in_groups(driver, node, arguments):
        await _ask_groups(driver, node, endpoint, RemoveGroup(group))
    driver.group_table.remove(group, str(arguments["device"]))
    await listen_to_groups(driver.the_coordinator().ask, driver.group_table.numbers())
    return {"group": group, "members": list(driver.group_table.members(group))}


async def group_set(driver: "ZigbeeDriver", arguments: Mapping[str, Any]) -> Record:
    """Say to all in a group at once: group=N on=true level=40."""
    group = _group(arguments)
    members = driver.group_table.members(group)
    if not members:
        raise NotPossible(f"nobody is in group {group}: `hubagent devices act DEVICE group_add group={group}`")
    values = {name: value for name, value in arguments.items() if name not in ("group", "protocol")}
    try:
        wishes = commands_for(values)
    except InvalidValue as error:
        raise NotPossible(str(error)) from error
    if not wishes:
        raise NotPossible("say what: group=N on=true level=40")
    for wish in wishes:
        for command in _plan_of_any(driver, members, wish).commands:
            await _say_to_group(driver, group, command)
    return {"group": group, "members": list(members), "sent": True}


def _plan_of_any(driver: "ZigbeeDriver", members: tuple[str, ...], wish: Command) -> Plan:
    for member in members:
        known = driver.registry.devices.get(member)
        plan = None if known is None else plan_for(wish, known[0].record, known[1])
        if plan is not None:
            return plan
    raise NotPossible(f"nobody in the group can do {type(wish).__name__}")


async def _say_to_group(driver: "ZigbeeDriver", group: int, command: ToSend) -> None:
    frame = command.frame(driver.stick.node.next_sequence())
    address = Address(HOME_PROFILE, command.cluster, EVERY_END_POINT, HUB)
    await driver.the_parts().radio.multicast(group, address, frame.to_bytes())


async def _ask_groups(driver: "ZigbeeDriver", node: Node, endpoint: int, command: Any) -> Any:
    """What the device answers; None where it says nothing that can be read. Raises as `Questions.ask`."""
    to_send = ToSend(endpoint, groups_cluster.CLUSTER_ID, command)
    frame = await driver.the_questions().ask_zcl(
        node, endpoint, groups_cluster.CLUSTER_ID, to_send.frame, Priority.CONTROLLER, specific=True
    )
    if frame is None or not frame.cluster_specific:
        return None
    try:
        return decode_command(groups_cluster.CLUSTER_ID, frame)
    except MalformedFrame:
        return None


def _group(arguments: Mapping[str, Any]) -> int:
    group = arguments.get("group")
    if isinstance(group, bool) or not isinstance(group, int) or not FIRST <= group <= LAST:
        raise NotPossible(f"say which: group=N, {FIRST} to {LAST}")
    return group


def _in_groups(driver: "ZigbeeDriver", node: Node, arguments: Mapping[str, Any]) -> list[int]:
    """The end points of the device, or of its part, that can be in a group. Raises NotPossible."""
    _, part = driver.registry.devices[str(arguments["device"])]
    found = [
        number
        for number, end_point in node.record.endpoints.items()
        if end_point.has(groups_cluster.CLUSTER_ID) and part in (ROOT, number)
    ]
    if not found:
        raise NotPossible("the device cannot be in groups")
    return found


# Bindings.


async def bind(driver: "ZigbeeDriver", node: Node, arguments: Mapping[str, Any]) -> Record:
    """Let a remote command a device (`target=ID`) or a group (`group=N`) itself."""
    return await _bind(driver, node, arguments, BindReq, BindRsp)


async def unbind(driver: "ZigbeeDriver", node: Node, arguments: Mapping[str, Any]) -> Record:
    """Take that back."""
    return await _bind(driver, node, arguments, UnbindReq, UnbindRsp)


async def _bind(
    driver: "ZigbeeDriver", node: Node, arguments: Mapping[str, Any], request: Any, expected: Any
) -> Record:
    done = []
    for endpoint, cluster, target in _bindings(driver, node, arguments):
        binding = Binding(node.eui64, endpoint, cluster, target)
        answer = await driver.the_questions().ask_zdo(node, request(binding), expected, Priority.CONTROLLER)
        if answer is None:
            raise DeviceUnreachable(f"{node.device} does not answer")
        if answer.status not in (ZdoStatus.SUCCESS, ZdoStatus.NO_ENTRY):
            name = answer.status.name if isinstance(answer.status, ZdoStatus) else f"0x{answer.status:02x}"
            raise NotPossible(f"the device refuses ({name})")
        done.append({"endpoint": endpoint, "cluster": cluster})
    return {"bindings": done}


def _bindings(
    driver: "ZigbeeDriver", node: Node, arguments: Mapping[str, Any]
) -> list[tuple[int, int, ToGroup | ToEndpoint]]:
    """From which end point, for which cluster, to whom. Raises NotPossible."""
    found: list[tuple[int, int, ToGroup | ToEndpoint]] = []
    to_group = "group" in arguments
    target = None if to_group else driver.registry.devices.get(str(arguments.get("target")))
    if target is None and not to_group:
        raise NotPossible("say to whom: target=ID of a device, or group=N")
    for number, end_point in sorted(node.record.endpoints.items()):
        for cluster in _CONTROL:
            if cluster not in end_point.outputs:
                continue
            if to_group:
                found.append((number, cluster, ToGroup(_group(arguments))))
            elif target is not None:
                found += [
                    (number, cluster, ToEndpoint(target[0].eui64, other.number))
                    for other in target[0].record.endpoints.values()
                    if other.has(cluster) and target[1] in (ROOT, other.number)
                ]
    if not found:
        raise NotPossible("the device commands nothing that the other understands")
    return found
