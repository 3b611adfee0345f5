"""UG100 "Networking Frames", continued: the end devices whose parent the stick is, its neighbours and its routes."""

from typing import Final

from drivers.zigbee.ezsp.children import (
    AddChild,
    AddChildResponse,
    ChildId,
    ChildIdResponse,
    ChildIndex,
    ChildIndexResponse,
    ChildPower,
    ChildPowerResponse,
    GetChildData,
    GetChildDataResponse,
    MaxChildCount,
    MaxChildCountResponse,
    MaxRouterChildCount,
    MaxRouterChildCountResponse,
    RemoveChild,
    RemoveChildResponse,
    RouterChildCount,
    RouterChildCountResponse,
    SetChildData,
    SetChildDataResponse,
)
from drivers.zigbee.ezsp.neighbors import (
    GetNeighbor,
    GetNeighborFrameCounter,
    GetNeighborFrameCounterResponse,
    GetNeighborResponse,
    GetRouteTableEntry,
    GetRouteTableEntryResponse,
    GetRoutingShortcutThreshold,
    GetRoutingShortcutThresholdResponse,
    NeighborCount,
    NeighborCountResponse,
    NeighborTableEntry,
    RouteStatus,
    RouteTableEntry,
    SetRoutingShortcutThreshold,
    SetRoutingShortcutThresholdResponse,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import ChildData
from drivers.zigbee.ezsp.types import NO_EUI64, NO_INDEX, NO_NODE, ConfigurationId, NodeType
from simulators.zigbee.chip import Chip, Handlers
from simulators.zigbee.memory import Child
from simulators.zigbee.radio import Neighbour

_NO_CHILD: Final = ChildData(NO_EUI64, NodeType.UNKNOWN, 0)
_NO_NEIGHBOR: Final = NeighborTableEntry(NO_NODE, 0, 0, 0, 0, NO_EUI64)
_NO_ROUTE: Final = RouteTableEntry(NO_NODE, NO_NODE, RouteStatus.UNUSED, 0, 0, 0)
_ROUTER: Final = 1
_AGE: Final = 3
_BEST_LQI: Final = 200


class Children:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def handlers(self) -> Handlers:
        memory = self._chip.memory
        return {
            GetChildData: self._get_child,
            SetChildData: self._set_child,
            ChildId: lambda request: ChildIdResponse(
                memory.children[request.child_index].node_id if request.child_index in memory.children else NO_NODE
            ),
            ChildIndex: self._index,
            ChildPower: lambda _: ChildPowerResponse(0),
            AddChild: self._add,
            RemoveChild: self._remove,
            RouterChildCount: lambda _: RouterChildCountResponse(0),
            MaxChildCount: lambda _: MaxChildCountResponse(self._chip.size(ConfigurationId.MAX_END_DEVICE_CHILDREN)),
            MaxRouterChildCount: lambda _: MaxRouterChildCountResponse(0),
            **self._neighbor_handlers(),
        }

    def _neighbor_handlers(self) -> Handlers:
        return {
            NeighborCount: lambda _: NeighborCountResponse(min(len(self._neighbors()), 0xFF)),
            GetNeighbor: self._neighbor,
            GetNeighborFrameCounter: self._neighbor_counter,
            GetRouteTableEntry: self._route,
            GetRoutingShortcutThreshold: lambda _: GetRoutingShortcutThresholdResponse(0),
            SetRoutingShortcutThreshold: lambda _: SetRoutingShortcutThresholdResponse(Status.OK),
        }

    # --- children

    def _get_child(self, request: GetChildData) -> GetChildDataResponse:
        child = self._chip.memory.children.get(request.index)
        if child is None:
            return GetChildDataResponse(Status.NOT_JOINED, _NO_CHILD)
        return GetChildDataResponse(Status.OK, ChildData(child.eui64, child.node_type, child.node_id))

    def _set_child(self, request: SetChildData) -> SetChildDataResponse:
        """As a backup says."""
        if request.index >= self._chip.size(ConfigurationId.MAX_END_DEVICE_CHILDREN):
            return SetChildDataResponse(Status.INVALID_INDEX)
        data, memory = request.child_data, self._chip.memory
        memory.children[request.index] = Child(data.eui64, data.node_id, data.node_type)
        memory.save()
        return SetChildDataResponse(Status.OK)

    def _index(self, request: ChildIndex) -> ChildIndexResponse:
        children = self._chip.memory.children.items()
        return ChildIndexResponse(next((index for index, it in children if it.node_id == request.child_id), NO_INDEX))

    def _add(self, request: AddChild) -> AddChildResponse:
        children_max = self._chip.size(ConfigurationId.MAX_END_DEVICE_CHILDREN)
        if len(self._chip.memory.children) >= children_max:
            return AddChildResponse(Status.FULL)
        self._chip.memory.add_child(request.long_id, request.short_id, request.node_type)
        return AddChildResponse(Status.OK)

    def _remove(self, request: RemoveChild) -> RemoveChildResponse:
        removed = self._chip.memory.remove_child(request.child_eui64)
        return RemoveChildResponse(Status.NOT_FOUND if removed is None else Status.OK)

    # --- neighbours and routes

    def _neighbors(self) -> tuple[Neighbour, ...]:
        if not self._chip.joined:
            return ()
        heard = self._chip.network.coordinator_neighbours()
        most = self._chip.size(ConfigurationId.NEIGHBOR_TABLE_SIZE)
        return tuple(it for it in heard if it.device_type == _ROUTER)[:most]

    def _neighbor(self, request: GetNeighbor) -> GetNeighborResponse:
        heard = self._neighbors()
        if request.index >= len(heard):
            return GetNeighborResponse(Status.INVALID_INDEX, _NO_NEIGHBOR)
        it = heard[request.index]
        cost = 1 if it.lqi >= _BEST_LQI else 3
        return GetNeighborResponse(Status.OK, NeighborTableEntry(it.node_id, it.lqi, cost, cost, _AGE, it.eui64))

    def _neighbor_counter(self, request: GetNeighborFrameCounter) -> GetNeighborFrameCounterResponse:
        known = any(it.eui64 == request.eui64 for it in self._neighbors())
        return GetNeighborFrameCounterResponse(Status.OK if known else Status.NOT_FOUND, 0)

    def _route(self, request: GetRouteTableEntry) -> GetRouteTableEntryResponse:
        size = self._chip.size(ConfigurationId.ROUTE_TABLE_SIZE)
        if request.index >= size:
            return GetRouteTableEntryResponse(Status.INVALID_INDEX, _NO_ROUTE)
        routes = [
            RouteTableEntry(it.node_id, path[0].node_id, RouteStatus.ACTIVE, 0, 0, 0)
            for it in self._chip.network.members()
            if self._chip.joined and it.router and len(path := self._chip.network.path_to(it)) > 1
        ][:size]
        return GetRouteTableEntryResponse(
            Status.OK, routes[request.index] if request.index < len(routes) else _NO_ROUTE
        )
