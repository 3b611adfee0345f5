"""What happens to a home by the script in its file, whoever lives there."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from simulators.home import EventPlan
from simulators.home_clock import HomeClock
from simulators.house_table import seconds_of

Attempt = Callable[[Sequence[str]], Awaitable[None]]
"""Does what the words say, and notes down what cannot be done."""


async def happen(event: EventPlan, clock: HomeClock, attempt: Attempt) -> None:
    """When it is time; each day anew, if it is daily."""
    if event.after is not None:
        await asyncio.sleep(event.after)
        await attempt(event.words())
        return
    assert event.at is not None
    seconds = seconds_of(event.at)
    if event.day is not None:
        moment = clock.unix(clock.today() + timedelta(days=event.day - 1), seconds)
        if moment < clock.wall():
            return
        await clock.until(moment)
        await attempt(event.words())
        return
    while True:
        await clock.until(clock.wall() + clock.seconds_until(seconds))
        await attempt(event.words())
        if not event.daily:
            return
