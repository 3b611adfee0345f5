"""What people ask of the network itself, and of one device beyond its functions: a table of words with their work.

Each answers with what JSON can say. What concerns the stick's network is in `network_actions`; here is what is asked of
devices.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from drivers.zigbee.binding_actions import bind, group_add, group_remove, groups, unbind
from drivers.zigbee.exchange import Priority
from drivers.zigbee.network_actions import NETWORK_ACTIONS
from drivers.zigbee.node import Node
from drivers.zigbee.topology import ask_neighbours
from drivers.zigbee.zdo.discovery import NodeDescReq, NodeDescRsp
from hubagent.model.device import DeviceId
from hubagent.model.driver import NotPossible, Record

if TYPE_CHECKING:
    from drivers.zigbee.driver import ZigbeeDriver


class Actions:
    def __init__(self, driver: "ZigbeeDriver") -> None:
        self._driver = driver

    async def act(self, action: str, device: DeviceId | None, arguments: Mapping[str, Any]) -> Record:
        """Raises DeviceUnreachable, DriverUnavailable or NotPossible."""
        if device is None:
            known = NETWORK_ACTIONS.get(action)
            if known is None and action in DEVICE_ACTIONS:
                raise NotPossible(f"{action} is for one device: name it")
            if known is None or action == "help":
                if action == "help":
                    return {"actions": sorted(NETWORK_ACTIONS), "of_devices": sorted(DEVICE_ACTIONS)}
                raise NotPossible(f"there is no action {action!r}; there are {', '.join(sorted(NETWORK_ACTIONS))}")
            return await known(self._driver, arguments)
        of_device = DEVICE_ACTIONS.get(action)
        if of_device is None:
            raise NotPossible(f"there is no action {action!r}; there are {', '.join(sorted(DEVICE_ACTIONS))}")
        self._driver.the_parts()
        node = self._driver.registry.node_of(device)
        with node.occupied():
            return await of_device(self._driver, node, {**arguments, "device": device})


async def _ping(driver: "ZigbeeDriver", node: Node, _arguments: Mapping[str, Any]) -> Record:
    loop = asyncio.get_running_loop()
    before = loop.time()
    await driver.the_questions().ask_zdo(node, NodeDescReq(node.node_id), NodeDescRsp, Priority.COMMAND)
    return {"answered": True, "seconds": round(loop.time() - before, 4)}


async def _interview(driver: "ZigbeeDriver", node: Node, _arguments: Mapping[str, Any]) -> Record:
    driver.interviewing.again(node)
    await driver.interviewing.finished(node)
    return {"stage": node.record.stage.name.lower()}


async def _refresh(driver: "ZigbeeDriver", node: Node, _arguments: Mapping[str, Any]) -> Record:
    await driver.interviewing.refresh(node, Priority.COMMAND)
    return {"refreshed": True}


async def _signal(driver: "ZigbeeDriver", node: Node, arguments: Mapping[str, Any]) -> Record:
    """How well the last message of the device was heard, from whoever handed it to the stick."""
    await _ping(driver, node, arguments)
    return {"lqi": node.lqi, "rssi_dbm": node.rssi}


async def _neighbours(driver: "ZigbeeDriver", node: Node, _arguments: Mapping[str, Any]) -> Record:
    if not node.record.is_router:
        raise NotPossible("it is no router: it hears its parent only")
    topology = await ask_neighbours(node, driver.the_questions())
    known = {link.other: link.lqi for link in topology.links}
    by_address = driver.registry.by_address
    return {
        "neighbours": [
            {"address": address, "id": by_address[address].device if address in by_address else "", "lqi": lqi}
            for address, lqi in sorted(known.items())
        ]
    }


async def _ota_notify(driver: "ZigbeeDriver", node: Node, _arguments: Mapping[str, Any]) -> Record:
    return await driver.ota.notify(node, driver.the_questions())


DeviceAction = Callable[["ZigbeeDriver", Node, Mapping[str, Any]], Awaitable[Record]]

DEVICE_ACTIONS: Final[dict[str, DeviceAction]] = {
    "ping": _ping,
    "interview": _interview,
    "refresh": _refresh,
    "signal": _signal,
    "neighbours": _neighbours,
    "groups": groups,
    "group_add": group_add,
    "group_remove": group_remove,
    "bind": bind,
    "unbind": unbind,
    "ota_notify": _ota_notify,
}
