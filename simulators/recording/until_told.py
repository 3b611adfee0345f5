"""Work that goes on until somebody says that it is enough: a time that is over, Ctrl-C, or SIGTERM. Then comes what
makes it a whole, so the signal must not tear it.
"""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


async def until_told(work: Coroutine[Any, Any, None], seconds: float | None) -> None:
    """Raises what `work` raises."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    told: list[bool] = []

    def enough() -> None:
        if not told:
            told.append(True)
            task.cancel()

    for number in _SIGNALS:
        loop.add_signal_handler(number, enough)
    timer = None if seconds is None else loop.call_later(seconds, enough)
    try:
        await work
    except asyncio.CancelledError:
        if not told:
            raise
        task.uncancel()
    finally:
        if timer is not None:
            timer.cancel()
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
