"""Messages that wait at a parent for a child that sleeps, until it polls or they are too old.

IEEE 802.15.4, indirect transmission; 05-3474-22, §3.6.1.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simulators.zigbee.radio import RadioNode
from simulators.zigbee.sleep import ANSWER_POLL_S, ANSWER_POLLS_S

HELD_MAX: Final = 8
"""Messages that a parent keeps for one child. When there are so many the newest is lost."""
SHORT_POLL_S: Final = ANSWER_POLL_S
SHORT_POLL_FOR_S: Final = ANSWER_POLLS_S
"""A sleeping node that sent something polls quickly for a while, since an answer may come."""
SHORTEST_POLL_S: Final = 0.01
LOOK_AGAIN_S: Final = 0.5
"""So often a node whose messages wait is looked at, as its interval may have become another: a hand woke it."""


@dataclass(frozen=True, slots=True)
class _Held:
    expires_at: float
    fetched: Callable[[], None]
    expired: Callable[[], None]


class Mailbox:
    """Of one node. It polls only where something waits for it: other polls change nothing that anybody sees."""

    def __init__(self, loop: asyncio.AbstractEventLoop, node: RadioNode, phase: float) -> None:
        """`phase`: how far it is in its interval when all begins, 0 to 1."""
        self._loop = loop
        self._node = node
        self._held: deque[_Held] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._polled_at = loop.time() - phase * node.poll_interval_s
        self._quick_until = 0.0
        self.quick_for_s = SHORT_POLL_FOR_S
        """So long it polls quickly after it sent something."""
        self._has_power = True

    def hold(self, keep_s: float, fetched: Callable[[], None], expired: Callable[[], None]) -> None:
        """Exactly one of the two is called."""
        if len(self._held) >= HELD_MAX:
            self._loop.call_soon(expired)
            return
        self._held.append(_Held(self._loop.time() + keep_s, fetched, expired))
        self._schedule()

    def stir(self) -> None:
        """The node woke up and sent something."""
        now = self._loop.time()
        self._polled_at = now
        self._quick_until = now + self.quick_for_s
        self._schedule()

    def cut_power(self) -> None:
        self._has_power = False
        self._schedule()

    def restore_power(self) -> None:
        self._has_power = True
        self.stir()

    def clear(self) -> None:
        """The node is gone: nobody will fetch any of it."""
        held, self._held = self._held, deque()
        self._schedule()
        for it in held:
            it.expired()

    def next_poll(self) -> float:
        """When it polls the next time, power or not."""
        now = self._loop.time()
        interval_s = max(self._node.poll_interval_s, SHORTEST_POLL_S)
        if now < self._quick_until:
            interval_s = min(interval_s, SHORT_POLL_S, self.quick_for_s / 3)
        passed = max(0, int((now - self._polled_at) / interval_s))
        return self._polled_at + (passed + 1) * interval_s

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._held:
            expires_at = min(it.expires_at for it in self._held)
            polls_at = self.next_poll() if self._has_power else expires_at + 1
            due = min(expires_at, polls_at, self._loop.time() + LOOK_AGAIN_S)
            self._timer = self._loop.call_at(due, self._tick, due, polls_at <= due)

    def _tick(self, now: float, polls: bool) -> None:
        """It polls, or something is too old, or both."""
        self._timer = None
        if polls:
            self._polled_at = now
        held, self._held = self._held, deque()
        for it in held:
            if it.expires_at <= now:
                it.expired()
            elif polls:
                it.fetched()
            else:
                self._held.append(it)
        self._schedule()
