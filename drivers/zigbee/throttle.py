"""No faster than stick and air can take it: what the stick has no room for waits, and broadcasts keep their distance.

A stick has buffers for about twenty messages and says so when they are taken; every node keeps the broadcasts of the
last nine seconds in a table of at least eight (nwkBroadcastDeliveryTime, Zigbee Specification 05-3474-22 §3.5.1), and
repeats none that comes on top.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Final, Generic, TypeVar

HELD_MAX: Final = 200
"""Messages that wait for room; the newest of the lowest priority is given up for one more."""
HELD_S: Final = 15.0
"""After so long without room a message is given up."""
PAUSE_FIRST_S: Final = 0.05
PAUSE_MAX_S: Final = 1.0
"""Between two attempts, where nothing says that there is room again."""
BROADCASTS_MAX: Final = 8
BROADCASTS_S: Final = 9.0

_Item = TypeVar("_Item")


class Held(Generic[_Item]):
    """Messages that the stick had no room for, and those that came after them: the most urgent goes first."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        send: Callable[[_Item], None],
        given_up: Callable[[_Item], None],
    ) -> None:
        self._loop = loop
        self._send = send
        self._given_up = given_up
        self.waiting: list[tuple[int, float, int, _Item]] = []
        """A heap: priority, when it was tried first, and the order within that."""
        self._order = count()
        self._pause_s = PAUSE_FIRST_S
        self._timer: asyncio.TimerHandle | None = None

    def put(self, item: _Item, priority: int, since: float | None = None) -> None:
        """`since`: when it was tried first, where that was before; it goes before those that came later."""
        since = self._loop.time() if since is None else since
        heappush(self.waiting, (priority, since, next(self._order), item))
        if len(self.waiting) > HELD_MAX:
            last = max(self.waiting, key=lambda waiting: waiting[:3])
            self.waiting.remove(last)
            heapify(self.waiting)
            self._given_up(last[3])
        if self._timer is None:
            self._timer = self._loop.call_later(self._pause_s, self._again)

    def room(self) -> None:
        """A message has left the stick: there is room for one."""
        if self.waiting:
            self._pause_s = PAUSE_FIRST_S
            self._send_first()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self.waiting:
            self._given_up(heappop(self.waiting)[3])

    def _again(self) -> None:
        self._timer = None
        self._pause_s = min(2 * self._pause_s, PAUSE_MAX_S)
        self._send_first()
        if self.waiting and self._timer is None:
            self._timer = self._loop.call_later(self._pause_s, self._again)

    def _send_first(self) -> None:
        """The most urgent that has not waited too long."""
        now = self._loop.time()
        while self.waiting:
            _, since, _, item = heappop(self.waiting)
            if now - since < HELD_S:
                self._send(item)
                return
            self._given_up(item)


class BroadcastBudget:
    """So many broadcasts in so many seconds, and the next one waits."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._sent: deque[float] = deque(maxlen=BROADCASTS_MAX)
        self._turn = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until one may be sent."""
        async with self._turn:
            if len(self._sent) == BROADCASTS_MAX:
                wait_s = self._sent[0] + BROADCASTS_S - self._loop.time()
                if wait_s > 0:
                    await asyncio.sleep(wait_s)
            self._sent.append(self._loop.time())

    def exhausted(self) -> None:
        """The stick says that its table is full, of others' broadcasts too."""
        self._sent.extend([self._loop.time()] * BROADCASTS_MAX)
