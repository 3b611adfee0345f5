from hypothesis import given
from hypothesis import strategies as st

from drivers.call_queue import CallQueue


@given(st.lists(st.integers(0, 3), max_size=40))
def test_the_lower_level_goes_first_and_first_come_within_one(levels: list[int]) -> None:
    queue: CallQueue[tuple[int, int]] = CallQueue(4, 100)
    for number, level in enumerate(levels):
        assert queue.put((level, number), level, 0.0) is None
    taken = []
    while (item := queue.take(4)) is not None:
        taken.append(item)
    assert taken == sorted((level, number) for number, level in enumerate(levels))
    assert len(queue) == 0


@given(st.lists(st.integers(0, 3), min_size=6, max_size=40))
def test_it_never_holds_more_than_its_maximum_and_the_lowest_rank_loses(levels: list[int]) -> None:
    queue: CallQueue[tuple[int, int]] = CallQueue(4, 5)
    lost = []
    for number, level in enumerate(levels):
        loser = queue.put((level, number), level, 0.0)
        if loser is not None:
            lost.append(loser)
        assert len(queue) <= 5
    kept = {queue.take(4) for _ in range(5)}
    assert kept == set(sorted((level, number) for number, level in enumerate(levels))[:5])
    assert len(lost) == len(levels) - 5


def test_only_the_first_levels_are_taken_from_where_so_asked() -> None:
    queue: CallQueue[str] = CallQueue(3, 10)
    queue.put("late", 1, 0.0)
    assert queue.take(1) is None
    assert queue.take(2) == "late"


def test_what_is_put_back_goes_first_and_has_a_place_in_a_full_queue() -> None:
    queue: CallQueue[str] = CallQueue(1, 2)
    queue.put("a", 0, 0.0)
    queue.put("b", 0, 0.0)
    queue.put_back("z", 0, 0.0)
    assert [queue.take(1) for _ in range(3)] == ["z", "a", "b"]


def test_those_expire_that_have_waited_long_enough() -> None:
    queue: CallQueue[str] = CallQueue(2, 10)
    queue.put("a", 0, 1.0)
    queue.put("b", 0, 2.0)
    queue.put("c", 1, 1.0)
    assert queue.waiting_since(0) == 1.0
    assert queue.take_expired(0, 6.5, 5.0) == ["a"]
    assert queue.waiting_since(0) == 2.0
    assert queue.take_all(1) == ["c"]
    assert queue.waiting_since(1) is None
    assert len(queue) == 1


def test_an_item_is_removed_once() -> None:
    queue: CallQueue[str] = CallQueue(1, 10)
    queue.put("a", 0, 0.0)
    assert queue.remove("a", 0)
    assert not queue.remove("a", 0)
    assert len(queue) == 0
