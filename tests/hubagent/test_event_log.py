"""The event log: numbers without gaps, and the slow reader who is told what he missed."""

from hubagent.event_log import EventLog
from hubagent.model.event import DeviceLeft


def a_log(entries: int, entries_max: int = 10) -> EventLog:
    log = EventLog(lambda: 0.0, entries_max)
    for number in range(1, entries + 1):
        log.append(DeviceLeft(str(number)))
    return log


def numbers(log: EventLog, since: int, most: int = 100) -> list[int]:
    return [entry.number for entry in log.since(since, most).entries]


def test_a_reader_gets_what_followed_his_number() -> None:
    assert numbers(a_log(5), 3) == [3, 4, 5]


def test_pages_join_without_a_gap() -> None:
    log = a_log(5)
    first = log.since(1, 2)
    assert [entry.number for entry in first.entries] == [1, 2]
    assert numbers(log, first.following) == [3, 4, 5]


def test_a_slow_reader_loses_the_oldest_and_is_told_how_many() -> None:
    page = a_log(25, entries_max=10).since(4, 100)
    assert [entry.number for entry in page.entries] == list(range(16, 26))
    assert page.lost == 12


def test_who_is_up_to_date_gets_nothing_and_lost_nothing() -> None:
    page = a_log(25, entries_max=10).since(26, 100)
    assert (page.entries, page.lost, page.following) == ([], 0, 26)


def test_a_number_of_another_life_of_the_agent_is_answered_with_the_next_one() -> None:
    page = a_log(5).since(999, 100)
    assert (page.entries, page.following) == ([], 6)


def test_everybody_is_woken_at_each_entry() -> None:
    log = a_log(0)
    woken: list[int] = []
    log.on_entry(lambda: woken.append(log.following))
    log.append(DeviceLeft("x"))
    assert woken == [2]
