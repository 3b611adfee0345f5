"""What happens, live: server-sent events (HTML, section 9.2), one stream a listener.

Each stream has a source of its own, which is bounded, begins with a snapshot, and says what to do about a gap: nobody
ever has to ask what they missed.
"""

import asyncio
import contextlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from aiohttp import web

from simulators.web.problem import Problem

LISTENERS_MAX: Final = 32
ALIVE_S: Final = 10.0
"""So often something is said, whatever happens: else nobody knows of a connection that is dead."""
RETRY_MS: Final = 1000
WRITE_TIMEOUT_S: Final = 30.0

Named = tuple[str, Mapping[str, Any]]
"""An event's name, and what it says."""


class Source(Protocol):
    """What one listener is told."""

    @property
    def woken(self) -> asyncio.Event:
        """Set while there is something to take."""

    def take(self) -> Iterable[Named]:
        """Everything that there is, of which it is then rid. Clears `woken`."""


class Streams:
    """All streams of one server."""

    def __init__(self) -> None:
        self._streams: set[asyncio.Task[Any]] = set()

    async def serve(self, request: web.Request, source: Source) -> web.StreamResponse:
        """Until the listener goes. Raises Problem."""
        if len(self._streams) >= LISTENERS_MAX:
            raise Problem(503, "too_many_listeners", f"{LISTENERS_MAX} listen already")
        task = asyncio.current_task()
        assert task is not None
        self._streams.add(task)
        try:
            response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await response.prepare(request)
            # The listener goes, or stops reading: nothing is wrong with either.
            with contextlib.suppress(ConnectionError, TimeoutError):
                await _follow(response, source)
            return response
        finally:
            self._streams.discard(task)

    async def close(self, _app: web.Application) -> None:
        """End all streams: a server that stops waits for its requests."""
        for task in list(self._streams):
            task.cancel()


async def _follow(response: web.StreamResponse, source: Source) -> None:
    await _write(response, f"retry: {RETRY_MS}\n\n")
    while True:
        try:
            async with asyncio.timeout(ALIVE_S):
                await source.woken.wait()
        except TimeoutError:
            await _write(response, ": alive\n\n")
            continue
        await _write(response, "".join(_event(name, view) for name, view in source.take()))


async def _write(response: web.StreamResponse, text: str) -> None:
    async with asyncio.timeout(WRITE_TIMEOUT_S):
        await response.write(text.encode())


def _event(name: str, view: Mapping[str, Any]) -> str:
    # JSON has no line ends of its own, and the names are ours.
    return f"event: {name}\ndata: {json.dumps(view, separators=(',', ':'))}\n\n"
