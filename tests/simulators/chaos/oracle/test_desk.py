"""What is due is done in its order, once, and by the clock that there is."""

from functools import partial

from simulators.chaos.oracle.desk import CLOCK_SET_FROM, Desk


def test_what_is_due_is_done_in_order_and_once() -> None:
    desk = Desk()
    done: list[object] = []
    desk.begin(0.0, 100.0)
    for name, due in (("late", 9.0), ("second", 5.0), ("first", 4.0), ("third", 5.0)):
        desk.at(name, due, partial(done.append, name))
    desk.at("second to be", 5.0, lambda: None)
    desk.cancel("second to be")
    desk.begin(5.0, 105.0)
    desk.do_what_is_due()
    desk.do_what_is_due()
    assert done == ["first", "second", "third"]
    assert desk.next() == 9.0


def test_what_is_set_meanwhile_has_its_turn_the_next_time() -> None:
    desk = Desk()
    done: list[object] = []
    desk.at("again", 0.0, lambda: desk.at("again", 0.0, lambda: done.append(1)))
    desk.do_what_is_due()
    assert done == []
    desk.do_what_is_due()
    assert done == [1]


def test_who_is_called_off_by_one_that_is_due_is_not_done() -> None:
    desk = Desk()
    done: list[object] = []
    desk.at("one", 0.0, lambda: desk.cancel("other"))
    desk.at("other", 0.0, lambda: done.append(1))
    desk.do_what_is_due()
    assert done == []


def test_a_moment_of_the_clock_is_as_far_as_it_shows() -> None:
    desk = Desk()
    desk.begin(10.0, 1000.0)
    desk.at_wall("later", 1060.0, lambda: None)
    desk.at_wall("past", 900.0, lambda: None)
    assert (desk.due("later"), desk.due("past"), desk.due("nothing")) == (70.0, 10.0, None)


def test_a_clock_that_shows_a_year_before_2025_does_not_know_the_time() -> None:
    desk = Desk()
    assert not desk.is_set(CLOCK_SET_FROM - 1)
    assert desk.is_set(CLOCK_SET_FROM)
    assert not desk.same_clock(0.0, CLOCK_SET_FROM)
    assert Desk(clock_set_from=0.0).is_set(1.0)
