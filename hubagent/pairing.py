"""One person lets one device in or out: the driver's steps, followed by anybody who watches.

A driver pairs one device at a time, so there is one session at a time; the next one waits for its end or stops it.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible, PairingStep

_log = logging.getLogger(__name__)

TIMEOUT_MAX_S = 600.0
"""No network stays open longer than this, whatever is asked for."""


@dataclass(frozen=True, slots=True)
class PairingProgressed:
    """A step of session `session`."""

    session: int
    step: PairingStep


class PairingBusy(Exception):
    """Another session is under way."""


class Pairing:
    """Runs sessions, one at a time, in the task group of the agent."""

    def __init__(self, tasks: asyncio.TaskGroup, tell: Callable[[PairingProgressed], None]) -> None:
        self._tasks = tasks
        self._tell = tell
        self._session = 0
        self._finished = True
        self._task: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        self._ended.set()

    @property
    def session(self) -> int:
        """The number of the session under way, or of the last one."""
        return self._session

    @property
    def active(self) -> bool:
        return self._task is not None

    def start(self, steps: Callable[[float], AsyncIterator[PairingStep]], timeout_s: float) -> int:
        """Begin; returns the session's number. Raises PairingBusy."""
        if self._task is not None:
            raise PairingBusy("somebody is pairing already; stop that first, or wait for its end")
        self._session += 1
        self._finished = False
        self._ended.clear()
        following = self._follow(steps(min(timeout_s, TIMEOUT_MAX_S)))
        self._task = self._tasks.create_task(following, name=f"pairing {self._session}")
        self._task.add_done_callback(self._over)
        return self._session

    async def stop(self) -> None:
        """End the session under way, if any, and wait until the radio is closed again."""
        if self._task is not None:
            # Once: a second time would cut short the closing of the radio, which the first asked for.
            if not self._task.cancelling():
                self._task.cancel()
            await self._ended.wait()

    async def _follow(self, steps: AsyncIterator[PairingStep]) -> None:
        try:
            async with aclosing(_closable(steps)) as closing:
                async for step in closing:
                    self._show(step)
        except (DeviceUnreachable, DriverUnavailable, NotPossible) as error:
            self._show(PairingStep("failed", str(error), final=True, ok=False))
        except Exception as error:  # noqa: BLE001 - a driver's bug must not take the others down
            _log.exception("pairing failed")
            self._show(PairingStep("failed", f"the driver failed: {error}", final=True, ok=False))

    def _over(self, _task: asyncio.Task[None]) -> None:
        # A task that is cancelled before its first step runs no `finally` of its own.
        if not self._finished:
            self._show(PairingStep("cancelled", "stopped", final=True, ok=False))
        self._task = None
        self._ended.set()

    def _show(self, step: PairingStep) -> None:
        self._finished = self._finished or step.final
        self._tell(PairingProgressed(self._session, step))


async def _closable(steps: AsyncIterator[PairingStep]) -> AsyncGenerator[PairingStep, None]:
    """The port promises an iterator; closing it is what stops a driver."""
    try:
        async for step in steps:
            yield step
    finally:
        close = getattr(steps, "aclose", None)
        if close is not None:
            await close()
