from itertools import pairwise

from simulators.climate.noise import noise


def test_chance_is_smooth_and_stays_within_its_bounds() -> None:
    curve = [noise(1, "wind", at / 100) for at in range(10_000)]
    assert max(abs(later - earlier) for earlier, later in pairwise(curve)) < 0.04
    assert -1 <= min(curve) < -0.8
    assert 0.8 < max(curve) <= 1


def test_a_moment_is_the_same_wherever_one_begins_to_look_and_another_for_another_seed_or_name() -> None:
    there = noise(7, "clouds", 123.4)
    assert noise(7, "clouds", 99.0) != there == noise(7, "clouds", 123.4)
    assert len({there, noise(8, "clouds", 123.4), noise(7, "rain", 123.4)}) == 3
