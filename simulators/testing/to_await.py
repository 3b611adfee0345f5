"""What only happens when somebody awaits it, and is told of where nobody did.

`home.expect("hall.light.on")` without `await` expects nothing, and its test would be green for ever. Python warns of
such a line, in a summary that nobody reads; here the test fails.
"""

import asyncio
import inspect
import linecache
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from simulators.testing.hidden import speaks_for_itself

if TYPE_CHECKING:
    from simulators.testing.context import Context

__tracebackhide__ = speaks_for_itself

HINT: Final = "write await before it; in a test that is not async: home.run(...) around it"
_AT_FIRST: Final = 64


class NotAwaited(AssertionError):
    """A line of the test did nothing; says which."""


class OnAnotherLoop(RuntimeError):
    """What runs has nothing to do with the home's time."""


class _OfAHome(Protocol):
    _context: "Context"


_S = TypeVar("_S", bound=_OfAHome)
_P = ParamSpec("_P")
_T = TypeVar("_T")
_Steps = Coroutine[Any, Any, _T]


def to_be_awaited(method: Callable[Concatenate[_S, _P], _Steps[_T]]) -> Callable[Concatenate[_S, _P], _Steps[_T]]:
    """The same coroutine, of which its home knows."""

    @wraps(method)
    def call(self: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _Steps[_T]:
        __tracebackhide__ = True
        _check_loop(self._context.run.loop)
        steps = method(self, *args, **kwargs)
        self._context.run.to_await.add(steps, method.__name__, *_caller_of(inspect.currentframe()))
        return steps

    return call


def _check_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Raises OnAnotherLoop. Where none runs, `home.run` will run it."""
    try:
        running = asyncio.get_running_loop()
    except RuntimeError:
        return
    if running is not loop:
        raise OnAnotherLoop(
            "this runs on another event loop than the home's; an async test, or fixture, that names `home` among its"
            " arguments runs on the home's"
        )


def check_no_loop_runs(main: Coroutine[Any, Any, Any]) -> None:
    """Raises OnAnotherLoop, and closes what was to be run."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    main.close()
    raise OnAnotherLoop(
        "home.run(...) is for code that is not async, and a loop runs here already; write instead: await ..."
    )


def _caller_of(frame: FrameType | None) -> tuple[str, int]:
    caller = None if frame is None else frame.f_back
    return ("", 0) if caller is None else (caller.f_code.co_filename, caller.f_lineno)


@dataclass(frozen=True, slots=True)
class _Waiting:
    steps: Coroutine[Any, Any, Any]
    name: str
    file: str
    line: int

    @property
    def is_open(self) -> bool:
        return inspect.getcoroutinestate(self.steps) == inspect.CORO_CREATED

    def __str__(self) -> str:
        text = linecache.getline(self.file, self.line).strip() or f"{self.name}(...)"
        return f"{Path(self.file).name}:{self.line} did nothing, since nobody awaited it: {text}"


class ToAwait:
    """Of one test."""

    def __init__(self) -> None:
        self._all: list[_Waiting] = []
        self._many = _AT_FIRST

    def add(self, steps: Coroutine[Any, Any, Any], name: str, file: str, line: int) -> None:
        if len(self._all) >= self._many:
            # Of a long test nearly all are over.
            self._all = [it for it in self._all if it.is_open]
            self._many = max(_AT_FIRST, 2 * len(self._all))
        self._all.append(_Waiting(steps, name, file, line))

    def forgotten(self) -> list[str]:
        """In words, each line of the test once."""
        return list(dict.fromkeys(str(it) for it in self._all if it.is_open))

    def close(self) -> None:
        """Python need not warn of them, too."""
        for it in self._all:
            if it.is_open:
                it.steps.close()
