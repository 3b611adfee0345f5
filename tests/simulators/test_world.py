import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from simulators.action import BadAction
from simulators.cable import MemoryCable
from simulators.devices.device import CannotDo
from simulators.home import HomePlan, home_file, read_home
from simulators.residents.walking import NoWay
from simulators.virtual_time import run_virtual
from simulators.world import DOINGS_MAX, CannotBe, World
from simulators.zwave.dongle import ZwaveDongle
from tests.simulators.ends import End

STUDIO = read_home(home_file("studio"))
DEMO = read_home(home_file("demo"))


@asynccontextmanager
async def living(plan: HomePlan, seed: int = 1) -> AsyncIterator[tuple[World, MemoryCable]]:
    """A world, and the cable of its Z-Wave stick."""
    world = World(plan, seed)
    cables = {radio: MemoryCable(f"sim://{radio}") for radio in world.dongles}
    async with world.running(cables):
        yield world, cables["zwave"]


def zwave(world: World) -> ZwaveDongle:
    dongle = world.dongles["zwave"]
    assert isinstance(dongle, ZwaveDongle)
    return dongle


def _state(world: World, device: str) -> object:
    return next(it["state"] for it in world.state() if it["name"] == device)


async def test_a_resident_who_walks_is_seen_by_the_sensors_of_the_rooms_he_passes() -> None:
    async with living(DEMO) as (world, _):
        world.do("walk", "alex", "outside")
        await asyncio.sleep(2.1)
        assert _state(world, "hall.motion") == {"occupied": True}
        await asyncio.sleep(4)
        assert world.whereabouts()["alex"] in ("outside", "hall")


async def test_a_door_is_open_while_somebody_passes_and_closed_afterwards() -> None:
    seen: list[bool] = []
    async with living(STUDIO) as (world, _):
        door = world.devices["studio.door"].device
        door.listen(lambda _: seen.append(bool(getattr(door, "open", None))))
        world.do("walk", "sam", "outside")
        await asyncio.sleep(5)
        assert seen == [True, False]
        assert world.whereabouts() == {"sam": "outside"}


async def test_in_a_home_at_rest_nobody_moves_any_more_and_the_air_goes_on() -> None:
    async with living(DEMO) as (world, _):
        await asyncio.sleep(3600)
        world.rest()
        there, air = world.whereabouts(), world.inside()
        await asyncio.sleep(4 * 3600)
        assert world.whereabouts() == there
        assert world.inside() != air
        world.do("walk", "alex", "outside")
        await asyncio.sleep(60)
        assert world.whereabouts()["alex"] == "outside"


async def test_a_motion_sensor_clears_when_everybody_has_left() -> None:
    async with living(STUDIO) as (world, _):
        await asyncio.sleep(1)
        assert _state(world, "studio.motion") == {"occupied": True}
        world.do("walk", "sam", "outside")
        await asyncio.sleep(15)
        assert _state(world, "studio.motion") == {"occupied": False}


async def test_hands_press_and_set_what_is_there() -> None:
    async with living(DEMO) as (world, _):
        world.do("press", "kitchen.light")
        world.do("set", "kitchen.sink", "wet=true")
        world.do("set", "living.heating", "setpoint=23.5", "mode=eco")
        assert _state(world, "kitchen.light") == {"on": True}
        assert _state(world, "kitchen.sink") == {"wet": True, "battery": 100.0}


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("press kitchen.oven", CannotBe),
        ("press bedroom.remote 9", CannotDo),
        ("set kitchen.light brightness=1", CannotDo),
        ("set kitchen.light on=7", CannotDo),
        ("set living.heating mode=turbo", CannotDo),
        ("walk nobody hall", CannotBe),
        ("walk alex moon", NoWay),
        ("fault gremlins", CannotBe),
        ("fault duplicate", CannotBe),
        ("fault flip direction=up", CannotBe),
        ("fault flip colour=1", CannotBe),
        ("fault device.dead device=nobody", CannotBe),
        ("sing", BadAction),
        ("cook nobody", CannotBe),
        ("open hall moon", CannotDo),
        ("open porch nursery", CannotDo),
        ("weather mood=3", CannotDo),
        ("weather rain=heavy", CannotDo),
    ],
)
async def test_what_cannot_be_done_is_refused_and_the_world_lives_on(words: str, error: type[Exception]) -> None:
    async with living(DEMO) as (world, _):
        before = world.state()
        with pytest.raises(error):
            world.do(*words.split())
        assert world.state() == before
        await asyncio.sleep(1)


async def test_more_than_people_can_do_is_refused_until_some_of_it_is_done() -> None:
    async with living(DEMO) as (world, _):
        for number in range(DOINGS_MAX):
            world.do("walk", "alex", ("hall", "living")[number % 2])
        with pytest.raises(CannotBe, match=f"{DOINGS_MAX} things that residents were told to do are not done yet"):
            world.do("walk", "alex", "hall")
        world.do("press", "kitchen.light")
        await asyncio.sleep(60)
        world.do("walk", "alex", "hall")


async def test_doors_and_windows_are_opened_by_hand_and_told_by_their_contacts() -> None:
    async with living(DEMO) as (world, _):
        world.do("open", "hall", "outside")
        assert _state(world, "hall.door") == {"open": True, "battery": 100.0}
        world.do("close", "outside", "hall")
        assert _state(world, "hall.door") == {"open": False, "battery": 100.0}
        world.do("open", "living", "window")
        assert world.rooms["living"].windows[0].open


async def test_people_can_see_how_it_is_inside_and_in_front_of_the_door() -> None:
    async with living(DEMO.model_copy(update={"resident": []})) as (world, _):
        world.do("weather", "temperature=-5")
        world.do("open", "hall", "outside")
        world.do("open", "bath", "window")
        await asyncio.sleep(301)
        inside = world.inside()
        assert {"between": ["hall", "outside"], "open": True, "locked": False} in inside["doors"]
        assert inside["rooms"]["bath"]["windows"] == [True]
        assert inside["rooms"]["hall"]["temperature"] < 19 < inside["rooms"]["living"]["temperature"]
        assert inside["weather"]["temperature"] == -5


async def test_the_weather_is_as_somebody_says_until_it_may_be_itself_again() -> None:
    async with living(DEMO) as (world, _):
        world.do("weather", "temperature=-20", "clouds=1")
        await asyncio.sleep(6 * 3600)
        assert world.rooms["bedroom"].temperature < 13
        world.do("weather", "temperature=auto", "clouds=auto")
        await asyncio.sleep(24 * 3600)
        assert world.rooms["bedroom"].temperature > 6


async def test_what_an_event_cannot_do_is_noted_and_the_world_lives_on() -> None:
    events = [{"after": 5.0, "do": "open hall outside"}, {"after": 9.0, "do": "set kitchen.sink wet=true"}]
    locked = {"name": "hall.bolt", "kind": "lock", "between": ["hall", "outside"]}
    plan = HomePlan.model_validate(
        {**DEMO.model_dump(), "event": events, "device": [*DEMO.model_dump()["device"], locked]}
    )
    async with living(plan) as (world, _):
        await asyncio.sleep(10)
        assert list(world.troubles) == ["5.000: open hall outside: the door between hall and outside is locked"]
        assert _state(world, "kitchen.sink") == {"wet": True, "battery": 100.0}


async def test_devices_are_in_the_sticks_network_in_the_order_of_the_file_unless_they_are_to_be_paired() -> None:
    async with living(STUDIO) as (world, _):
        nodes = {it["name"]: it["node"] for it in world.state()}
        assert nodes == {"studio.light": 2, "studio.motion": 3, "studio.door": 4, "studio.button": None}


async def test_a_device_joins_when_the_stick_waits_and_its_button_is_pressed() -> None:
    async with living(STUDIO) as (world, cable):
        host = End()
        cable.open(host)
        world.do("join", "studio.button")
        assert zwave(world).network.node_of("studio.button") is None
        host.write(b"\x06" + _frame(0x4A, 0x81, 1))
        await asyncio.sleep(0.5)
        host.write(b"\x06")
        world.do("join", "studio.button")
        await asyncio.sleep(0.5)
        assert zwave(world).network.node_of("studio.button") == 5


async def test_a_device_that_leaves_by_itself_stays_in_the_list_and_is_silent() -> None:
    async with living(STUDIO) as (world, _):
        world.do("leave", "studio.light")
        assert 2 in zwave(world).network.memory.nodes
        assert not zwave(world).network.reaches(2)


async def test_a_dead_device_is_silent_until_it_is_alive_again() -> None:
    async with living(STUDIO) as (world, _):
        world.do("fault", "device.dead", "device=studio.light")
        assert not zwave(world).network.reaches(2)
        world.do("fault", "device.alive", "device=studio.light")
        assert zwave(world).network.reaches(2)


async def test_an_unplugged_stick_comes_back_after_the_seconds_that_were_asked_for() -> None:
    async with living(STUDIO) as (world, cable):
        host = End()
        cable.open(host)
        world.do("fault", "unplug", "seconds=3")
        await asyncio.sleep(2.9)
        assert not cable.plugged
        assert len(host.happened) == 2
        await asyncio.sleep(0.2)
        assert cable.plugged


async def test_a_fault_of_the_stick_lasts_for_the_seconds_that_were_asked_for() -> None:
    async with living(STUDIO) as (world, _):
        world.do("fault", "silent", "seconds=5")
        assert zwave(world).stick.faults.silent
        await asyncio.sleep(5.1)
        assert not zwave(world).stick.faults.silent


async def test_a_fault_tells_when_it_ends_and_can_be_healed_before() -> None:
    async with living(STUDIO) as (world, _):
        world.do("fault", "silent", "seconds=5")
        world.do("fault", "unplug", "seconds=3")
        world.do("fault", "device.dead", "device=studio.light")
        now = world.loop.time()
        ends = {it.name: it.until - now for it in world.faults.active()}
        assert ends == {"stick.silent": 5.0, "wire.unplug": 3.0, "device.dead": math.inf}
        world.do("heal", "silent")
        assert not zwave(world).stick.faults.silent
        world.do("heal", "device.dead", "studio.motion")
        assert not zwave(world).network.reaches(2)
        world.do("heal", "device.dead", "studio.light")
        assert zwave(world).network.reaches(2)
        with pytest.raises(CannotBe, match="does not exist"):
            world.do("heal", "gremlins")
        world.do("heal")
        assert world.faults.active() == ()


async def test_zigbee_devices_are_in_their_own_network_until_they_leave_it() -> None:
    async with living(DEMO) as (world, _):
        addresses = {it["name"]: it["node"] for it in world.state() if it["radio"] == "zigbee"}
        assert None not in addresses.values()
        assert len(set(addresses.values())) == len(addresses) == 17
        world.do("leave", "porch.light")
        assert world.dongles["zigbee"].address_of("porch.light") is None


async def test_a_fault_strikes_the_radio_that_is_named_or_all_that_can_have_it() -> None:
    async with living(DEMO) as (world, cable):
        world.do("fault", "silent", "radio=zigbee")
        assert not zwave(world).stick.faults.silent
        world.do("fault", "silent")
        assert zwave(world).stick.faults.silent
        world.do("fault", "unplug", "radio=zigbee")
        assert cable.plugged
        with pytest.raises(CannotBe, match="there is no radio 'infrared' here; there are zwave, zigbee"):
            world.do("fault", "unplug", "radio=infrared")


def _end(world: World) -> None:
    for dongle in world.dongles.values():
        dongle.power_off()


async def test_sticks_and_devices_that_keep_their_memory_are_in_their_networks_again(tmp_path: Path) -> None:
    first = World(DEMO, 1, state=tmp_path)
    _end(first)
    second = World(DEMO, 2, state=tmp_path)
    assert second.state() == first.state()
    assert all(it["node"] is not None for it in second.state())
    _end(second)


async def test_the_room_gets_warm_when_the_thermostat_heats_and_cools_down_otherwise() -> None:
    async with living(DEMO) as (world, _):
        start = world.rooms["living"].air.temperature
        world.do("set", "living.heating", "setpoint=25")
        await asyncio.sleep(3 * 3600)
        assert start + 2 < world.rooms["living"].air.temperature < 25.5
        assert world.rooms["bedroom"].air.temperature < 18


async def test_a_stick_that_keeps_its_memory_keeps_home_id_and_nodes(tmp_path: Path) -> None:
    first = World(STUDIO, 1, state=tmp_path)
    _end(first)
    second = World(STUDIO, 2, state=tmp_path)
    assert zwave(second).network.memory.home_id == zwave(first).network.memory.home_id
    assert second.state() == first.state()
    _end(second)


def _conversation(seed: int, plan: HomePlan = DEMO) -> list[tuple[float, bytes]]:
    """All that a host hears in half an hour in which it acknowledges everything."""

    async def talk() -> list[tuple[float, bytes]]:
        async with living(plan, seed) as (world, cable):
            for node in zwave(world).nodes.values():
                node.lifeline.add((1,))
            host = End()
            cable.open(host)
            for _ in range(1800):
                host.write(b"\x06")
                await asyncio.sleep(1)
            return host.chunks

    return run_virtual(talk)


def test_the_same_seed_gives_the_same_bytes_at_the_same_times() -> None:
    first = _conversation(1)
    assert len(first) > 100
    assert _conversation(1) == first
    assert _conversation(2) != first


def _frame(function: int, *payload: int) -> bytes:
    from drivers.zwave.serial_frame import DataFrame, FrameType

    return DataFrame(FrameType.REQUEST, function, bytes(payload)).to_bytes()
