"""How `sim cloud do` reaches a running cloud: one JSON object a line, over a Unix socket that only its owner can open.

{"do": "stall", "settings": {"seconds": 5}}  ->  {"ok": true, "text": "..."}
{"claim": "hub-of-mine"}                     ->  {"ok": true, "code": "...", "est": "https://..."}; null: a new name
{"list": true}                               ->  {"ok": true, "hubs": [...], "page": "http://..."}
anything that cannot be done                 ->  {"ok": false, "error": "..."}
"""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulators.world_control import control_folder

if TYPE_CHECKING:
    # Only named here: `sim cloud do` would pay for a whole cloud's modules.
    from simulators.cloud.running import Cloud

LINE_MAX: Final = 65536
ANSWER_TIMEOUT_S: Final = 10.0
_SUFFIX: Final = ".sock"


class NoCloud(Exception):
    """No cloud runs, or not the one that is meant; says what to do."""


def cloud_folder(environment: Mapping[str, str]) -> Path:
    """Where the sockets of all running clouds of this user are."""
    return control_folder(environment) / "clouds"


def _place_in(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"cloud-{os.getpid()}{_SUFFIX}"
    path.unlink(missing_ok=True)
    return path


@asynccontextmanager
async def serve_cloud_control(cloud: "Cloud", folder: Path) -> AsyncIterator[Path]:
    """Let others act on `cloud` through a socket in `folder`; gives its path."""
    path = _place_in(folder)
    # The folder may be shared, as a home directory is; the socket never is, not even for the moment before a chmod.
    old_mask = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(_Connections(cloud).serve, path, limit=LINE_MAX)
    finally:
        os.umask(old_mask)
    try:
        yield path
    finally:
        server.close()
        path.unlink(missing_ok=True)


class _Connections:
    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One question, one answer."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                line = await reader.readline()
                writer.write(json.dumps(answer(self._cloud, line)).encode() + b"\n")
                await writer.drain()
        except (TimeoutError, ValueError, ConnectionError):
            pass  # a client that says nothing, too much, or has gone away
        finally:
            writer.close()


def answer(cloud: "Cloud", line: bytes) -> dict[str, Any]:
    """Carry out one line. Whatever is wrong with it is in the answer."""
    try:
        question = json.loads(line)
    except (ValueError, RecursionError):
        return {"ok": False, "error": "that is no JSON"}
    if not isinstance(question, dict):
        return {"ok": False, "error": "that is no JSON object"}
    try:
        return {"ok": True, **_answer(cloud, question)}
    except ValueError as error:
        return {"ok": False, "error": str(error)}


def _answer(cloud: "Cloud", question: Mapping[str, Any]) -> dict[str, Any]:
    """Raises ValueError."""
    if "list" in question:
        hubs = [hub.view() for hub in cloud.service.consumer.hubs()]
        return {"hubs": hubs, "page": cloud.page_url, "active": cloud.misbehaviour.active}
    if "claim" in question:
        wanted = question["claim"]
        hub = wanted if isinstance(wanted, str) else cloud.new_hub_name()
        return {"hub": hub, "code": cloud.claim(hub), "est": cloud.est_url, "anchor": str(cloud.files.anchors)}
    name, settings = question.get("do"), question.get("settings", {})
    if not isinstance(name, str) or not _are_settings(settings):
        raise ValueError('what to do is a name with settings: {"do": "stall", "settings": {"seconds": 5}}')
    return {"text": cloud.misbehaviour.do(name, settings)}


def _are_settings(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(below, str | int | float) for below in value.values())


def find_cloud(folder: Path, named: str | None) -> Path:
    """The socket of the cloud that `named` means (a path, or a part of its name), or of the only one. NoCloud."""
    if named is not None and Path(named).is_socket():
        return Path(named)
    alive = [path for path in sorted(folder.glob(f"*{_SUFFIX}")) if _is_alive(path)]
    found = [path for path in alive if named is None or named in path.stem]
    if len(found) == 1:
        return found[0]
    if not alive:
        raise NoCloud("no cloud is running; start one with `hubagent sim cloud`")
    running = ", ".join(path.stem for path in alive)
    raise NoCloud(f"{'several clouds' if found else 'no such cloud'}; say which with --cloud: {running}")


def ask_cloud(path: Path, question: Mapping[str, Any]) -> dict[str, Any]:
    """Send one question to the cloud at `path`. Raises NoCloud."""
    try:
        with socket.socket(socket.AF_UNIX) as connection, connection.makefile("rwb") as stream:
            connection.settimeout(ANSWER_TIMEOUT_S)
            connection.connect(str(path))
            stream.write(json.dumps(question).encode() + b"\n")
            stream.flush()
            reply: dict[str, Any] = json.loads(stream.readline())
            return reply
    except (OSError, ValueError) as error:
        raise NoCloud(f"the cloud at {path} does not answer: {error}") from error


def _is_alive(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
    except OSError:
        return False
    return True
