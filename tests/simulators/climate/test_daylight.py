from itertools import pairwise

from simulators.climate.daylight import heat_behind, light_behind, sky
from simulators.climate.sun import SunPosition


def test_it_gets_brighter_with_every_degree_that_the_sun_rises() -> None:
    for clouds in (0.0, 0.5, 1.0):
        lux = [sky(SunPosition(degrees, 180.0), clouds).outdoors for degrees in range(-17, 80)]
        assert all(earlier < later for earlier, later in pairwise(lux))


def test_night_is_dark_dusk_dim_and_noon_as_bright_as_it_is() -> None:
    assert sky(SunPosition(-20.0, 0.0), 0.0).outdoors == 0
    assert 1 < sky(SunPosition(-6.0, 0.0), 0.0).outdoors < 10
    assert 80_000 < sky(SunPosition(60.0, 180.0), 0.0).outdoors < 130_000
    assert 10_000 < sky(SunPosition(60.0, 180.0), 1.0).outdoors < 25_000


def test_a_window_sees_the_sun_that_it_faces_and_under_clouds_every_window_the_same() -> None:
    clear, overcast = sky(SunPosition(30.0, 180.0), 0.0), sky(SunPosition(30.0, 180.0), 1.0)
    assert clear.on_window(180.0) > 5 * clear.on_window(0.0)
    assert overcast.on_window(180.0) == overcast.on_window(0.0)


def test_a_winter_sun_through_two_square_metres_lights_and_warms_a_room() -> None:
    south = sky(SunPosition(15.0, 180.0), 0.0).on_window(180.0)
    assert 500 < light_behind(south, 2.0, 16.0) < 3000
    assert 300 < heat_behind(south, 2.0) < 1000
