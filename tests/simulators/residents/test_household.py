"""A flat for two in virtual time: what people do to it by habit, and because they are told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from simulators.cable import MemoryCable
from simulators.devices.device import Device
from simulators.home import HomePlan
from simulators.residents.walking import NoWay
from simulators.runtime import START
from simulators.virtual_time import run_virtual
from simulators.world import World

HOUR_S = 3600.0
FLAT: dict[str, Any] = {
    "room": [
        {"name": "hall", "neighbours": ["outside", "living", "bedroom", "bath"], "windows": []},
        {"name": "living", "neighbours": ["kitchen"]},
        {"name": "kitchen"},
        {"name": "bedroom"},
        {"name": "bath"},
    ],
    "device": [
        {"name": "hall.door", "kind": "door", "between": ["hall", "outside"]},
        {"name": "hall.lock", "kind": "lock", "between": ["hall", "outside"]},
        {"name": "hall.light", "kind": "switch"},
        {"name": "living.light", "kind": "dimmer"},
        {"name": "living.tv", "kind": "plug", "options": {"load_w": 2.0, "on": True}},
        {"name": "living.motion", "kind": "motion", "options": {"clear_after_s": 60.0}},
        {"name": "bedroom.motion", "kind": "motion", "options": {"clear_after_s": 60.0}},
        {"name": "bedroom.light", "kind": "switch"},
        {"name": "kitchen.light", "kind": "switch"},
        {"name": "kitchen.climate", "kind": "climate"},
    ],
    "resident": [
        {
            "name": "anna",
            "room": "bedroom",
            "habits": {
                "wakes": "06:30",
                "sleeps": "22:30",
                "works": ["08:00", "17:00"],
                "cooks": ["18:15"],
                "watches": ["20:00", "21:30"],
                "television": "living.tv",
                "airs": "07:15",
                "spends": {"living": 3.0, "kitchen": 1.0},
            },
        },
        {"name": "tom", "room": "bedroom", "habits": {"works": ["08:30", "17:30"], "spends": {"living": 1.0}}},
    ],
}


def flat(**tables: Any) -> HomePlan:
    return HomePlan.model_validate({**FLAT, **tables})


@asynccontextmanager
async def lived_in(
    plan: HomePlan | None = None, *, hour: float = 0.0, seed: int = 1, still: bool = False
) -> AsyncIterator[World]:
    """From so many hours after the first midnight on, which is a Thursday's."""
    loop = asyncio.get_running_loop()
    world = World(plan or flat(), seed, wall=lambda: START + hour * HOUR_S + loop.time(), still=still)
    async with world.running({radio: MemoryCable(f"sim://{radio}") for radio in world.dongles}):
        yield world


def in_virtual_time(main: Callable[[], Any]) -> Any:
    return run_virtual(main)


def device(world: World, name: str) -> Any:
    return world.devices[name].device


async def _until(hour: float, *, since: float) -> None:
    await asyncio.sleep((hour - since) * HOUR_S)


async def test_a_workday_goes_from_bed_to_work_and_back_to_bed() -> None:
    async with lived_in() as world:
        await _until(4, since=0)
        assert world.whereabouts() == {"anna": "bedroom", "tom": "bedroom"}
        assert world.residents["anna"].asleep
        await _until(12, since=4)
        assert world.whereabouts() == {"anna": "outside", "tom": "outside"}
        await _until(20.75, since=12)
        assert world.whereabouts()["anna"] == "living"
        await _until(23.75, since=20.75)
        assert world.residents["anna"].asleep
        assert world.residents["tom"].asleep
    assert list(world.troubles) == []


@pytest.mark.parametrize(("hour", "rooms"), [(2, {"bedroom"}), (12, {"outside"}), (84, {"living", "kitchen"})])
async def test_a_world_that_begins_in_the_middle_of_a_day_finds_its_people_where_they_are(
    hour: float, rooms: set[str]
) -> None:
    """The last one on Sunday at noon."""
    async with lived_in(hour=hour) as world:
        await asyncio.sleep(1)
        assert world.whereabouts()["anna"] in rooms


@pytest.mark.parametrize("bed", ["bedroom", "outside"])
async def test_whom_no_way_leads_out_or_in_stays_and_the_world_goes_on(bed: str) -> None:
    """Yesterday went by as well, at the end of which everybody comes home."""
    shut = flat(
        room=[{"name": "bedroom"}],
        device=[],
        resident=[{"name": "anna", "room": bed, "habits": {"works": ["08:00", "17:00"]}}],
    )
    async with lived_in(shut, hour=12) as world:
        await _until(18, since=12)
        assert world.whereabouts() == {"anna": bed}
        assert any("come_home anna" in trouble for trouble in world.troubles) is (bed == "outside")


async def test_the_last_who_leaves_locks_the_door_and_the_first_who_comes_unlocks_it() -> None:
    async with lived_in(hour=7) as world:
        lock = device(world, "hall.lock")
        lock.turn(False)
        await _until(12, since=7)
        assert lock.locked
        opened: list[bool] = []
        device(world, "hall.door").listen(lambda _: opened.append(lock.locked))
        await _until(18, since=12)
        assert opened
        assert not any(opened)


async def test_a_jammed_lock_keeps_people_where_they_are_and_the_world_goes_on() -> None:
    async with lived_in(hour=7) as world:
        device(world, "hall.lock").jam(True)
        await _until(12, since=7)
        assert "outside" not in world.whereabouts().values()
        assert any("the lock is jammed" in trouble for trouble in world.troubles)


async def test_before_the_last_one_sleeps_the_lamps_are_out_and_the_door_is_locked() -> None:
    async with lived_in(hour=20) as world:
        device(world, "hall.lock").turn(False)
        device(world, "kitchen.light").switch(True)
        await _until(23.9, since=20)
        lamps = [name for name in world.devices if name.endswith(".light") and device(world, name).on]
        assert lamps == []
        assert device(world, "hall.lock").locked


async def test_in_the_dark_a_hand_finds_the_switch_and_by_day_it_does_not_look_for_it() -> None:
    alone = flat(resident=[{"name": "anna", "room": "bedroom", "habits": {"varies": 0.0}}])

    async def lamp_at(hour: float) -> bool:
        async with lived_in(alone, hour=hour) as world:
            world.do("walk", "anna", "living")
            await asyncio.sleep(20)
            return bool(device(world, "living.light").on)

    assert await lamp_at(19.0)
    assert not await lamp_at(12.5)


async def test_where_a_rule_has_switched_the_light_on_no_hand_does_it_again() -> None:
    async with lived_in(hour=20) as world:
        device(world, "living.light").go_to(20.0, 0.0)
        presses: list[str] = []
        device(world, "living.light").listen(presses.append)
        world.do("walk", "tom", "living")
        await asyncio.sleep(20)
        assert presses == []


async def test_cooking_warms_and_moistens_the_kitchen() -> None:
    async with lived_in(hour=18) as world:
        kitchen, living = world.rooms["kitchen"], world.rooms["living"]
        before = kitchen.temperature, kitchen.vapour
        await _until(19.2, since=18)
        assert kitchen.temperature - before[0] > living.temperature - 20.0 + 0.3
        assert kitchen.vapour > before[1] + 1.5


async def test_the_television_draws_power_while_somebody_watches() -> None:
    async with lived_in(hour=19) as world:
        await _until(20.75, since=19)
        assert device(world, "living.tv").power_w > 100
        await _until(22.2, since=20.75)
        assert device(world, "living.tv").power_w < 10


async def test_the_bedroom_is_aired_in_the_morning() -> None:
    async with lived_in(hour=6.9) as world:
        window = world.rooms["bedroom"].windows[0]
        opened = []
        for _ in range(90):
            await asyncio.sleep(60)
            opened.append(window.open)
        assert 8 <= sum(opened) <= 12


def _seen(sensor: str, hours: tuple[float, float], seed: int = 1) -> int:
    """How often a sensor saw somebody come."""

    async def watch() -> int:
        async with lived_in(hour=hours[0], seed=seed) as world:
            seen = 0

            def changed(_attribute: str) -> None:
                nonlocal seen
                seen += device(world, sensor).occupied

            device(world, sensor).listen(changed)
            await _until(hours[1], since=hours[0])
            return seen

    return int(in_virtual_time(watch))


def test_who_sleeps_stirs_seldom_and_who_is_awake_often() -> None:
    asleep, awake = _seen("bedroom.motion", (1.0, 5.0)), _seen("living.motion", (18.0, 22.0))
    assert 3 <= asleep <= 25
    assert awake > 1.3 * asleep


def _life(seed: int) -> list[tuple[float, str, str]]:
    async def live() -> list[tuple[float, str, str]]:
        loop = asyncio.get_running_loop()
        happened: list[tuple[float, str, str]] = []
        async with lived_in(seed=seed) as world:

            def note(name: str, it: Device) -> None:
                it.listen(lambda attribute: happened.append((loop.time(), name, attribute)))

            for name, placed in world.devices.items():
                note(name, placed.device)
            await asyncio.sleep(2 * 24 * HOUR_S)
        return happened

    return list(in_virtual_time(live))


def test_the_same_seed_is_the_same_life() -> None:
    life = _life(1)
    assert len(life) > 200
    assert _life(1) == life
    assert _life(2) != life


async def test_people_do_what_they_are_told() -> None:
    async with lived_in(hour=12, still=True) as world:
        anna = world.residents["anna"]
        for words, room in (("cook anna 1", "kitchen"), ("shower anna 1", "bath"), ("watch anna 1", "living")):
            world.do(*words.split())
            await asyncio.sleep(15)
            assert anna.room == room
            assert anna.busy_with is not None
            await asyncio.sleep(60)
            assert anna.busy_with is None
        world.do("sleep", "anna")
        await asyncio.sleep(20)
        assert anna.asleep
        world.do("wake", "anna")
        await asyncio.sleep(1)
        assert not anna.asleep
        world.do("go_out", "anna")
        await asyncio.sleep(20)
        assert anna.room == "outside"
        world.do("come_home", "anna")
        await asyncio.sleep(20)
        assert anna.room == "hall"


async def test_who_has_no_kitchen_does_not_cook() -> None:
    plan = HomePlan.model_validate({"room": [{"name": "studio"}], "resident": [{"name": "sam", "room": "studio"}]})
    async with lived_in(plan) as world:
        with pytest.raises(NoWay, match="sam has no room to cook in"):
            world.do("cook", "sam")
        with pytest.raises(NoWay, match="no way from studio to outside"):
            world.do("go_out", "sam")
