"""A node seen from several sides, of which only one reports a change."""

import asyncio

from drivers.zwave.command_classes.basic import BasicReport
from drivers.zwave.command_classes.door_lock import DoorLockOperationGet
from drivers.zwave.command_classes.notification import Event, NotificationReport
from drivers.zwave.command_classes.notification_events import AccessControlEvent, NotificationType
from drivers.zwave.command_classes.switch_binary import SwitchBinaryGet
from drivers.zwave.encapsulation.chain import unwrap
from hubagent.model.device import Presence
from hubagent.model.event import Outcome
from simulators.devices.device import Battery
from simulators.devices.lock import Lock
from simulators.devices.switch import PowerStrip, Switch
from tests.helpers.zwave_home import ZwaveHome, zwave_home


async def test_the_other_side_of_a_sleeping_device_is_read_when_it_wakes_and_nobody_waits_for_it() -> None:
    home, strip = ZwaveHome(), PowerStrip(2)
    strip.battery = Battery()
    home.place("desk.strip", strip, wake_up_s=600)
    home.place("hall.light", Switch())
    async with home.running(settle_s=1500):
        assert home.device("desk.strip").presence is Presence.ASLEEP
        assert home.state("desk.strip")["on"] is False
        strip.outlets[0].switch(True)
        await asyncio.sleep(0.1)
        assert home.state("desk.strip/1")["on"] is True
        begun = home.loop.time()
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        assert home.loop.time() - begun < 0.5
        home.nodes["desk.strip"].wake()
        await asyncio.sleep(10)
        assert home.state("desk.strip")["on"] is True
        assert home.device("desk.strip").presence is Presence.ASLEEP
    home.cable.unplug()


async def test_the_other_side_is_read_too_where_the_root_says_by_basic_that_it_changed() -> None:
    async with zwave_home({"desk.strip": PowerStrip(2)}) as home:
        heard = home.listen_in("desk.strip")
        home.driver.command_received(home.device("desk.strip").address, BasicReport(255).to_bytes(), home.loop.time())
        await asyncio.sleep(1)
        asked = [unwrap(data) for data in heard]
        assert {to.own_endpoint for command, to in asked if isinstance(command, SwitchBinaryGet)} == {1, 2}


async def test_a_lock_is_asked_where_a_notification_says_something_else_than_it_did() -> None:
    """Some say the same once more a few seconds later, when the bolt has moved again meanwhile."""
    home = ZwaveHome()
    home.place("hall.lock", Lock(home.loop, locked=True))
    async with home.running():
        assert home.state("hall.lock")["locked"] is True
        heard = home.listen_in("hall.lock")
        unlocked = NotificationReport(
            event=Event(NotificationType.ACCESS_CONTROL, AccessControlEvent.UNLOCKED_MANUALLY)
        )
        home.driver.command_received(home.device("hall.lock").address, unlocked.to_bytes(), home.loop.time())
        assert home.state("hall.lock")["locked"] is False, "it may well be so, and rules do not wait"
        await asyncio.sleep(10)
        assert home.state("hall.lock")["locked"] is True
        assert heard == [DoorLockOperationGet().to_bytes()]
    home.cable.unplug()
