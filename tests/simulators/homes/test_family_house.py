"""The family's house: as large as it is said to be, and lived in as people live."""

import asyncio
from collections import Counter

import pytest

from simulators.cable import MemoryCable
from simulators.home import home_file, read_home
from simulators.virtual_time import VirtualTimeLoop, run_virtual
from simulators.world import World

PLAN = read_home(home_file("family_house"))
DAY_S = 86_400.0
ZIGBEE_NAME_MAX = 16
"""So long is the name that a device keeps itself (Basic, LocationDescription): a longer one is not the hub's."""


def test_it_has_a_hundred_devices_on_both_radios_and_room_for_four() -> None:
    assert Counter(device.radio for device in PLAN.device) == {"zwave": 45, "zigbee": 55}
    assert 10 <= len(PLAN.room) <= 14
    assert len(PLAN.resident) == 4


@pytest.mark.parametrize("home", ["family_house", "worst_day"])
def test_every_device_hangs_in_its_room(home: str) -> None:
    plan = read_home(home_file(home))
    rooms = {room.name: room.plan for room in plan.room}
    for device in plan.device:
        rectangle = rooms[device.place]
        if device.at is None or rectangle is None:
            continue
        x, y, width, depth = rectangle
        assert x <= device.at[0] <= x + width, device.name
        assert y <= device.at[1] <= y + depth, device.name


def _overlap(one: list[float], other: list[float]) -> bool:
    (x, y, width, depth), (x2, y2, width2, depth2) = one, other
    return x < x2 + width2 and x2 < x + width and y < y2 + depth2 and y2 < y + depth


def test_no_two_rooms_are_in_the_same_place() -> None:
    plans = {room.name: room.plan for room in PLAN.room if room.plan is not None}
    assert len(plans) == len(PLAN.room)
    both = [(one, other) for one in plans for other in plans if one < other and _overlap(plans[one], plans[other])]
    assert both == []


@pytest.mark.parametrize("home", ["family_house", "worst_day"])
def test_names_on_zigbee_fit_into_the_devices_that_keep_them(home: str) -> None:
    names = [device.name for device in read_home(home_file(home)).device if device.radio == "zigbee"]
    assert [name for name in names if len(name) > ZIGBEE_NAME_MAX] == []


def _lived(days: float) -> tuple[Counter[str], list[str], int]:
    """Changes of devices by kind and attribute, what could not be done, and the loop's steps."""

    async def live() -> tuple[Counter[str], list[str], int]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        world = World(PLAN, 1)
        seen: Counter[str] = Counter()
        for placed in world.devices.values():
            kind = placed.plan.kind
            placed.device.listen(lambda attribute, kind=kind: seen.update([f"{kind}.{attribute}"]))  # type: ignore[misc]
        async with world.running({radio: MemoryCable(f"sim://{radio}") for radio in world.dongles}):
            await asyncio.sleep(days * DAY_S)
        return seen, list(world.troubles), loop.steps

    return run_virtual(live)


def test_two_days_of_it_are_full_of_life_without_any_trouble_and_cheap() -> None:
    seen, troubles, steps = _lived(2)
    assert troubles == []
    for kind in ("motion.occupied", "door.open", "lock.locked", "plug.power", "climate.humidity", "remote.button"):
        assert seen[kind] > 0, kind
    # A motion sensor sees somebody come some ten to thirty times a day.
    assert 2 * 13 * 10 < seen["motion.occupied"] < 2 * 13 * 80
    # Everything that happens, and a step a minute for the air: far from one a second.
    assert steps < 2 * DAY_S / 4
