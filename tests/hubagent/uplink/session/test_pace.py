"""How many frames a second."""

from hypothesis import given
from hypothesis import strategies as st

from hubagent.uplink.session.pace import Pace


def test_a_burst_leaves_at_once_and_then_so_many_a_second() -> None:
    pace = Pace(per_s=10, burst=3)
    for _ in range(3):
        assert pace.may(0.0)
        pace.took(0.0)
    assert not pace.may(0.0)
    assert not pace.may(0.09)
    assert pace.may(0.11)


def test_rest_is_saved_up_to_one_burst() -> None:
    pace = Pace(per_s=10, burst=3)
    for now in (0.0, 1000.0):
        taken = 0
        while pace.may(now):
            pace.took(now)
            taken += 1
        assert taken == 3


@given(st.lists(st.floats(0, 0.5), max_size=60))
def test_when_it_says_that_a_frame_may_leave_it_may(waits: list[float]) -> None:
    pace, now = Pace(per_s=50, burst=2), 0.0
    for wait in waits:
        now += wait
        at = pace.next_at(now)
        assert at >= now
        assert pace.may(at)
        pace.took(at)
        now = at


@given(st.lists(st.floats(0, 1), min_size=1, max_size=100))
def test_it_never_lets_out_more_than_the_burst_and_the_rate(waits: list[float]) -> None:
    pace, now, left = Pace(per_s=5, burst=4), 0.0, 0
    for wait in waits:
        now += wait
        if pace.may(now):
            pace.took(now)
            left += 1
        assert left <= 4 + 5 * now + 1e-6
