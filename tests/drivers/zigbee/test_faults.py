"""What goes wrong, and what the driver makes of it: each fault that others' hubs are known for, by its number.

`grep -rn "Fault 9" tests/drivers/zigbee` finds the tests of one; behind the number stands where it was met.

 1 a host that stalls, and a stick that gives up meanwhile     9 a message that is not delivered
 2 TCP that is reset                                          10 a stick without buffers
 3 TCP that is half open; a stick that falls silent           11 an interview cut short, a device that sleeps
 4 a stick that restarts by itself                            12 an address that changed, or that two have
 5 a stick whose firmware fails an assertion                  13 tables that are full
 6 USB that is gone, and comes back under another name        14 stick, backup and hub that disagree
 7 a stick that says late that it has started                 15 a store that is damaged
 8 damaged bytes
"""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.serial_port import open_serial_port
from drivers.zigbee.ash import ResetCode
from drivers.zigbee.ezsp.frame import Frame
from drivers.zigbee.ezsp.networking import NetworkInit
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import ApsOption, PolicyId
from drivers.zigbee.ezsp.utilities import GetEui64
from drivers.zigbee.kind import KIND, ZigbeeSettings
from drivers.zigbee.membership import NETWORK_KEY, SECRET_KEY
from drivers.zigbee.node_record import Stage
from drivers.zigbee.registry import NODE_KEY
from drivers.zigbee.throttle import BROADCASTS_MAX, BROADCASTS_S, BroadcastBudget
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.device import Presence
from hubagent.model.event import (
    Cause,
    CommandAnswered,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    DriverCondition,
    DriverStatus,
    InterviewProgressed,
    Outcome,
)
from simulators.cable import PtyCable
from simulators.devices.device import Battery
from simulators.devices.sensors import LeakSensor, MotionSensor
from simulators.devices.switch import PowerStrip, Switch
from simulators.zigbee.bindings import BindingTable
from simulators.zigbee.ncp import Sender
from simulators.zigbee.radio import Antenna, ApsMessage
from simulators.zigbee.traffic import UnicastOptions
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home


@asynccontextmanager
async def a_home() -> AsyncIterator[ZigbeeHome]:
    async with zigbee_home({"hall.light": Switch(), "bath.leak": LeakSensor(battery=Battery())}) as home:
        yield home


async def works_again(home: ZigbeeHome, within_s: float = 120) -> None:
    """As it was: ready, the same devices, and they do what they are told; nobody was paired or interviewed anew."""
    await home.becomes(DriverCondition.READY, within_s)
    on = not home.state("hall.light")["on"]
    assert (await home.set("hall.light", on=on)).outcome is Outcome.CONFIRMED
    assert not home.all(DeviceLeft)
    assert not home.all(InterviewProgressed)
    chip = home.stick._chip
    assert chip is not None
    assert set(chip.endpoints) == {1, 242}
    assert chip.multicast
    assert not chip.policy(PolicyId.TRUST_CENTER) & 1


# The stick and its port


async def test_a_host_that_stalled_finds_the_stick_in_error_and_starts_it_again() -> None:
    """Fault 1: bellows#735, zigbee2mqtt#23861."""
    async with a_home() as home:
        home.forget_events()
        assert home.stick._link is not None
        home.stick._link.error(0x51)
        await asyncio.sleep(1)
        await works_again(home)
        assert DriverCondition.TROUBLED in [event.condition for event in home.all(DriverStatus)]


@pytest.mark.parametrize("away_s", [0.1, 5, 300, 7200])
async def test_a_port_that_was_lost_is_opened_again_for_as_long_as_it_takes(away_s: float) -> None:
    """Fault 2, Fault 6: bellows#729, zha#819, core#119872."""
    async with a_home() as home:
        home.forget_events()
        home.cable.unplug()
        await asyncio.sleep(away_s)
        home.cable.replug()
        await asyncio.sleep(1)
        await works_again(home)


@pytest.mark.real_time
async def test_a_stick_that_comes_back_as_another_tty_is_found_by_its_id(tmp_path: Path) -> None:
    """Fault 6: bellows PR 147, home-assistant/core#119872."""
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    by_id = tmp_path / "usb-stick-by-id"
    ttys = [PtyCable(tmp_path / f"tty{number}") for number in range(2)]
    runtime = replace(home.runtime, open_serial=open_serial_port)
    settings = ZigbeeSettings(port=str(by_id))
    driver = KIND.make(settings, runtime, home.records)
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        await ttys[0].plug(home.stick)
        by_id.symlink_to(ttys[0].address)
        home.driver = driver
        running = tasks.create_task(driver.run(home.report))
        await home.becomes(DriverCondition.READY)
        ttys[0].unplug()
        by_id.unlink()
        await home.becomes(DriverCondition.TROUBLED)
        await ttys[1].plug(home.stick)
        by_id.symlink_to(ttys[1].address)
        await home.becomes(DriverCondition.READY)
        running.cancel()
    for tty in ttys:
        await tty.close()
    home.close()


async def test_a_stick_that_does_not_come_back_costs_less_and_less() -> None:
    """Fault 2: back-off."""
    async with a_home() as home:
        opened: list[float] = []
        original = home.cable.open

        def counting(protocol: asyncio.Protocol) -> asyncio.Transport:
            opened.append(home.loop.time())
            return original(protocol)

        home.cable.open = counting  # type: ignore[method-assign]  # who opens the port, and when
        home.cable.unplug()
        await asyncio.sleep(3600)
        assert 60 < len(opened) < 90
        home.cable.replug()
        await asyncio.sleep(70)
        assert home.condition is DriverCondition.READY


async def test_a_stick_that_falls_silent_is_noticed_although_nobody_says_anything() -> None:
    """Fault 3, half-open TCP: zigbee2mqtt#22590, #26624."""
    async with a_home() as home:
        home.forget_events()
        home.stick.faults.silent = True
        await home.becomes(DriverCondition.TROUBLED, 60)
        home.stick.faults.silent = False
        await works_again(home, 300)


async def test_a_stick_that_acknowledges_and_does_nothing_is_noticed() -> None:
    """Fault 3."""
    async with a_home() as home:
        home.forget_events()
        home.stick.faults.deaf = True
        await home.becomes(DriverCondition.TROUBLED, 120)
        home.stick.faults.deaf = False
        await works_again(home, 300)


async def test_a_stick_that_restarts_by_itself_is_set_up_again() -> None:
    """Fault 4: zigbee2mqtt#23151."""
    async with a_home() as home:
        home.forget_events()
        home.stick.faults.resets = 1.0
        await home.set("hall.light", on=True)
        await asyncio.sleep(1)
        await works_again(home)


async def test_a_stick_whose_firmware_fails_an_assertion_is_started_again() -> None:
    """Fault 5: zigpy#1465."""
    async with a_home() as home:
        home.forget_events()
        home.stick.faults.asserts = 1.0
        await home.set("hall.light", on=True)
        await asyncio.sleep(1)
        await works_again(home)


def restart_at(home: ZigbeeHome, number: int) -> None:
    """The stick restarts by itself at so many commands from now."""
    received, left = home.stick._received, number

    def counting(payload: bytes) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            home.stick.faults.resets = 1.0
        received(payload)

    home.stick._received = counting  # type: ignore[method-assign]  # counts the stick's commands


async def test_a_stick_that_restarts_while_it_is_set_up_is_set_up_again() -> None:
    """Faults 4 and 5, at the worst moment."""
    for at in range(1, 60, 4):
        home = ZigbeeHome()
        home.place("hall.light", Switch())
        commands = 0
        received = home.stick._received

        def counting(
            payload: bytes, at: int = at, home: ZigbeeHome = home, received: Callable[[bytes], None] = received
        ) -> None:
            nonlocal commands
            commands += 1
            if commands == at:
                home.stick.faults.resets = 1.0
            received(payload)

        home.stick._received = counting  # type: ignore[method-assign]  # counts the stick's commands
        async with home.running(60):
            assert home.condition is DriverCondition.READY, at
            assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        home.close()


async def commands_of_a_start() -> int:
    """How many the stick gets until it is in use."""
    home = ZigbeeHome()
    received, commands = home.stick._received, 0

    def counting(payload: bytes) -> None:
        nonlocal commands
        commands += home.condition is not DriverCondition.READY
        received(payload)

    home.stick._received = counting  # type: ignore[method-assign]  # counts the stick's commands
    async with home.running(10):
        assert home.condition is DriverCondition.READY
    home.close()
    return commands


@pytest.mark.parametrize("how", ["restarts", "fails an assertion"])
async def test_a_stick_that_restarts_right_behind_an_answer_while_it_is_set_up_is_set_up_again(how: str) -> None:
    """Faults 4 and 5: the host reads the answer and the word of the restart at once."""
    last = await commands_of_a_start()
    for at in (*range(1, last - 1, 5), last - 1, last):
        home = ZigbeeHome()
        home.place("hall.light", Switch())
        commands = 0
        received = home.stick._received

        def restarting(
            payload: bytes, at: int = at, home: ZigbeeHome = home, received: Callable[[bytes], None] = received
        ) -> None:
            nonlocal commands
            commands += 1
            received(payload)
            if commands == at:
                home.stick._restart(ResetCode.POWER_ON) if how == "restarts" else home.stick._fail()

        home.stick._received = restarting  # type: ignore[method-assign]  # counts the stick's commands
        async with home.running(60):
            told = [status.condition for status in home.all(DriverStatus)]
            assert told == [DriverCondition.STARTING, DriverCondition.READY], at
            assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        home.close()


async def test_a_stick_that_restarts_on_its_way_into_the_network_is_set_up_again() -> None:
    """Fault 4: it has answered, and what was to follow is forgotten."""
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    carry_out = home.stick._carry_out

    def restarting(frame: Frame) -> None:
        carry_out(frame)
        if frame.frame_id == NetworkInit.ID:
            home.stick._carry_out = carry_out  # type: ignore[method-assign]  # once
            home.stick._restart(ResetCode.POWER_ON)

    home.stick._carry_out = restarting  # type: ignore[method-assign]  # a brown-out
    async with home.running(60):
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
    home.close()


async def test_a_stick_that_refuses_a_command_for_good_is_asked_ever_less_often_and_complained_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with a_home() as home:
        carry_out, refused = home.stick._carry_out, 0

        def refusing(frame: Frame) -> None:
            nonlocal refused
            if frame.frame_id == GetEui64.ID:
                refused += 1
                home.stick._refuse(frame, Status.NO_MORE_RESOURCE)
            else:
                carry_out(frame)

        home.stick._carry_out = refusing  # type: ignore[method-assign]  # its firmware is broken
        home.cable.unplug()
        home.cable.replug()
        await asyncio.sleep(3600)
        assert 55 < refused < 75
        assert len([record for record in caplog.records if "not to be used" in record.message]) == 1
        home.stick._carry_out = carry_out  # type: ignore[method-assign]  # it has come to itself
        await home.becomes(DriverCondition.READY, 61)
        home.stick._carry_out = refusing  # type: ignore[method-assign]  # and is out of itself again
        home.cable.unplug()
        home.cable.replug()
        refused = 0
        await asyncio.sleep(20)
        assert refused == 4
        assert len([record for record in caplog.records if "not to be used" in record.message]) == 2


async def test_a_stick_that_starts_late_is_waited_for() -> None:
    """Fault 7: bellows PR 714."""
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    home.stick.faults.late_start = True
    async with home.running(30):
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        home.cable.unplug()
        await asyncio.sleep(3)
        home.cable.replug()
        await home.becomes(DriverCondition.READY, 60)
        await asyncio.sleep(10)
        assert (await home.set("hall.light", on=False)).outcome is Outcome.CONFIRMED
    home.close()


@pytest.mark.parametrize("chance", [0.1, 0.3])
async def test_damaged_bytes_are_sent_again(chance: float) -> None:
    """Fault 8: bellows PR 699."""
    async with a_home() as home:
        home.forget_events()
        home.stick.faults.naks = chance
        outcomes = [(await home.set("hall.light", on=on)).outcome for on in (True, False) * 10]
        assert outcomes.count(Outcome.CONFIRMED) >= 18
        home.stick.faults.naks = 0.0
        await asyncio.sleep(120)
        await works_again(home)


async def test_a_storm_of_damage_ends_and_the_stick_is_used_again() -> None:
    """Fault 8."""
    async with a_home() as home:
        home.forget_events()
        home.stick.faults.naks = 1.0
        await home.set("hall.light", on=True)
        await asyncio.sleep(60)
        home.stick.faults.naks = 0.0
        await works_again(home, 300)


async def test_noise_from_the_stick_harms_nobody() -> None:
    """Fault 8."""
    async with a_home() as home:
        rng = random.Random(3)
        for _ in range(200):
            home.stick._write(rng.randbytes(rng.randrange(1, 40)))
            await asyncio.sleep(0.05)
        await asyncio.sleep(120)
        home.forget_events()
        await works_again(home)


# The air


async def test_a_message_that_does_not_arrive_is_sent_on_a_new_route_and_the_device_is_silent_not_the_hub() -> None:
    """Fault 9: core#124516, zigpy#1854."""
    async with a_home() as home:
        tried: list[int] = []
        unicast = home.network.unicast

        def listening(message: ApsMessage, options: UnicastOptions, done: Callable[[bool], None]) -> None:
            tried.append(message.cluster)
            unicast(message, options, done)

        home.network.unicast = listening  # type: ignore[method-assign]  # an ear at the antenna
        submitted = home.driver.the_parts().coordinator.submit
        forced: list[bool] = []

        def watching(command, *rest):  # type: ignore[no-untyped-def]
            if hasattr(command, "aps_frame"):
                forced.append(bool(command.aps_frame.options & ApsOption.FORCE_ROUTE_DISCOVERY))
            return submitted(command, *rest)

        home.driver.the_parts().coordinator.submit = watching  # type: ignore[method-assign]
        home.network.cut_power("hall.light")
        answer = await home.set("hall.light", on=True)
        assert answer.outcome is Outcome.UNREACHABLE
        assert forced == [False, True]
        assert [event.device for event in home.all(DeviceSilent)] == [home.id_of("hall.light")]
        assert home.condition is DriverCondition.READY


async def test_a_single_failure_on_the_air_is_made_up_for() -> None:
    """Fault 9."""
    async with a_home() as home:
        home.stick.faults.delivery_failed = 0.3
        outcomes = [(await home.set("hall.light", on=on)).outcome for on in (True, False) * 10]
        assert outcomes.count(Outcome.CONFIRMED) >= 14
        home.stick.faults.delivery_failed = 0.0
        await asyncio.sleep(300)
        assert home.device("hall.light").presence is Presence.READY


async def test_a_stick_without_room_is_given_time() -> None:
    """Fault 10: zigpy#1315, bellows PR 743."""
    async with zigbee_home({"desk.strip": PowerStrip(6)}) as home:
        home.stick.faults.no_buffers = 0.6
        answers: list[CommandAnswered] = []
        for _ in range(5):
            for part in range(1, 7):
                device = home.id_of(f"desk.strip/{part}")
                home.driver.send(device, SwitchOnOff(True), Cause("test"), answers.append)
        await asyncio.sleep(120)
        assert len(answers) == 30
        assert {answer.outcome for answer in answers} == {Outcome.CONFIRMED}


async def test_a_stick_that_never_has_room_is_called_so() -> None:
    """Fault 10."""
    async with a_home() as home:
        home.stick.faults.no_buffers = 1.0
        answer = await home.set("hall.light", on=True)
        assert answer.outcome is Outcome.FAILED
        assert "too much" in answer.detail
        assert home.device("hall.light").presence is Presence.READY


async def test_broadcasts_keep_their_distance() -> None:
    """Fault 10: zigbee2mqtt#24249."""
    loop = asyncio.get_running_loop()
    budget = BroadcastBudget(loop)
    sent: list[float] = []
    for _ in range(4 * BROADCASTS_MAX):
        await budget.turn()
        sent.append(loop.time())
    for first, ninth in zip(sent, sent[BROADCASTS_MAX:], strict=False):
        assert ninth - first >= BROADCASTS_S


async def test_lost_words_of_what_became_of_messages_end_in_time() -> None:
    """Fault 10: the stick has no memory for its callbacks."""
    async with a_home() as home:
        home.stick.faults.lost_callback = 1.0
        begun = home.loop.time()
        answer = await home.set("hall.light", on=True)
        assert answer.outcome in (Outcome.CONFIRMED, Outcome.UNREACHABLE)
        assert home.loop.time() - begun < 90
        home.stick.faults.lost_callback = 0.0
        await asyncio.sleep(300)
        assert home.device("hall.light").presence is Presence.READY
        assert (await home.set("hall.light", on=False)).outcome is Outcome.CONFIRMED


@pytest.mark.parametrize("seed", range(4))
async def test_a_bad_day_in_the_air_ends_with_everything_known(seed: int) -> None:
    """Faults 9 and 11."""
    home = ZigbeeHome(seed=seed)
    home.network.air.loss = 0.3
    home.network.air.duplicates = 0.2
    home.place("hall.light", Switch())
    home.place("bath.motion", MotionSensor(home.loop, battery=Battery()))
    home.place("bath.leak", LeakSensor(battery=Battery()))
    async with home.running(1800):
        home.network.air.loss = 0.0
        await asyncio.sleep(7200)
        for name in ("hall.light", "bath.motion", "bath.leak"):
            assert home.device(name).presence is Presence.READY, name
            assert not home.node(name).record.unanswered
    home.close()


# Interviews


async def test_an_interview_that_was_cut_short_goes_on_where_it_was() -> None:
    """Fault 11: zigbee2mqtt#18951, #20670."""
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    home.network.air.frame_s = 0.05
    async with home.running(settle_s=1.5):
        stage = home.node("hall.light").record.stage
        assert Stage.NODE_DESCRIPTOR <= stage < Stage.COMPLETE
    heard = home.listen_in("hall.light")
    async with home.running(30):
        assert home.node("hall.light").record.stage is Stage.COMPLETE
    assert 0x0002 not in [message.cluster for message in heard if message.profile == 0]
    home.close()


async def test_a_sleeping_device_that_was_interrupted_goes_on_when_it_is_heard() -> None:
    """Fault 11."""
    leak = LeakSensor(battery=Battery())
    home = ZigbeeHome()
    home.place("bath.leak", leak, long_poll_s=300.0)
    async with home.running(0.3):
        home.network.cut_power("bath.leak")
        await asyncio.sleep(3600)
        assert home.node("bath.leak").record.stage is not Stage.COMPLETE
        home.network.restore_power("bath.leak")
        await asyncio.sleep(60)
        leak.set_wet(True)
        home.nodes["bath.leak"].wake()
        await asyncio.sleep(60)
        assert home.node("bath.leak").record.stage is Stage.COMPLETE
        assert home.state("bath.leak")["leak"] is True
    home.close()


async def test_an_interview_goes_on_when_the_stick_is_back() -> None:
    """Faults 2 and 11."""
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    home.network.air.frame_s = 0.05
    async with home.running(1.5):
        home.cable.unplug()
        await asyncio.sleep(30)
        home.cable.replug()
        await asyncio.sleep(120)
        assert home.device("hall.light").presence is Presence.READY
    home.close()


# Addresses


async def test_two_nodes_with_one_address_get_others_and_stay_who_they_are() -> None:
    """Fault 12: bellows PR 186, #465."""
    async with a_home() as home:
        device, before = home.id_of("hall.light"), home.network.node_of("hall.light")
        home.network.provoke_conflict("hall.light")
        await asyncio.sleep(30)
        assert home.network.node_of("hall.light") != before
        assert home.id_of("hall.light") == device
        assert home.device("hall.light").address == home.network.node_of("hall.light")
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        assert len([e for e in home.all(DeviceJoined) if e.device.id == device]) == 1


async def test_a_device_that_moved_while_the_stick_was_away_is_found() -> None:
    """Fault 12."""
    async with a_home() as home:
        home.cable.unplug()
        home.network.rejoin("hall.light")
        await asyncio.sleep(20)
        home.cable.replug()
        await asyncio.sleep(300)
        assert home.device("hall.light").address == home.network.node_of("hall.light")
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


# Tables


async def test_a_device_whose_binding_table_is_full_is_read_instead() -> None:
    """Fault 13: zigbee2mqtt#4964, #5431."""
    light = Switch()
    home = ZigbeeHome()
    node = home.place("hall.light", light)
    node.bindings = BindingTable(0)
    async with home.running(30):
        assert home.device("hall.light").presence is Presence.READY
        assert (1, 0x0006) in home.node("hall.light").record.unreported
        light.switch(True)
        await home.reports("hall.light", 600, on=True)
    home.close()


async def test_more_sleeping_devices_than_the_stick_has_room_for_are_known_all_the_same() -> None:
    """Fault 13."""
    home = ZigbeeHome()
    for number in range(40):
        home.place(f"r{number}.leak", LeakSensor(battery=Battery()))
    async with home.running(600):
        for node in home.nodes.values():
            node.wake()
        await asyncio.sleep(300)
        known = [device for device in home.devices.values() if device.presence is Presence.READY]
        assert len(known) >= 32
    home.close()


# What was kept


@pytest.mark.parametrize("lost", [NETWORK_KEY, SECRET_KEY])
async def test_a_network_that_the_hub_cannot_read_any_more_is_not_replaced_by_a_new_one(lost: str) -> None:
    """Fault 14, Fault 15: zigbee2mqtt#28687."""
    home = ZigbeeHome()
    async with home.running(10):
        pass
    home.network.memory.network = None
    home.records.records[lost] = {"channel": "x"}
    kept = {key: dict(value) for key, value in home.records.records.items()}
    async with home.running(10):
        assert home.network.memory.network is None
        assert home.condition is DriverCondition.TROUBLED
        assert "cannot be read any more" in home.detail
        assert "hubagent restore --zigbee FILE" in home.detail
        assert home.records.records == kept
        await home.driver.act("form", None, {})
        await home.becomes(DriverCondition.READY)
    home.close()


async def test_what_was_kept_of_a_node_and_cannot_be_read_is_asked_anew() -> None:
    """Fault 15: core#130212, #168304, zigpy#327."""
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    key = f"{NODE_KEY}{home.nodes['hall.light'].eui64:016x}"
    home.records.records[key] = {"eui64": "x", "stage": "COMPLETE"}
    home.records.records[f"{NODE_KEY}what"] = {}
    home.records.records["network"] = {"channel": "x"}
    home.records.records["network.secret"] = {}
    home.records.records["groups"] = {"x": 1}
    home.records.records["stick"] = {"eui64": 7}
    async with home.running(60):
        assert home.device("hall.light").presence is Presence.READY
        assert f"{NODE_KEY}what" not in home.records.records
    home.close()


# Nodes that are not as they should be


@pytest.mark.parametrize("seed", range(8))
async def test_messages_of_garbage_harm_nobody(seed: int) -> None:
    async with a_home() as home:
        rng = random.Random(seed)
        node_id = home.network.node_of("hall.light")
        assert node_id is not None
        clusters = [0x0006, 0x0500, 0x0101, 0x0019, 0x0013, 0x8000, 0x8002, 0x8031, 0x0000, 0xEF00, 0xFCC0, 0x0020]
        for number in range(400):
            profile = rng.choice((0x0104, 0x0000, 0xC05E, 0xA1E0))
            payload = rng.randbytes(rng.randrange(0, 40))
            if rng.random() < 0.7:
                payload = bytes((rng.choice((0x08, 0x18, 0x09, 0x19, 0x01, 0x05)), rng.randrange(256))) + payload
            source = rng.choice((node_id, node_id, rng.randrange(1, 0xFFF8)))
            message = ApsMessage(source, 0, profile, rng.choice(clusters), rng.randrange(4), 1, number & 0xFF, payload)
            assert home.network.ncp is not None
            home.network.ncp.heard(message, Sender(home.nodes["hall.light"].eui64, 100, -70))
            await asyncio.sleep(0.01)
        await asyncio.sleep(120)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


class Odd:
    """A node that a test tells what to do with what it hears."""

    eui64 = 0x0011223344556677
    capability = 0x8E
    rx_on_when_idle = True
    poll_interval_s = 1.0

    def __init__(self, answer: Callable[[ApsMessage], bytes | None]) -> None:
        self._answer = answer
        self.antenna: Antenna | None = None

    def receive(self, message: ApsMessage) -> None:
        data = self._answer(message)
        if data is not None and self.antenna is not None:
            cluster = message.cluster | 0x8000 if message.profile == 0 else message.cluster
            self.antenna.send(
                ApsMessage(
                    self.antenna.node_id,
                    message.source,
                    message.profile,
                    cluster,
                    message.destination_endpoint,
                    message.source_endpoint,
                    0,
                    data,
                )
            )

    def joined_network(self) -> None:
        pass

    def left_network(self) -> None:
        pass

    def power_returned(self) -> None:
        pass


@asynccontextmanager
async def an_odd_home(odd: Odd, settle_s: float = 1800) -> AsyncIterator[ZigbeeHome]:
    home = ZigbeeHome()
    home.place_node("odd", odd)
    home.place("hall.light", Switch())
    async with home.running(settle_s):
        yield home
    home.close()


async def test_a_node_that_acknowledges_and_says_nothing_is_known_in_the_end() -> None:
    async with an_odd_home(Odd(lambda _: None)) as home:
        node = home.driver.registry.nodes[Odd.eui64]
        assert node.record.stage is Stage.COMPLETE
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


@pytest.mark.parametrize("seed", range(5))
async def test_a_node_that_answers_garbage_is_known_in_the_end_and_harms_nobody(seed: int) -> None:
    rng = random.Random(seed)

    def garbage(message: ApsMessage) -> bytes:
        head = message.payload[:2] if rng.random() < 0.7 else b""
        return head + rng.randbytes(rng.randrange(24))

    async with an_odd_home(Odd(garbage), 7200) as home:
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        assert home.driver.registry.nodes[Odd.eui64].record.stage is Stage.COMPLETE


async def test_a_driver_that_is_ended_in_the_middle_of_everything_leaves_nothing_behind() -> None:
    for after_s in (0.01, 0.1, 0.3, 0.6, 1.0, 2.0):
        home = ZigbeeHome()
        home.place("hall.light", Switch())
        home.place("b.light", Switch(), joined=False)
        answers: list[CommandAnswered] = []
        async with home.running(after_s):
            for device in list(home.devices):
                home.driver.send(device, SwitchOnOff(True), Cause("test"), answers.append)
        assert all(answer.outcome in (Outcome.FAILED, Outcome.CONFIRMED) for answer in answers)
        home.close()


def test_each_fault_has_a_test() -> None:
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]
    named = {int(number) for text in texts for number in re.findall(r'(?:"""|, )Fault (\d+)[:.,]', text)}
    assert named == set(range(1, 16))
