"""Devices come and go: every stage that a controller tells its host, in the order of INS13954-13 §4.4."""

import asyncio

from drivers.zwave.serial_api.application import ApplicationCommand
from drivers.zwave.serial_api.controller_info import GetInitData, InitData
from drivers.zwave.serial_api.inclusion import (
    AddNode,
    AddNodeCallback,
    FailedNode,
    FailedNodeStart,
    FailedNodeStatus,
    IsFailedNode,
    NetworkMode,
    NetworkStatus,
    RemoveFailedNode,
    RemoveFailedNodeCallback,
    RemoveFailedNodeResponse,
    RemoveNode,
    RemoveNodeCallback,
    ReplaceFailedNode,
    ReplaceFailedNodeCallback,
    ReplaceFailedNodeResponse,
)
from drivers.zwave.serial_api.send_data import RELIABLE, SendData, SendDataCallback
from simulators.zwave.network import Air
from tests.simulators.zwave.bench_host import BenchHost, World

READY, FOUND, END_NODE = NetworkStatus.READY, NetworkStatus.NODE_FOUND, NetworkStatus.END_NODE
PROTOCOL_DONE, DONE, FAILED = NetworkStatus.PROTOCOL_DONE, NetworkStatus.DONE, NetworkStatus.FAILED


def stages(callbacks: list[AddNodeCallback] | list[RemoveNodeCallback]) -> list[tuple[NetworkStatus, int, int]]:
    return [(callback.status, callback.callback_id, callback.node_id) for callback in callbacks]


async def let_fail(world: World, host: BenchHost, device: str) -> int:
    """Make a device dead, and let the stick notice."""
    node_id = world.network.include(device)
    world.network.cut_power(device)
    host.ask(SendData(node_id, b"\x00", RELIABLE, 1))
    await asyncio.sleep(2)
    host.take(SendDataCallback)
    return node_id


async def add(world: World, host: BenchHost, device: str) -> list[AddNodeCallback]:
    host.ask(AddNode(NetworkMode.ANY, 5))
    await asyncio.sleep(0.1)
    world.network.press(device)
    await asyncio.sleep(0.1)
    return host.take(AddNodeCallback)


async def test_a_press_in_add_mode_includes_the_device_stage_by_stage() -> None:
    world = World("a")
    host = world.plugged()
    callbacks = await add(world, host, "a")
    assert stages(callbacks) == [(READY, 5, 0), (FOUND, 5, 0), (END_NODE, 5, 2), (PROTOCOL_DONE, 5, 2)]
    assert callbacks[2].information is not None
    assert callbacks[2].information.command_classes == (0x5E, 0x86, 0x72, 0x25)
    assert world.switches["a"].memberships == [(2, world.network.memory.home_id)]


async def test_stopping_after_an_inclusion_names_the_node() -> None:
    world = World("a")
    host = world.plugged()
    await add(world, host, "a")
    done = await host.answer(AddNode(NetworkMode.STOP, 6), AddNodeCallback)
    assert stages([done]) == [(DONE, 6, 2)]
    # A host ends with one more stop, for which it wants no callback.
    host.ask(AddNode(NetworkMode.STOP, 0))
    await asyncio.sleep(1)
    assert host.take(AddNodeCallback) == []


async def test_stopping_before_anybody_came_names_no_node() -> None:
    host = World().plugged()
    await host.answer(AddNode(NetworkMode.ANY, 5), AddNodeCallback)
    done = await host.answer(AddNode(NetworkMode.STOP, 6), AddNodeCallback)
    assert stages([done]) == [(DONE, 6, 0)]


async def test_stopped_in_the_middle_nobody_is_added_and_nothing_more_is_said() -> None:
    world = World("a", air=Air(frame_s=0.1))
    host = world.plugged()
    await host.answer(AddNode(NetworkMode.ANY, 5), AddNodeCallback)
    world.network.press("a")
    await asyncio.sleep(0.05)
    assert stages(host.take(AddNodeCallback)) == [(FOUND, 5, 0)]
    host.ask(AddNode(NetworkMode.STOP, 6))
    await asyncio.sleep(1)
    assert stages(host.take(AddNodeCallback)) == [(DONE, 6, 0)]
    assert not world.switches["a"].included


async def test_a_stop_while_nothing_goes_on_is_not_taken_for_a_start() -> None:
    world = World("a")
    host = world.plugged()
    await host.answer(AddNode(NetworkMode.STOP, 6), AddNodeCallback)
    ready = await host.answer(RemoveNode(NetworkMode.ANY, 7), RemoveNodeCallback)
    assert stages([ready]) == [(READY, 7, 0)]


async def test_a_second_start_fails_and_leaves_the_first_alone() -> None:
    world = World("a")
    host = world.plugged()
    await host.answer(AddNode(NetworkMode.ANY, 5), AddNodeCallback)
    failed = await host.answer(RemoveNode(NetworkMode.ANY, 6), RemoveNodeCallback)
    assert failed.status is FAILED
    world.network.press("a")
    await asyncio.sleep(0.1)
    assert stages(host.take(AddNodeCallback))[-1] == (PROTOCOL_DONE, 5, 2)


async def test_without_add_mode_a_press_includes_nobody() -> None:
    world = World("a")
    host = world.plugged()
    world.network.press("a")
    await asyncio.sleep(1)
    assert not host.frames
    assert not world.switches["a"].included


async def test_a_device_without_power_is_not_included() -> None:
    world = World("a")
    world.network.cut_power("a")
    host = world.plugged()
    assert stages(await add(world, host, "a")) == [(READY, 5, 0)]


async def test_an_included_device_is_not_added_again() -> None:
    world = World("a")
    host = world.plugged()
    world.network.include("a")
    assert stages(await add(world, host, "a")) == [(READY, 5, 0)]


async def test_only_the_first_of_two_pressed_devices_is_added() -> None:
    world = World("ab")
    host = world.plugged()
    await add(world, host, "a")
    world.network.press("b")
    await asyncio.sleep(1)
    assert host.take(AddNodeCallback) == []
    assert not world.switches["b"].included


async def test_node_identifiers_are_given_upward_and_not_given_again_at_once() -> None:
    world = World("abc")
    host = world.plugged()
    assert [world.network.include(name) for name in "ab"] == [2, 3]
    world.network.dismiss("b")
    assert world.network.include("c") == 4
    assert (await host.answer(GetInitData(), InitData)).nodes == {1, 2, 4}


async def test_a_press_in_remove_mode_excludes_the_device_stage_by_stage() -> None:
    world = World("a")
    host = world.plugged()
    world.network.include("a")
    await host.answer(RemoveNode(NetworkMode.ANY, 7), RemoveNodeCallback)
    world.network.press("a")
    await asyncio.sleep(0.1)
    assert stages(host.take(RemoveNodeCallback)) == [(FOUND, 7, 0), (END_NODE, 7, 2), (DONE, 7, 2)]
    assert not world.switches["a"].included
    assert (await host.answer(GetInitData(), InitData)).nodes == {1}


async def test_a_device_of_another_network_is_excluded_as_node_zero() -> None:
    world = World("a")
    host = world.plugged()
    await host.answer(RemoveNode(NetworkMode.ANY, 7), RemoveNodeCallback)
    world.network.press("a")
    await asyncio.sleep(0.1)
    assert stages(host.take(RemoveNodeCallback)) == [(FOUND, 7, 0), (END_NODE, 7, 0), (DONE, 7, 0)]


async def test_the_stop_of_an_inclusion_leaves_an_exclusion_alone() -> None:
    world = World("a")
    host = world.plugged()
    world.network.include("a")
    await host.answer(RemoveNode(NetworkMode.ANY, 7), RemoveNodeCallback)
    await host.answer(AddNode(NetworkMode.STOP, 8), AddNodeCallback)
    world.network.press("a")
    await asyncio.sleep(0.1)
    assert stages(host.take(RemoveNodeCallback))[-1] == (DONE, 7, 2)


async def test_an_exclusion_can_be_stopped() -> None:
    world = World("a")
    host = world.plugged()
    world.network.include("a")
    await host.answer(RemoveNode(NetworkMode.ANY, 7), RemoveNodeCallback)
    assert (await host.answer(RemoveNode(NetworkMode.STOP, 8), RemoveNodeCallback)).status is DONE
    world.network.press("a")
    await asyncio.sleep(1)
    assert world.switches["a"].included


async def test_a_node_that_answers_is_not_in_the_list_of_failed_nodes() -> None:
    world = World("a")
    host = world.plugged()
    node_id = world.network.include("a")
    assert not (await host.answer(IsFailedNode(node_id), FailedNode)).failed
    response = await host.answer(RemoveFailedNode(node_id, 3), RemoveFailedNodeResponse)
    assert response.start is FailedNodeStart.NOT_FAILED


async def test_a_node_that_failed_is_removed_without_being_told() -> None:
    world = World("a")
    host = world.plugged()
    node_id = await let_fail(world, host, "a")
    assert (await host.answer(IsFailedNode(node_id), FailedNode)).failed
    host.ask(RemoveFailedNode(node_id, 3))
    await asyncio.sleep(2)
    # The response has the function of the callback, but not its type.
    assert host.one(RemoveFailedNodeResponse).accepted
    assert host.one(RemoveFailedNodeCallback).status is FailedNodeStatus.REMOVED
    assert (await host.answer(GetInitData(), InitData)).nodes == {1}
    assert world.switches["a"].included


async def test_a_removed_node_that_comes_back_is_heard_by_nobody_until_it_is_excluded() -> None:
    world = World("a")
    host = world.plugged()
    node_id = await let_fail(world, host, "a")
    host.ask(RemoveFailedNode(node_id, 3))
    await asyncio.sleep(2)
    world.network.restore_power("a")
    world.switches["a"].toggle()
    await asyncio.sleep(1)
    assert host.take(ApplicationCommand) == []
    assert stages(await add(world, host, "a")) == [(READY, 5, 0)]
    host.ask(AddNode(NetworkMode.STOP, 0))
    await host.answer(RemoveNode(NetworkMode.ANY, 7), RemoveNodeCallback)
    world.network.press("a")
    await asyncio.sleep(0.1)
    host.take(RemoveNodeCallback)
    assert stages(await add(world, host, "a"))[-1] == (PROTOCOL_DONE, 5, 3)


async def test_a_node_that_answers_again_is_not_removed() -> None:
    world = World("a")
    host = world.plugged()
    node_id = await let_fail(world, host, "a")
    world.network.restore_power("a")
    host.ask(RemoveFailedNode(node_id, 3))
    await asyncio.sleep(1)
    assert host.one(RemoveFailedNodeCallback).status is FailedNodeStatus.NODE_OK
    assert not (await host.answer(IsFailedNode(node_id), FailedNode)).failed


async def test_a_report_takes_a_node_off_the_list_of_failed_nodes() -> None:
    world = World("a")
    host = world.plugged()
    node_id = await let_fail(world, host, "a")
    world.network.restore_power("a")
    world.switches["a"].toggle()
    await asyncio.sleep(0.1)
    assert not (await host.answer(IsFailedNode(node_id), FailedNode)).failed


async def test_a_failed_node_is_replaced_under_its_identifier() -> None:
    world = World("ab")
    host = world.plugged()
    node_id = await let_fail(world, host, "a")
    host.ask(ReplaceFailedNode(node_id, 3))
    await asyncio.sleep(2)
    assert host.one(ReplaceFailedNodeResponse).accepted
    assert host.one(ReplaceFailedNodeCallback).status is FailedNodeStatus.REPLACE
    world.network.press("b")
    await asyncio.sleep(0.1)
    assert host.one(ReplaceFailedNodeCallback).status is FailedNodeStatus.REPLACED
    assert world.network.node_of("b") == node_id
    assert world.network.node_of("a") is None
