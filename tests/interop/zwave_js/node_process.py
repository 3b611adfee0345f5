"""A Node.js script of ours in a process of its own, told what to do by lines of JSON."""

import asyncio
import json
import os
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.helpers.beside import beside
from tests.interop.peers import NODE_MODULES, need_npm_package, node

EVENTS_MAX = 50_000
LINE_MAX = 1 << 20
END_TIMEOUT_S = 10.0

Event = dict[str, Any]


class Refused(Exception):
    """The script answered with an error."""


class NodeProcess:
    """What it is told, and the events that it tells of, in `events`; the oldest of very many are forgotten."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.events: deque[Event] = deque(maxlen=EVENTS_MAX)
        self._process = process
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._calls = 0
        self._changed = asyncio.Condition()
        self._ended = False

    async def call(self, do: str, timeout_s: float = 30.0, **arguments: Any) -> Any:
        """Raises Refused."""
        self._calls += 1
        number = self._calls
        answer = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "do": do, **arguments}).encode() + b"\n")
        try:
            async with asyncio.timeout(timeout_s):
                return await answer
        finally:
            del self._answers[number]

    async def until(self, happened: Callable[[], bool], timeout_s: float = 30.0) -> None:
        """Wait until `happened`, which looks at the events. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(lambda: happened() or self._ended)
        assert happened(), "the process has ended"

    async def listen(self) -> None:
        """Until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = json.loads(line)
            if "id" in said:
                self._answered(said)
            else:
                await self._happened(said)
        self._ended = True
        async with self._changed:
            self._changed.notify_all()

    def _answered(self, said: Event) -> None:
        answer = self._answers.get(said["id"])
        if answer is None or answer.done():
            return
        if "error" in said:
            answer.set_exception(Refused(said["error"]))
        else:
            answer.set_result(said["result"])

    async def _happened(self, event: Event) -> None:
        async with self._changed:
            self.events.append(event)
            self._changed.notify_all()


@asynccontextmanager
async def node_process(script: Path, *arguments: str, errors: Path) -> AsyncIterator[NodeProcess]:
    """`script` with its stderr in the file `errors`. Skips the test where Node.js or zwave-js is not installed."""
    executable = node()
    need_npm_package("zwave-js")
    with errors.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            executable,
            str(script),
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            env={**os.environ, "NODE_PATH": str(NODE_MODULES), "NODE_ENV": "production"},
            limit=LINE_MAX,
        )
    running = NodeProcess(process)
    try:
        async with beside(running.listen(), script.name):
            yield running
    finally:
        await end_process(process)


async def end_process(process: asyncio.subprocess.Process) -> None:
    """Ask it to end by closing its stdin; kill it by its id if it does not."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(END_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
