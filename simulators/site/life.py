"""Whose code runs at the moment: a hub's process, or the world around it.

Both are on one loop. Whatever a process schedules carries its mark (a context variable), and at each seam between the
two the mark changes. So a process can be held still while the world goes on, and what a dead one still does is known.
"""

import asyncio
from collections.abc import Callable
from contextvars import Context, ContextVar, Token
from typing import Final

from simulators.virtual_time import VirtualTimeLoop

_life: ContextVar["Life | None"] = ContextVar("life", default=None)
Mark = Token["Life | None"]


class Life:
    """One process of a hub, from its start to its end."""

    def __init__(self) -> None:
        self.dead = False
        self.effects = 0
        """What it did to the world so far: writes to a port, frames to the cloud, writes to the disk."""
        self.after: Callable[[], None] = lambda: None
        """Called after each of them."""
        self._going = asyncio.Event()
        self._going.set()
        self._stalls: list[object] = []
        self._release: Callable[[], None] | None = None
        self._loop = asyncio.get_running_loop()
        self._held_from = 0.0
        self._held_to = float("-inf")
        self._held_s = 0.0

    @property
    def stalled(self) -> bool:
        return self._release is not None

    @property
    def held_s(self) -> float:
        """How long it has stood still so far."""
        return self._held_s + (self._loop.time() - self._held_from if self.stalled else 0.0)

    def stood_still(self, since: float) -> bool:
        """Whether it did at any time from then on."""
        return self.stalled or self._held_to >= since

    def stall(self) -> Callable[[], None]:
        """It does nothing at all until what is returned is called: neither its tasks nor its timers go on, and what
        comes to it waits before its ports. Then all that was due happens, in the order in which it became due."""
        assert isinstance(self._loop, VirtualTimeLoop)
        token = object()
        self._stalls.append(token)
        if self._release is None and not self.dead:
            self._going.clear()
            self._held_from = self._loop.time()
            self._release = self._loop.hold_back(self._is_mine)

        def go_on() -> None:
            if token in self._stalls:
                self._stalls.remove(token)
                if not self._stalls:
                    self._go_on()

        return go_on

    def die(self) -> None:
        self.dead = True
        self._stalls.clear()
        self._go_on()

    async def going(self) -> None:
        """Until it is not stalled."""
        await self._going.wait()

    def did(self) -> None:
        """One more effect."""
        if not self.dead:
            self.effects += 1
            self.after()

    def hears(self, what: Callable[..., object], *said: object) -> None:
        """The world calls `what` of the process: now, or as soon as it is not stalled; never where it is dead."""
        if self.dead:
            return
        mark = enter(self)
        try:
            if self._release is None:
                what(*said)
            else:
                self._loop.call_soon(self.hears, what, *said)
        finally:
            back(mark)

    def _is_mine(self, context: Context) -> bool:
        return context.get(_life) is self

    def _go_on(self) -> None:
        if self._release is not None:
            self._held_s, self._held_to = self.held_s, self._loop.time()
            release, self._release = self._release, None
            self._going.set()
            release()


def enter(life: Life | None) -> Mark:
    """From here on it is that process's code, or the world's (None), until `back`."""
    return _life.set(life)


back: Final = _life.reset


def whose() -> Life | None:
    """The process whose code runs; None: the world's."""
    return _life.get()


def in_a_dead_process(context: Context | None = None) -> bool:
    """Whether who runs, or ran in `context`, is a process that was killed: what it does or logs did not happen."""
    life = _life.get() if context is None else context.get(_life)
    return life is not None and life.dead
