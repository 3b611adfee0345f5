"""What the driver does by itself, now and then."""

import asyncio

from drivers.zigbee.capabilities.table import bindings_of, capabilities_of
from drivers.zigbee.exchange import Priority
from drivers.zigbee.interviewing import AGAIN_S, FRESH_S
from drivers.zigbee.node_record import Stage
from drivers.zigbee.zcl.clusters import poll_control
from hubagent.model.device import Presence
from hubagent.model.event import Event, InterviewProgressed
from simulators.devices.device import Battery
from simulators.devices.sensors import DoorSensor, LeakSensor
from simulators.devices.switch import Switch
from simulators.zigbee.faces import CHECK_IN_S
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home


async def test_what_a_sleeping_device_said_while_the_stick_was_away_is_asked_for() -> None:
    home = ZigbeeHome()
    leak = LeakSensor(battery=Battery())
    home.place("bath.leak", leak)
    async with home.running(60):
        home.cable.unplug()
        leak.set_wet(True)
        await asyncio.sleep(10)
        home.cable.replug()
        await home.reports("bath.leak", 30, leak=True)
    home.close()


async def test_an_interview_of_a_sleeping_device_that_was_cut_short_goes_on_by_itself() -> None:
    home = ZigbeeHome()
    home.place("bath.leak", LeakSensor(battery=Battery()))
    report = home.report

    def cutting(event: Event) -> None:
        report(event)
        if isinstance(event, InterviewProgressed) and event.step == "basic":
            home.network.cut_power("bath.leak")

    home.report = cutting  # type: ignore[method-assign]  # an ear at what is reported
    async with home.running(0):
        await asyncio.sleep(60)
        assert home.node("bath.leak").presence is Presence.INTERVIEWING
        home.report = report  # type: ignore[method-assign]
        # Nobody hears that it is there again.
        home.network.stations["bath.leak"].powered = True
        home.network.stations["bath.leak"].mailbox.restore_power()
        home.network.changed()
        await asyncio.sleep(AGAIN_S + 120)
        assert home.node("bath.leak").record.stage is Stage.COMPLETE
    home.close()


async def test_what_was_doubted_while_it_was_read_is_read_again() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        node, interviewing = home.node("hall.light"), home.driver.interviewing
        assert not interviewing.is_stale(node)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(interviewing.refresh(node, Priority.POLL))
            await asyncio.sleep(0)
            interviewing.doubt(node)
        assert interviewing.is_stale(node)
        await asyncio.sleep(120)
        assert not interviewing.is_stale(node)


async def test_what_an_alarm_sensor_said_and_nobody_heard_is_found_out() -> None:
    home = ZigbeeHome()
    leak, door = LeakSensor(battery=Battery()), DoorSensor()
    home.place("bath.leak", leak)
    home.place("hall.door", door)
    async with home.running(60):
        # Without a word.
        leak.wet = door.open = True
        await asyncio.sleep(FRESH_S + CHECK_IN_S + 120)
        assert home.state("bath.leak")["leak"] is True
        assert home.state("hall.door")["open"] is True
    home.close()


async def test_a_device_that_lost_its_address_and_takes_no_other_is_silent() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        home.network.provoke_conflict("hall.light")
        home.network.cut_power("hall.light")
        await asyncio.sleep(300)
        assert home.device("hall.light").presence is Presence.DEAD
        home.network.restore_power("hall.light")
        await asyncio.sleep(10)
        assert home.device("hall.light").presence is Presence.READY


async def test_a_device_that_sleeps_says_now_and_then_that_it_is_there() -> None:
    home = ZigbeeHome()
    home.place("bath.leak", LeakSensor(battery=Battery()))
    async with home.running(60):
        await asyncio.sleep(2 * CHECK_IN_S)
        assert home.loop.time() - home.node("bath.leak").heard_at <= CHECK_IN_S
    home.close()


async def test_one_that_hears_is_not_told_to_check_in() -> None:
    async with zigbee_home({"bath.leak": LeakSensor(battery=Battery())}) as home:
        record = home.node("bath.leak").record
        assert poll_control.CLUSTER_ID in {binding.cluster for binding in bindings_of(record)}
        record.rx_on_when_idle = True
        capabilities_of(record)
        assert poll_control.CLUSTER_ID not in {binding.cluster for binding in bindings_of(record)}
