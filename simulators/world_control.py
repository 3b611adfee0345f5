"""How `sim do` reaches a running world: one JSON object a line, over a Unix socket that only its owner can open.

{"do": ["press", "hall.light"]}     ->  {"ok": true}
{"list": true}                      ->  {"ok": true, "home": "demo", "devices": [...]}
anything that cannot be done        ->  {"ok": false, "error": "..."}
"""

import asyncio
import json
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # Only named here: `sim do` would pay for a whole world's modules.
    from simulators.world import World

LINE_MAX = 65536
ANSWER_TIMEOUT_S = 10.0
_SUFFIX = ".sock"


class NoWorld(Exception):
    """No world runs, or not the one that is meant; says what to do."""


def control_folder(environment: Mapping[str, str]) -> Path:
    """Where the sockets of all running worlds of this user are."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "hubagent"
    return Path(tempfile.gettempdir()) / f"hubagent-{os.getuid()}"


def _place_of(world: "World", folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{world.plan.name}-{os.getpid()}{_SUFFIX}"
    path.unlink(missing_ok=True)
    return path


@asynccontextmanager
async def serve_control(world: "World", folder: Path) -> AsyncIterator[Path]:
    """Let others act on `world` through a socket in `folder`; gives its path."""
    path = _place_of(world, folder)
    # The folder may be shared, as a home directory is; the socket never is, not even for the moment before a chmod.
    old_mask = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(_Connections(world).serve, path, limit=LINE_MAX)
    finally:
        os.umask(old_mask)
    try:
        yield path
    finally:
        server.close()
        path.unlink(missing_ok=True)


class _Connections:
    def __init__(self, world: "World") -> None:
        self._world = world

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One question, one answer."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                line = await reader.readline()
                writer.write(json.dumps(answer(self._world, line)).encode() + b"\n")
                await writer.drain()
        except (TimeoutError, ValueError, ConnectionError):
            pass  # a client that says nothing, too much, or has gone away
        finally:
            writer.close()


def answer(world: "World", line: bytes) -> dict[str, Any]:
    """Carry out one line. Whatever is wrong with it is in the answer."""
    try:
        question = json.loads(line)
    except ValueError:
        return {"ok": False, "error": "that is no JSON"}
    if not isinstance(question, dict):
        return {"ok": False, "error": "that is no JSON object"}
    if "list" in question:
        return {"ok": True, "home": world.plan.name, "devices": world.state(), "residents": world.whereabouts()}
    words = question.get("do")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return {"ok": False, "error": 'what to do is a list of words: {"do": ["press", "hall.light"]}'}
    try:
        world.do(*words)
    except ValueError as error:
        return {"ok": False, "error": str(error)}
    return {"ok": True}


def find_world(folder: Path, named: str | None) -> Path:
    """The socket of the world that `named` means (a path, or a part of its name), or of the only one. NoWorld."""
    if named is not None and Path(named).is_socket():
        return Path(named)
    alive = [path for path in sorted(folder.glob(f"*{_SUFFIX}")) if _is_alive(path)]
    found = [path for path in alive if named is None or named in path.stem]
    if len(found) == 1:
        return found[0]
    if not alive:
        raise NoWorld("no simulated home is running; start one with `hubagent sim up`")
    running = ", ".join(path.stem for path in alive)
    raise NoWorld(f"{'several' if found else 'no such'} simulated homes; say which with --world: {running}")


def ask_world(path: Path, question: Mapping[str, Any]) -> dict[str, Any]:
    """Send one question to the world at `path`. Raises NoWorld."""
    try:
        with socket.socket(socket.AF_UNIX) as connection, connection.makefile("rwb") as stream:
            connection.settimeout(ANSWER_TIMEOUT_S)
            connection.connect(str(path))
            stream.write(json.dumps(question).encode() + b"\n")
            stream.flush()
            reply: dict[str, Any] = json.loads(stream.readline())
            return reply
    except (OSError, ValueError) as error:
        raise NoWorld(f"the simulated home at {path} does not answer: {error}") from error


def _is_alive(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
    except OSError:
        return False
    return True
