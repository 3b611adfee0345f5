"""The Zigbee air by itself: who hears whom, who keeps what for whom, and that one seed tells one story."""

import asyncio
import itertools
import random
from pathlib import Path

import pytest

from simulators.device_memory import Kept
from simulators.zigbee.mailbox import HELD_MAX, Mailbox
from simulators.zigbee.membership import HEARD_STEP
from simulators.zigbee.memory import Memory
from simulators.zigbee.mesh import COORDINATOR_NAME, REACH, Mesh
from simulators.zigbee.network import Air, Network
from simulators.zigbee.radio import NO_NODE_ID
from simulators.zigbee.rejoining import LOOKS_FOR_STICK_S
from simulators.zigbee.rolling_counter import STEP
from simulators.zigbee.station import OVERTAKING_MAX
from tests.simulators.zigbee.bench_host import SLEEPER, Ear, World

NAMES = [f"lamp{number}" for number in range(40)]


def settled(names: list[str], seed: int = 5, **air: float) -> tuple[Network, dict[str, Ear]]:
    rng = random.Random(seed)
    memory = Memory.open(None, rng)
    memory.commission(rng)
    network = Network(memory, rng, Air(**air))
    ears = {name: Ear(0x1000 + number) for number, name in enumerate(names)}
    for name, ear in ears.items():
        network.place(name, ear)
        network.join(name)
    return network, ears


# --- who hears whom


def test_two_hear_each_other_equally_well_and_the_better_the_nearer_they_are() -> None:
    mesh = Mesh(1)
    pairs = [(one, other) for one in NAMES for other in NAMES if one != other]
    assert all(mesh.lqi(one, other) == mesh.lqi(other, one) for one, other in pairs)
    lqis = {mesh.lqi(one, other) for one, other in pairs}
    assert min(lqis) < 100
    assert max(lqis) > 200
    assert any(mesh.in_reach(one, other) for one, other in pairs)
    assert not all(mesh.in_reach(one, other) for one, other in pairs)


def test_one_device_more_moves_none_of_the_others() -> None:
    few, many = Mesh(3), Mesh(3)
    places = [few.place_of(name) for name in NAMES[:5]]
    assert [many.place_of(name) for name in reversed(NAMES)][::-1][:5] == places
    assert Mesh(4).place_of("lamp1") != few.place_of("lamp1")


def test_every_router_has_a_route_and_no_hop_is_longer_than_it_has_to_be() -> None:
    mesh = Mesh(2)
    routes = mesh.routes(NAMES)
    assert set(routes) == {COORDINATOR_NAME, *NAMES}
    for name in NAMES:
        hops = [COORDINATOR_NAME, *routes[name]]
        assert hops[-1] == name
        assert len(set(hops)) == len(hops)
        if mesh.in_reach(COORDINATOR_NAME, name):
            assert len(hops) == 2
        assert all(mesh.in_reach(one, other) for one, other in itertools.pairwise(hops))


def test_one_far_from_everybody_is_in_the_world_all_the_same() -> None:
    mesh = next(it for it in (Mesh(seed) for seed in range(100)) if not it.in_reach(COORDINATOR_NAME, "far"))
    assert mesh.routes(["far"])["far"] == ("far",)
    assert REACH < 0.5


async def test_around_a_router_without_power_messages_take_another_way() -> None:
    network, _ = settled(NAMES)
    far = next(name for name in NAMES if len(network.path_to(network.stations[name])) > 1)
    before = network.path_to(network.stations[far])
    network.cut_power(before[0].name)
    after = network.path_to(network.stations[far])
    assert before[0] not in after
    assert after[-1].name == far


async def test_neighbours_are_told_with_what_they_are_to_each_other() -> None:
    network, _ = settled(NAMES[:6])
    sleeper = Ear(0x9999, capability=SLEEPER)
    network.place("sensor", sleeper)
    network.join("sensor")
    assert sleeper.antenna is not None
    (parent,) = sleeper.antenna.neighbours()
    assert parent.relationship == 0
    if parent.node_id == 0:
        assert parent.eui64 == network.memory.eui64
        assert parent.device_type == 0
        children = network.coordinator_neighbours()
    else:
        station = network.station_at(parent.node_id)
        assert station is not None
        children = station.neighbours()
    mine = next(it for it in children if it.eui64 == 0x9999)
    assert (mine.relationship, mine.device_type, mine.rx_on_when_idle) == (1, 2, False)


# --- belonging to it


async def test_a_device_that_is_in_no_network_has_no_address_and_says_nothing_that_anybody_hears() -> None:
    rng = random.Random(1)
    network = Network(Memory.open(None, rng), rng)
    ear = Ear(0x1234)
    network.place("a", ear)
    assert ear.antenna is not None
    assert (ear.antenna.joined(), ear.antenna.node_id) == (False, NO_NODE_ID)
    assert (ear.antenna.coordinator_eui64, ear.antenna.extended_pan_id) == (0, 0)
    assert ear.antenna.neighbours() == ()
    ear.say(b"hello")
    assert network.node_of("a") is None


async def test_addresses_differ_and_are_no_broadcasts() -> None:
    network, _ = settled(NAMES)
    addresses = [network.node_of(name) for name in NAMES]
    assert len(set(addresses)) == len(NAMES)
    assert all(address is not None and 0 < address < 0xFFF8 for address in addresses)
    assert network.join(NAMES[0]) == addresses[0]


async def test_devices_are_where_they_were_after_a_restart_of_the_world(tmp_path: Path) -> None:
    path = tmp_path / "stick.json"

    def build(kept: dict[str, Kept]) -> tuple[Network, Ear, Ear]:
        rng = random.Random(3)
        memory = Memory.open(path, rng)
        memory.commission(rng)
        network = Network(memory, rng)
        lamp, sensor = Ear(0x1111), Ear(0x2222, capability=SLEEPER)
        for name, ear in (("lamp", lamp), ("sensor", sensor)):
            station = network.place(name, ear)
            if name in kept:
                station.restore(kept[name])
                network.resume(name)
        return network, lamp, sensor

    network, lamp, sensor = build({})
    before = {name: network.join(name) for name in ("lamp", "sensor")}
    parent = network.stations["sensor"].membership.parent
    again, lamp, sensor = build({name: station.kept() for name, station in network.stations.items()})
    assert {name: again.node_of(name) for name in ("lamp", "sensor")} == before
    assert again.stations["sensor"].membership.parent == parent
    assert lamp.times_joined == sensor.times_joined == 1
    assert lamp.antenna is not None
    assert lamp.antenna.address_of(0x2222) == before["sensor"]
    assert lamp.antenna.address_of(again.memory.eui64) == 0
    assert lamp.antenna.address_of(0x3333) is None


async def test_who_is_back_is_told_as_soon_as_the_stick_is_on_the_air() -> None:
    world = World("a", settled=True)
    back: list[float] = []
    world.network.resume("a", lambda: back.append(world.network.loop.time()))
    await asyncio.sleep(60)
    assert back == []
    await world.up()
    await asyncio.sleep(LOOKS_FOR_STICK_S[1])
    assert len(back) == 1


async def test_a_replay_is_known_after_a_restart_but_for_the_last_frames() -> None:
    network, _ = settled(["lamp"])
    station = network.stations["lamp"]
    assert station.accepts_counter(10_000)
    station.restore(station.kept())
    assert not station.accepts_counter(10_000 - HEARD_STEP - OVERTAKING_MAX)
    assert station.accepts_counter(10_001)


async def test_without_power_the_aps_counter_begins_anew_and_the_number_of_a_transaction_goes_on() -> None:
    network, _ = settled(["lamp"])
    station = network.stations["lamp"]
    last = [station.next_zdo_counter() for _ in range(3)][-1]
    network.cut_power("lamp")
    assert [station.next_aps_counter() for _ in range(3)] == [1, 2, 3]
    station.restore(station.kept())
    assert station.next_aps_counter() == 1
    assert (station.next_zdo_counter() - last) % 256 in range(1, 2 + 2 * STEP)


# --- between devices


async def test_devices_speak_to_each_other_without_the_stick() -> None:
    network, ears = settled(["remote", "lamp"])
    target = network.node_of("lamp")
    assert target is not None
    ears["remote"].say(b"\x01\x01\x02", target)
    await asyncio.sleep(0.1)
    ((_, message),) = ears["lamp"].messages
    assert (message.source, message.payload) == (network.node_of("remote"), b"\x01\x01\x02")


async def test_a_group_of_lamps_hears_a_remote_while_the_stick_is_unplugged() -> None:
    network, ears = settled(["remote", "one", "two"])
    assert network.ncp is None
    ears["remote"].say(b"\x01\x01\x02", 0xFFFD, group=7)
    await asyncio.sleep(0.1)
    assert ears["one"].messages[0][1].group == ears["two"].messages[0][1].group == 7
    assert ears["remote"].messages == []


async def test_one_without_power_neither_hears_nor_speaks() -> None:
    network, ears = settled(["a", "b"])
    network.cut_power("b")
    ears["a"].say(b"\x01", network.node_of("b") or 0)
    ears["b"].say(b"\x02", network.node_of("a") or 0)
    await asyncio.sleep(10)
    assert ears["a"].messages == ears["b"].messages == []
    network.restore_power("b")
    await asyncio.sleep(5)
    ears["b"].say(b"\x02", network.node_of("a") or 0)
    await asyncio.sleep(1)
    assert ears["a"].heard[-1] == b"\x02"


async def test_it_is_told_what_a_device_gives_up() -> None:
    network, ears = settled(["a"])
    lost: list[bytes] = []
    network.traffic.lost = lambda message: lost.append(message.payload)
    network.air.loss = 1.0
    ears["a"].say(b"\x01", 0)
    await asyncio.sleep(30)
    network.air.loss = 0.0
    ears["a"].say(b"\x02", 0)
    await asyncio.sleep(30)
    assert lost == [b"\x01"]


async def test_time_on_the_air_grows_with_the_hops() -> None:
    network, ears = settled(NAMES, frame_s=0.01)
    hops = {name: len(network.path_to(network.stations[name])) for name in NAMES}
    assert set(hops.values()) >= {1, 2}
    for name in NAMES:
        trip = network.traffic.to_stick(network.stations[name])
        assert trip.arrived
        assert trip.ends_at == pytest.approx(0.01 * hops[name])
    assert ears


# --- what waits for those that sleep


async def test_a_mailbox_is_emptied_at_the_poll_and_old_things_are_thrown_away() -> None:
    loop = asyncio.get_running_loop()
    box = Mailbox(loop, Ear(1, capability=SLEEPER, poll_s=10.0), 0.0)
    told: list[str] = []
    box.hold(15.0, lambda: told.append("kept"), lambda: told.append("lost"))
    box.hold(5.0, lambda: told.append("kept too"), lambda: told.append("too old"))
    await asyncio.sleep(6)
    assert told == ["too old"]
    await asyncio.sleep(5)
    assert told == ["too old", "kept"]


async def test_a_mailbox_is_looked_at_sooner_when_its_owner_begins_to_poll_fast() -> None:
    loop = asyncio.get_running_loop()
    ear = Ear(1, capability=SLEEPER, poll_s=60.0)
    box = Mailbox(loop, ear, 0.0)
    fetched: list[float] = []
    box.hold(30.0, lambda: fetched.append(loop.time()), lambda: None)
    await asyncio.sleep(3)
    ear.poll_interval_s = 0.5
    await asyncio.sleep(1.5)
    assert len(fetched) == 1


async def test_a_mailbox_has_a_bottom() -> None:
    loop = asyncio.get_running_loop()
    box = Mailbox(loop, Ear(1, capability=SLEEPER, poll_s=1.0), 0.0)
    told: list[str] = []
    for _ in range(HELD_MAX + 3):
        box.hold(5.0, lambda: told.append("kept"), lambda: told.append("lost"))
    await asyncio.sleep(2)
    assert (told.count("kept"), told.count("lost")) == (HELD_MAX, 3)


async def test_nothing_is_fetched_without_power_and_everything_is_told_of_once() -> None:
    loop = asyncio.get_running_loop()
    box = Mailbox(loop, Ear(1, capability=SLEEPER, poll_s=1.0), 0.0)
    told: list[str] = []
    box.cut_power()
    box.hold(5.0, lambda: told.append("kept"), lambda: told.append("lost"))
    await asyncio.sleep(6)
    assert told == ["lost"]
    box.hold(5.0, lambda: told.append("kept"), lambda: told.append("lost"))
    box.restore_power()
    await asyncio.sleep(2)
    assert told == ["lost", "kept"]
    box.hold(5.0, lambda: told.append("kept"), lambda: told.append("lost"))
    box.clear()
    await asyncio.sleep(10)
    assert told == ["lost", "kept", "lost"]
