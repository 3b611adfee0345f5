"""What goes wrong inside the stick, switched by name."""

import asyncio
import random

import pytest

from drivers.zigbee.ash import CANCEL, Ack, Error, Reset, ResetAck, ResetCode
from drivers.zigbee.ezsp.bootloader import LaunchStandaloneBootloader
from drivers.zigbee.ezsp.messaging import MessageSentHandler
from drivers.zigbee.ezsp.networking import GetNetworkParameters, NetworkInit, NetworkState
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.token_interface import ResetNode
from drivers.zigbee.ezsp.types import NetworkStatus
from drivers.zigbee.ezsp.utilities import Nop
from simulators.zigbee.stick_faults import NAMES, PASSING, StickFaults
from tests.simulators.zigbee.bench_host import PARAMETERS, BenchHost, World

RST = CANCEL + Reset().to_bytes()


async def unanswered(host: BenchHost, within_s: float = 20.0) -> bool:
    """Whether a command gets no answer."""
    try:
        async with asyncio.timeout(within_s):
            await host.ask(Nop())
    except TimeoutError:
        return True
    return False


def test_faults_are_switched_by_their_names_and_no_others() -> None:
    faults = StickFaults()
    for name, kind in NAMES.items():
        faults.set(name, 1.0)
        assert getattr(faults, name) == kind(1.0)
        faults.set(name, 0.0)
        assert not getattr(faults, name)
    with pytest.raises(ValueError, match="no fault 'gremlins'; there are asserts, resets"):
        faults.set("gremlins", 1.0)


def test_two_are_drawn_of_those_that_pass_by_themselves() -> None:
    faults = StickFaults.drawn(random.Random(3))
    struck = [name for name in NAMES if getattr(faults, name)]
    assert len(struck) == 2
    assert set(struck) <= set(PASSING)
    assert faults == StickFaults.drawn(random.Random(3))


async def test_a_failed_assertion_is_an_error_until_a_reset_and_forgets_what_was_in_ram() -> None:
    world = World()
    host = await world.up()
    world.faults.set("asserts", 1.0)
    assert await unanswered(host)
    assert set(host.failures()) == {ResetCode.ASSERT}
    before = len(host.frames)
    world.stick.data_received(Ack(0).to_bytes())
    assert [frame for _, frame in host.frames[before:]] == [Error(ResetCode.ASSERT)]
    # It strikes once.
    await host.connect()
    assert (await host.ask(NetworkState())).status == NetworkStatus.NO_NETWORK
    assert (await host.ask(NetworkInit())).status.ok
    assert (await host.ask(GetNetworkParameters())).parameters == PARAMETERS


async def test_a_stick_that_restarts_by_itself_says_so_and_is_set_up_no_more() -> None:
    world = World()
    host = await world.up()
    before = len(host.frames)
    world.faults.set("resets", 1.0)
    assert await unanswered(host)
    started = [frame for _, frame in host.frames[before:] if isinstance(frame, ResetAck)]
    assert len(started) == 1
    assert (await host.ask(NetworkState())).reason == Status.NOT_INITIALIZED
    await host.connect()
    assert (await host.ask(NetworkState())).status == NetworkStatus.NO_NETWORK


async def test_a_silent_stick_writes_nothing_at_all() -> None:
    world = World("a", settled=True)
    host = await world.up()
    world.faults.set("silent", 1.0)
    before = len(host.raw)
    world.ears["a"].say(b"\x18\x01\x0a")
    assert await unanswered(host, 60)
    world.stick.data_received(RST)
    await asyncio.sleep(10)
    assert len(host.raw) == before
    world.faults.set("silent", 0.0)
    await host.connect()


async def test_a_deaf_stick_acknowledges_and_does_nothing() -> None:
    world = World()
    host = await world.up()
    world.faults.set("deaf", 1.0)
    before = len(host.frames)
    assert await unanswered(host)
    assert [type(frame).__name__ for _, frame in host.frames[before:]] == ["Ack"]
    world.faults.set("deaf", 0.0)
    assert not await unanswered(host)


async def test_the_word_that_a_message_was_sent_can_be_lost() -> None:
    world = World("a", settled=True)
    host = await world.up()
    world.faults.set("lost_callback", 1.0)
    assert (await host.send(world.id_of("a"))).status.ok
    await asyncio.sleep(10)
    assert host.take(MessageSentHandler) == []
    assert len(world.ears["a"].messages) == 1


async def test_a_stick_without_memory_refuses_messages() -> None:
    world = World("a", settled=True)
    host = await world.up()
    world.faults.set("no_buffers", 1.0)
    assert (await host.send(world.id_of("a"))).status == Status.ALLOCATION_FAILED
    world.faults.set("no_buffers", 0.0)
    assert (await host.send(world.id_of("a"))).status.ok


async def test_a_message_can_fail_to_be_delivered_though_the_device_is_there() -> None:
    world = World("a", settled=True)
    host = await world.up()
    world.faults.set("delivery_failed", 1.0)
    assert (await host.send(world.id_of("a"))).status.ok
    await asyncio.sleep(3)
    assert host.one(MessageSentHandler).status == Status.ZIGBEE_DELIVERY_FAILED
    assert world.ears["a"].messages == []


async def test_a_storm_of_naks_passes() -> None:
    world = World()
    host = await world.up()
    world.faults.set("naks", 1.0)
    for _ in range(5):
        world.stick.data_received(bytes.fromhex("25 42 21 a8 56 7e"))
        await asyncio.sleep(0.1)
    assert host.naks() == 5
    world.faults.set("naks", 0.0)
    await host.connect()
    assert not await unanswered(host)


async def test_the_word_of_a_restart_can_come_late_or_never() -> None:
    world = World()
    world.host.plug()
    world.faults.set("late_start", 1.0)
    began = asyncio.get_running_loop().time()
    await world.host.reset()
    assert asyncio.get_running_loop().time() - began == pytest.approx(1.5)
    world.faults.set("late_start", 0.0)
    began = asyncio.get_running_loop().time()
    await world.host.reset()
    assert asyncio.get_running_loop().time() - began < 0.2


async def test_without_a_word_at_power_up_the_host_has_to_ask() -> None:
    world = World()
    world.faults.set("no_start", 1.0)
    world.host.plug()
    await asyncio.sleep(5)
    assert world.host.raw == b""


async def test_a_stick_in_its_bootloader_shows_a_menu_until_it_is_told_to_run() -> None:
    world = World()
    world.faults.set("bootloader", 1.0)
    world.host.plug()
    assert b"Gecko Bootloader" in world.host.raw
    world.stick.data_received(RST)
    assert world.host.raw.count(b"BL > ") == 2
    world.stick.data_received(b"2")
    await asyncio.sleep(1)
    assert ResetAck(ResetCode.POWER_ON) in [frame for _, frame in world.host.frames]
    await world.host.connect()


async def test_a_reset_with_the_fault_on_ends_in_the_bootloader() -> None:
    world = World()
    host = await world.up()
    world.faults.set("bootloader", 1.0)
    world.stick.data_received(RST)
    await asyncio.sleep(1)
    assert b"Gecko Bootloader" in host.raw
    assert world.network.ncp is None


async def test_a_host_can_send_the_stick_to_its_bootloader() -> None:
    world = World()
    host = await world.up()
    frame = await host.raw_ask(LaunchStandaloneBootloader.ID, b"\x01")
    assert frame.payload == b"\x00"
    await asyncio.sleep(0.1)
    assert b"Gecko Bootloader" in host.raw


async def test_a_host_can_have_the_stick_restart() -> None:
    world = World()
    host = await world.up()
    before = len(host.frames)
    await host.ask(ResetNode())
    await asyncio.sleep(0.5)
    assert any(isinstance(frame, ResetAck) for _, frame in host.frames[before:])


async def test_old_firmware_has_a_version_that_hosts_do_not_speak() -> None:
    world = World()
    world.faults.set("old_firmware", 1.0)
    world.host.plug()
    await world.host.reset()
    assert (await world.host.legacy_version(4)).protocol_version == 7
    assert world.stick.version == 7


async def test_callbacks_that_found_no_room_are_owned_up_to() -> None:
    world = World("a", settled=True)
    host = await world.up()
    host.acknowledges = False
    for number in range(100):
        world.ears["a"].say(bytes((0x18, number, 0x0A)))
    await asyncio.sleep(0.6)
    assert world.stick.lost_frames > 0
    host.acknowledges = True
    answer = await host.raw_ask(Nop.ID)
    assert answer.overflow
    assert not (await host.raw_ask(Nop.ID)).overflow
