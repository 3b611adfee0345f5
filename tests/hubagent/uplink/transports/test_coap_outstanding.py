"""Requests that wait for their answers."""

from hubagent.uplink.message.channel import Up
from hubagent.uplink.transports.coap_outstanding import REQUEST_TIMEOUT_S, Outstanding


def test_each_request_has_a_token_of_its_own_and_is_answered_once() -> None:
    outstanding = Outstanding(16, 0.0)
    alarm, event = outstanding.add(Up.ALARM, 0.0), outstanding.add(Up.EVENT, 0.0)
    assert alarm != event
    assert outstanding.answered(event, 1.0) is Up.EVENT
    assert outstanding.answered(event, 1.0) is None
    assert outstanding.answered(b"nonsense", 1.0) is None
    assert outstanding.answered(alarm, 1.0) is Up.ALARM


def test_is_full_with_as_many_as_it_may_have() -> None:
    outstanding = Outstanding(2, 0.0)
    first = outstanding.add(Up.EVENT, 0.0)
    assert not outstanding.full
    outstanding.add(Up.EVENT, 0.0)
    assert outstanding.full
    outstanding.answered(first, 0.0)
    assert not outstanding.full


def test_answers_are_owed_since_the_last_one_came_or_since_there_was_something_to_answer() -> None:
    outstanding = Outstanding(16, 0.0)
    assert outstanding.owed_since() is None
    first = outstanding.add(Up.EVENT, 5.0)
    outstanding.add(Up.EVENT, 6.0)
    assert outstanding.owed_since() == 5.0
    outstanding.answered(first, 20.0)
    assert outstanding.owed_since() == 20.0


def test_what_is_overdue_is_taken_once() -> None:
    outstanding = Outstanding(16, 0.0)
    outstanding.add(Up.ALARM, 0.0)
    outstanding.add(Up.EVENT, 1.0)
    assert outstanding.take_overdue(REQUEST_TIMEOUT_S - 0.1) == []
    assert outstanding.take_overdue(REQUEST_TIMEOUT_S) == [Up.ALARM]
    assert outstanding.take_overdue(REQUEST_TIMEOUT_S) == []
    outstanding.clear()
    assert outstanding.take_overdue(1000.0) == []
