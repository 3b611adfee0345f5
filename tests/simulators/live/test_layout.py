"""Rooms of which nobody said where they are."""

import itertools

from simulators.live.layout import lay_out
from simulators.live.rectangle import Rectangle
from simulators.live.walls import between

WAYS = {
    "hall": ["kitchen", "living", "bath", "study"],
    "kitchen": ["hall", "living"],
    "living": ["hall", "kitchen"],
    "bath": ["hall"],
    "study": ["hall", "nursery", "den"],
    "nursery": ["study"],
    "den": ["study"],
    "shed": [],
}


def overlap(one: Rectangle, other: Rectangle) -> bool:
    apart = one.east <= other.x or other.east <= one.x or one.south <= other.y or other.south <= one.y
    return not apart


def test_no_room_covers_another() -> None:
    laid = lay_out(list(WAYS), WAYS)
    assert [pair for pair in itertools.combinations(laid.values(), 2) if overlap(*pair)] == []
    assert list(laid) == list(WAYS)


def test_whoever_is_behind_a_room_shares_a_wall_with_it() -> None:
    laid = lay_out(list(WAYS), WAYS)
    doors = [between(laid[room], laid[other]).along for room, others in WAYS.items() for other in others]
    assert None not in doors


def test_what_has_no_way_to_the_rest_stands_apart() -> None:
    laid = lay_out(list(WAYS), WAYS)
    house = Rectangle.around(it for name, it in laid.items() if name != "shed")
    assert laid["shed"].x > house.east


def test_one_room_is_a_house() -> None:
    assert lay_out(["studio"], {}, 2.0, 3.0) == {"studio": Rectangle(2.0, 3.0, 4.0, 3.5)}
