"""Waiting until something is so, without asking again and again."""

import asyncio
from collections.abc import Callable
from typing import Final

from simulators.testing.hidden import speaks_for_itself
from simulators.testing.watched_loop import WatchedLoop

__tracebackhide__ = speaks_for_itself

GLANCE_S: Final = 0.005
"""How often somebody looks at what moves evenly, as a blind on its way: no callback runs meanwhile."""


async def comes_true(
    loop: WatchedLoop,
    is_so: Callable[[], bool],
    seconds: float | None,
    *,
    moving: Callable[[], bool] = lambda: False,
) -> bool:
    """Whether it is so now or becomes so within so many seconds, the last instant included. None: for ever."""
    if is_so():
        return True
    if seconds is not None and seconds <= 0:
        return False
    loop.be_patient(0.0 if seconds is None else seconds)
    watch = _Watch(loop, is_so, moving)
    timer = None if seconds is None else loop.call_later(seconds, watch.time_is_up)
    end = loop.watch(watch.look)
    try:
        return await watch.found
    finally:
        end()
        watch.close()
        if timer is not None:
            timer.cancel()


class _Watch:
    def __init__(self, loop: WatchedLoop, is_so: Callable[[], bool], moving: Callable[[], bool]) -> None:
        self.found: asyncio.Future[bool] = loop.create_future()
        self._loop = loop
        self._is_so = is_so
        self._moving = moving
        self._glance: asyncio.TimerHandle | None = None
        self._over = False

    def time_is_up(self) -> None:
        """What becomes so in this very instant counts."""
        self._over = True

    def look(self) -> None:
        if self.found.done():
            return
        try:
            so = self._is_so()
        except Exception as error:  # noqa: BLE001 - it is raised where somebody waits, and not in the loop
            self.found.set_exception(error)
            return
        if so or self._over:
            self.found.set_result(so)
        elif self._glance is None and self._moving():
            self._glance = self._loop.call_later(GLANCE_S, self._glanced)

    def close(self) -> None:
        if self._glance is not None:
            self._glance.cancel()

    def _glanced(self) -> None:
        self._glance = None
