"""What is done to a home is done on its loop, also where nothing runs that: in what is not async."""

from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from simulators.testing.hidden import speaks_for_itself

if TYPE_CHECKING:
    from simulators.testing.context import Context

__tracebackhide__ = speaks_for_itself


class _OfAHome(Protocol):
    _context: "Context"


_S = TypeVar("_S", bound=_OfAHome)
_P = ParamSpec("_P")
_T = TypeVar("_T")


def on_the_loop(method: Callable[Concatenate[_S, _P], _T]) -> Callable[Concatenate[_S, _P], _T]:
    """The same, wherever it is called from."""

    @wraps(method)
    def call(self: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        __tracebackhide__ = True
        return self._context.on_the_loop(partial(method, self, *args, **kwargs))

    return call
