"""An asyncio event loop that advances its clock instead of waiting; from one seed, the same run every time.

Timers fire in the order of their deadline, and in the order of their making where that is equal. When nothing is ready
the clock jumps to the next deadline; when there is none either, everybody waits for somebody else and `Deadlock` says
who. There are no sockets, no threads and no other clocks in here: what reaches for them raises `OutsideTheSimulation`.
"""

import asyncio
import heapq
import itertools
import random
import weakref
from asyncio.base_events import BaseEventLoop
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from typing import Any, NoReturn, TypeVar, TypeVarTuple

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

STEPS_MAX = 10_000_000
"""Callbacks that a run may take unless it asks for more: some ten seconds of a computer's time."""
_SWEEP_MIN = 64
"""Cancelled timers that are kept before it is worth looking for them."""


class Deadlock(RuntimeError):
    """Nothing is ready and no timer runs: no task would ever go on."""


class TooManySteps(RuntimeError):
    """The run took more callbacks than it may: somebody is busy going nowhere."""


class OutsideTheSimulation(RuntimeError):
    """Code under simulation reached for a socket, a thread or a resolver."""


class LeftBehind(AssertionError):
    """A run ended with tasks still alive, or with exceptions that nobody looked at."""


class _NumberedTask(asyncio.Task[_T]):
    """A task whose hash is its number: asyncio keeps tasks in sets, and their order must not depend on addresses."""

    def __init__(self, number: int, *args: Any, **options: Any) -> None:
        self._number = number
        super().__init__(*args, **options)

    def __hash__(self) -> int:
        return self._number

    def __eq__(self, other: object) -> bool:
        return self is other


class VirtualTimeLoop(BaseEventLoop):
    """`loop.time()` starts at 0 and moves only when nothing is ready.

    With a `seed`, tasks that are ready at the same instant run in a shuffled order; plain callbacks keep theirs, which
    asyncio promises. `max_steps` bounds the callbacks of the whole run.
    """

    _ready: deque[asyncio.Handle]
    _stopping: bool
    _check_thread: Callable[[], None]

    def __init__(self, seed: object = None, max_steps: int = STEPS_MAX) -> None:
        super().__init__()
        self.steps = 0
        self.unhandled: list[dict[str, Any]] = []
        """What asyncio would have logged: exceptions in callbacks, and those that were never retrieved."""
        self._max_steps = max_steps
        self._now = 0.0
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._cancelled_timers = 0
        self._timer_numbers = itertools.count()
        self._task_numbers = itertools.count(1)
        self._futures: weakref.WeakSet[asyncio.Future[Any]] = weakref.WeakSet()
        self._shuffle = None if seed is None else random.Random(f"{seed}:ready").shuffle  # noqa: S311 - a simulation's
        self.set_exception_handler(lambda _loop, context: self.unhandled.append(context))

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._now

    def call_at(
        self,
        when: float,
        callback: Callable[[*_Ts], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._timer_numbers), timer))
        return timer

    def create_task(
        self,
        coro: Generator[Any, None, _T] | Coroutine[Any, Any, _T],
        *,
        name: object = None,
        context: Context | None = None,
    ) -> asyncio.Task[_T]:
        number = next(self._task_numbers)
        label = f"Task-{number}" if name is None else str(name)
        task: _NumberedTask[_T] = _NumberedTask(number, coro, loop=self, name=label, context=context)
        self._futures.add(task)
        return task

    def create_future(self) -> asyncio.Future[Any]:
        future = super().create_future()
        self._futures.add(future)
        return future

    def run_in_executor(self, _executor: object, func: Callable[[*_Ts], _T], *args: *_Ts) -> asyncio.Future[_T]:
        """Run `func` here and now: a simulation has no threads."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - an executor hands over whatever was raised
            future.set_exception(error)
        return future

    def call_soon_threadsafe(
        self, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.Handle:
        try:
            self._check_thread()
        except RuntimeError as error:
            raise OutsideTheSimulation("call_soon_threadsafe from another thread") from error
        return self.call_soon(callback, *args, context=context)

    def add_reader(self, fd: Any, callback: Callable[[*_Ts], object], *args: *_Ts) -> NoReturn:
        raise OutsideTheSimulation(f"add_reader({fd!r}, {callback}, {args})")

    def add_writer(self, fd: Any, callback: Callable[[*_Ts], object], *args: *_Ts) -> NoReturn:
        raise OutsideTheSimulation(f"add_writer({fd!r}, {callback}, {args})")

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> NoReturn:
        raise OutsideTheSimulation(f"getaddrinfo({host!r}, {port!r})")

    def close(self) -> None:
        self._timers.clear()
        super().close()

    def unretrieved(self) -> list[str]:
        """Exceptions that were raised in a task or callback, or set on a future, and that nobody has looked at."""
        lost = [f"{context['message']}: {context.get('exception')!r}" for context in self.unhandled]
        # The flag by which asyncio itself decides to log "exception was never retrieved".
        forgotten = [future for future in self._futures if getattr(future, "_log_traceback", False)]
        return sorted(lost + [f"never retrieved: {future.exception()!r}" for future in forgotten])

    def _timer_handle_cancelled(self, _handle: asyncio.TimerHandle) -> None:
        self._cancelled_timers += 1
        if self._cancelled_timers > _SWEEP_MIN and self._cancelled_timers > len(self._timers) // 2:
            self._timers = [timer for timer in self._timers if not timer[2].cancelled()]
            heapq.heapify(self._timers)
            self._cancelled_timers = 0

    def _run_once(self) -> None:
        """One round: move the clock if nothing is ready, then run what was ready when the round began."""
        while self._timers and self._timers[0][2].cancelled():
            heapq.heappop(self._timers)
        if not self._ready and not self._stopping:
            if not self._timers:
                raise Deadlock(_who_waits(self))
            self._now = max(self._now, self._timers[0][0])
        while self._timers and self._timers[0][0] <= self._now:
            timer = heapq.heappop(self._timers)[2]
            if not timer.cancelled():
                self._ready.append(timer)
        if self._shuffle is not None and len(self._ready) > 1:
            self._shuffle_tasks()
        for _ in range(len(self._ready)):
            handle = self._ready.popleft()
            if not handle.cancelled():
                self.steps += 1
                handle._run()
        if self.steps > self._max_steps:
            raise TooManySteps(f"{self.steps} callbacks by {self._now:.3f} s; {_who_waits(self)}")

    def _shuffle_tasks(self) -> None:
        assert self._shuffle is not None
        ready = list(self._ready)
        places = [index for index, handle in enumerate(ready) if _steps_a_task(handle)]
        handles = [ready[index] for index in places]
        self._shuffle(handles)
        for index, handle in zip(places, handles, strict=True):
            ready[index] = handle
        self._ready.clear()
        self._ready.extend(ready)


def run_virtual(main: Callable[[], Coroutine[Any, Any, _T]], *, seed: object = None, max_steps: int = STEPS_MAX) -> _T:
    """Run `main()` to its end on a new VirtualTimeLoop.

    Raises whatever `main` raises; Deadlock; TooManySteps; and LeftBehind where tasks are still alive at the end, or
    exceptions were never retrieved.
    """
    loop = VirtualTimeLoop(seed, max_steps)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        result = runner.run(main())
        left = check_nothing_left(loop)
    if left:
        raise LeftBehind(left)
    return result


def check_nothing_left(loop: VirtualTimeLoop, before: frozenset[asyncio.Task[Any]] = frozenset()) -> str:
    """What a run left behind beyond the tasks in `before`, in words; empty when all is well."""
    tasks = sorted(asyncio.all_tasks(loop) - before, key=hash)
    lines = [f"still alive: {_describe(task)}" for task in tasks]
    return "\n".join(lines + loop.unretrieved())


def _steps_a_task(handle: asyncio.Handle) -> bool:
    callback = getattr(handle, "_callback", None)
    return isinstance(getattr(callback, "__self__", None), asyncio.Task)


def _who_waits(loop: VirtualTimeLoop) -> str:
    tasks = sorted(asyncio.all_tasks(loop), key=hash)
    return f"at {loop.time():.3f} s, waiting: " + ("; ".join(map(_describe, tasks)) or "nobody")


def _describe(task: asyncio.Task[Any]) -> str:
    frames = task.get_stack(limit=1)
    place = f"{frames[-1].f_code.co_filename}:{frames[-1].f_lineno}" if frames else "not started"
    coro = task.get_coro()
    return f"{task.get_name()} {getattr(coro, '__qualname__', coro)} at {place}"
