"""A program in a process of its own that is told what to do by lines of JSON on its stdin, and answers in such lines.

A line to it: `{"id": 1, "do": "on", ...}`. A line from it: `{"id": 1, "result": ...}`, `{"id": 1, "error": "..."}`, or,
when something happens by itself, `{"event": "joined", ...}`. It ends when its stdin does.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

EVENTS_MAX = 50_000
TOLD_MAX = 200
"""Of them, where one that was awaited did not come."""
END_TIMEOUT_S = 10.0
LINE_MAX = 1 << 24
STDIN, STDOUT = 0, 1

Event = dict[str, Any]


class Refused(Exception):
    """The program answered with an error."""


class ToldProcess(asyncio.SubprocessProtocol):
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

    async def happens(
        self, timeout_s: float = 60.0, where: Callable[[Event], bool] = lambda _: True, **like: Any
    ) -> Event:
        """The next event that has these fields; it and all before it are forgotten. A fatal one fails the test."""
        async with asyncio.timeout(timeout_s):
            while True:
                await self.until(lambda: bool(self.events), timeout_s)
                event = self.events.popleft()
                assert not self.is_fatal(event), event
                if like.items() <= event.items() and where(event):
                    return event

    async def all_happen(self, wanted: Sequence[Event], timeout_s: float = 60.0) -> None:
        """All of these, in any order; what did not happen in that time, and what did, is told."""
        missing, heard = list(wanted), deque[Event](maxlen=TOLD_MAX)
        try:
            async with asyncio.timeout(timeout_s):
                while missing:
                    event = await self.happens(timeout_s)
                    heard.append(event)
                    missing = [like for like in missing if not like.items() <= event.items()]
        except TimeoutError:
            raise AssertionError(f"not in {timeout_s:g} s: {missing}; what happened: {list(heard)}") from None

    def forget_events(self) -> None:
        self.events.clear()

    def is_fatal(self, event: Event) -> bool:
        """Whether nothing that is waited for can come after this."""
        return bool(event["event"] == "driver error")

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
        assert len(self._said) < LINE_MAX
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


_Process = TypeVar("_Process", bound=ToldProcess)


@asynccontextmanager
async def told(
    process: _Process, *command: str, errors: Path, environment: dict[str, str] | None = None
) -> AsyncIterator[_Process]:
    """`command` running as `process`, with its stderr in the file `errors`."""
    with errors.open("wb") as stderr:
        transport, _ = await asyncio.get_running_loop().subprocess_exec(
            lambda: process, *command, stderr=stderr, env=environment
        )
    try:
        yield process
    finally:
        await _end(process, transport)


async def _end(process: ToldProcess, transport: asyncio.SubprocessTransport) -> None:
    """Ask it to end by closing its stdin; kill it by its id if it does not."""
    process.end()
    try:
        async with asyncio.timeout(END_TIMEOUT_S):
            await process.ended.wait()
    except TimeoutError:
        transport.kill()
        await process.ended.wait()
    transport.close()
