"""Neighbours and routes, as far as an air in which everybody hears everybody has them."""

import asyncio

from drivers.zwave.serial_api.routing import (
    AssignReturnRoute,
    AssignReturnRouteCallback,
    AssignReturnRouteResponse,
    AssignSucReturnRoute,
    AssignSucReturnRouteCallback,
    GetPriorityRoute,
    GetRoutingInfo,
    NeighborUpdateCallback,
    NeighborUpdateStatus,
    PriorityRoute,
    RequestNeighborUpdate,
    Route,
    RouteKind,
    RouteSpeed,
    RoutingInfo,
    SetPriorityRoute,
    SetPriorityRouteResponse,
)
from drivers.zwave.serial_api.send_data import TransmitStatus
from simulators.zwave.radio_node import NodeInformation
from tests.helpers.plain_switch import PlainSwitch
from tests.simulators.zwave.bench_host import World


async def test_a_node_finds_those_that_always_listen_and_the_controller() -> None:
    world = World("ab")
    host = world.plugged()
    first, second = (world.network.include(name) for name in "ab")
    world.network.place("door", PlainSwitch(NodeInformation(0x07, 0x01, (0x71, 0x84), listening=False)))
    world.network.include("door")
    assert (await host.answer(GetRoutingInfo(first), RoutingInfo)).neighbors == frozenset()
    host.ask(RequestNeighborUpdate(first, 4))
    await asyncio.sleep(0.1)
    assert [callback.status for callback in host.take(NeighborUpdateCallback)] == [
        NeighborUpdateStatus.STARTED,
        NeighborUpdateStatus.DONE,
    ]
    assert (await host.answer(GetRoutingInfo(first), RoutingInfo)).neighbors == {1, second}
    assert (await host.answer(GetRoutingInfo(1), RoutingInfo)).neighbors == {first, second}


async def test_a_dead_node_s_update_fails_after_it_started() -> None:
    world = World("a")
    host = world.plugged()
    node_id = world.network.include("a")
    world.network.cut_power("a")
    host.ask(RequestNeighborUpdate(node_id, 4))
    await asyncio.sleep(2)
    assert [callback.status for callback in host.take(NeighborUpdateCallback)] == [
        NeighborUpdateStatus.STARTED,
        NeighborUpdateStatus.FAILED,
    ]


async def test_a_node_is_told_its_return_routes() -> None:
    world = World("a")
    host = world.plugged()
    node_id = world.network.include("a")
    host.ask(AssignReturnRoute(node_id, 1, 3))
    await asyncio.sleep(0.1)
    assert host.one(AssignReturnRouteResponse).accepted
    assert host.one(AssignReturnRouteCallback) == AssignReturnRouteCallback(3, TransmitStatus.OK)


async def test_a_dead_node_is_told_nothing() -> None:
    world = World("a")
    host = world.plugged()
    node_id = world.network.include("a")
    world.network.cut_power("a")
    host.ask(AssignSucReturnRoute(node_id, 3))
    await asyncio.sleep(2)
    assert host.one(AssignSucReturnRouteCallback).status is TransmitStatus.NO_ACK


async def test_routes_of_a_node_that_there_is_not_are_not_accepted() -> None:
    host = World().plugged()
    assert not (await host.answer(AssignReturnRoute(9, 1, 3), AssignReturnRouteResponse)).accepted


async def test_a_priority_route_is_kept_until_it_is_taken_away() -> None:
    host = World().plugged()
    route = Route((2, 3), RouteSpeed.KBIT_100)
    assert (await host.answer(GetPriorityRoute(5), PriorityRoute)).kind is RouteKind.NONE
    assert (await host.answer(SetPriorityRoute(5, route), SetPriorityRouteResponse)).accepted
    kept = await host.answer(GetPriorityRoute(5), PriorityRoute)
    assert (kept.kind, kept.route) == (RouteKind.APPLICATION, route)
    await host.answer(SetPriorityRoute(5, None), SetPriorityRouteResponse)
    assert (await host.answer(GetPriorityRoute(5), PriorityRoute)).kind is RouteKind.NONE
