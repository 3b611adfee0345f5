import asyncio
from zoneinfo import ZoneInfo

import pytest

from simulators.events import happen
from simulators.home import EventPlan
from simulators.home_clock import HomeClock
from simulators.runtime import START
from simulators.virtual_time import run_virtual

UTC = ZoneInfo("UTC")


def _hours(days: float, table: dict[str, object], start_hour: float = 10.0) -> list[float]:
    """When it happens, in hours after the midnight before the start."""

    async def watch() -> list[float]:
        loop = asyncio.get_running_loop()
        times: list[float] = []

        async def note(words: object) -> None:
            assert words == ["press", "hall.light"]
            times.append(round(start_hour + loop.time() / 3600, 3))

        event = EventPlan.model_validate({"do": "press hall.light", **table})
        clock = HomeClock(lambda: START + start_hour * 3600 + loop.time(), UTC)
        life = loop.create_task(happen(event, clock, note))
        await asyncio.sleep(days * 86_400)
        life.cancel()
        await asyncio.wait((life,))
        return times

    return run_virtual(watch)


@pytest.mark.parametrize(
    ("table", "hours"),
    [
        ({"at": "14:00"}, [14.0]),
        ({"at": "09:00"}, [33.0]),
        ({"at": "14:00", "day": 2}, [38.0]),
        ({"at": "09:00", "day": 1}, []),
        ({"at": "09:00", "daily": True}, [33.0, 57.0]),
        ({"after": 1800.0}, [10.5]),
    ],
)
def test_an_event_happens_when_the_file_says(table: dict[str, object], hours: list[float]) -> None:
    assert _hours(2.5, table) == hours
