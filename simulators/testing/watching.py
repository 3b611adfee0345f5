"""Waiting until something is so, without asking again and again."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Final

from simulators.testing.expressions import BadExpectation
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
    if seconds is not None:
        watch.give_up_at(loop.time() + seconds)
    end = loop.watch(watch.look)
    try:
        return await watch.found
    finally:
        end()
        watch.close()


def asked_of(is_so: object) -> Callable[[], bool]:
    """What a test's own function says. Raises BadExpectation for what is none, or only promises to say something.

    A coroutine is never None or empty: taken for an answer, it would say yes for ever.
    """
    if not callable(is_so):
        raise BadExpectation(
            f"until takes a function that says whether it is so, and not {is_so!r}; texts: expect(...)"
        )

    def ask() -> bool:
        said = is_so()
        if inspect.isawaitable(said):
            if inspect.iscoroutine(said):
                said.close()
            name = getattr(is_so, "__qualname__", repr(is_so))
            raise BadExpectation(f"until takes a function that is not async; {name} has to be awaited")
        return bool(said)

    return ask


class _Watch:
    def __init__(self, loop: WatchedLoop, is_so: Callable[[], bool], moving: Callable[[], bool]) -> None:
        self.found: asyncio.Future[bool] = loop.create_future()
        self._loop = loop
        self._is_so = is_so
        self._moving = moving
        self._glance: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._over = False

    def give_up_at(self, when: float) -> None:
        """What becomes so in that very instant counts: whatever else is due then comes first."""
        self._timer = self._loop.call_at(when, self._time_is_up, when)

    def _time_is_up(self, when: float) -> None:
        self._timer = self._loop.call_at(when, self._give_up)

    def _give_up(self) -> None:
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
        for timer in (self._glance, self._timer):
            if timer is not None:
                timer.cancel()

    def _glanced(self) -> None:
        self._glance = None
