"""I8: no task outlives what it was for, no exception goes unseen, no coroutine is left unawaited.

`run_virtual` looks at the end of a run. This looks while it lives: at the end of the healed time there is no task that
was not there, by its kind, before the faults, and that was there already when they had ended.
"""

import asyncio
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

from simulators.chaos.checks.check import Check
from simulators.site.life import in_a_dead_process
from simulators.site.site import Site
from simulators.virtual_time import VirtualTimeLoop

_NUMBERS: Final = re.compile(r"\d+")


class Leftovers(Check):
    name = "leftovers"
    patience_s = 1800.0
    """Longer than anything that a driver waits for."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        assert isinstance(site.world.loop, VirtualTimeLoop)
        self._loop = site.world.loop
        self._before: Counter[str] = Counter()
        self._then: frozenset[asyncio.Task[Any]] = frozenset()
        self._unseen: Counter[str] = Counter()
        self._hook: Callable[[Any], Any] | None = None

    def begin(self) -> None:
        self._before = Counter(map(_kind, sorted(asyncio.all_tasks(self._loop), key=_name)))
        self._unseen = Counter(self._loop.unretrieved())
        self._catch()

    def healed(self) -> None:
        self._then = frozenset(asyncio.all_tasks(self._loop))

    def end(self) -> list[str]:
        return self.told([*self._tasks(), *(Counter(self._loop.unretrieved()) - self._unseen)])

    def close(self) -> None:
        if self._hook is not None:
            sys.unraisablehook, self._hook = self._hook, None
            self._caught.__exit__(None, None, None)

    def _tasks(self) -> Iterator[str]:
        old = sorted(asyncio.all_tasks(self._loop) & self._then, key=_name)
        for kind, count in sorted((Counter(map(_kind, old)) - self._before).items()):
            which = [_name(task) for task in old if _kind(task) == kind]
            yield f"{count} tasks too many have been there since the faults ended: {kind} {which[:5]}"

    # --- what Python says of coroutines and exceptions that nobody has

    def _catch(self) -> None:
        self._caught = warnings.catch_warnings()
        self._caught.__enter__()
        warnings.simplefilter("always", RuntimeWarning)
        show = warnings.showwarning

        def shown(message: Warning | str, category: type[Warning], *more: Any, **options: Any) -> None:
            if in_a_dead_process():
                return
            if "never awaited" in str(message) or issubclass(category, ResourceWarning):
                self.saw(f"{category.__name__} at {self._loop.time():.3f} s: {message}")
            else:
                show(message, category, *more, **options)

        def unraisable(told: Any) -> None:
            if not in_a_dead_process():
                self.saw(f"nobody heard {told.exc_value!r} at {self._loop.time():.3f} s, in {told.object!r}")

        self._hook = sys.unraisablehook
        warnings.showwarning = shown
        sys.unraisablehook = unraisable


def _name(task: asyncio.Task[Any]) -> str:
    return task.get_name()


def _kind(task: asyncio.Task[Any]) -> str:
    """Its name without numbers, and what it does."""
    coroutine = task.get_coro()
    return f"{_NUMBERS.sub('#', task.get_name())} ({getattr(coroutine, '__qualname__', coroutine)})"
