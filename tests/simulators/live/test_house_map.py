"""Where everything of a home is on paper."""

import itertools
import math

import pytest

from simulators.climate.plan import OUTSIDE
from simulators.home import HomePlan, bundled_homes, read_home
from simulators.live.house_map import HouseMap, house_map
from simulators.live.rectangle import Point

HOMES = sorted(bundled_homes())


def mapped(home: str) -> tuple[HomePlan, HouseMap]:
    plan = read_home(bundled_homes()[home])
    return plan, house_map(plan, lambda _device: None)


@pytest.mark.parametrize("home", HOMES)
def test_every_device_is_in_its_room(home: str) -> None:
    plan, found = mapped(home)
    for device in plan.device:
        room, at = found.rooms[device.place], found.devices[device.name]
        assert room.x < at.x < room.east, device.name
        assert room.y < at.y < room.south, device.name


@pytest.mark.parametrize("home", HOMES)
def test_no_device_covers_another_of_its_room(home: str) -> None:
    plan, found = mapped(home)
    near = [
        (one.name, other.name)
        for one, other in itertools.combinations(plan.device, 2)
        if one.place == other.place and _metres(found.devices[one.name], found.devices[other.name]) < 0.6
    ]
    assert near == []


@pytest.mark.parametrize("home", HOMES)
def test_doors_are_where_their_rooms_meet(home: str) -> None:
    _, found = mapped(home)
    for pair, door in found.doors.items():
        if door.along is None:
            continue
        for room in (found.rooms[name] for name in pair if name != OUTSIDE):
            assert room.x - 0.2 <= door.at.x <= room.east + 0.2, pair
            assert room.y - 0.2 <= door.at.y <= room.south + 0.2, pair


def test_a_door_whose_sensor_has_a_place_is_there() -> None:
    _, found = mapped("family_house")
    assert found.doors["entry", "outside"].at == Point(10.5, 11.0)


def test_windows_look_where_the_file_says_as_far_as_there_is_a_wall() -> None:
    _, found = mapped("family_house")
    kitchen = found.windows["kitchen"]
    assert [None if it is None else it.along for it in kitchen] == ["x", "y"]
    assert kitchen[0] is not None
    assert kitchen[0].at.y == found.rooms["kitchen"].y
    assert found.windows["hall"] == []


def test_a_home_without_a_plan_has_one_all_the_same() -> None:
    room = [
        {"name": "hall", "neighbours": ["outside", "kitchen"], "plan": [0.0, 0.0, 3.0, 3.0]},
        {"name": "kitchen", "neighbours": ["loft"]},
        {"name": "loft"},
    ]
    plan = HomePlan.model_validate({"name": "bare", "room": room})
    found = house_map(plan, lambda _device: None)
    assert found.rooms["hall"].to_json() == [0.0, 0.0, 3.0, 3.0]
    assert found.rooms["kitchen"].x > 3.0
    assert found.doors["kitchen", "loft"].along is not None
    assert house_map(plan, lambda _device: None).to_json() == found.to_json()


@pytest.mark.parametrize("home", HOMES)
def test_people_stand_in_the_middle_of_what_is_free(home: str) -> None:
    _, found = mapped(home)
    for name, at in found.people.items():
        room = found.rooms[name]
        assert room.x < at.x < room.east
        assert room.y < at.y < room.south


def _metres(one: Point, other: Point) -> float:
    return math.dist((one.x, one.y), (other.x, other.y))
