"""Wishes on a bad day: what is said twice, said late, or not said at all."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from drivers.zigbee import radio
from drivers.zigbee.capabilities.table import plan_for
from drivers.zigbee.delivery import Delivery
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import ROOT, EndPoint, NodeRecord, Stage
from drivers.zigbee.radio import Sent, Transmission
from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters import door_lock, identify, level_control, thermostat
from drivers.zigbee.zcl.clusters.door_lock_users import SetPinResponse
from drivers.zigbee.zcl.clusters.level_control import MoveToLevelWithOnOff
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import DefaultResponse, ReadAttributesResponse, ReportAttributes, global_frame
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from hubagent.model.capabilities.door_lock import SetUserCode
from hubagent.model.capabilities.identify import IdentifyYourself
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.thermostat import SetHeatingSetpoint
from hubagent.model.capabilities.window_covering import GoToPosition
from hubagent.model.capability import Command, Value
from hubagent.model.device import Presence
from hubagent.model.event import Cause, CommandAnswered, Outcome
from simulators.devices.blind import Blind
from simulators.devices.device import Battery
from simulators.devices.dimmer import Dimmer
from simulators.devices.lock import Lock
from simulators.devices.sensors import LeakSensor
from simulators.devices.switch import PowerStrip, Switch
from simulators.zigbee.ncp import Sender
from simulators.zigbee.radio import ApsMessage
from simulators.zigbee.traffic import UnicastOptions
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home


def carried_out(heard: list[ApsMessage], cluster: int, command: int) -> int:
    """How often a device was told so by a command of the cluster."""
    return sum(it.cluster == cluster and it.payload[0] & 3 == 1 and it.payload[2] == command for it in heard)


async def test_what_is_answered_has_arrived_whatever_the_stick_does_not_say() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        heard = home.listen_in("hall.light")
        home.stick.faults.lost_callback = 1.0
        for on in (True, False, True):
            began = home.loop.time()
            assert (await home.set("hall.light", on=on)).outcome is Outcome.CONFIRMED
            assert home.loop.time() - began < 3
        await asyncio.sleep(120)
        assert carried_out(heard, 0x0006, 0x01) == 2
        assert home.device("hall.light").presence is Presence.READY


async def test_a_wish_that_waited_for_the_stick_is_carried_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(radio, "SENT_S", 5.0)
    async with zigbee_home({"hall.light": Switch()}) as home:
        heard = home.listen_in("hall.light")
        home.cable.unplug()
        await asyncio.sleep(1)
        home.loop.call_later(12, home.cable.replug)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        await asyncio.sleep(60)
        assert carried_out(heard, 0x0006, 0x01) == 1


def impatient(home: ZigbeeHome) -> None:
    """The stick waits for devices that sleep no longer than for others, as after a restart."""
    chip = home.stick._chip
    assert chip is not None
    chip.slow.clear()
    for entry in chip.addresses.values():
        entry.extended_timeout = False


async def test_an_answer_that_comes_late_is_an_answer_and_nothing_is_said_again() -> None:
    home = ZigbeeHome()
    home.place("bath.leak", LeakSensor(battery=Battery()))
    async with home.running(60):
        heard = home.listen_in("bath.leak")
        impatient(home)
        home.forget_events()
        assert (await home.send("bath.leak", IdentifyYourself(7))).outcome is Outcome.WAITING
        await asyncio.sleep(30)
        assert carried_out(heard, identify.CLUSTER_ID, 0x00) == 1
        assert [event.outcome for event in home.all(CommandAnswered)] == [Outcome.CONFIRMED]
        assert not home.node("bath.leak").waiting
    home.close()


async def test_of_two_answers_that_come_late_the_second_is_waited_for_when_the_first_is_heard() -> None:
    home = ZigbeeHome()
    home.place("bath.leak", LeakSensor(battery=Battery()))
    async with home.running(60):
        heard = home.listen_in("bath.leak")
        impatient(home)
        home.forget_events()
        answers: list[Any] = []
        for _ in range(2):
            home.driver.send(home.id_of("bath.leak"), IdentifyYourself(7), Cause("test"), answers.append)
        await asyncio.sleep(30)
        assert carried_out(heard, identify.CLUSTER_ID, 0x00) == 2
        assert [answer.outcome for answer in answers] == [Outcome.WAITING] * 2
        assert [event.outcome for event in home.all(CommandAnswered)] == [Outcome.CONFIRMED] * 2
        assert not home.node("bath.leak").waiting
    home.close()


async def test_what_was_not_answered_is_said_again_when_the_device_is_heard() -> None:
    home = ZigbeeHome()
    leak = LeakSensor(battery=Battery())
    home.place("bath.leak", leak)
    async with home.running(60):
        heard = home.listen_in("bath.leak")
        home.network.cut_power("bath.leak")
        assert (await home.send("bath.leak", IdentifyYourself(7))).outcome is Outcome.WAITING
        home.network.restore_power("bath.leak")
        await asyncio.sleep(2)
        leak.set_wet(True)
        await asyncio.sleep(30)
        assert carried_out(heard, identify.CLUSTER_ID, 0x00) == 1
        assert not home.node("bath.leak").waiting
    home.close()


async def test_a_notification_with_the_number_of_a_question_answers_nothing() -> None:
    home = ZigbeeHome()
    lock = Lock(asyncio.get_running_loop())
    home.place("hall.lock", lock)
    async with home.running(60):
        home.network.cut_power("hall.lock")
        answers: list[Any] = []
        home.driver.send(home.id_of("hall.lock"), SetUserCode(1, "4711"), Cause("test"), answers.append)
        (sequence,) = home.node("hall.lock").waiting
        event = door_lock.OperationEventNotification(2, 0x0D, 0xFFFF, b"", 0, b"")
        node_id = home.network.node_of("hall.lock")
        assert node_id is not None
        assert home.network.ncp is not None
        said = ApsMessage(node_id, 0, 0x0104, 0x0101, 1, 1, 77, frame_of(sequence, event).to_bytes())
        home.network.ncp.heard(said, Sender(home.nodes["hall.lock"].eui64, 200, -50))
        await asyncio.sleep(60)
        assert [answer.outcome for answer in answers] == [Outcome.WAITING]
        assert not lock.codes
    home.close()


def says(home: ZigbeeHome, name: str, cluster: int, frame: ZclFrame) -> None:
    """The device says this, from its first end point, whatever its simulation thinks of it."""
    node_id = home.network.node_of(name)
    assert node_id is not None
    assert home.network.ncp is not None
    said = ApsMessage(node_id, 0, 0x0104, cluster, 1, 1, 77, frame.to_bytes())
    home.network.ncp.heard(said, Sender(home.nodes[name].eui64, 200, -50))


def default_response(sequence: int, command: int, status: int) -> ZclFrame:
    return global_frame(sequence, DefaultResponse(command, status), from_server=True)


@pytest.mark.parametrize(
    "other",
    [
        lambda sequence: default_response(sequence, 0x40, ZclStatus.SUCCESS),
        lambda sequence: global_frame(sequence, ReadAttributesResponse(()), from_server=True),
    ],
    ids=["a status of another command", "a late answer to an earlier question"],
)
async def test_what_only_has_the_number_of_a_command_confirms_nothing(other: Any) -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        home.network.cut_power("hall.light")
        answers: list[Any] = []
        home.driver.send(home.id_of("hall.light"), IdentifyYourself(7), Cause("test"), answers.append)
        (sequence,) = home.node("hall.light").waiting
        says(home, "hall.light", identify.CLUSTER_ID, other(sequence))
        await asyncio.sleep(60)
        assert [answer.outcome for answer in answers] == [Outcome.UNREACHABLE]


async def test_a_lock_that_answers_that_it_did_not_take_a_code_has_not_confirmed_it() -> None:
    home = ZigbeeHome()
    home.place("hall.lock", Lock(asyncio.get_running_loop()))
    async with home.running(60):
        home.network.cut_power("hall.lock")
        answers: list[Any] = []
        home.driver.send(home.id_of("hall.lock"), SetUserCode(1, "4711"), Cause("test"), answers.append)
        (sequence,) = home.node("hall.lock").waiting
        says(home, "hall.lock", door_lock.CLUSTER_ID, frame_of(sequence, SetPinResponse(2)))
        await asyncio.sleep(5)
        assert [answer.outcome for answer in answers] == [Outcome.REFUSED]
        assert "4711" not in answers[0].detail
    home.close()


class ARadio:
    """Takes one message, and says of every further one that it did not arrive."""

    def submit(self, *message: Any, **_options: Any) -> None:
        *_, self.done, self.written = message

    async def transmit(self, *_: Any, **__: Any) -> Transmission:
        return Transmission(Sent.UNACKNOWLEDGED)


def a_wish(
    home: ZigbeeHome, answers: list[CommandAnswered], name: str = "hall.light", wish: Command | None = None
) -> Delivery:
    """On, for the light."""
    node, device = home.node(name), home.id_of(name)
    wish = wish or SwitchOnOff(on=True)
    plan = plan_for(wish, node.record, ROOT)
    assert plan is not None
    return Delivery(node, ROOT, device, wish, plan, Cause("test"), answers.append)


async def test_what_was_reported_before_the_command_left_does_not_confirm_it() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        radio, answers = ARadio(), list[CommandAnswered]()
        delivery = a_wish(home, answers)
        delivery.start(radio, None)  # type: ignore[arg-type]  # a stand-in
        delivery.reported({"on": True})
        radio.written()
        radio.done(Transmission(Sent.UNACKNOWLEDGED))
        await delivery.follow(radio, home.driver.the_questions())  # type: ignore[arg-type]
        assert [answer.outcome for answer in answers] == [Outcome.UNREACHABLE]


async def unacknowledged(home: ZigbeeHome, delivery: Delivery, said: dict[str, Value]) -> None:
    """It leaves, the device says this, and nobody acknowledges it."""
    radio = ARadio()
    delivery.start(radio, None)  # type: ignore[arg-type]  # a stand-in
    radio.written()
    delivery.reported(said)
    radio.done(Transmission(Sent.UNACKNOWLEDGED))
    await delivery.follow(radio, home.driver.the_questions())  # type: ignore[arg-type]


async def test_a_device_that_only_passes_by_has_not_confirmed_what_it_never_heard() -> None:
    loop = asyncio.get_running_loop()
    devices = {"hall.light": Switch(), "living.blind": Blind(loop), "living.lamp": Dimmer(loop)}
    async with zigbee_home(devices) as home:
        wishes: tuple[tuple[str, Command | None, dict[str, Value], Outcome], ...] = (
            ("living.blind", GoToPosition(92), {"position": 93}, Outcome.UNREACHABLE),
            ("living.lamp", MoveToLevel(50, 0), {"level": 50}, Outcome.UNREACHABLE),
            # Which may be fading out.
            ("living.lamp", SwitchOnOff(True), {"on": True}, Outcome.UNREACHABLE),
            ("living.lamp", SwitchOnOff(False), {"on": False}, Outcome.CONFIRMED),
            ("hall.light", None, {"on": True}, Outcome.CONFIRMED),
        )
        for name, wish, said, expected in wishes:
            answers = list[CommandAnswered]()
            await unacknowledged(home, a_wish(home, answers, name, wish), said)
            assert [(name, answer.outcome) for answer in answers] == [(name, expected)]


async def test_a_setpoint_is_nowhere_on_the_way_to_another_though_the_valve_may_take_its_time() -> None:
    record = NodeRecord(0x1122, 5, Stage.COMPLETE, manufacturer="Eurotronic", model="SPZB0001")
    record.endpoints = {1: EndPoint(1, 0x0104, 0x0301, (0, 1, 3, thermostat.CLUSTER_ID), (0x000A,))}
    wish, answers = SetHeatingSetpoint(20), list[CommandAnswered]()
    plan = plan_for(wish, record, ROOT)
    assert plan is not None
    async with zigbee_home({}) as home:
        delivery = Delivery(Node(record), ROOT, "zigbee-valve", wish, plan, Cause("test"), answers.append)
        await unacknowledged(home, delivery, {"heating_setpoint": 20.0})
        assert [answer.outcome for answer in answers] == [Outcome.CONFIRMED]


@pytest.mark.parametrize(("wish", "ends_at"), [(MoveToLevel(50, 0), 50), (SwitchOnOff(True), 100)])
async def test_a_lamp_seen_on_its_way_elsewhere_is_told_again_what_was_lost_in_the_air(
    wish: Command, ends_at: float
) -> None:
    loop = asyncio.get_running_loop()
    lamp = Dimmer(loop)
    async with zigbee_home({"hall.light": lamp}) as home:
        assert (await home.send("hall.light", MoveToLevel(100, 0))).outcome is Outcome.CONFIRMED
        home.driver.send(home.id_of("hall.light"), MoveToLevel(0, 60), Cause("test"), lambda _: None)
        await asyncio.sleep(25.2)
        send, lost = home.network.traffic.unicast, list[ApsMessage]()

        def lossy(message: ApsMessage, options: UnicastOptions, done: Callable[[bool], None]) -> None:
            if message.payload[0] & 3 != 1 or lost:
                send(message, options, done)
                return
            lost.append(message)
            loop.call_later(4.8, done, False)
            # Truly: it is on, and at 50 %.
            loop.call_later(4.5, home.nodes["hall.light"].tell_all)

        home.network.traffic.unicast = lossy  # type: ignore[method-assign]  # the air
        assert (await home.send("hall.light", wish)).outcome is Outcome.CONFIRMED
        await asyncio.sleep(60)
        assert len(lost) == 1
        assert (lamp.on, round(lamp.level)) == (True, ends_at)
        assert home.state("hall.light")["level"] == ends_at


async def test_a_device_that_refuses_has_not_confirmed_whatever_it_reports() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        radio, answers = ARadio(), list[CommandAnswered]()
        delivery = a_wish(home, answers)
        delivery.start(radio, None)  # type: ignore[arg-type]  # a stand-in
        radio.written()
        radio.done(Transmission(Sent.ACKNOWLEDGED))
        (sequence,) = home.node("hall.light").waiting
        says(home, "hall.light", 0x0006, default_response(sequence, 0x01, ZclStatus.NOT_AUTHORIZED))
        await asyncio.sleep(0.1)
        delivery.reported({"on": True})
        await delivery.follow(radio, home.driver.the_questions())  # type: ignore[arg-type]
        assert [answer.outcome for answer in answers] == [Outcome.REFUSED]
        assert "NOT_AUTHORIZED" in answers[0].detail


async def test_another_parts_report_does_not_confirm() -> None:
    async with zigbee_home({"desk.strip": PowerStrip()}) as home:
        node = home.node("desk.strip")
        one, other = sorted(device for device in home.devices if device.startswith(f"{node.device}/"))[:2]
        home.network.cut_power("desk.strip")
        answers: list[CommandAnswered] = []
        home.driver.send(one, SwitchOnOff(on=True), Cause("test"), answers.append)
        report = ReportAttributes((AttributeValue(0, DataType.BOOLEAN, True),))
        frame = global_frame(99, report, from_server=True)
        node_id = home.network.node_of("desk.strip")
        assert node_id is not None
        assert home.network.ncp is not None
        said = ApsMessage(node_id, 0, 0x0104, 0x0006, int(other.rpartition("/")[2]), 1, 77, frame.to_bytes())
        home.network.ncp.heard(said, Sender(node.eui64, 200, -50))
        await asyncio.sleep(60)
        assert home.states[other]["on"] is True
        assert [answer.outcome for answer in answers] == [Outcome.UNREACHABLE]


# What was wished last


async def test_what_did_not_arrive_is_not_said_again_after_a_newer_wish() -> None:
    home = ZigbeeHome()
    home.place("hall.light", Dimmer(asyncio.get_running_loop()))
    async with home.running(60):
        levels: list[int] = []
        send = home.network.traffic.unicast

        def first_lost(message: ApsMessage, options: UnicastOptions, done: Callable[[bool], None]) -> None:
            if message.cluster != level_control.CLUSTER_ID or message.payload[2] != MoveToLevelWithOnOff.COMMAND:
                send(message, options, done)
                return
            levels.append(message.payload[3])
            if len(levels) > 1:
                send(message, options, done)
            else:
                asyncio.get_running_loop().call_later(5, done, False)

        home.network.traffic.unicast = first_lost  # type: ignore[method-assign]
        answers: list[CommandAnswered] = []
        for level in (20, 80):
            home.driver.send(home.id_of("hall.light"), MoveToLevel(level, 0), Cause("test"), answers.append)
        await asyncio.sleep(30)
        assert levels == [round(20 * 2.54), round(80 * 2.54)]
        assert {answer.command: answer.outcome for answer in answers} == {
            MoveToLevel(20, 0): Outcome.FAILED,
            MoveToLevel(80, 0): Outcome.CONFIRMED,
        }
        assert home.state("hall.light")["level"] == 80
    home.close()


async def test_the_last_wish_is_the_last_in_the_air_though_the_stick_says_the_one_before_again() -> None:
    async with zigbee_home({"hall.light": Dimmer(asyncio.get_running_loop())}) as home:
        answers: list[CommandAnswered] = []
        network = home.network
        network.air.loss = 1.0
        home.driver.send(home.id_of("hall.light"), SwitchOnOff(True), Cause("test"), answers.append)
        await asyncio.sleep(0.1)
        network.air.loss = 0.0
        home.driver.send(home.id_of("hall.light"), SwitchOnOff(False), Cause("test"), answers.append)
        await asyncio.sleep(30)
        assert {answer.command: answer.outcome for answer in answers} == {
            SwitchOnOff(True): Outcome.FAILED,
            SwitchOnOff(False): Outcome.CONFIRMED,
        }
        assert home.state("hall.light")["on"] is False


async def test_of_many_wishes_that_wait_for_one_in_the_air_only_the_last_is_sent() -> None:
    async with zigbee_home({"hall.light": Dimmer(asyncio.get_running_loop())}) as home:
        heard, answers = home.listen_in("hall.light"), list[CommandAnswered]()
        home.network.air.loss = 1.0
        for level in (20, 40, 60, 80):
            home.driver.send(home.id_of("hall.light"), MoveToLevel(level, 0), Cause("test"), answers.append)
            await asyncio.sleep(0.1)
            home.network.air.loss = 0.0
        await asyncio.sleep(30)
        moves = [it for it in heard if it.cluster == level_control.CLUSTER_ID and it.payload[0] & 3 == 1]
        assert [it.payload[3] for it in moves] == [round(level * 2.54) for level in (20, 80)]
        assert [answer.outcome for answer in answers if answer.command == MoveToLevel(80, 0)] == [Outcome.CONFIRMED]
        assert all("a newer command took its place" in it.detail for it in answers if it.command != MoveToLevel(80, 0))
        assert len(answers) == 4


async def test_of_two_codes_for_a_lock_that_sleeps_none_takes_the_others_place() -> None:
    home = ZigbeeHome()
    lock = Lock(asyncio.get_running_loop())
    home.place("hall.lock", lock)
    async with home.running(60):
        home.network.cut_power("hall.lock")
        codes = [SetUserCode(1, "1234"), SetUserCode(2, "5678")]
        assert [(await home.send("hall.lock", code)).outcome for code in codes] == [Outcome.WAITING] * 2
        home.forget_events()
        home.network.restore_power("hall.lock")
        lock.turn(not lock.locked)
        await asyncio.sleep(60)
        ends = {event.command: event.outcome for event in home.all(CommandAnswered)}
        assert Outcome.FAILED not in ends.values()
        assert ends.keys() == set(codes)
    home.close()


async def test_a_wish_that_the_stick_had_no_room_for_is_dropped_when_a_newer_one_has_left() -> None:
    async with zigbee_home({"hall.light": Dimmer(asyncio.get_running_loop())}) as home:
        heard, answers = home.listen_in("hall.light"), list[CommandAnswered]()
        for level, without_room in ((20, 1.0), (80, 0.0)):
            home.stick.faults.no_buffers = without_room
            home.driver.send(home.id_of("hall.light"), MoveToLevel(level, 0), Cause("test"), answers.append)
            await asyncio.sleep(0.02)
        await asyncio.sleep(30)
        moves = [it for it in heard if it.cluster == level_control.CLUSTER_ID and it.payload[0] & 3 == 1]
        assert [it.payload[3] for it in moves] == [round(80 * 2.54)]
        assert [answer.outcome for answer in answers] == [Outcome.FAILED, Outcome.CONFIRMED]


async def test_a_level_that_is_only_concluded_confirms_nothing() -> None:
    async with zigbee_home({"hall.light": Dimmer(asyncio.get_running_loop())}) as home:
        # Off, it comes back with 100 %: that is what its On is taken to mean.
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        await asyncio.sleep(5)
        assert (await home.set("hall.light", on=False)).outcome is Outcome.CONFIRMED
        await asyncio.sleep(5)
        began = home.loop.time()
        assert (await home.send("hall.light", MoveToLevel(99, 4.0))).outcome is Outcome.CONFIRMED
        assert home.loop.time() - began > 3
