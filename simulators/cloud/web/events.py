"""What happens, live: server-sent events (HTML, section 9.2), one stream a listener.

A stream begins with a snapshot, and so does everything after a gap: a listener that reads too slowly loses the events
that its bounded queue has no room for, and gets a new snapshot instead. So nobody ever has to ask what they missed.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import web

from simulators.cloud.items import ANEW, Changed
from simulators.cloud.service import Service
from simulators.cloud.web.problem import Problem

QUEUE_MAX: Final = 256
LISTENERS_MAX: Final = 32
ALIVE_S: Final = 10.0
"""So often something is said, whatever happens: else nobody knows of a connection that is dead."""
RETRY_MS: Final = 1000
WRITE_TIMEOUT_S: Final = 30.0


class Listener:
    """One stream's bounded queue."""

    def __init__(self) -> None:
        self.events: deque[Changed] = deque()
        self.overrun = True
        """Whether a snapshot is due: at the beginning, and whenever something was lost."""
        self.woken = asyncio.Event()
        self.woken.set()

    def hear(self, change: Changed) -> None:
        if not self.overrun:
            self.events.append(change)
        self.woken.set()
        if len(self.events) > QUEUE_MAX:
            self.begin_anew()

    def begin_anew(self) -> None:
        self.events.clear()
        self.overrun = True
        self.woken.set()

    def take(self) -> list[Changed]:
        taken = list(self.events)
        self.events.clear()
        self.woken.clear()
        return taken


class Events:
    """All streams."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._streams: set[asyncio.Task[Any]] = set()

    async def serve(
        self, request: web.Request, hub: str, snapshot: Callable[[], Mapping[str, Any]]
    ) -> web.StreamResponse:
        """Until the listener goes. Raises Problem."""
        if len(self._streams) >= LISTENERS_MAX:
            raise Problem(503, "too_many_listeners", f"{LISTENERS_MAX} listen already")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        listener = Listener()

        def hear(change: Changed) -> None:
            if change.what == ANEW:
                listener.begin_anew()
            elif change.hub == hub:
                listener.hear(change)

        task = asyncio.current_task()
        assert task is not None
        self._streams.add(task)
        end = self._service.listen(hear)
        try:
            await self._follow(response, listener, snapshot)
        except (ConnectionError, TimeoutError):
            pass  # the listener has gone, or has stopped reading
        finally:
            end()
            self._streams.discard(task)
        return response

    async def close(self, _app: web.Application) -> None:
        """End all streams: a server that stops waits for its requests."""
        for task in list(self._streams):
            task.cancel()

    async def _follow(
        self, response: web.StreamResponse, listener: Listener, snapshot: Callable[[], Mapping[str, Any]]
    ) -> None:
        await _write(response, f"retry: {RETRY_MS}\n\n")
        while True:
            try:
                async with asyncio.timeout(ALIVE_S):
                    await listener.woken.wait()
            except TimeoutError:
                await _write(response, ": alive\n\n")
                continue
            changes = listener.take()
            if listener.overrun:
                listener.overrun = False
                text = _event("snapshot", snapshot())
            else:
                text = "".join(_event(change.what, change.view) for change in changes)
            await _write(response, text)


async def _write(response: web.StreamResponse, text: str) -> None:
    async with asyncio.timeout(WRITE_TIMEOUT_S):
        await response.write(text.encode())


def _event(name: str, view: Mapping[str, Any]) -> str:
    # JSON has no line ends of its own, and the names are ours.
    return f"event: {name}\ndata: {json.dumps(view, separators=(',', ':'))}\n\n"
