"""What a wish under way is on either radio: answered once, true when the device says so, and overtaken by a newer one.

A wish is overtaken by one that left after it, for the same device, and that makes it pointless (`Command.overtakes`):
then it is not sent again, and what came of it is not waited for any more, but for a word that is on its way already.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from typing import Final, Protocol, TypeVar

from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId
from hubagent.model.event import Cause, CommandAnswered, Outcome

SETTLE_S: Final = 0.3
"""How long a report of the new state may come by itself before it is asked for."""
OVERTAKEN: Final = "a newer command took its place before it had come true"
NEWER: Final = "a newer command took its place before the device had it"

_T = TypeVar("_T")
_numbers: Final = count()


class Expected(Protocol):
    """Of a plan."""

    @property
    def confirms(self) -> Callable[[Mapping[str, Value]], bool] | None:
        """Whether reported attributes are what was wanted; None where the wish's own `wanted` is compared."""
        ...


class Wish:
    """One wish for one part of a device. `finished` is called exactly once."""

    def __init__(
        self,
        device: DeviceId,
        wish: Command,
        cause: Cause,
        expected: Expected,
        finished: Callable[[CommandAnswered], None],
        number: int | None = None,
    ) -> None:
        """`number` is that of the same wish when it was tried before."""
        self.number: Final = next(_numbers) if number is None else number
        """The older a wish, the lower."""
        self.device = device
        self.wish = wish
        self.cause = cause
        self.outcome: Outcome | None = None
        self.overtaken = False
        self._expected = expected
        self._finished = finished
        self._reported: dict[str, Value] = {}
        """The attributes that were reported since the command left."""
        self._news: asyncio.Event | None = None
        """Set by what is reported; there once somebody waits for it."""
        self._until = math.inf
        """For no longer is anything waited for."""
        self._waits: asyncio.Timeout | None = None

    def reported(self, values: Mapping[str, Value]) -> None:
        """The part reported something."""
        self._reported.update(values)
        if self._news is not None:
            self._news.set()

    def answer(self, outcome: Outcome, detail: str = "") -> None:
        """The outcome, unless it was given before."""
        if self.outcome is None:
            self.outcome = outcome
            self._finished(CommandAnswered(self.device, self.wish, self.cause, outcome, detail))

    # --- a newer one

    def replaces(self, older: "Wish") -> bool:
        """It makes the other pointless."""
        return self.number > older.number and self.device == older.device and self.wish.overtakes(older.wish)

    def stands_for(self, older: "Wish") -> bool:
        """Where both wait, the other need not be sent."""
        return self.replaces(older) or (self.number > older.number and self._is_the_same(older))

    def _is_the_same(self, other: "Wish") -> bool:
        return self.device == other.device and self.wish == other.wish

    def overtake(self) -> None:
        """One that replaces it has left."""
        if self.overtaken:
            return
        self.overtaken = True
        self._until = asyncio.get_running_loop().time() + SETTLE_S
        waits = self._waits
        if waits is not None and not waits.expired():
            waits.reschedule(min(self._until, waits.when() or math.inf))

    async def _wait(self, what: Awaitable[_T], within_s: float) -> _T:
        """Raises TimeoutError: not within that time, or not shortly after it was overtaken."""
        within = min(asyncio.get_running_loop().time() + within_s, self._until)
        async with asyncio.timeout_at(within) as waits:
            self._waits = waits
            try:
                return await what
            finally:
                self._waits = None

    # --- what is so

    async def _came_true(self, within_s: float) -> bool:
        """Whether reports that come by themselves say so, within a while."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within_s
        news = self._news = self._news or asyncio.Event()
        while not self._is_true():
            left_s = min(until, self._until) - loop.time()
            if left_s <= 0:
                return False
            news.clear()
            try:
                await self._wait(news.wait(), left_s)
            except TimeoutError:
                return self._is_true()
        return True

    def _wanted(self) -> bool:
        return self._expected.confirms is not None or bool(self.wish.wanted())

    def _is_true(self) -> bool:
        if not self._reported:
            return False
        if self._expected.confirms is not None:
            return self._expected.confirms(self._reported)
        wanted = self.wish.wanted()
        return bool(wanted) and all(
            name in self._reported and self._reported[name] == value for name, value in wanted.items()
        )

    def _seen(self) -> str:
        wanted = set(self.wish.wanted())
        seen = {name: value for name, value in self._reported.items() if name in wanted} or self._reported
        return ", ".join(f"{name}={value}" for name, value in sorted(seen.items()))
