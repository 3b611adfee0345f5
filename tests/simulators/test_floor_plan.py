"""Walls between a hub and its devices, as both radios have them."""

import asyncio
from itertools import pairwise

import pytest

from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.event import Outcome
from simulators.home import home_file, read_home
from simulators.world import World
from simulators.zigbee.dongle import ZigbeeDongle
from tests.simulators.world_faults.a_world import AWorld

ROOMS = [{"name": f"r{number}", "plan": [number * 4.0, 0.0, 4.0, 4.0]} for number in range(13)]
"""A row, each behind the wall of the one before."""


def a_row(*devices: str) -> AWorld:
    """With the hub in the first of them."""
    return AWorld(*devices, room=ROOMS, hub=[1.0, 2.0])


def _rssi(home: AWorld, name: str) -> float:
    links = home.zwave.network.paths.links
    assert links is not None
    return links.rssi_dbm("", name)


async def test_a_home_without_a_plan_has_perfect_air() -> None:
    home = AWorld("hall.lamp switch zigbee", "hall.plug switch zwave")
    assert home.zwave.network.paths.links is None
    assert home.zigbee.network.mesh.even


@pytest.mark.parametrize("radio", ["zwave", "zigbee"])
async def test_a_lamp_behind_twelve_walls_is_reached_over_those_between_and_not_without(radio: str) -> None:
    outcomes = []
    for helpers in ((), ("r3.helper", "r6.helper", "r9.helper")):
        home = a_row(f"r12.lamp switch {radio}", *(f"{name} repeater {radio}" for name in helpers))
        async with home.running(300):
            home.device("r12.lamp").switch(True)
            await asyncio.sleep(30)
            outcomes.append(home.told("r12.lamp", "on")[-1:] == [True])
    assert outcomes == [False, True]


async def test_the_report_of_a_transmission_names_the_repeater_and_the_strength() -> None:
    home = a_row("r12.lamp switch zwave", "r6.helper repeater zwave")
    async with home.running(300):
        _, answer = await home.send("r12.lamp", SwitchOnOff(True))
        assert answer.outcome is Outcome.CONFIRMED
        network = home.zwave.network
        assert network.paths.repeaters_of("r12.lamp") == ("r6.helper",)
        lamp, helper = network.node_of("r12.lamp"), network.node_of("r6.helper")
        assert lamp is not None
        assert helper is not None
        assert network.rssi_dbm(lamp) == network.rssi_dbm(helper) == round(_rssi(home, "r6.helper"))
        assert not network.hear_each_other(1, lamp)
        assert network.hear_each_other(1, helper)


async def test_a_zigbee_message_has_the_lqi_of_its_last_hop() -> None:
    home = a_row("r0.lamp switch zigbee", "r1.lamp switch zigbee", "r2.lamp switch zigbee")
    mesh = home.zigbee.network.mesh
    lqis = [mesh.lqi("", f"{room}.lamp") for room in ("r0", "r1", "r2")]
    assert lqis == sorted(lqis, reverse=True)
    assert lqis[0] > 200 > lqis[2]
    async with home.running(60):
        sender = home.zigbee.network.traffic.sender(home.zigbee.network.stations["r0.lamp"])
        assert sender.lqi == lqis[0]


async def test_in_the_familys_house_everybody_is_reached_and_not_everybody_directly() -> None:
    world = World(read_home(home_file("family_house")), 1, still=True)
    dongle = world.dongles["zigbee"]
    assert isinstance(dongle, ZigbeeDongle)
    network = dongle.network
    hops = {name: network.path_to(station) for name, station in network.stations.items()}
    assert max(len(path) for path in hops.values()) > 1
    for name, path in hops.items():
        names = ["", *(it.name for it in path)]
        losses = [network.mesh.loss(one, other) for one, other in pairwise(names)]
        assert max(losses) < 0.5, (name, names, losses)
    for it in world.dongles.values():
        it.power_off()


async def test_where_the_hub_is_counts() -> None:
    strengths = []
    for hub in ([1.0, 2.0], [51.0, 2.0]):
        home = AWorld("r12.lamp switch zwave", room=ROOMS, hub=hub)
        strengths.append(_rssi(home, "r12.lamp"))
    assert strengths[1] > strengths[0] + 60
