"""Who hears whom, and the routes that nodes are told."""

from typing import Final

from drivers.zwave.serial_api.routing import (
    AssignPriorityReturnRoute,
    AssignPrioritySucReturnRoute,
    AssignReturnRoute,
    AssignSucReturnRoute,
    DeleteReturnRoute,
    DeleteSucReturnRoute,
    GetPriorityRoute,
    GetRoutingInfo,
    NeighborUpdateCallback,
    NeighborUpdateStatus,
    PriorityRoute,
    RequestNeighborUpdate,
    Route,
    RouteKind,
    RoutingInfo,
    SetPriorityRoute,
    SetPriorityRouteResponse,
)
from drivers.zwave.serial_api.send_data import TransmitStatus
from simulators.zwave.chip import Chip, Handlers
from simulators.zwave.memory import CONTROLLER_NODE
from simulators.zwave.transmitter import reach

ToldToNode = (
    AssignReturnRoute
    | DeleteReturnRoute
    | AssignSucReturnRoute
    | DeleteSucReturnRoute
    | AssignPriorityReturnRoute
    | AssignPrioritySucReturnRoute
)
TOLD_TO_NODE: Final = (
    AssignReturnRoute,
    DeleteReturnRoute,
    AssignSucReturnRoute,
    DeleteSucReturnRoute,
    AssignPriorityReturnRoute,
    AssignPrioritySucReturnRoute,
)


class Routing:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._priority_routes: dict[int, Route] = {}

    def handlers(self) -> Handlers:
        return dict.fromkeys(TOLD_TO_NODE, self._tell_node) | {
            RequestNeighborUpdate: self._update_neighbors,
            GetRoutingInfo: self._routing_info,
            GetPriorityRoute: self._priority_route,
            SetPriorityRoute: self._set_priority_route,
        }

    def _update_neighbors(self, request: RequestNeighborUpdate) -> None:
        chip = self._chip
        if chip.sending:
            chip.call_back(NeighborUpdateCallback(request.callback_id, NeighborUpdateStatus.FAILED))
            return
        chip.call_back(NeighborUpdateCallback(request.callback_id, NeighborUpdateStatus.STARTED))

        def ended(found: bool) -> None:
            if found:
                self._find_neighbors(request.node_id)
            status = NeighborUpdateStatus.DONE if found else NeighborUpdateStatus.FAILED
            chip.call_back(NeighborUpdateCallback(request.callback_id, status))

        reach(chip, request.node_id, ended)

    def _find_neighbors(self, node_id: int) -> None:
        memory = self._chip.memory
        memory.nodes[node_id].neighbors = self._heard_by(node_id)
        memory.save()

    def _heard_by(self, node_id: int) -> frozenset[int]:
        network = self._chip.network
        return frozenset(it for it in self._listeners() - {node_id} if network.hear_each_other(node_id, it))

    def _listeners(self) -> frozenset[int]:
        nodes = self._chip.memory.nodes
        return frozenset(node_id for node_id, entry in nodes.items() if entry.info.listening) | {CONTROLLER_NODE}

    def _routing_info(self, request: GetRoutingInfo) -> None:
        if request.node_id == CONTROLLER_NODE:
            self._chip.respond(RoutingInfo(self._heard_by(CONTROLLER_NODE)))
            return
        entry = self._chip.memory.nodes.get(request.node_id)
        self._chip.respond(RoutingInfo(frozenset() if entry is None else entry.neighbors))

    def _tell_node(self, request: ToldToNode) -> None:
        chip = self._chip
        accepted = not chip.sending and request.node_id in chip.memory.nodes
        chip.respond(request.RESPONSE(accepted))
        if not accepted:
            return

        def ended(told: bool) -> None:
            status = TransmitStatus.OK if told else TransmitStatus.NO_ACK
            chip.call_back(request.CALLBACK(request.callback_id, status))

        reach(chip, request.node_id, ended)

    def _priority_route(self, request: GetPriorityRoute) -> None:
        route = self._priority_routes.get(request.node_id)
        kind = RouteKind.NONE if route is None else RouteKind.APPLICATION
        self._chip.respond(PriorityRoute(request.node_id, kind, route))

    def _set_priority_route(self, request: SetPriorityRoute) -> None:
        if request.route is None:
            self._priority_routes.pop(request.node_id, None)
        else:
            self._priority_routes[request.node_id] = request.route
        self._chip.respond(SetPriorityRouteResponse(request.node_id, True))
