"""A test's coroutine, whose steps are seen, and into which an error can be raised where it waits."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any, Generic, TypeVar

__tracebackhide__ = True

_T = TypeVar("_T")


class Stepped(Generic[_T]):
    """Awaited once. `stepped` is called before each step."""

    def __init__(self, main: Coroutine[Any, Any, _T], stepped: Callable[[], None]) -> None:
        self._main = main
        self._stepped = stepped
        self.waits_for: object = None
        """The future that its latest step ended with."""
        self._task = asyncio.current_task()
        self._error: Exception | None = None

    def interrupt(self, error: Exception) -> None:
        """It is raised at the line that waits, whose report then shows that line. Nothing where it is over."""
        if self._error is None and self._task is not None:
            self._error = error
            self._task.cancel()

    def __await__(self) -> Generator[Any, Any, _T]:
        steps = self._main.__await__()
        step: Callable[[], Any] = partial(next, steps)
        while True:
            self._stepped()
            try:
                self.waits_for = step()
            except StopIteration as end:
                result: _T = end.value
                return result
            try:
                yield self.waits_for
                step = partial(next, steps)
            except GeneratorExit:
                self._main.close()
                raise
            except BaseException as error:  # noqa: BLE001 - whatever is raised at this line belongs to the test
                step = partial(steps.throw, self._instead_of(error))

    def _instead_of(self, error: BaseException) -> BaseException:
        if not isinstance(error, asyncio.CancelledError) or self._error is None or self._task is None:
            return error
        self._task.uncancel()
        instead, self._error = self._error, None
        return instead
