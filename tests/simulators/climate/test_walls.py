import pytest

from simulators.climate.plan import RoomPlan
from simulators.climate.walls import (
    UNPLANNED_INNER_W_PER_K,
    UNPLANNED_OUTER_W_PER_K,
    inner_w_per_k,
    outer_w_per_k,
    shared_m,
)


def _room(name: str, plan: list[float] | None = None, **more: object) -> RoomPlan:
    return RoomPlan.model_validate({"name": name, "plan": plan, **more})


@pytest.mark.parametrize(
    ("plan", "length"),
    [
        ([4.0, 0.0, 3.0, 5.0], 5.0),  # to the east
        ([-3.0, 1.0, 3.0, 2.0], 2.0),  # to the west, and shorter
        ([1.0, 5.0, 10.0, 2.0], 3.0),  # to the south, and beyond
        ([4.2, 0.0, 3.0, 5.0], 5.0),  # with a thick wall between
        ([4.0, 5.0, 3.0, 3.0], 0.0),  # only a corner
        ([9.0, 0.0, 3.0, 5.0], 0.0),  # far away
    ],
)
def test_rooms_share_the_wall_that_both_touch(plan: list[float], length: float) -> None:
    one, other = _room("one", [0.0, 0.0, 4.0, 5.0]), _room("other", plan)
    assert shared_m(one, other) == shared_m(other, one) == pytest.approx(length)


def test_a_room_with_fewer_outer_walls_loses_less() -> None:
    alone = _room("alone", [0.0, 0.0, 4.0, 4.0])
    east, west = _room("east", [4.0, 0.0, 4.0, 4.0]), _room("west", [-4.0, 0.0, 4.0, 4.0])
    assert outer_w_per_k(alone, [east, west]) < outer_w_per_k(alone, [east]) < outer_w_per_k(alone, [])


def test_a_wall_to_a_garden_is_an_outer_one() -> None:
    house, garden = _room("house", [0.0, 0.0, 4.0, 4.0]), _room("garden", [4.0, 0.0, 9.0, 9.0], open_air=True)
    assert outer_w_per_k(house, [garden]) == outer_w_per_k(house, [])


def test_glass_loses_more_than_wall() -> None:
    wall = _room("wall", [0.0, 0.0, 4.0, 4.0], windows=[])
    glass = _room("glass", [0.0, 0.0, 4.0, 4.0], windows=[{"area": 4.0}])
    assert outer_w_per_k(glass, []) > 1.2 * outer_w_per_k(wall, [])


def test_without_a_plan_neighbours_have_a_wall_between_them_and_others_have_none() -> None:
    hall, living, attic = _room("hall", neighbours=["living"]), _room("living"), _room("attic")
    assert inner_w_per_k(hall, living) == inner_w_per_k(living, hall) == UNPLANNED_INNER_W_PER_K
    assert inner_w_per_k(hall, attic) == 0
    assert outer_w_per_k(hall, [living]) == UNPLANNED_OUTER_W_PER_K
