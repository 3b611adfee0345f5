"""What a wish under way is on either radio: answered once, true when the device says so, and overtaken by a newer one.

A wish is overtaken by a newer one for the same device that makes it pointless (`Command.overtakes`): then it is not
sent again, and what came of it is not waited for any more, but for a word that is on its way already.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from typing import Any, Final, Generic, Protocol, TypeVar

from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId
from hubagent.model.event import Cause, CommandAnswered, Outcome

SETTLE_S: Final = 0.3
"""How long a report of the new state may come by itself before it is asked for."""
CHECK_S: Final = 1.0
"""Between two looks at a state that is still on its way."""
CHECK_MAX_S: Final = 8.0
GRACE_S: Final = 5.0
"""Beyond the transition that was to be expected."""
OVERTAKEN: Final = "a newer command took its place before it had come true"
NEWER: Final = "a newer command took its place before the device had it"

_T = TypeVar("_T")
_numbers: Final = count()


class Plan(Protocol):
    """How a wish is told to a device, as far as no radio comes into it."""

    @property
    def readback(self) -> tuple[Any, ...]:
        """What to ask afterwards; empty where nothing tells."""
        ...

    @property
    def transition_s(self) -> float:
        """How long the device may take to get there."""
        ...

    @property
    def confirms(self) -> Callable[[Mapping[str, Value]], bool] | None:
        """Whether reported attributes are what was wanted; None where the wish's own `wanted` is compared."""
        ...


_Plan = TypeVar("_Plan", bound=Plan)


class Wish(Generic[_Plan]):
    """One wish for one part of a device. `finished` is called exactly once."""

    def __init__(
        self,
        device: DeviceId,
        wish: Command,
        cause: Cause,
        plan: _Plan,
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
        self._plan = plan
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

    def replaces(self, older: "Wish[_Plan]") -> bool:
        """It makes the other pointless."""
        return self._follows(older) and self.wish.overtakes(older.wish)

    def stands_for(self, older: "Wish[_Plan]") -> bool:
        """Where both wait, the other need not be sent."""
        return self._follows(older) and (self.wish == older.wish or self.wish.overtakes(older.wish))

    def _follows(self, older: "Wish[_Plan]") -> bool:
        return self.number > older.number and self.device == older.device

    def overtake(self) -> None:
        """There is one that replaces it."""
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

    async def _check(self, read: Callable[[], Awaitable[None]], *, confirmed: bool, settle_s: float) -> None:
        """Ask until the state is what was wished, or its time is up; first after `settle_s`."""
        if not self._plan.readback:
            self.answer(Outcome.CONFIRMED if confirmed else Outcome.DELIVERED)
            return
        if not self._wanted():
            await read()
            self.answer(Outcome.CONFIRMED if confirmed else Outcome.DELIVERED)
            return
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._plan.transition_s + GRACE_S
        wait_s, pause_s = settle_s, CHECK_S
        while True:
            if await self._came_true(wait_s):
                self.answer(Outcome.CONFIRMED)
                return
            if self.overtaken:
                self.answer(Outcome.FAILED, OVERTAKEN)
                return
            await read()
            if self._is_true():
                self.answer(Outcome.CONFIRMED)
                return
            if loop.time() >= deadline:
                break
            wait_s, pause_s = pause_s, min(CHECK_MAX_S, pause_s * 1.5)
        if self._reported:
            self.answer(Outcome.REFUSED, f"the device has it, but reports {self._seen()}")
        else:
            self.answer(Outcome.DELIVERED, "the device has it, but does not say in which state it is")

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
        return self._plan.confirms is not None or bool(self.wish.wanted())

    def _is_true(self) -> bool:
        if not self._reported:
            return False
        if self._plan.confirms is not None:
            return self._plan.confirms(self._reported)
        wanted = self.wish.wanted()
        return bool(wanted) and all(
            name in self._reported and self._reported[name] == value for name, value in wanted.items()
        )

    def _seen(self) -> str:
        wanted = set(self.wish.wanted())
        seen = {name: value for name, value in self._reported.items() if name in wanted} or self._reported
        return ", ".join(f"{name}={value}" for name, value in sorted(seen.items()))
