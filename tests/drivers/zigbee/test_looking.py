"""Devices that nobody has heard of where they are, and devices that nobody has heard of."""

import asyncio

import pytest

from drivers.zigbee.ezsp.frame import Frame
from drivers.zigbee.ezsp.messaging import SendBroadcast
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.interviewing import AGAIN_S
from drivers.zigbee.roll_call import CALM_S, PAUSE_S, ROLL_KEY
from hubagent.model.device import Presence
from hubagent.model.event import Outcome
from simulators.devices.device import Battery
from simulators.devices.sensors import LeakSensor
from simulators.devices.switch import Switch
from simulators.zigbee.mesh import COORDINATOR_NAME
from simulators.zigbee.radio import ApsMessage
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home


def child_of(home: ZigbeeHome, name: str, parent: str) -> None:
    member = home.network.stations[name].member
    assert member is not None
    member.parent = parent
    home.network.changed()


@pytest.mark.parametrize("parent", ["hall.light", COORDINATOR_NAME])
async def test_a_sleeping_device_that_moved_unheard_is_found_through_its_parent(parent: str) -> None:
    home = ZigbeeHome()
    leak = LeakSensor(battery=Battery())
    home.place("hall.light", Switch())
    home.place("bath.leak", leak)
    async with home.running(60):
        child_of(home, "bath.leak", parent)
        home.network.admission.move(home.network.stations["bath.leak"], 0x4242)
        # What it said meanwhile was not heard either.
        leak.wet = True
        home.driver.interviewing.doubt(home.node("bath.leak"))
        await asyncio.sleep(2 * AGAIN_S + 120)
        assert home.device("bath.leak").address == 0x4242
        assert home.state("bath.leak")["leak"] is True
        assert home.device("bath.leak").presence is Presence.READY
    home.close()


async def test_what_somebody_else_says_of_an_address_does_not_count_where_the_device_answers() -> None:
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    async with home.running(30):
        address = home.device("hall.light").address
        home.driver.told_where(home.nodes["hall.light"].eui64, 0x4242)
        assert home.device("hall.light").address == address
    home.close()


async def test_the_roll_is_called_until_every_router_has_answered_and_not_again_at_once() -> None:
    home = ZigbeeHome()
    light = home.place("hall.light", Switch())
    home.place("bath.leak", LeakSensor(battery=Battery()))
    child_of(home, "bath.leak", "hall.light")
    receive = light.receive

    def deaf(message: ApsMessage) -> None:
        """It does not say whom it hears."""
        if message.cluster != 0x0031:
            receive(message)

    light.receive = deaf  # type: ignore[method-assign]
    async with home.running(60):
        assert light.eui64 in home.driver.registry.nodes
        assert home.nodes["bath.leak"].eui64 not in home.driver.registry.nodes
        assert ROLL_KEY not in home.records.records
        light.receive = receive  # type: ignore[method-assign]
        await asyncio.sleep(200)
        assert home.device("bath.leak").presence is Presence.READY
        assert ROLL_KEY in home.records.records
    heard = home.listen_in("hall.light")
    async with home.running(60):
        assert [message for message in heard if message.cluster == 0x0031 and message.profile == 0] == []
    home.close()


async def test_who_came_back_while_the_driver_was_away_is_found_all_the_same() -> None:
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    home.place("hall.plug", Switch())
    home.network.cut_power("hall.plug")
    async with home.running(60):
        assert ROLL_KEY in home.records.records
        assert home.nodes["hall.plug"].eui64 not in home.driver.registry.nodes
    home.network.restore_power("hall.plug")
    async with home.running(CALM_S + 60):
        assert home.device("hall.plug").presence is Presence.READY
    home.close()


async def test_who_was_heard_and_did_not_say_who_it_is_is_looked_for_among_its_neighbours() -> None:
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    plug = home.place("hall.plug", Switch())
    home.network.cut_power("hall.plug")
    async with home.running(60):
        receive = plug.receive
        # It is too busy to answer.
        plug.receive = lambda message: None  # type: ignore[method-assign]
        home.network.restore_power("hall.plug")
        await asyncio.sleep(60)
        plug.receive = receive  # type: ignore[method-assign]
        assert plug.eui64 not in home.driver.registry.nodes
        await asyncio.sleep(PAUSE_S + 60)
        assert home.device("hall.plug").presence is Presence.READY
    home.close()


async def test_a_stick_that_cannot_send_a_broadcast_once_is_no_reason_to_end() -> None:
    async with zigbee_home({"hall.light": Switch(), "hall.plug": Switch()}) as home:
        stick, refused = home.stick, 0
        carry_out = stick._carry_out

        def refusing_once(frame: Frame) -> None:
            nonlocal refused
            if frame.frame_id == SendBroadcast.ID and not refused:
                refused += 1
                stick._refuse(frame, Status.NO_MORE_RESOURCE)
            else:
                carry_out(frame)

        stick._carry_out = refusing_once  # type: ignore[method-assign]  # it is short of memory for a moment
        home.network.cut_power("hall.light")
        assert (await home.set("hall.light", on=True)).outcome is Outcome.UNREACHABLE
        await asyncio.sleep(600)
        assert refused
        assert (await home.set("hall.plug", on=True)).outcome is Outcome.CONFIRMED
        home.network.restore_power("hall.light")
        await asyncio.sleep(60)
        assert home.device("hall.light").presence is Presence.READY
