"""What people ask of the network itself: pings, neighbours, routes, another interview.

INS13954-13 §4.4: ZW_RequestNodeNeighborUpdate, ZW_GetRoutingInfo, ZW_AssignReturnRoute. `_ACTIONS` lists them; each
answers with what JSON can say.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

from drivers.zwave.command_classes.no_operation import NoOperation
from drivers.zwave.controller import Controller
from drivers.zwave.encapsulation.chain import wrap
from drivers.zwave.exchange import Answered, Priority
from drivers.zwave.interviewing import Interviewing
from drivers.zwave.node import Node
from drivers.zwave.radio import Radio, Sent
from drivers.zwave.registry import Registry
from drivers.zwave.serial_api.function import MalformedMessage
from drivers.zwave.serial_api.routing import (
    AssignSucReturnRoute,
    DeleteSucReturnRoute,
    GetRoutingInfo,
    NeighborUpdateStatus,
    RequestNeighborUpdate,
)
from drivers.zwave.serial_api.send_data import (
    SendDataBridgeCallback,
    SendDataCallback,
    TransmitReport,
    TransmitStatus,
)
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible, Record

NEIGHBOUR_UPDATE_S: Final = 240.0
"""A large network takes minutes (INS13954-13 §4.4, ZW_RequestNodeNeighborUpdate)."""


class Nodes(Protocol):
    @property
    def registry(self) -> Registry: ...

    @property
    def interviewing(self) -> Interviewing: ...

    def the_controller(self) -> Controller: ...


class Network:
    def __init__(self, nodes: Nodes, radio: Radio) -> None:
        self._nodes = nodes
        self._radio = radio

    async def act(self, action: str, node: Node | None, _arguments: Mapping[str, Any]) -> Record:
        """Raises DeviceUnreachable, DriverUnavailable or NotPossible."""
        if node is None:
            return await self._act_on_network(action)
        known = _ACTIONS.get(action)
        if known is None:
            raise NotPossible(f"there is no action {action!r}; there are {', '.join(sorted(_ACTIONS))}")
        with node.occupied():
            return await known(self, node)

    async def _act_on_network(self, action: str) -> Record:
        if action == "help":
            return {"actions": sorted(_NETWORK_ACTIONS), "of_devices": sorted(_ACTIONS)}
        known = _NETWORK_ACTIONS.get(action)
        if known is not None:
            return await known(self)
        if action in _ACTIONS:
            raise NotPossible(f"{action} is for one device: name it")
        if action in _ZIGBEE_ONLY:
            raise NotPossible(
                f"{action} is for Zigbee: only there can a network be written into a file, and put onto another stick"
            )
        raise NotPossible(f"there is no action {action!r}; there are {', '.join(sorted(_NETWORK_ACTIONS))}")

    async def _ping(self, node: Node) -> Record:
        loop = asyncio.get_running_loop()
        before = loop.time()
        sent = await self._radio.transmit(node, wrap(NoOperation()), Priority.COMMAND)
        if sent.sent is Sent.NOT_SENT:
            raise DriverUnavailable(sent.detail)
        if sent.sent is Sent.UNACKNOWLEDGED:
            raise DeviceUnreachable(f"node {node.node_id} does not answer")
        return {"answered": True, "seconds": round(loop.time() - before, 4)}

    async def _interview(self, node: Node) -> Record:
        self._nodes.interviewing.again(node)
        await self._nodes.interviewing.finished(node)
        return {"stage": node.record.stage.name.lower()}

    async def _refresh(self, node: Node) -> Record:
        await self._nodes.interviewing.refresh(node, Priority.COMMAND)
        return {"refreshed": True}

    async def _signal(self, node: Node) -> Record:
        """How well the node is heard, by the way and the acknowledgement of a ping (INS13954-13, TX_STATUS_TYPE)."""
        await self._ping(node)
        callback = node.last_callback
        if not isinstance(callback, SendDataCallback | SendDataBridgeCallback) or callback.ticks is None:
            raise NotPossible("this controller does not report how it transmits")
        try:
            report = TransmitReport.from_bytes(callback.report)
        except MalformedMessage as error:
            raise NotPossible(f"the controller's report cannot be read: {error}") from error
        return {
            "milliseconds": callback.ticks * 10,
            "acknowledgement_dbm": report.ack_rssi_dbm,
            "repeaters": list(report.repeaters),
            "attempts": report.attempts,
        }

    async def _neighbours(self, node: Node) -> Record:
        info = await self._nodes.the_controller().ask(GetRoutingInfo(node.node_id, False, False))
        return {"neighbours": sorted(info.neighbors)}

    async def _map(self) -> Record:
        """Who hears whom, as the controller recalls it; how well, it does not say."""
        controller = self._nodes.the_controller()
        own = controller.identity.own_node_id
        nodes: list[Record] = [{"id": "", "address": own, "role": "coordinator"}]
        links: list[Record] = []
        for node_id, node in sorted(self._nodes.registry.nodes.items()):
            role = "router" if node.record.listening else "end_device"
            nodes.append({"id": self._nodes.registry.device_id(node), "address": node_id, "role": role})
            info = await controller.ask(GetRoutingInfo(node_id, False, False))
            links += [{"from": node_id, "to": other, "lqi": None} for other in sorted(info.neighbors)]
        return {"nodes": nodes, "links": links}

    async def _rebuild_routes(self, node: Node) -> Record:
        """Let the node look for its neighbours, then give it a new way to us."""
        controller = self._nodes.the_controller()
        answer = await controller.call(
            lambda callback_id: RequestNeighborUpdate(node.node_id, callback_id),
            callback_timeout_s=NEIGHBOUR_UPDATE_S,
            holds_link=False,
        )
        status = getattr(answer.callback, "status", None) if isinstance(answer, Answered) else None
        if status is not NeighborUpdateStatus.DONE:
            raise DeviceUnreachable(f"node {node.node_id} did not find its neighbours; is it in reach?")
        for build in (
            lambda callback_id: DeleteSucReturnRoute(node.node_id, callback_id),
            lambda callback_id: AssignSucReturnRoute(node.node_id, callback_id),
        ):
            answer = await controller.call(build)
            status = getattr(answer.callback, "status", None) if isinstance(answer, Answered) else None
            if status != TransmitStatus.OK:
                raise DeviceUnreachable(f"node {node.node_id} did not take its new route")
        return await self._neighbours(node)


_ACTIONS: Final[dict[str, Callable[[Network, Node], Awaitable[Record]]]] = {
    "ping": Network._ping,
    "interview": Network._interview,
    "refresh": Network._refresh,
    "signal": Network._signal,
    "neighbours": Network._neighbours,
    "rebuild_routes": Network._rebuild_routes,
}

_NETWORK_ACTIONS: Final[dict[str, Callable[[Network], Awaitable[Record]]]] = {"map": Network._map}

_ZIGBEE_ONLY: Final = ("backup", "restore")
"""The command line has them for every radio."""
