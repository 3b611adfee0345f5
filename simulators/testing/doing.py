"""Something that has begun. Whoever wants to know how it ended, or only when, awaits it; nobody has to."""

from collections.abc import Awaitable, Callable, Generator
from typing import Any, Generic, TypeVar

from simulators.testing.hidden import speaks_for_itself

__tracebackhide__ = speaks_for_itself

_T = TypeVar("_T")


class Doing(Generic[_T]):
    def __init__(self, wait: Callable[[], Awaitable[_T]]) -> None:
        self._wait = wait

    def __await__(self) -> Generator[Any, None, _T]:
        return self._wait().__await__()
