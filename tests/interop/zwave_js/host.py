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
LINE_MAX = 1 << 20
END_TIMEOUT_S = 10.0

Event = dict[str, Any]


class Refused(Exception):
    """zwave-js answered with an error."""


class ZwaveJs:
    """What it is told, and what it says. Events are kept, so that it does not matter whether one awaits them early."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._events: deque[Event] = deque(maxlen=EVENTS_MAX)
        self._changed = asyncio.Condition()
        self._ended = False

    async def call(self, do: str, timeout_s: float = 60.0, **arguments: Any) -> Any:
        """Raises Refused."""
        number = len(self._answers)
        self._answers[number] = answer = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "do": do, **arguments}).encode() + b"\n")
        async with asyncio.timeout(timeout_s):
            return await answer

    async def happens(
        self, timeout_s: float = 60.0, where: Callable[[Event], bool] | None = None, **like: Any
    ) -> Event:
        """The next event that has these fields; it and all before it are forgotten.

        An interview that has failed for good ends the wait as well.
        """

        def fits(event: Event) -> bool:
            if event["event"] in ("driver error", "ended") or (event["event"] == "interview failed" and event["final"]):
                raise AssertionError(event)
            return like.items() <= event.items() and (where is None or where(event))

        async with asyncio.timeout(timeout_s), self._changed:
            while True:
                while self._events:
                    event = self._events.popleft()
                    if fits(event):
                        return event
                await self._changed.wait()

    async def all_happen(self, wanted: list[Event], timeout_s: float = 60.0) -> None:
        """All of these, in any order."""
        missing = list(wanted)
        while missing:
            event = await self.happens(timeout_s)
            missing = [like for like in missing if not like.items() <= event.items()]

    async def listen(self) -> None:
        """Until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = json.loads(line)
            if "id" not in said:
                await self._happened(said)
            elif "error" in said:
                self._answers[said["id"]].set_exception(Refused(said["error"]))
            else:
                self._answers[said["id"]].set_result(said["result"])
        await self._happened({"event": "ended"})

    async def _happened(self, event: Event) -> None:
        async with self._changed:
            self._events.append(event)
            self._changed.notify_all()


@asynccontextmanager
async def zwave_js_on(url: str, folder: Path) -> AsyncIterator[ZwaveJs]:
    """zwave-js with the serial port `url` (`tcp://host:port`), its cache and log in `folder`. Skips where it is not."""
    executable = node()
    need_npm_package("zwave-js")
    with (folder / "stderr.txt").open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            executable,
            str(Path(__file__).with_name("host.cjs")),
            url,
            str(folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            env={**os.environ, "NODE_PATH": str(NODE_MODULES), "NODE_ENV": "production"},
            limit=LINE_MAX,
        )
    host = ZwaveJs(process)
    try:
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(host.listen())
            yield host
            listening.cancel()
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask it to end by closing its stdin; kill it by its id if it does not."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(END_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
