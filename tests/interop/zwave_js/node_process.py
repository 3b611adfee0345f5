"""A Node.js script of ours in a process of its own, told what to do by lines of JSON."""

import asyncio
import json
import os
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.interop.peers import NODE_MODULES, need_npm_package, node

EVENTS_MAX = 50_000
END_TIMEOUT_S = 10.0
STDIN, STDOUT = 0, 1

Event = dict[str, Any]


class Refused(Exception):
    """The script answered with an error."""


class NodeProcess(asyncio.SubprocessProtocol):
    """What it is told, and the events that it tells of, in `events`; the oldest of very many are forgotten."""

    def __init__(self) -> None:
        self.events: deque[Event] = deque(maxlen=EVENTS_MAX)
        self.ended = asyncio.Event()
        self._stdin: asyncio.WriteTransport | None = None
        self._said = b""
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._calls = 0
        self._changed = asyncio.Event()

    async def call(self, do: str, timeout_s: float = 60.0, **arguments: Any) -> Any:
        """Raises Refused."""
        self._calls += 1
        number = self._calls
        self._answers[number] = answer = asyncio.get_running_loop().create_future()
        assert self._stdin is not None
        self._stdin.write(json.dumps({"id": number, "do": do, **arguments}).encode() + b"\n")
        try:
            async with asyncio.timeout(timeout_s):
                return await answer
        finally:
            del self._answers[number]

    async def until(self, happened: Callable[[], bool], timeout_s: float = 30.0) -> None:
        """Wait until `happened`, which looks at the events. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not happened():
                assert not self.ended.is_set(), "the process has ended"
                self._changed.clear()
                await self._changed.wait()

    def end(self) -> None:
        """Ask it to end, which it does when its stdin ends."""
        assert self._stdin is not None
        self._stdin.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        stdin = transport.get_pipe_transport(STDIN)
        assert isinstance(stdin, asyncio.WriteTransport)
        self._stdin = stdin

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        assert fd == STDOUT
        *lines, self._said = (self._said + data).split(b"\n")
        for line in lines:
            said = json.loads(line)
            if "id" in said:
                self._answered(said)
            else:
                self.events.append(said)
        self._changed.set()

    def process_exited(self) -> None:
        self.ended.set()
        self._changed.set()
        for answer in self._answers.values():
            answer.cancel()

    def _answered(self, said: Event) -> None:
        answer = self._answers.get(said["id"])
        if answer is None or answer.done():
            return
        if "error" in said:
            answer.set_exception(Refused(said["error"]))
        else:
            answer.set_result(said["result"])


_Process = TypeVar("_Process", bound=NodeProcess)


@asynccontextmanager
async def running(process: _Process, script: Path, *arguments: str, errors: Path) -> AsyncIterator[_Process]:
    """`script` with its stderr in the file `errors`. Skips the test where Node.js or zwave-js is not installed."""
    executable = node()
    need_npm_package("zwave-js")
    with errors.open("wb") as stderr:
        transport, _ = await asyncio.get_running_loop().subprocess_exec(
            lambda: process,
            executable,
            str(script),
            *arguments,
            stderr=stderr,
            env={**os.environ, "NODE_PATH": str(NODE_MODULES), "NODE_ENV": "production"},
        )
    try:
        yield process
    finally:
        await _end(process, transport)


@asynccontextmanager
async def node_process(script: Path, *arguments: str, errors: Path) -> AsyncIterator[NodeProcess]:
    async with running(NodeProcess(), script, *arguments, errors=errors) as process:
        yield process


async def _end(process: NodeProcess, transport: asyncio.SubprocessTransport) -> None:
    """Ask it to end by closing its stdin; kill it by its id if it does not."""
    process.end()
    try:
        async with asyncio.timeout(END_TIMEOUT_S):
            await process.ended.wait()
    except TimeoutError:
        transport.kill()
        await process.ended.wait()
    transport.close()
