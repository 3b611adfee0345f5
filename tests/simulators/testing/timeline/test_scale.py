from itertools import pairwise

import pytest

from simulators.testing.timeline.scale import MOMENTS_MAX, WIDTH_MAX, WIDTH_MIN, ByGaps, Even, scale_for


def unix(at: float) -> float:
    return at + 1_767_225_600.0


def test_milliseconds_and_hours_are_on_one_picture() -> None:
    scale = scale_for(0.0, 7200.0, [0.015, 0.030, 3600.0, 3600.020], unix)
    xs = [scale.x(at) for at in (0.0, 0.015, 0.030, 3600.0, 3600.020, 7200.0)]
    assert xs == sorted(xs)
    apart = [after - before for before, after in pairwise(xs)]
    assert min(apart) > 20
    assert max(apart) < 20 * min(apart)
    assert WIDTH_MIN <= scale.width <= WIDTH_MAX


def test_long_gaps_say_how_long_they_are_and_short_ones_do_not() -> None:
    scale = scale_for(0.0, 100.0, [0.5, 1.0], unix)
    assert [gap.seconds for gap in scale.gaps()] == [99.0]
    assert scale.gaps()[0].begin_x == scale.x(1.0)
    assert scale.gaps()[0].end_x == scale.width


def test_what_follows_a_long_gap_is_named_first_and_names_do_not_overlap() -> None:
    moments = [0.001 * number for number in range(1, 60)] + [3600.0]
    scale = scale_for(0.0, 3601.0, moments, unix)
    ticks = scale.ticks()
    assert 3600.0 in [tick.at for tick in ticks]
    xs = [tick.x for tick in ticks]
    assert all(after - before >= 70 for before, after in pairwise(xs))


def test_a_moment_outside_is_at_the_edge() -> None:
    for scale in (scale_for(0.0, 10.0, [5.0], unix), Even(0.0, 10.0, unix)):
        assert scale.x(-3.0) == 0.0
        assert scale.x(30.0) == pytest.approx(scale.width)


def test_a_run_in_which_something_happens_all_the_time_has_an_even_axis_with_full_hours() -> None:
    scale = scale_for(1800.0, 90_000.0, [float(it) for it in range(1800, 90_000, 60)], unix)
    assert isinstance(scale, Even)
    assert all(unix(tick.at) % 3600 == 0 for tick in scale.ticks())
    assert 5 < len(scale.ticks()) < 30
    assert scale.gaps() == []


def test_a_run_of_no_time_has_a_picture_all_the_same() -> None:
    scale = scale_for(5.0, 5.0, [5.0, 5.0], unix)
    assert isinstance(scale, ByGaps)
    assert scale.x(5.0) == 0.0
    assert scale.ticks() != []


def test_so_many_moments_are_still_told_apart() -> None:
    scale = scale_for(0.0, 1000.0, [float(it) for it in range(1, MOMENTS_MAX - 2)], unix)
    assert isinstance(scale, ByGaps)
    assert scale.width == pytest.approx(WIDTH_MAX)
