"""What waits is a machine: time is passed in, effects are taken out, and nothing inside sleeps or opens a port.

A machine has four methods. `run_machine` is the only bridge from them to asyncio, so that the same machine is tested
for a week of its time in a millisecond, and a seed replays what went wrong.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Generic, Protocol, TypeVar

PAUSE_S: Final = 1.0
"""After an exception that left a machine, before its clock goes on: what went wrong may go wrong again at once."""

_ItemIn = TypeVar("_ItemIn", contravariant=True)  # noqa: PLC0105 - named for what it is
_Effect = TypeVar("_Effect")
_Item = TypeVar("_Item")


class Machine(Protocol[_ItemIn, _Effect]):
    """All times are seconds of one monotonic clock, the event loop's."""

    def receive(self, item: _ItemIn, now: float) -> None:
        """Something happened, or somebody wishes for something."""
        ...

    def handle_timeout(self, now: float) -> None:
        """A deadline may have passed; does nothing when none has."""
        ...

    def next_deadline(self) -> float | None:
        """When `handle_timeout` is due next; None when nothing is waited for."""
        ...

    def take_effects(self) -> list[_Effect]:
        """What the machine wants done, in order; each is handed out once."""
        ...


class RunningMachine(Generic[_Item, _Effect]):
    """One machine on one event loop. Made by `run_machine`; everything happens synchronously inside `feed`."""

    def __init__(
        self,
        machine: Machine[_Item, _Effect],
        perform: Callable[[_Effect], None],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._machine = machine
        self._perform = perform
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._pending: deque[_Effect] = deque()
        self._performing = False
        self._closed = False

    def feed(self, item: _Item) -> None:
        """Hand in one item and carry out what follows from it, before returning.

        Called again from inside an effect, what follows is done at once where no earlier effect still waits, and
        after those otherwise: effects never overtake one another, and a command that answers a report has left when
        the call that wishes for it returns.
        """
        if self._closed:
            return
        try:
            self._machine.receive(item, self._loop.time())
            if not self._pending:
                self._carry_out()
        except BaseException:
            self._set_timer(self._loop.time() + PAUSE_S)
            raise

    def close(self) -> None:
        """Stop the clock; further items are ignored."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _carry_out(self) -> None:
        outermost, self._performing = not self._performing, True
        pending = self._pending
        try:
            while True:
                if not pending:
                    pending.extend(self._machine.take_effects())
                    if not pending:
                        break
                self._perform(pending.popleft())
        finally:
            if outermost:
                self._performing = False
                pending.clear()
        if outermost:
            self._set_timer()

    def _set_timer(self, not_before: float = float("-inf")) -> None:
        deadline = None if self._closed else self._machine.next_deadline()
        if deadline is not None and deadline < not_before:
            deadline = not_before
        armed = self._timer
        if armed is not None and deadline is not None and armed.when() <= deadline:
            # It fires early and is set again then: cheaper than a new timer for every item on the hot path.
            return
        if armed is not None:
            armed.cancel()
        self._timer = None if deadline is None else self._loop.call_at(deadline, self._fire)

    def _fire(self) -> None:
        self._timer = None
        if self._closed:
            return
        try:
            self._machine.handle_timeout(self._loop.time())
            self._carry_out()
        except BaseException:
            # Whoever has no clock is silent for good, and nobody knows why.
            self._set_timer(self._loop.time() + PAUSE_S)
            raise


def run_machine(
    machine: Machine[_Item, _Effect],
    perform: Callable[[_Effect], None],
    loop: asyncio.AbstractEventLoop | None = None,
) -> RunningMachine[_Item, _Effect]:
    """Put `machine` on the running loop; `perform` does what it asks for. The caller closes what is returned."""
    return RunningMachine(machine, perform, loop or asyncio.get_running_loop())
