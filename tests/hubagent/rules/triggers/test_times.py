"""Triggers by the clock ask the schedule with what they say."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hubagent.rules.dst import Dst, Skipped
from hubagent.rules.triggers.cron import CronTrigger
from hubagent.rules.triggers.nature import Occurrence
from hubagent.rules.triggers.sun import IfNoSun, SunEvent, SunTrigger
from hubagent.rules.triggers.time import TimeTrigger
from hubagent.rules.where import Where

AMSTERDAM = Where(ZoneInfo("Europe/Amsterdam"), 52.37, 4.9)
TROMSO = Where(ZoneInfo("Europe/Oslo"), 69.65, 18.96)


def at(text: str, where: Where = AMSTERDAM) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=where.timezone).timestamp()


def test_times_of_day_come_on_their_days() -> None:
    trigger = TimeTrigger((27000, 70200), frozenset({0}))
    assert trigger.next_after(at("2026-01-16T12:00"), AMSTERDAM) == at("2026-01-19T07:30")
    assert trigger.next_after(at("2026-01-19T07:30"), AMSTERDAM) == at("2026-01-19T19:30")


def test_a_skipped_time_is_treated_as_the_rule_says() -> None:
    before = at("2026-03-29T01:00")
    assert TimeTrigger((9000,)).next_after(before, AMSTERDAM) == at("2026-03-29T03:00")
    skipping = TimeTrigger((9000,), dst=Dst(Skipped.SKIP))
    assert skipping.next_after(before, AMSTERDAM) == at("2026-03-30T02:30")


def test_a_cron_line_comes() -> None:
    assert CronTrigger("*/5 8-18 * * mon-fri").next_after(at("2026-01-16T18:57"), AMSTERDAM) == at("2026-01-19T08:00")


def test_the_sun_has_an_offset_and_limits() -> None:
    sunset = SunTrigger(SunEvent.SUNSET).next_after(at("2026-01-16T12:00"), AMSTERDAM)
    earlier = SunTrigger(SunEvent.SUNSET, -1200.0).next_after(at("2026-01-16T12:00"), AMSTERDAM)
    assert sunset is not None
    assert earlier == sunset - 1200
    late = SunTrigger(SunEvent.SUNSET, not_before_s=19 * 3600.0).next_after(at("2026-01-16T12:00"), AMSTERDAM)
    assert late == at("2026-01-16T19:00")


def test_without_sun_the_limit_that_is_named_counts() -> None:
    noon = at("2026-06-20T12:00", TROMSO)
    limits = {"not_before_s": 16 * 3600.0, "not_after_s": 21 * 3600.0}
    latest = SunTrigger(SunEvent.SUNSET, **limits, if_no_sun=IfNoSun.NOT_AFTER)  # type: ignore[arg-type]
    assert latest.next_after(noon, TROMSO) == at("2026-06-20T21:00", TROMSO)
    skipped = SunTrigger(SunEvent.SUNSET).next_after(noon, TROMSO)
    assert skipped is not None
    assert skipped > at("2026-07-20T12:00", TROMSO)


def test_they_are_occurrences_to_the_engine() -> None:
    assert isinstance(TimeTrigger((0,)), Occurrence)
    assert not isinstance(SunEvent.SUNSET, Occurrence)
