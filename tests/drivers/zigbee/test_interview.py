"""What a device is asked, in which order, and what it is told, so that it speaks by itself."""

import asyncio

import pytest

from drivers.zigbee.node_record import NodeRecord, Stage
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zdo.descriptors import LogicalType
from hubagent.model.device import Presence
from hubagent.model.event import DeviceChanged, DeviceJoined, InterviewProgressed, StateReported
from simulators.devices.device import Battery
from simulators.devices.room_air import RoomAir
from simulators.devices.sensors import DoorSensor, LeakSensor
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Thermostat
from simulators.zigbee.radio import ApsMessage
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home

NODE_DESCRIPTOR, ACTIVE_END_POINTS, SIMPLE_DESCRIPTOR, BIND = 0x0002, 0x0005, 0x0004, 0x0021


def is_zdo(message: ApsMessage, cluster: int) -> bool:
    return message.profile == 0 and message.cluster == cluster


def commands(messages: list[ApsMessage], cluster: int) -> list[ZclFrame]:
    return [ZclFrame.from_bytes(m.payload) for m in messages if m.profile != 0 and m.cluster == cluster]


async def test_stages_follow_one_another_and_each_is_kept() -> None:
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    async with home.running(30):
        steps = [event.step for event in home.all(InterviewProgressed)]
        assert steps == ["node descriptor", "endpoints", "basic", "classes", "bindings", "state", "complete"]
        assert [(event.done, event.of) for event in home.all(InterviewProgressed)] == [(n, 7) for n in range(1, 8)]
        record = home.node("hall.light").record
        assert record.logical_type is LogicalType.ROUTER
        assert record.mains
        assert record.rx_on_when_idle
        assert record.manufacturer == "hubagent"
        assert NodeRecord.from_record(home.record("hall.light")) == record
    home.close()


async def test_a_device_is_called_ready_once_it_has_said_how_it_is() -> None:
    async with zigbee_home({"hall.light": Switch(), "bath.leak": LeakSensor(battery=Battery())}) as home:
        said: set[str] = set()
        for event in home.events:
            if isinstance(event, StateReported):
                said.add(event.device)
            elif isinstance(event, DeviceJoined | DeviceChanged) and event.device.presence is Presence.READY:
                assert event.device.id in said


async def test_a_device_is_announced_once() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        assert len(home.all(DeviceJoined)) == 1


async def test_an_alarm_sensor_is_told_whom_to_tell_before_it_is_asked_anything_else() -> None:
    home = ZigbeeHome()
    home.place("hall.door", DoorSensor(battery=Battery()))
    heard = home.listen_in("hall.door")
    async with home.running(60):
        applications = [m for m in heard if m.profile != 0]
        write, enrol = (ZclFrame.from_bytes(m.payload) for m in applications[:2])
        assert [m.cluster for m in applications[:2]] == [0x0500, 0x0500]
        cie = home.network.memory.eui64.to_bytes(8, "little")
        assert (write.command, write.payload) == (0x02, b"\x10\x00\xf0" + cie)
        assert (enrol.cluster_specific, enrol.command, enrol.payload[0]) == (True, 0x00, 0x00)
        assert home.node("hall.door").record.ias_enrolled
    home.close()


async def test_what_a_device_reports_is_bound_to_the_hub_and_configured() -> None:
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    heard = home.listen_in("hall.light")
    async with home.running(30):
        (bind,) = [m for m in heard if is_zdo(m, BIND)]
        own = home.network.memory.eui64.to_bytes(8, "little")
        device = home.nodes["hall.light"].eui64.to_bytes(8, "little")
        assert bind.payload[1:] == device + b"\x01\x06\x00\x03" + own + b"\x01"
        # Reporting is configured, and then the state is read.
        assert [frame.command for frame in commands(heard, 0x0006)][-2:] == [0x06, 0x00]
        assert not home.node("hall.light").record.unreported
    home.close()


async def test_every_end_point_is_looked_at() -> None:
    async with zigbee_home({"desk.strip": PowerStrip(4)}) as home:
        assert sorted(home.node("desk.strip").record.endpoints) == [1, 2, 3, 4]
        parts = [device for device in home.devices.values() if device.parent is not None]
        assert len(parts) == 4


@pytest.mark.parametrize("unheard", [NODE_DESCRIPTOR, ACTIVE_END_POINTS, SIMPLE_DESCRIPTOR, BIND])
async def test_a_device_that_leaves_a_question_open_is_used_and_asked_again(unheard: int) -> None:
    light = Switch()
    home = ZigbeeHome()
    node = home.place("hall.light", light)
    receive = node.receive
    deaf = True

    def hard_of_hearing(message: ApsMessage) -> None:
        if not (deaf and is_zdo(message, unheard)):
            receive(message)

    node.receive = hard_of_hearing  # type: ignore[method-assign]
    async with home.running(60):
        record = home.node("hall.light").record
        assert record.stage is Stage.COMPLETE
        assert record.unanswered
        deaf = False
        await asyncio.sleep(3600)
        assert not home.node("hall.light").record.unanswered
        assert "on_off" in home.device("hall.light").capabilities
        light.switch(True)
        await home.reports("hall.light", 10, on=True)
    home.close()


async def test_a_device_that_is_read_because_it_does_not_report_is_read_now_and_then() -> None:
    light = Switch()
    home = ZigbeeHome()
    node = home.place("hall.light", light)
    receive = node.receive

    def refuses_reports(message: ApsMessage) -> None:
        if message.profile == 0 or message.payload[2] != 0x06:
            receive(message)
            return
        refusal = bytes((0x18, message.payload[1], 0x0B, 0x06, 0x82))
        assert node.antenna is not None
        source = node.antenna.node_id
        node.antenna.send(ApsMessage(source, 0, 0x0104, message.cluster, 1, 1, 0, refusal))

    node.receive = refuses_reports  # type: ignore[method-assign]
    async with home.running(60):
        assert (1, 0x0006) in home.node("hall.light").record.unreported
        node.bindings.clear()
        light.switch(True)
        await home.reports("hall.light", 400, on=True)
    home.close()


async def test_a_device_that_asks_for_the_time_is_told() -> None:
    valve = Thermostat(RoomAir())
    async with zigbee_home({"bath.valve": valve}, settle_s=60) as home:
        answers = []
        node = home.nodes["bath.valve"]
        receive = node.receive

        def listening(message: ApsMessage) -> None:
            if message.cluster == 0x000A:
                answers.append(ZclFrame.from_bytes(message.payload))
            receive(message)

        node.receive = listening  # type: ignore[method-assign]
        assert node.antenna is not None
        ask = bytes((0x10, 9, 0x00, 0x00, 0x00))
        node.antenna.send(ApsMessage(node.antenna.node_id, 0, 0x0104, 0x000A, 1, 1, 0, ask))
        await asyncio.sleep(2)
        (answer,) = answers
        assert (answer.sequence, answer.command, answer.from_server) == (9, 0x01, True)
        assert answer.payload[:4] == b"\x00\x00\x00\xe2"
        seconds = int.from_bytes(answer.payload[4:8], "little")
        assert seconds == pytest.approx(home.runtime.wall() - 946684800, abs=5)


async def test_a_device_that_asks_for_what_the_hub_has_not_is_told_so() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        answers = []
        node = home.nodes["hall.light"]
        receive = node.receive

        def listening(message: ApsMessage) -> None:
            answers.append(ZclFrame.from_bytes(message.payload))
            receive(message)

        node.receive = listening  # type: ignore[method-assign]
        assert node.antenna is not None
        for question in (bytes((0x00, 9, 0x00, 0x34, 0x12)), bytes((0x00, 10, 0x02, 0x34, 0x12, 0x20, 0x01))):
            node.antenna.send(ApsMessage(node.antenna.node_id, 0, 0x0104, 0x0000, 1, 1, 0, question))
        await asyncio.sleep(2)
        read, write = answers
        assert (read.sequence, read.command, read.payload) == (9, 0x01, b"\x34\x12\x86")
        assert (write.sequence, write.command, write.payload) == (10, 0x0B, b"\x02\x82")


async def test_nothing_is_remembered_of_who_has_left() -> None:
    async with zigbee_home({"a.light": Switch(), "b.light": Switch()}) as home:
        parts = home.driver.the_parts()
        eui64 = home.nodes["b.light"].eui64
        home.driver.forget(home.node("b.light"))
        await asyncio.sleep(1)
        own = [value for value in vars(parts.interviewing).values() if isinstance(value, dict | set)]
        assert own
        assert not [value for value in own if eui64 in value]


async def test_a_device_that_has_another_address_when_its_question_comes_is_asked_anew() -> None:
    home = ZigbeeHome()
    node = home.place("hall.light", Switch())
    heard, receive = home.listen_in("hall.light"), node.receive

    def moves_first(message: ApsMessage) -> None:
        if is_zdo(message, SIMPLE_DESCRIPTOR) and home.network.node_of("hall.light") == at_first:
            home.network.rejoin("hall.light")
            home.loop.call_later(1, receive, message)
        else:
            receive(message)

    at_first = home.network.node_of("hall.light")
    node.receive = moves_first  # type: ignore[method-assign]  # it moves at the worst moment
    async with home.running(30):
        asked = [m.payload[1:] for m in heard if is_zdo(m, SIMPLE_DESCRIPTOR)]
        now_at = home.node("hall.light").node_id
        assert now_at != at_first
        assert [int.from_bytes(it[:2], "little") for it in asked] == [at_first, now_at]
        assert home.device("hall.light").capabilities
        assert home.node("hall.light").record.unanswered == 0
    home.close()


async def test_parts_that_only_a_later_interview_finds_are_told_with_their_states() -> None:
    home = ZigbeeHome()
    node = home.place("desk.strip", PowerStrip(2))
    receive, silent = node.receive, True

    def hears_badly(message: ApsMessage) -> None:
        if not (silent and is_zdo(message, SIMPLE_DESCRIPTOR) and message.payload[-1] == 1):
            receive(message)

    node.receive = hears_badly  # type: ignore[method-assign]  # it does not say what its first end point is
    async with home.running(60):
        assert set(home.devices) == {home.id_of("desk.strip")}
        silent = False
        await asyncio.sleep(600)
        strip = home.id_of("desk.strip")
        assert set(home.devices) == {strip, f"{strip}/1", f"{strip}/2"}
        assert [home.states[f"{strip}/{part}"]["on"] for part in (1, 2)] == [False, False]
    home.close()
