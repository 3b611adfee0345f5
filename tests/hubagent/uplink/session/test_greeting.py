"""When Hello is said, and which Welcome counts."""

import random
from itertools import pairwise

import pytest

from hubagent.uplink.session.greeting import AGAIN_S, ASK_MAX_S, ASK_S, LATE_S, Answer, Greeting


def greeting(now: float = 0.0) -> Greeting:
    made = Greeting(random.Random(1))
    made.begin(now)
    return made


def test_it_is_due_at_once_on_a_new_connection() -> None:
    assert greeting(7.0).due_at == 7.0


def test_an_answer_that_does_not_come_is_waited_for_ever_longer_up_to_a_minute() -> None:
    made, now, waits = greeting(), 0.0, []
    for _ in range(8):
        made.said(now)
        assert made.due_at is None
        assert made.answer_by is not None
        assert not made.in_vain(made.answer_by - 0.01)
        waits.append(made.answer_by - now)
        now = made.answer_by
        assert made.in_vain(now)
        assert made.due_at == now
    for wait, plain in zip(waits, [5, 10, 20, 40, 60, 60, 60, 60], strict=True):
        assert wait == pytest.approx(plain, rel=0.25)
    assert len({wait / min(ASK_MAX_S, ASK_S * 2**n) for n, wait in enumerate(waits)}) == 8


def test_numbers_count_on_over_connections() -> None:
    made = greeting()
    made.said(0.0)
    made.begin(1.0)
    made.said(1.0)
    assert made.number == 2
    assert made.answered(1, 1.1) is Answer.NONE
    assert made.answered(2, 1.1) is Answer.TAKEN


def test_a_welcome_that_nobody_asked_for_does_not_count() -> None:
    made = greeting()
    assert made.answered(0, 0.0) is Answer.NONE
    made.said(0.0)
    assert made.answered(1, 0.1) is Answer.TAKEN
    assert made.answered(1, 0.2) is Answer.NONE


def test_an_answer_that_was_long_under_way_is_asked_for_once_more_and_then_taken() -> None:
    made = greeting()
    made.said(0.0)
    now = LATE_S + 0.1
    assert made.answered(1, now) is Answer.LATE
    assert made.due_at == now
    made.said(now)
    assert made.answered(2, now + LATE_S + 0.1) is Answer.TAKEN


def test_without_doubt_it_is_said_again_after_an_hour_or_so() -> None:
    made = greeting()
    made.said(0.0)
    made.answered(1, 0.1)
    assert made.due_at == pytest.approx(AGAIN_S, rel=0.26)


def test_a_first_doubt_is_said_at_once_when_nothing_was_asked_for_a_while() -> None:
    made = greeting()
    made.said(0.0)
    made.answered(1, 0.1)
    made.doubt(100.0)
    assert made.due_at == 100.0


def test_doubts_that_no_welcome_ends_are_told_of_ever_later() -> None:
    made, now = greeting(), 100.0
    made.said(0.0)
    made.answered(1, 0.1)
    said = []
    for _ in range(8):
        made.doubt(now)
        made.doubt(now)
        assert made.due_at is not None
        now = max(now, made.due_at)
        said.append(now)
        made.said(now)
        made.answered(made.number, now)
    gaps = [later - earlier for earlier, later in pairwise(said)]
    assert gaps == [10, 20, 40, 60, 60, 60, 60]
    made.helped()
    made.doubt(now)
    assert made.due_at == now + ASK_S


def test_a_doubt_while_an_answer_is_waited_for_asks_nothing_more() -> None:
    made = greeting()
    made.said(0.0)
    made.doubt(0.5)
    assert made.due_at is None
