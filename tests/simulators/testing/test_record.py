import pytest

from simulators.testing.record import POINTS_MAX, Series


def of(*points: tuple[float, object]) -> Series:
    series = Series()
    for at, value in points:
        series.add(at, value)  # type: ignore[arg-type]
    return series


def test_a_value_is_what_it_came_to_be_last() -> None:
    series = of((1.0, False), (2.0, True), (5.0, False))
    assert [series.at(moment) for moment in (0.5, 1.0, 1.9, 2.0, 4.0, 9.0)] == [None, False, False, True, True, False]


def test_saying_the_same_again_is_no_change_but_one_and_true_are_two() -> None:
    series = of((1.0, 1), (2.0, 1), (3.0, True))
    assert series.times == [1.0, 3.0]


def test_since_when_it_is_so_is_not_known_of_what_was_so_from_the_beginning() -> None:
    series = of((1.0, False), (2.0, True), (5.0, False))
    assert series.since(1.5) is None
    assert series.since(3.0) == 2.0
    assert series.since(9.0) == 5.0


def test_where_it_sets_out_from_is_kept_and_is_no_change() -> None:
    series = of((0.0, 0.0), (1.0, 100.0))
    assert not series.add(8.0, 100.0, sets_out=True)
    assert series.times == [0.0, 1.0, 8.0]
    assert series.since(9.0) == 1.0


def test_what_lasts_no_time_leaves_one_point() -> None:
    series = of((1.0, False), (2.0, True), (2.0, False))
    assert list(series) == [(1.0, False), (2.0, False)]


def test_of_very_many_points_the_newest_are_kept() -> None:
    series = of(*((float(number), number) for number in range(POINTS_MAX + 10)))
    assert len(series.times) <= POINTS_MAX
    assert series.latest == POINTS_MAX + 9
    assert series.lost + len(series.times) == POINTS_MAX + 10
    assert series.since(0.0) is None


@pytest.mark.parametrize("moment", [0.0, 99.0])
def test_of_nothing_nothing_is_known(moment: float) -> None:
    assert Series().at(moment) is None
    assert Series().since(moment) is None
    assert Series().latest is None
