"""When to try again."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubagent.uplink.session.backoff import CAP_S, RETRY_AFTER_MAX_S, STABLE_S, FullJitter


def backoff(spread_s: float = 1.0) -> FullJitter:
    made = FullJitter(random.Random(1))
    made.spread_s = spread_s
    return made


def bounds(made: FullJitter, count: int) -> list[float]:
    found = []
    for _ in range(count):
        found.append(made.bound_s)
        made.next_delay_s()
    return found


def test_the_bound_stays_for_three_attempts_and_doubles_then_up_to_two_minutes() -> None:
    assert bounds(backoff(), 12) == [1, 1, 1, 2, 4, 8, 16, 32, 64, CAP_S, CAP_S, CAP_S]


def test_a_fleet_that_needs_longer_spreads_over_that_and_no_longer() -> None:
    assert bounds(backoff(379.0), 5) == [379.0] * 5
    assert bounds(backoff(50.0), 7) == [50, 50, 50, 100, CAP_S, CAP_S, CAP_S]


def test_delays_are_spread_over_all_of_the_bound() -> None:
    made = FullJitter(random.Random(7))
    delays = []
    for _ in range(2000):
        made.lasted(STABLE_S)
        delays.append(made.next_delay_s())
    assert min(delays) < 0.01
    assert max(delays) > 0.99
    assert sum(delays) / len(delays) == pytest.approx(0.5, abs=0.05)


def test_a_connection_that_broke_within_a_minute_is_no_reason_to_begin_anew() -> None:
    made = backoff()
    bounds(made, 6)
    made.lasted(STABLE_S - 0.1)
    assert made.bound_s == 16
    made.lasted(STABLE_S)
    assert made.bound_s == 1


@given(st.floats(0, 1e9), st.integers(0, 40))
def test_who_was_told_when_comes_after_that_and_not_much_later(retry_after_s: float, attempts: int) -> None:
    made = backoff()
    bounds(made, attempts)
    bound = made.bound_s
    told = min(retry_after_s, RETRY_AFTER_MAX_S)
    assert told <= made.next_delay_s(retry_after_s) <= told + bound


def test_hubs_that_were_told_the_same_do_not_come_together() -> None:
    delays = {FullJitter(random.Random(seed)).next_delay_s(30.0) for seed in range(50)}
    assert max(delays) - min(delays) > 0.8
