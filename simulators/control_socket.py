"""How a command in another terminal reaches something simulated that runs: one JSON object a line, over a Unix socket
that only its owner can open. What may be asked is each one's own (`world_control`, `cloud_control`).
"""

import asyncio
import json
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

LINE_MAX: Final = 65536
ANSWER_TIMEOUT_S: Final = 10.0
_SUFFIX: Final = ".sock"
_PATH_BYTES_MAX: Final = 107
"""Of a Unix socket's address (unix(7): 108 with the zero at its end)."""
_CUT: Final = "…"
"""Where the rest of a name found no room any more."""

Answer = dict[str, Any]


class NotThere(Exception):
    """Nothing of the kind runs, or not the one that is meant; says what to do."""


class PathTooLong(ValueError):
    """No socket can be where it should; says what to do."""


def control_folder(environment: Mapping[str, str]) -> Path:
    """Where the sockets of everything of this user's that runs are."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "hubagent"
    return Path(tempfile.gettempdir()) / f"hubagent-{os.getuid()}"


@asynccontextmanager
async def serve_socket(folder: Path, name: str, answer: Callable[[bytes], Answer]) -> AsyncIterator[Path]:
    """Let others ask through a socket in `folder`; gives its path. Raises PathTooLong."""
    path = _place_of(name, folder)
    # The folder may be shared, as a home directory is; the socket never is, not even for the moment before a chmod.
    old_mask = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(_Connections(answer).serve, path, limit=LINE_MAX)
    finally:
        os.umask(old_mask)
    try:
        yield path
    finally:
        server.close()
        path.unlink(missing_ok=True)


def carry_out(line: bytes, carry: Callable[[Mapping[str, Any]], Answer]) -> Answer:
    """The answer to one line. Whatever is wrong with it is in there; `carry` raises ValueError where it cannot."""
    try:
        question = json.loads(line)
    except (ValueError, RecursionError):
        return {"ok": False, "error": "that is no JSON"}
    if not isinstance(question, dict):
        return {"ok": False, "error": "that is no JSON object"}
    try:
        return {"ok": True, **carry(question)}
    except ValueError as error:
        return {"ok": False, "error": str(error)}


def sockets_in(folder: Path) -> list[Path]:
    """Of those that answer."""
    return [path for path in sorted(folder.glob(f"*{_SUFFIX}")) if _is_alive(path)]


def meant(named: str | None, alive: list[Path]) -> list[Path]:
    """Those that `named` may mean: a path, or a part of a name; without it all of them."""
    if named is not None and Path(named).is_socket():
        return [Path(named)]
    return [path for path in alive if named is None or named in path.stem or _is_cut_from(named, path.stem)]


def ask(path: Path, question: Mapping[str, Any], what: str) -> Answer:
    """Send one question to `what` at `path`. Raises NotThere."""
    try:
        with socket.socket(socket.AF_UNIX) as connection, connection.makefile("rwb") as stream:
            connection.settimeout(ANSWER_TIMEOUT_S)
            connection.connect(str(path))
            stream.write(json.dumps(question).encode() + b"\n")
            stream.flush()
            reply: Answer = json.loads(stream.readline())
            return reply
    except (OSError, ValueError) as error:
        raise NotThere(f"the {what} at {path} does not answer: {error}") from error


class _Connections:
    def __init__(self, answer: Callable[[bytes], Answer]) -> None:
        self._answer = answer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One question, one answer."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                line = await reader.readline()
                writer.write(json.dumps(self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (TimeoutError, ValueError, ConnectionError):
            pass  # a client that says nothing, too much, or has gone away
        finally:
            writer.close()


def _place_of(name: str, folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _fitting(folder, name)
    if path is None:
        path = folder / f"{name}-{os.getpid()}{_SUFFIX}"
        long = f"{path} is longer than the {_PATH_BYTES_MAX} bytes that a socket's path may have"
        raise PathTooLong(f"{long}; set XDG_RUNTIME_DIR to a folder with a shorter name")
    path.unlink(missing_ok=True)
    return path


def _fitting(folder: Path, name: str) -> Path | None:
    """With as much of the name as there is room for: letters may be of several bytes. None where there is none."""
    end = f"-{os.getpid()}{_SUFFIX}"
    for letters in range(len(name), 0, -1):
        path = folder / f"{name[:letters]}{_CUT if letters < len(name) else ''}{end}"
        if len(os.fsencode(path)) <= _PATH_BYTES_MAX:
            return path
    return None


def _is_cut_from(named: str, stem: str) -> bool:
    """Whether a whole name is meant that found no room there."""
    begin, cut, _ = stem.rpartition(f"{_CUT}-")
    return bool(cut) and named.startswith(begin)


def _is_alive(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
    except OSError:
        return False
    return True
