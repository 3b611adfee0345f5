"""The real event loop with a clock that runs fast: deadlines of seconds on real sockets, waited for in a fraction.

Only `loop.time()` hurries; sockets, kernels and other processes take their own time. So a deadline that depends on an
answer needs a pace at which the answer still counts as quick.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")

PACE = 20.0


class _HurriedSelector(selectors.DefaultSelector):
    """Waits a fraction of what it is asked to."""

    def __init__(self, pace: float) -> None:
        super().__init__()
        self._pace = pace

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found: list[tuple[selectors.SelectorKey, int]] = super().select(timeout and timeout / self._pace)
        return found


class HurriedLoop(asyncio.SelectorEventLoop):
    def __init__(self, pace: float = PACE) -> None:
        self._pace = pace
        super().__init__(_HurriedSelector(pace))
        self._clock_resolution = 1e-9 * pace

    def time(self) -> float:
        return super().time() * self._pace


def run_hurried(main: Callable[[], Coroutine[Any, Any, _T]], pace: float = PACE) -> _T:
    """Run `main()` to its end."""
    with asyncio.Runner(loop_factory=lambda: HurriedLoop(pace)) as runner:
        return runner.run(main())
