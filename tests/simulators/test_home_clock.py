import asyncio
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from simulators.home_clock import HomeClock
from simulators.runtime import START

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SPRING = date(2026, 3, 29)


def _at(unix: float, zone: ZoneInfo = AMSTERDAM) -> HomeClock:
    return HomeClock(lambda: unix, zone)


def test_a_time_of_day_is_what_the_clock_shows_on_both_sides_of_its_change() -> None:
    clock = _at(START)
    nine = 9 * 3600.0
    assert clock.unix(SPRING, nine) - clock.unix(date(2026, 3, 28), nine) == 23 * 3600
    assert clock.unix(date(2026, 10, 25), nine) - clock.unix(date(2026, 10, 24), nine) == 25 * 3600


def test_seconds_beyond_a_day_are_of_the_night_after() -> None:
    assert _at(START).unix(SPRING, 25 * 3600.0) == _at(START).unix(date(2026, 3, 30), 3600.0)


@pytest.mark.parametrize(("shown", "left_h"), [(2.0, 1.0), (1.0, 24.0), (0.5, 23.5)])
def test_a_time_that_has_come_comes_again_tomorrow(shown: float, left_h: float) -> None:
    # It is 00:00 UTC, which is 01:00 there.
    assert _at(START).seconds_until(shown * 3600) == left_h * 3600


async def test_a_clock_that_is_set_back_meanwhile_is_waited_for_again() -> None:
    loop = asyncio.get_running_loop()
    back_s = 0.0
    clock = HomeClock(lambda: START + loop.time() - back_s, AMSTERDAM)
    began = loop.time()
    waiting = loop.create_task(clock.until(START + began + 10))
    await asyncio.sleep(5)
    back_s = 30.0
    await waiting
    assert loop.time() - began == pytest.approx(40, abs=0.01)
