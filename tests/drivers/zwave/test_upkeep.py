"""Who is missed, and who could not have been heard."""

import asyncio

from hubagent.model.device import Presence
from hubagent.model.event import DeviceSilent
from simulators.devices.device import Battery
from simulators.devices.sensors import DoorSensor, LeakSensor
from simulators.devices.switch import Switch
from tests.helpers.zwave_home import ZwaveHome, zwave_home

HOUR_S = 3600.0


def _silent(home: ZwaveHome) -> list[DeviceSilent]:
    return [event for event in home.events if isinstance(event, DeviceSilent)]


async def test_a_sleeping_newcomer_is_not_missed_before_it_could_say_a_word() -> None:
    home = ZwaveHome()
    home.place("a.light", Switch())
    home.place("b.leak", LeakSensor(battery=Battery()), wake_up_s=3600, included=False)
    async with home.running(settle_s=26 * HOUR_S):
        home.cable.unplug()
        await asyncio.sleep(5)
        home.network.include("b.leak")
        sleep = home.nodes["b.leak"].sleep
        assert sleep is not None
        sleep.fall_asleep()
        home.cable.replug()
        await asyncio.sleep(100)
        assert _silent(home) == []
        await asyncio.sleep(2 * HOUR_S)
        assert home.device("b.leak").presence is Presence.ASLEEP
    home.cable.unplug()


async def test_nobody_who_sleeps_is_missed_while_and_after_the_stick_was_away() -> None:
    async with zwave_home({"hall.door": DoorSensor(battery=Battery())}) as home:
        await asyncio.sleep(HOUR_S)
        assert home.device("hall.door").presence is Presence.ASLEEP
        home.cable.unplug()
        await asyncio.sleep(30 * HOUR_S)
        assert _silent(home) == []
        home.cable.replug()
        await asyncio.sleep(600)
        assert _silent(home) == []
        assert home.device("hall.door").presence is Presence.ASLEEP


async def test_a_stick_that_is_away_now_and_then_does_not_hide_that_a_device_is_gone() -> None:
    async with zwave_home({"hall.door": DoorSensor(battery=Battery())}) as home:
        await asyncio.sleep(HOUR_S)
        home.network.cut_power("hall.door")
        for _ in range(4):
            await asyncio.sleep(8 * HOUR_S)
            home.cable.unplug()
            await asyncio.sleep(60)
            home.cable.replug()
        assert _silent(home) == [DeviceSilent(home.id_of("hall.door"))]
