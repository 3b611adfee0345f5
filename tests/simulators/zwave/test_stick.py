"""The stick as a host sees it: its start, what it says of itself, and its way with commands."""

import asyncio

import pytest

from drivers.zwave.serial_api import setup
from drivers.zwave.serial_api.application import (
    ApplicationCommand,
    ApplicationUpdate,
    BridgeApplicationCommand,
    UpdateEvent,
)
from drivers.zwave.serial_api.chip_settings import SetReceiveMode, SetReceiveModeResponse
from drivers.zwave.serial_api.controller_info import (
    ControllerCapabilities,
    ControllerRole,
    GetControllerCapabilities,
    GetHomeId,
    GetInitData,
    GetLibraryVersion,
    GetSerialApiCapabilities,
    HomeId,
    InitData,
    LibraryVersion,
    SerialApiCapabilities,
)
from drivers.zwave.serial_api.node_info import (
    Flirs,
    GetNodeProtocolInfo,
    NodeProtocolInfo,
    RequestNodeInfo,
    RequestNodeInfoResponse,
)
from drivers.zwave.serial_api.reset import SerialApiStarted, SetDefault, SetDefaultCallback, SoftReset, WakeUpReason
from drivers.zwave.serial_api.send_data import (
    RELIABLE,
    SendData,
    SendDataAbort,
    SendDataBridge,
    SendDataBridgeCallback,
    SendDataCallback,
    SendDataMulticast,
    SendDataMulticastCallback,
    SendDataResponse,
    TransmitReport,
    TransmitStatus,
)
from drivers.zwave.serial_api.suc import SetSucNodeId, SetSucNodeIdResponse
from drivers.zwave.serial_api.table import REQUESTS
from simulators.zwave.flavours import FLAVOURS, SERIES_500
from simulators.zwave.network import Air
from simulators.zwave.radio_node import NodeInformation
from tests.helpers.plain_switch import PlainSwitch
from tests.simulators.zwave.bench_host import World

SET_ON = bytes.fromhex("2501ff")
GET = bytes.fromhex("2502")


def send(node_id: int, command: bytes = SET_ON, callback_id: int = 9) -> SendData:
    return SendData(node_id, command, RELIABLE, callback_id)


# --- starting


async def test_plugged_in_it_says_that_it_has_started() -> None:
    world = World()
    world.host.plug()
    assert world.host.one(SerialApiStarted).reason is WakeUpReason.POWER_UP


async def test_the_500_series_starts_without_a_word() -> None:
    world = World(flavour=SERIES_500)
    world.host.plug()
    assert not world.host.frames


async def test_after_a_soft_reset_it_says_so_and_hears_nothing_meanwhile() -> None:
    world = World()
    host = world.plugged()
    host.ask(SoftReset())
    host.ask(GetHomeId())
    await asyncio.sleep(0.29)
    assert not host.frames
    await asyncio.sleep(0.02)
    assert host.one(SerialApiStarted).reason is WakeUpReason.SOFTWARE_RESET


async def test_with_no_start_it_comes_back_without_saying_so() -> None:
    world = World()
    world.faults.no_start = True
    host = world.plugged()
    host.ask(SoftReset())
    await asyncio.sleep(1)
    assert not host.frames
    assert (await host.answer(GetHomeId(), HomeId)).node_id == 1


async def test_re_enumerating_unplugs_and_plugs_it_again() -> None:
    world = World()
    host = world.host

    def unplug_and_plug() -> None:
        world.stick.connection_lost(None)
        host.plug()

    world.stick.reenumerate = unplug_and_plug
    world.plugged()
    host.ask(SoftReset())
    await asyncio.sleep(0.1)
    assert host.one(SerialApiStarted).reason is WakeUpReason.SOFTWARE_RESET


async def test_a_soft_reset_forgets_what_was_being_sent() -> None:
    world = World("a", air=Air(frame_s=0.5))
    host = world.plugged()
    host.ask(send(world.network.include("a")))
    await asyncio.sleep(0.1)
    host.ask(SoftReset())
    await asyncio.sleep(2)
    assert host.take(SendDataCallback) == []
    host.ask(send(2))
    await asyncio.sleep(1)
    assert host.one(SendDataCallback).status is TransmitStatus.OK


async def test_left_in_its_bootloader_it_shows_a_menu_until_it_is_told_to_run() -> None:
    world = World()
    world.faults.bootloader = True
    host = world.host
    host.plug()
    assert b"Gecko Bootloader" in host.text
    host.text = b""
    host.ask(GetHomeId())
    await asyncio.sleep(1)
    assert b"2. run" in host.text
    assert not host.frames
    world.stick.data_received(b"2")
    await asyncio.sleep(1)
    assert host.one(SerialApiStarted)
    assert (await host.answer(GetHomeId(), HomeId)).node_id == 1


# --- what it says of itself


@pytest.mark.parametrize("name", FLAVOURS)
async def test_every_flavour_answers_every_function_that_it_offers(name: str) -> None:
    world = World("a", flavour=FLAVOURS[name])
    host = world.plugged()
    world.network.include("a")
    functions = (await host.answer(GetSerialApiCapabilities(), SerialApiCapabilities)).functions
    for kind in REQUESTS:
        if kind.FUNCTION not in functions or kind in (SoftReset, SetDefault):
            continue
        host.frames.clear()
        request = kind.from_payload(bytes((2, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3)))
        host.ask(request)
        await asyncio.sleep(5)
        answered = {(frame.type, frame.function) for _, frame in host.frames}
        if request.RESPONSE is not None:
            assert (request.RESPONSE.TYPE, kind.FUNCTION) in answered, kind


@pytest.mark.parametrize("name", FLAVOURS)
async def test_every_flavour_answers_every_setup_command_that_it_offers(name: str) -> None:
    flavour = FLAVOURS[name]
    host = World(flavour=flavour).plugged()
    for kind in setup.REQUESTS:
        request = kind.from_payload(bytes((kind.COMMAND, 0, 0, 0, 0)))
        host.ask(request)
        await asyncio.sleep(0.1)
        refused = host.take(setup.SetupRefused)[0].command == kind.COMMAND
        assert refused == (kind.COMMAND not in flavour.setup_commands), kind


async def test_a_setup_command_that_it_does_not_know_is_refused() -> None:
    host = World().plugged()
    answer = await host.answer(setup.UnknownSetup(b"\x99"), setup.SetupRefused)
    assert answer.command == 0x99


async def test_a_function_that_it_does_not_have_is_only_acknowledged() -> None:
    host = World(flavour=SERIES_500).plugged()
    host.ask(SendDataBridge(1, 2, SET_ON, RELIABLE, 9))
    await asyncio.sleep(1)
    assert [data for _, data in host.signals] == [b"\x06"]
    assert not host.frames


async def test_a_malformed_request_is_acknowledged_and_counted() -> None:
    world = World()
    host = world.plugged()
    world.stick.data_received(bytes.fromhex("01040013 02 ea".replace(" ", "")))
    await asyncio.sleep(1)
    assert [data for _, data in host.signals] == [b"\x06"]
    assert not host.frames
    assert world.stick.malformed_requests == 1


async def test_it_lists_itself_and_its_nodes() -> None:
    world = World("ab")
    host = world.plugged()
    world.network.include("a")
    world.network.include("b")
    data = await host.answer(GetInitData(), InitData)
    assert data.nodes == {1, 2, 3}
    assert data.chip == (7, 0)
    assert (await host.answer(GetLibraryVersion(), LibraryVersion)).text == "Z-Wave 7.19"


async def test_it_is_the_suc_until_somebody_takes_that_from_it() -> None:
    host = World().plugged()
    assert ControllerRole.SUC in (await host.answer(GetControllerCapabilities(), ControllerCapabilities)).roles
    assert (await host.answer(SetSucNodeId(1, False, False, 5), SetSucNodeIdResponse)).accepted
    assert ControllerRole.SUC not in (await host.answer(GetControllerCapabilities(), ControllerCapabilities)).roles


async def test_it_knows_how_a_node_hears() -> None:
    world = World()
    host = world.plugged()
    lock = PlainSwitch(NodeInformation(0x40, 0x03, (0x5E, 0x62), listening=False, flirs=1000))
    world.network.place("lock", lock)
    info = await host.answer(GetNodeProtocolInfo(world.network.include("lock")), NodeProtocolInfo)
    assert not info.listening
    assert info.flirs is Flirs.EVERY_1000_MS
    assert (info.generic_class, info.specific_class) == (0x40, 0x03)


async def test_of_a_node_that_there_is_not_it_knows_no_class() -> None:
    host = World().plugged()
    assert (await host.answer(GetNodeProtocolInfo(77), NodeProtocolInfo)).generic_class == 0


async def test_more_power_than_the_old_form_can_say_is_told_as_its_most() -> None:
    host = World().plugged()
    await host.answer(setup.SetPowerlevel16Bit(200, 33), setup.SetPowerlevel16BitDone)
    assert (await host.answer(setup.GetPowerlevel16Bit(), setup.Powerlevel16Bit)).decidbm == 200
    assert (await host.answer(setup.GetPowerlevel(), setup.Powerlevel)).decidbm == 127


async def test_factory_settings_forget_the_nodes_and_draw_a_new_home_id() -> None:
    world = World("a")
    host = world.plugged()
    world.network.include("a")
    before = await host.answer(GetHomeId(), HomeId)
    assert (await host.answer(SetDefault(4), SetDefaultCallback)).callback_id == 4
    assert (await host.answer(GetHomeId(), HomeId)).home_id != before.home_id
    assert (await host.answer(GetInitData(), InitData)).nodes == {1}
    # The switch still believes in the old network, and is heard by nobody.
    world.switches["a"].toggle()
    await asyncio.sleep(1)
    assert host.take(ApplicationCommand) == []


# --- commands


async def test_a_command_arrives_and_its_callback_comes_before_the_answer() -> None:
    world = World("a")
    host = world.plugged()
    host.ask(send(world.network.include("a"), GET))
    await asyncio.sleep(0.1)
    assert [frame.function for _, frame in host.frames] == [0x13, 0x13, 0x04]
    assert host.one(ApplicationCommand).command == bytes.fromhex("250300")


async def test_a_bridge_passes_commands_on_in_its_own_form() -> None:
    world = World("a", flavour=FLAVOURS["700-bridge"])
    host = world.plugged()
    host.ask(SendDataBridge(1, world.network.include("a"), GET, RELIABLE, 9))
    await asyncio.sleep(0.1)
    assert [callback.status for callback in host.take(SendDataBridgeCallback)][-1:] == [TransmitStatus.OK]
    command = host.one(BridgeApplicationCommand)
    assert (command.node_id, command.destination, command.command) == (2, 1, bytes.fromhex("250300"))


async def test_a_second_command_is_refused_while_the_first_is_on_the_air() -> None:
    world = World("a", air=Air(frame_s=0.05))
    host = world.plugged()
    node_id = world.network.include("a")
    host.ask(send(node_id))
    await asyncio.sleep(0.01)
    assert host.one(SendDataResponse).accepted
    host.ask(send(node_id, callback_id=10))
    await asyncio.sleep(0.01)
    assert not host.one(SendDataResponse).accepted
    await asyncio.sleep(0.05)
    assert host.one(SendDataCallback).callback_id == 9
    assert len(world.switches["a"].received) == 1


async def test_the_air_takes_its_time() -> None:
    world = World("a", air=Air(frame_s=0.03))
    host = world.plugged()
    host.ask(send(world.network.include("a"), GET))
    await asyncio.sleep(1)
    assert [round(when, 3) for when, _ in host.frames] == [0.0, 0.03, 0.06]


@pytest.mark.parametrize("why", ["dead", "asleep", "unknown"])
async def test_a_node_that_does_not_hear_gets_no_ack_after_a_while(why: str) -> None:
    world = World("a", air=Air(give_up_s=1.2))
    host = world.plugged()
    node_id = world.network.include("a")
    if why == "dead":
        world.network.cut_power("a")
    elif why == "asleep":
        world.switches["a"].awake = False
    host.ask(send(88 if why == "unknown" else node_id))
    await asyncio.sleep(1.1)
    assert host.one(SendDataResponse).accepted
    assert not host.frames
    await asyncio.sleep(0.2)
    assert host.one(SendDataCallback).status is TransmitStatus.NO_ACK
    assert world.switches["a"].received == []


async def test_a_node_whose_power_fails_while_the_frame_is_under_way_does_not_acknowledge() -> None:
    world = World("a", air=Air(frame_s=0.5))
    host = world.plugged()
    host.ask(send(world.network.include("a")))
    await asyncio.sleep(0.1)
    world.network.cut_power("a")
    await asyncio.sleep(1)
    assert host.one(SendDataCallback).status is TransmitStatus.NO_ACK
    assert world.switches["a"].received == []


async def test_who_asks_for_no_acknowledgement_does_not_miss_it() -> None:
    world = World("a")
    host = world.plugged()
    node_id = world.network.include("a")
    world.network.cut_power("a")
    host.ask(SendData(node_id, SET_ON, 0, 9))
    await asyncio.sleep(2)
    assert host.one(SendDataCallback).status is TransmitStatus.OK


async def test_without_a_callback_identifier_nothing_is_called_back() -> None:
    world = World("a")
    host = world.plugged()
    host.ask(send(world.network.include("a"), callback_id=0))
    await asyncio.sleep(1)
    assert host.take(SendDataCallback) == []
    assert world.switches["a"].on


async def test_a_sleeping_lock_is_woken_by_a_beam_within_its_interval() -> None:
    world = World()
    host = world.plugged()
    world.network.place("lock", PlainSwitch(NodeInformation(0x40, 0x03, (0x62,), listening=False, flirs=1000)))
    node_id = world.network.include("lock")
    await host.answer(setup.SetTransmitReport(True), setup.SetTransmitReportDone)
    took = []
    for _ in range(20):
        host.ask(send(node_id))
        await asyncio.sleep(1.1)
        callback = host.one(SendDataCallback)
        report = TransmitReport.from_bytes(callback.report)
        assert report.speed_and_beam & 0x40
        took.append(callback.ticks or 0)
    assert max(took) <= 100
    assert max(took) - min(took) > 30


async def test_a_transmit_report_comes_only_when_it_was_asked_for() -> None:
    world = World("a", air=Air(frame_s=0.04))
    host = world.plugged()
    node_id = world.network.include("a")
    host.ask(send(node_id))
    await asyncio.sleep(0.1)
    assert host.one(SendDataCallback).report == b""
    await host.answer(setup.SetTransmitReport(True), setup.SetTransmitReportDone)
    host.ask(send(node_id))
    await asyncio.sleep(0.1)
    callback = host.one(SendDataCallback)
    assert callback.ticks == 4
    assert TransmitReport.from_bytes(callback.report).attempts == 1


async def test_a_command_that_is_too_long_is_not_accepted() -> None:
    world = World("a")
    host = world.plugged()
    response = await host.answer(send(world.network.include("a"), bytes(47)), SendDataResponse)
    assert not response.accepted


async def test_an_aborted_command_ends_at_once_with_no_ack() -> None:
    world = World("a", air=Air(give_up_s=5))
    host = world.plugged()
    node_id = world.network.include("a")
    world.network.cut_power("a")
    host.ask(send(node_id))
    await asyncio.sleep(1)
    host.ask(SendDataAbort())
    await asyncio.sleep(0.01)
    assert host.one(SendDataCallback).status is TransmitStatus.NO_ACK
    await asyncio.sleep(10)
    assert host.take(SendDataCallback) == []


async def test_an_abort_of_nothing_does_nothing() -> None:
    host = World().plugged()
    host.ask(SendDataAbort())
    await asyncio.sleep(1)
    assert not host.frames


async def test_a_multicast_reaches_those_that_hear() -> None:
    world = World("abc")
    host = world.plugged()
    nodes = tuple(world.network.include(name) for name in "abc")
    world.network.cut_power("b")
    host.ask(SendDataMulticast(nodes, SET_ON, RELIABLE, 9))
    await asyncio.sleep(1)
    assert host.one(SendDataMulticastCallback).status is TransmitStatus.OK
    assert [world.switches[name].on for name in "abc"] == [True, False, True]


async def test_a_broadcast_reaches_every_node() -> None:
    world = World("ab")
    host = world.plugged()
    world.network.include("a")
    world.network.include("b")
    host.ask(send(0xFF))
    await asyncio.sleep(1)
    assert all(switch.on for switch in world.switches.values())


async def test_a_lossy_air_needs_more_attempts_and_sometimes_gives_up() -> None:
    world = World("a", air=Air(loss=0.5))
    host = world.plugged()
    node_id = world.network.include("a")
    await host.answer(setup.SetTransmitReport(True), setup.SetTransmitReportDone)
    outcomes = []
    for _ in range(60):
        host.ask(send(node_id))
        await asyncio.sleep(2)
        callback = host.one(SendDataCallback)
        outcomes.append((callback.status, TransmitReport.from_bytes(callback.report).attempts))
    delivered = {attempts for status, attempts in outcomes if status is TransmitStatus.OK}
    assert delivered == {1, 2, 3}
    assert TransmitStatus.NO_ACK in {status for status, _ in outcomes}


# --- who a node is


async def test_a_node_asked_who_it_is_says_so() -> None:
    world = World("a")
    host = world.plugged()
    host.ask(RequestNodeInfo(world.network.include("a")))
    await asyncio.sleep(0.1)
    assert host.one(RequestNodeInfoResponse).accepted
    update = host.one(ApplicationUpdate)
    assert update.event is UpdateEvent.NODE_INFORMATION
    assert update.information is not None
    assert update.information.command_classes == (0x5E, 0x86, 0x72, 0x25)


async def test_a_dead_node_asked_who_it_is_ends_as_failed_with_node_zero() -> None:
    world = World("a")
    host = world.plugged()
    node_id = world.network.include("a")
    world.network.cut_power("a")
    host.ask(RequestNodeInfo(node_id))
    await asyncio.sleep(2)
    update = host.one(ApplicationUpdate)
    assert (update.event, update.node_id) == (UpdateEvent.REQUEST_FAILED, 0)


async def test_a_press_on_an_included_device_announces_who_it_is() -> None:
    world = World("a")
    host = world.plugged()
    node_id = world.network.include("a")
    world.network.press("a")
    await asyncio.sleep(0.1)
    assert host.one(ApplicationUpdate).node_id == node_id


# --- what goes wrong inside


async def test_in_jammed_air_nothing_leaves_and_nothing_arrives() -> None:
    world = World("a")
    host = world.plugged()
    node_id = world.network.include("a")
    world.faults.jammed = True
    await host.answer(setup.SetTransmitReport(True), setup.SetTransmitReportDone)
    host.ask(send(node_id))
    world.switches["a"].toggle()
    await asyncio.sleep(1)
    callback = host.one(SendDataCallback)
    assert (callback.status, callback.ticks) == (TransmitStatus.FAIL, 0)
    assert host.take(ApplicationCommand) == []
    assert world.switches["a"].received == []


async def test_with_its_receiver_off_it_hears_nobody_until_a_reset() -> None:
    world = World("a")
    host = world.plugged()
    world.network.include("a")
    assert (await host.answer(SetReceiveMode(False), SetReceiveModeResponse)).accepted
    world.switches["a"].toggle()
    await asyncio.sleep(1)
    assert host.take(ApplicationCommand) == []
    host.ask(SoftReset())
    await asyncio.sleep(1)
    world.switches["a"].toggle()
    await asyncio.sleep(1)
    assert len(host.take(ApplicationCommand)) == 1


async def test_a_lost_callback_is_lost_though_the_command_arrived() -> None:
    world = World("a")
    host = world.plugged()
    world.faults.lost_callback = 1.0
    host.ask(send(world.network.include("a")))
    await asyncio.sleep(1)
    assert host.take(SendDataCallback) == []
    assert world.switches["a"].on


async def test_a_lost_response_is_lost_though_the_request_was_taken() -> None:
    world = World()
    host = world.plugged()
    world.faults.lost_response = 1.0
    host.ask(GetHomeId())
    await asyncio.sleep(1)
    assert [data for _, data in host.signals] == [b"\x06"]
    assert not host.frames


async def test_a_duplicated_report_comes_twice() -> None:
    world = World("a")
    host = world.plugged()
    world.network.include("a")
    world.faults.duplicate = 1.0
    world.switches["a"].toggle()
    await asyncio.sleep(1)
    assert [command.command.hex() for command in host.take(ApplicationCommand)] == ["2503ff", "2503ff"]


async def test_unplugged_it_hears_nothing_and_no_timer_is_left() -> None:
    world = World("a", air=Air(frame_s=0.5))
    host = world.plugged()
    host.ask(send(world.network.include("a")))
    world.stick.connection_lost(None)
    world.switches["a"].toggle()
    host.ask(GetHomeId())
    await asyncio.sleep(10)
    assert [frame.function for _, frame in host.frames] == [0x13]
    assert not world.switches["a"].received
