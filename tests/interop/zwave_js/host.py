"""The real zwave-js in a process of its own, as a host for one of our sticks."""

import asyncio
import json
import os
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.interop.peers import NODE_MODULES, need_npm_package, node

EVENTS_MAX = 10_000
END_TIMEOUT_S = 10.0
STDOUT = 1

Event = dict[str, Any]


class Refused(Exception):
    """zwave-js answered with an error."""


class ZwaveJs(asyncio.SubprocessProtocol):
    """What it is told, and what it says. Events are kept, so that it does not matter whether one awaits them early."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._loop = loop
        self._stdin: asyncio.WriteTransport | None = None
        self._said = b""
        self._calls = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._events: deque[Event] = deque(maxlen=EVENTS_MAX)
        self._waiting: asyncio.Future[None] | None = None
        self.exited: asyncio.Future[None] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._stdin = transport.get_pipe_transport(0)  # type: ignore[assignment]  # typeshed: any transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        assert fd == STDOUT
        *lines, self._said = (self._said + data).split(b"\n")
        for line in lines:
            self._take(json.loads(line))

    def process_exited(self) -> None:
        self._take({"event": "ended"})
        self.exited.set_result(None)

    async def call(self, do: str, timeout_s: float = 60.0, **arguments: Any) -> Any:
        """Raises Refused."""
        self._calls += 1
        self._answers[self._calls] = answer = self._loop.create_future()
        assert self._stdin is not None
        self._stdin.write(json.dumps({"id": self._calls, "do": do, **arguments}).encode() + b"\n")
        async with asyncio.timeout(timeout_s):
            return await answer

    async def happens(
        self, timeout_s: float = 60.0, where: Callable[[Event], bool] = lambda _: True, **like: Any
    ) -> Event:
        """The next event that has these fields; it and all before it are forgotten.

        An interview that failed for good, or an end of zwave-js, fails the test.
        """
        async with asyncio.timeout(timeout_s):
            while True:
                event = await self._next_event()
                if event["event"] in ("driver error", "ended") or event.get("final"):
                    raise AssertionError(event)
                if like.items() <= event.items() and where(event):
                    return event

    async def all_happen(self, wanted: list[Event], timeout_s: float = 60.0) -> None:
        """All of these, in any order."""
        missing = list(wanted)
        while missing:
            event = await self.happens(timeout_s)
            missing = [like for like in missing if not like.items() <= event.items()]

    def forget_events(self) -> None:
        self._events.clear()

    def end(self) -> None:
        """Ask it to end, which it does when its stdin ends."""
        assert self._stdin is not None
        self._stdin.close()

    async def _next_event(self) -> Event:
        while not self._events:
            self._waiting = self._loop.create_future()
            await self._waiting
        return self._events.popleft()

    def _take(self, said: dict[str, Any]) -> None:
        if "id" not in said:
            self._events.append(said)
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_result(None)
            return
        answer = self._answers.pop(said["id"])
        if answer.done():
            return
        if "error" in said:
            answer.set_exception(Refused(said["error"]))
        else:
            answer.set_result(said["result"])


@asynccontextmanager
async def zwave_js_on(url: str, folder: Path) -> AsyncIterator[ZwaveJs]:
    """zwave-js with the serial port `url` (`tcp://host:port`), its cache and log in `folder`. Skips where it is not."""
    executable = node()
    need_npm_package("zwave-js")
    with (folder / "stderr.txt").open("wb") as stderr:
        process, host = await asyncio.get_running_loop().subprocess_exec(
            ZwaveJs,
            executable,
            str(Path(__file__).with_name("host.cjs")),
            url,
            str(folder),
            stderr=stderr,
            env={**os.environ, "NODE_PATH": str(NODE_MODULES), "NODE_ENV": "production"},
        )
    try:
        yield host
    finally:
        host.end()
        try:
            async with asyncio.timeout(END_TIMEOUT_S):
                await asyncio.shield(host.exited)
        except TimeoutError:
            process.kill()
            await host.exited
        process.close()
