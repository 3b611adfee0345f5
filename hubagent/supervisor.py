"""Keeps one driver, or the uplink, running while its neighbours carry on: started anew after a failure, ever slower."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import NoReturn

from hubagent.runtime import PortError
from hubagent.store.errors import StoreFailed

_log = logging.getLogger(__name__)

FIRST_DELAY_S = 1.0
LONGEST_DELAY_S = 60.0
STABLE_S = 60.0
"""Who ran this long starts again at the first delay."""


async def keep_running(
    name: str,
    attempt: Callable[[], Awaitable[None]],
    was_ready: Callable[[], bool],
    failed: Callable[[str], None],
    rng: random.Random,
) -> NoReturn:
    """Run `attempt()` until cancelled, again and again.

    `failed` hears why each ended, before the wait. A PortError is passed up until `was_ready()`: somebody has to look
    after a port that was never usable, while one that was lost comes back by itself.
    """
    loop = asyncio.get_running_loop()
    delay_s = FIRST_DELAY_S
    while True:
        started = loop.time()
        try:
            await attempt()
            reason = "it ended by itself"
        except Exception as error:  # a driver's bug must not take the others down
            cause = _cause(error)
            if _is_told_to_end():
                # A disk that is full when all is written down at the end: that must not start everything anew.
                _log.error("%s did not end well: %s: %s", name, type(cause).__name__, cause)
                raise asyncio.CancelledError from error
            if isinstance(cause, PortError):
                if not was_ready():
                    raise cause from error
                reason = str(cause)
            elif isinstance(cause, StoreFailed):
                _log.error("%s failed: %s", name, cause)
                # Whoever hears this may be far away, and where this host has its disk is not theirs to know.
                reason = f"the state cannot be written: {cause.reason}"
            else:
                reason = f"{type(cause).__name__}: {cause}"
                _log.exception("%s failed", name)
        if loop.time() - started >= STABLE_S:
            delay_s = FIRST_DELAY_S
        # Spread by a fifth, so that drivers that failed together do not return together.
        wait_s = delay_s * rng.uniform(0.8, 1.2)
        failed(f"{reason}; starting it again in {wait_s:.1f} s")
        await asyncio.sleep(wait_s)
        delay_s = min(delay_s * 2, LONGEST_DELAY_S)


def _is_told_to_end() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _cause(error: Exception) -> Exception:
    """What a driver's task group wraps, where it is one thing."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
