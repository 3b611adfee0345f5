import random

import pytest

from simulators.building import ZIGBEE_BAND, ZWAVE_BAND, Building, Links, Outline, Spot, free_space_db, lost_at

# Three rooms of four metres in a row, with a terrace to the south of the last.
ROW = Building(
    {
        "west": Outline(0, 0, 4, 4),
        "middle": Outline(4, 0, 4, 4),
        "east": Outline(8, 0, 4, 4),
        "terrace": Outline(8, 4, 4, 3, open_air=True),
    }
)


@pytest.mark.parametrize(
    ("one", "other", "inner", "outer"),
    [
        (Spot(1, 1), Spot(3, 3), 0, 0),
        (Spot(2, 2), Spot(6, 2), 1, 0),
        (Spot(2, 2), Spot(10, 2), 2, 0),
        (Spot(10, 2), Spot(10, 5), 0, 1),
        (Spot(2, 2), Spot(10, 6), 1, 1),
        (Spot(-2, 2), Spot(14, 2), 2, 2),
        (Spot(9, 5), Spot(11, 6), 0, 0),
        (Spot(2, 2), Spot(2, 2), 0, 0),
    ],
)
def test_walls_on_the_way_are_counted_once_each_in_both_directions(
    one: Spot, other: Spot, inner: int, outer: int
) -> None:
    for a, b in ((one, other), (other, one)):
        between = ROW.between(a, b)
        assert (between.inner_walls, between.outer_walls) == (inner, outer)


def test_rooms_that_are_a_hand_apart_have_one_wall_between_them() -> None:
    house = Building({"a": Outline(0, 0, 4, 4), "b": Outline(4.04, 0, 4, 4)})
    assert house.between(Spot(2, 2), Spot(6, 2)).inner_walls == 1


def test_free_space_is_40_decibels_at_a_metre_on_zigbees_band_and_6_more_at_twice_the_way() -> None:
    assert free_space_db(ZIGBEE_BAND, 1) == pytest.approx(40.2, abs=0.1)
    assert free_space_db(ZIGBEE_BAND, 8) - free_space_db(ZIGBEE_BAND, 4) == pytest.approx(6.02, abs=0.01)
    assert free_space_db(ZWAVE_BAND, 1) < free_space_db(ZIGBEE_BAND, 1) - 8


def test_what_is_strong_is_never_lost_and_what_is_half_as_weak_as_can_be_half_of_the_time() -> None:
    assert lost_at(ZIGBEE_BAND, -70) == 0.0
    assert lost_at(ZIGBEE_BAND, ZIGBEE_BAND.half_lost_dbm) == 0.5
    assert lost_at(ZIGBEE_BAND, ZIGBEE_BAND.half_lost_dbm + ZIGBEE_BAND.slope_db) == pytest.approx(0.25)
    assert lost_at(ZIGBEE_BAND, -120) == 1.0


def _links(seed: int = 1) -> Links:
    links = Links(ROW, ZIGBEE_BAND, Spot(2, 2), seed)
    for name, spot in (("near", Spot(3, 2)), ("far", Spot(11, 2)), ("out", Spot(11, 6))):
        links.put(name, spot)
    return links


def test_a_link_is_the_same_in_both_directions_and_follows_from_the_seed() -> None:
    links = _links()
    assert links.rssi_dbm("", "far") == links.rssi_dbm("far", "") == _links().rssi_dbm("", "far")
    assert links.rssi_dbm("", "far") != _links(2).rssi_dbm("", "far")


def test_distance_and_walls_weaken() -> None:
    means = {name: sum(_links(seed).rssi_dbm("", name) for seed in range(200)) / 200 for name in ("near", "far", "out")}
    assert means["near"] > means["far"] + 25
    assert means["far"] > means["out"] + 5


def test_who_stands_nowhere_hears_everybody() -> None:
    assert _links().loss("", "ghost") == 0.0


def test_a_device_without_a_place_hangs_somewhere_in_its_room() -> None:
    for seed in range(20):
        spot = ROW.spot_in("middle", random.Random(seed))
        assert spot is not None
        assert 4 < spot.x < 8
        assert 0 < spot.y < 4
    assert ROW.spot_in("cellar", random.Random(1)) is None
    assert ROW.middle() == Spot(6, 2)
