"""Faults 12 to 17: what goes wrong on the air, as the drivers and the devices see it."""

import asyncio

import pytest

from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.event import Outcome
from simulators.rough_air import NOTHING_HELD, OneWay
from tests.simulators.world_faults.a_world import AWorld

BOTH = ("hall.lamp switch zigbee", "hall.plug switch zwave")


@pytest.mark.parametrize("name", ["hall.lamp", "hall.plug"])
async def test_12_where_everything_is_lost_nothing_arrives_until_it_is_healed(name: str) -> None:
    home = AWorld(*BOTH)
    async with home.running():
        heal = home.world.strike("air.loss", home.world.devices[name].plan.radio, rate=1.0)
        _, answer = await home.send(name, SwitchOnOff(True))
        assert answer.outcome is not Outcome.CONFIRMED
        assert not home.device(name).on
        heal()
        await asyncio.sleep(120)
        _, answer = await home.send(name, SwitchOnOff(True))
        assert answer.outcome is Outcome.CONFIRMED
        assert home.device(name).on


@pytest.mark.parametrize("name", ["hall.lamp", "hall.plug"])
async def test_12_a_shadow_is_before_one_device_only(name: str) -> None:
    home = AWorld(*BOTH, "hall.other switch zigbee", "hall.fan switch zwave")
    other = {"hall.lamp": "hall.other", "hall.plug": "hall.fan"}[name]
    async with home.running():
        heal = home.world.strike("air.shadow", name, rate=1.0)
        home.device(name).switch(True)
        home.device(other).switch(True)
        await asyncio.sleep(20)
        assert home.told(name, "on") == []
        assert home.told(other, "on") == [True]
        heal()
        home.device(name).switch(False)
        await asyncio.sleep(20)
        assert home.told(name, "on")[-1] is False


@pytest.mark.parametrize("name", ["hall.lamp", "hall.plug"])
async def test_13_a_busy_channel_makes_what_is_said_late_and_leaves_it_in_order(name: str) -> None:
    home = AWorld(*BOTH)
    radio = home.world.devices[name].plan.radio
    async with home.running():
        heal = home.world.strike("air.late", radio, rate=1.0, up_to=2.0)
        said = asyncio.get_running_loop().time()
        for on in (True, False, True):
            home.device(name).switch(on)
        await asyncio.sleep(30)
        assert home.told(name, "on")[-1] is True
        assert home.reports(name)[0] - said > 0.2
        heal()
        assert home.world.dongles[radio].rough.late is NOTHING_HELD


@pytest.mark.parametrize("name", ["hall.lamp", "hall.plug"])
async def test_13_however_much_somebody_has_to_say_none_of_it_waits_longer_than_that(name: str) -> None:
    home = AWorld(*BOTH)
    async with home.running():
        home.world.strike("air.late", home.world.devices[name].plan.radio, rate=1.0, up_to=2.0)
        for number in range(20):
            home.device(name).switch(number % 2 == 0)
        said = asyncio.get_running_loop().time()
        await asyncio.sleep(60)
        assert 0.2 < home.reports(name)[-1] - said < 3.0


@pytest.mark.parametrize("name", ["hall.lamp", "hall.plug"])
async def test_14_what_was_said_later_is_heard_first(name: str) -> None:
    home = AWorld(*BOTH)
    radio = home.world.devices[name].plan.radio
    async with home.running():
        home.world.strike("air.reorder", radio, rate=0.5, up_to=3.0)
        wanted = [bool(number % 2) for number in range(1, 13)]
        for on in wanted:
            home.device(name).switch(on)
            await asyncio.sleep(0.2)
        await asyncio.sleep(10)
        told = home.told(name, "on")
        assert len(home.heard[name]) == len(wanted)
        assert told != wanted[: len(told)]


@pytest.mark.parametrize("name", ["hall.lamp", "hall.plug"])
async def test_15_a_message_is_heard_twice(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    home = AWorld(*BOTH)
    dongle = home.world.devices[name].dongle
    assert dongle is not None
    heard: list[object] = []
    async with home.running():
        if name == "hall.plug":
            monkeypatch.setattr(home.zwave.stick, "command_received", lambda _node, data: heard.append(data))
        else:
            assert home.zigbee.network.ncp is not None
            monkeypatch.setattr(home.zigbee.network.ncp, "heard", lambda message, _sender: heard.append(message))
        heal = home.world.strike("air.duplicate", dongle.name, rate=1.0)
        home.device(name).switch(True)
        await asyncio.sleep(5)
        assert len(heard) == 2
        assert heard[0] == heard[1]
        heal()
        home.device(name).switch(False)
        await asyncio.sleep(5)
        assert len(heard) == 3


async def test_16_interference_is_on_the_channel_that_the_network_was_on_and_not_on_others() -> None:
    home = AWorld(*BOTH)
    network = home.zigbee.network.memory.network
    assert network is not None
    async with home.running():
        home.world.strike("air.interference", "zigbee", rate=1.0)
        home.device("hall.lamp").switch(True)
        await asyncio.sleep(20)
        assert home.told("hall.lamp", "on") == []
        assert home.zigbee.rough.noise_on(network.channel) == 1.0
        other = 11 if network.channel != 11 else 12
        assert home.zigbee.rough.noise_on(other) == 0.0


async def test_16_interference_drowns_z_wave_for_so_many_seconds() -> None:
    home = AWorld(*BOTH)
    async with home.running():
        home.world.do("fault", "air.interference", "radio=zwave", "rate=1", "seconds=10")
        home.device("hall.plug").switch(True)
        await asyncio.sleep(9)
        assert home.told("hall.plug", "on") == []
        await asyncio.sleep(2)
        assert home.world.faults.active() == ()
        home.device("hall.plug").switch(False)
        await asyncio.sleep(2)
        assert home.told("hall.plug", "on") == [False]


async def test_17_a_node_that_hears_and_is_not_heard_is_reached_over_another_and_told_once() -> None:
    home = AWorld(*BOTH, "hall.repeater repeater zwave")
    async with home.running():
        heal = home.world.strike("air.asymmetric", "hall.plug", deaf=str(OneWay.TO_STICK))
        assert home.zwave.rough.is_broken("", "hall.plug")
        changes: list[str] = []
        home.device("hall.plug").listen(changes.append)
        _, answer = await home.send("hall.plug", SwitchOnOff(True))
        assert answer.outcome is Outcome.CONFIRMED
        assert changes == ["on"]
        heal()
        assert not home.zwave.rough.is_broken("", "hall.plug")


async def test_17_a_node_that_hears_and_is_not_heard_by_anybody_does_what_it_is_told_unknown_to_the_hub() -> None:
    home = AWorld(*BOTH)
    async with home.running():
        home.world.strike("air.asymmetric", "hall.plug", deaf=str(OneWay.TO_STICK))
        _, answer = await home.send("hall.plug", SwitchOnOff(True))
        assert answer.outcome is not Outcome.CONFIRMED
        assert home.device("hall.plug").on


@pytest.mark.parametrize("way", list(OneWay))
async def test_17_a_zigbee_child_that_does_not_understand_its_parent_looks_for_another(way: OneWay) -> None:
    home = AWorld(*BOTH, "hall.other switch zigbee", "hall.door door zigbee")
    network = home.zigbee.network
    async with home.running():
        station = network.stations["hall.door"]
        before = station.membership.parent
        heal = home.world.strike("air.asymmetric", "hall.door", deaf=str(way))
        await asyncio.sleep(60)
        assert station.membership.parent != before
        home.device("hall.door").set_open(True)
        await asyncio.sleep(10)
        assert home.told("hall.door", "open")[-1] is True
        heal()
        assert network.rough.even
        assert not network.mesh.shunned


@pytest.mark.parametrize("way", list(OneWay))
async def test_17_a_zigbee_router_that_does_not_understand_its_neighbour_is_reached_over_another(way: OneWay) -> None:
    home = AWorld(*BOTH, "hall.other switch zigbee", "hall.third switch zigbee")
    network = home.zigbee.network
    async with home.running():
        heal = home.world.strike("air.asymmetric", "hall.lamp", deaf=str(way))
        next_to = network.rough.broken["hall.lamp"].next_to
        await asyncio.sleep(60)
        path = ["", *(it.name for it in network.path_to(network.stations["hall.lamp"]))]
        assert path[-2] != next_to
        _, answer = await home.send("hall.lamp", SwitchOnOff(True))
        assert answer.outcome is Outcome.CONFIRMED
        heal()
        assert not network.mesh.shunned
