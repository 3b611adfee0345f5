"""Wishes on a bad day: what is said twice, said late, or not said at all."""

import asyncio
from typing import Any

import pytest

from drivers.zigbee import radio
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters import door_lock, identify
from hubagent.model.capabilities.door_lock import SetUserCode
from hubagent.model.capabilities.identify import IdentifyYourself
from hubagent.model.device import Presence
from hubagent.model.event import Cause, CommandAnswered, Outcome
from simulators.devices.device import Battery
from simulators.devices.lock import Lock
from simulators.devices.sensors import LeakSensor
from simulators.devices.switch import Switch
from simulators.zigbee.ncp import Sender
from simulators.zigbee.radio import ApsMessage
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
