"""A node seen from several sides, of which only one reports a change."""

import asyncio

from hubagent.model.device import Presence
from hubagent.model.event import Outcome
from simulators.devices.device import Battery
from simulators.devices.switch import PowerStrip, Switch
from tests.helpers.zwave_home import ZwaveHome


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
