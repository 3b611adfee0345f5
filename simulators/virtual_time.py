"""An asyncio event loop that advances its clock instead of waiting; from one seed, the same run every time.

Timers fire in the order of their deadline, and in the order of their making where that is equal. When nothing is ready
the clock jumps to the next deadline; when there is none either, everybody waits for somebody else and `Deadlock` says
who. There are no sockets, no threads and no other clocks in here: what reaches for them raises `OutsideTheSimulation`.
"""

import asyncio
import gc
import random
import weakref
from asyncio.base_events import BaseEventLoop
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from heapq import heapify, heappop, heappush
from typing import Any, Final, NoReturn, TypeVar, TypeVarTuple

from simulators.zones import zones_of_the_package

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

STEPS_MAX: Final = 10_000_000
"""Callbacks that a run may take at once: some ten seconds of a computer's time."""
STEPS_PER_S: Final = 100
"""And so many more for each second of its own: a home of a hundred devices takes some twenty."""
_SWEEP_MIN: Final = 64
"""Cancelled timers that are kept before it is worth looking for them."""
YOUNG_OBJECTS_MAX: Final = 10_000
"""So many more objects than before, and Python looks for garbage among them: as in the agent itself (`cli.run`)."""
_FUTURES_MIN: Final = 4096
"""Futures that are remembered before it is worth looking which of them are gone."""


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

    __slots__ = ("number",)

    def __init__(
        self,
        number: int,
        coro: Generator[Any, None, _T] | Coroutine[Any, Any, _T],
        loop: asyncio.AbstractEventLoop,
        name: str,
        context: Context | None,
    ) -> None:
        self.number = number
        super().__init__(coro, loop=loop, name=name, context=context)

    def __hash__(self) -> int:
        return self.number

    def __eq__(self, other: object) -> bool:
        return self is other


class _Handle(asyncio.Handle):
    """asyncio's, made in one step: there is one for each callback of a run."""

    __slots__ = ()
    _callback: Callable[..., object] | None
    _context: Context
    _loop: "VirtualTimeLoop"

    def __init__(
        self, callback: Callable[..., object], args: tuple[Any, ...], loop: "VirtualTimeLoop", context: Context | None
    ) -> None:
        self._context = copy_context() if context is None else context
        self._loop = loop
        self._callback = callback
        self._args = args
        self._cancelled = False

    def __repr__(self) -> str:
        return f"<{self._callback!r}>"

    def cancel(self) -> None:
        self._cancelled = True
        self._callback = None
        self._args = ()


class _Timer(asyncio.TimerHandle):
    """Likewise. It is `_scheduled` from its making until it is taken off the heap."""

    __slots__ = ()
    _callback: Callable[..., object] | None
    _context: Context
    _loop: "VirtualTimeLoop"
    _scheduled: bool
    _when: float

    def __init__(
        self,
        when: float,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: "VirtualTimeLoop",
        context: Context | None,
    ) -> None:
        self._context = copy_context() if context is None else context
        self._loop = loop
        self._callback = callback
        self._args = args
        self._cancelled = False
        self._when = when
        self._scheduled = True

    # By address: equal timers are two all the same. asyncio's go by what they call, for the heap that is not used here.
    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __repr__(self) -> str:
        return f"<{self._callback!r} at {self._when!r} s>"

    def cancel(self) -> None:
        if not self._cancelled:
            self._cancelled = True
            self._callback = None
            self._args = ()
            if self._scheduled:
                self._loop._timer_handle_cancelled(self)


class VirtualTimeLoop(BaseEventLoop):
    """`loop.time()` starts at 0 and moves only when nothing is ready.

    With a `seed`, tasks that are ready at the same instant run in a shuffled order; plain callbacks keep theirs, which
    asyncio promises. `max_steps` bounds the callbacks of the whole run; without it they are bounded by the time that
    passes (`STEPS_MAX`, `STEPS_PER_S`).
    """

    _stopping: bool
    _closed: bool
    _check_thread: Callable[[], None]
    _check_closed: Callable[[], None]

    def __init__(self, seed: object = None, max_steps: int | None = None) -> None:
        super().__init__()
        self.steps = 0
        """Callbacks so far."""
        self.unhandled: list[dict[str, Any]] = []
        """What asyncio would have logged: exceptions in callbacks, and those that were never retrieved."""
        self._max_steps = STEPS_MAX if max_steps is None else max_steps
        self._grants_steps = max_steps is None
        self._now = 0.0
        self._ready: deque[_Handle | _Timer] = deque()
        self._timers: list[tuple[float, int, _Timer]] = []
        self._timers_made = 0
        self._cancelled_timers = 0
        self._tasks_made = 0
        self._futures: list[weakref.ref[asyncio.Future[Any]]] = []
        self._futures_max = _FUTURES_MIN
        self._holds_made = 0
        self._held: dict[int, tuple[Callable[[Context], bool], list[_Handle | _Timer]]] = {}
        self._shuffle = None if seed is None else random.Random(f"{seed}:ready").shuffle  # noqa: S311 - a simulation's
        self.set_exception_handler(lambda _loop, context: self.unhandled.append(context))

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._now

    def call_soon(
        self, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.Handle:
        if self._closed:
            self._check_closed()
        handle = _Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        if self._closed:
            self._check_closed()
        when = self._now + delay
        timer = _Timer(when, callback, args, self, context)
        self._timers_made = number = self._timers_made + 1
        heappush(self._timers, (when, number, timer))
        return timer

    def call_at(
        self, when: float, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        if self._closed:
            self._check_closed()
        timer = _Timer(when, callback, args, self, context)
        self._timers_made = number = self._timers_made + 1
        heappush(self._timers, (when, number, timer))
        return timer

    def create_task(
        self,
        coro: Generator[Any, None, _T] | Coroutine[Any, Any, _T],
        *,
        name: object = None,
        context: Context | None = None,
    ) -> asyncio.Task[_T]:
        self._tasks_made = number = self._tasks_made + 1
        label = f"Task-{number}" if name is None else str(name)
        task = _NumberedTask(number, coro, self, label, context)
        self._remember(task)
        return task

    def create_future(self) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.Future(loop=self)
        self._remember(future)
        return future

    def _remember(self, future: asyncio.Future[Any]) -> None:
        """For `unretrieved`. A WeakSet would take four times as long, for each sleep of each task."""
        futures = self._futures
        futures.append(weakref.ref(future))
        if len(futures) > self._futures_max:
            futures[:] = [one for one in futures if one() is not None]
            self._futures_max = max(_FUTURES_MIN, 2 * len(futures))

    def hold_back(self, whose: Callable[[Context], bool]) -> Callable[[], None]:
        """Callbacks in contexts that are `whose` do not run until what is returned is called; then they are the next
        to run, in the order in which their time came."""
        number = self._holds_made = self._holds_made + 1
        self._held[number] = whose, []

        def release() -> None:
            if number in self._held:
                self._ready.extendleft(reversed(self._held.pop(number)[1]))

        return release

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

    def _asyncgen_finalizer_hook(self, agen: AsyncGenerator[Any, Any]) -> None:
        """Somebody began to go through it and went away: it is closed when the collector comes by, if ever."""
        self.unhandled.append({"message": f"{agen.__qualname__} was not closed, but left to the collector"})  # type: ignore[attr-defined]
        super()._asyncgen_finalizer_hook(agen)  # type: ignore[misc]

    def unretrieved(self) -> list[str]:
        """Exceptions that were raised in a task or callback, or set on a future, and that nobody has looked at."""
        lost = [f"{context['message']}: {context.get('exception', '')!r}" for context in self.unhandled]
        # The flag by which asyncio itself decides to log "exception was never retrieved".
        known = [future for one in self._futures if (future := one()) is not None]
        forgotten = [future for future in known if getattr(future, "_log_traceback", False)]
        return sorted(lost + [f"never retrieved: {future.exception()!r}" for future in forgotten])

    def _timer_handle_cancelled(self, _handle: asyncio.TimerHandle) -> None:
        self._cancelled_timers += 1
        timers = self._timers
        if self._cancelled_timers > _SWEEP_MIN and self._cancelled_timers > len(timers) // 2:
            # In place: `_run_once` may be going through it.
            timers[:] = [timer for timer in timers if not timer[2]._cancelled]
            heapify(timers)
            self._cancelled_timers = 0

    def _run_once(self) -> None:
        """One round: move the clock if nothing is ready, then run what was ready when the round began."""
        ready, timers = self._ready, self._timers
        while timers and timers[0][2]._cancelled:
            heappop(timers)[2]._scheduled = False
            self._cancelled_timers -= 1
        if not ready and not self._stopping:
            if not timers:
                raise Deadlock(_who_waits(self))
            self._now = max(self._now, timers[0][0])
        now = self._now
        while timers and timers[0][0] <= now:
            timer = heappop(timers)[2]
            timer._scheduled = False
            if timer._cancelled:
                self._cancelled_timers -= 1
            else:
                ready.append(timer)
        if self._held:
            self._hold(ready)
        count = len(ready)
        if count > 1 and self._shuffle is not None:
            self._shuffle_tasks(self._shuffle)
        for _ in range(count):
            handle = ready.popleft()
            if not handle._cancelled:
                self.steps += 1
                try:
                    handle._context.run(handle._callback, *handle._args)  # type: ignore[arg-type]
                except (SystemExit, KeyboardInterrupt):
                    raise
                except BaseException as error:  # noqa: BLE001 - as asyncio does: the loop goes on
                    self._failed(handle, error)
        if self.steps > self._max_steps:
            self._check_steps()

    def _hold(self, ready: "deque[_Handle | _Timer]") -> None:
        for whose, held in self._held.values():
            here = list(ready)
            ready.clear()
            for handle in here:
                (held if whose(handle._context) else ready).append(handle)

    def _failed(self, handle: asyncio.Handle, error: BaseException) -> None:
        message = f"Exception in callback {handle._callback!r}"  # type: ignore[attr-defined]
        self.call_exception_handler({"message": message, "exception": error, "handle": handle})

    def _check_steps(self) -> None:
        if self._grants_steps:
            self._max_steps = max(self._max_steps, STEPS_MAX + int(STEPS_PER_S * self._now))
        if self.steps > self._max_steps:
            raise TooManySteps(f"{self.steps} callbacks by {self._now:.3f} s; {_who_waits(self)}")

    def _shuffle_tasks(self, shuffle: Callable[[list[Any]], None]) -> None:
        ready = list(self._ready)
        places = [index for index, handle in enumerate(ready) if _steps_a_task(handle)]
        if len(places) < 2:
            return
        handles = [ready[index] for index in places]
        shuffle(handles)
        for index, handle in zip(places, handles, strict=True):
            ready[index] = handle
        self._ready.clear()
        self._ready.extend(ready)


def run_virtual(
    main: Callable[[], Coroutine[Any, Any, _T]], *, seed: object = None, max_steps: int | None = None
) -> _T:
    """Run `main()` to its end on a new VirtualTimeLoop.

    Raises whatever `main` raises; Deadlock; TooManySteps; and LeftBehind where tasks are still alive at the end, or
    exceptions were never retrieved.
    """
    loop = VirtualTimeLoop(seed, max_steps)
    with zones_of_the_package(), seldom_collected(), asyncio.Runner(loop_factory=lambda: loop) as runner:
        result = runner.run(main())
        left = check_nothing_left(loop)
    if left:
        raise LeftBehind(left)
    return result


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Most of what a run makes lives as long as it does, and is not garbage however often one looks."""
    before = gc.get_threshold()
    gc.set_threshold(YOUNG_OBJECTS_MAX, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def check_nothing_left(loop: VirtualTimeLoop, before: frozenset[asyncio.Task[Any]] = frozenset()) -> str:
    """What a run left behind beyond the tasks in `before`, in words; empty when all is well."""
    tasks = sorted(asyncio.all_tasks(loop) - before, key=_number)
    lines = [f"still alive: {_describe(task)}" for task in tasks]
    return "\n".join(lines + loop.unretrieved())


def _steps_a_task(handle: _Handle | _Timer) -> bool:
    return isinstance(getattr(handle._callback, "__self__", None), asyncio.Task)


def _number(task: asyncio.Task[Any]) -> int:
    return task.number if isinstance(task, _NumberedTask) else 0


def _who_waits(loop: VirtualTimeLoop) -> str:
    tasks = sorted(asyncio.all_tasks(loop), key=_number)
    return f"at {loop.time():.3f} s, waiting: " + ("; ".join(map(_describe, tasks)) or "nobody")


def _describe(task: asyncio.Task[Any]) -> str:
    frames = task.get_stack(limit=1)
    place = f"{frames[-1].f_code.co_filename}:{frames[-1].f_lineno}" if frames else "not started"
    coro = task.get_coro()
    return f"{task.get_name()} {getattr(coro, '__qualname__', coro)} at {place}"
