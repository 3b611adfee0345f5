"""What `doctor` looks at without a running agent: the state's folder and the drivers' ports. It changes nothing.

And what it concludes from what a running agent says: whose agent it is, and what helps a driver in trouble.
"""

import asyncio
import os
import pwd
import shutil
import socket
import stat
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from hubagent.store.lock import LOCK, lock_holder
from hubagent.usb import fast_neighbours

FREE_BYTES_MIN = 50_000_000
CONNECT_TIMEOUT_S = 3.0


class Grade(Enum):
    """How a finding is; the values are the words of `doctor --json`."""

    GOOD = "ok"
    DOUBTFUL = "warning"
    BAD = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    grade: Grade
    about: str
    text: str
    fix: str = ""


def examine_state(folder: Path) -> list[Finding]:
    """Whether the agent could keep its state there."""
    about = f"state {folder}"
    try:
        existing = next(path for path in (folder, *folder.absolute().parents) if _is_there(path))
    except OSError as error:  # of a name that is too long, or a disk that cannot be read
        text = f"cannot be used for the state: {error.strerror}"
        return [Finding(Grade.BAD, about, text, "choose another state_dir")]
    if not existing.is_dir():
        return [Finding(Grade.BAD, about, f"{existing} is not a folder", "choose another state_dir")]
    try:
        # The permissions do not tell: root has all of them in /proc, and makes nothing there. It has no name on most
        # disks, and is gone at once.
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        if isinstance(error, PermissionError) and existing == folder and (owner := _another_owner(folder)) is not None:
            fix = f"if the agent runs as {owner}, look as {owner}: sudo -u {owner} hubagent doctor"
            return [Finding(Grade.DOUBTFUL, about, f"is {owner}'s, and nothing can be seen of it from here", fix)]
        text = f"cannot be used for the state: {error.strerror}"
        return [Finding(Grade.BAD, about, text, f"make {existing} writable, or choose another state_dir")]
    free = shutil.disk_usage(existing).free
    if free < FREE_BYTES_MIN:
        return [Finding(Grade.DOUBTFUL, about, f"only {free // 1_000_000} MB are free", "make room on that disk")]
    holder = lock_holder(folder)
    used = f"used by hubagent (pid {holder})" if holder else "not in use"
    return [Finding(Grade.GOOD, about, used if _is_there(folder) else "will be made")]


def _another_owner(folder: Path) -> str | None:
    """By name; None where it is our own."""
    owner = folder.stat().st_uid
    if owner == os.geteuid():
        return None
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return f"#{owner}"


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # to look into the folder that it would be in
        return False


def differences(status: Mapping[str, Any], state: Path, ports: Mapping[str, str], drivers: Iterable[str]) -> list[str]:
    """By what one sees that the agent of this `status` is not the one of a configuration with these; empty where it may
    be."""
    running: Mapping[str, Any] = status["drivers"]
    found = [f"it has no driver {name}" for name in drivers if name not in running]
    found += [f"it has a driver {name}" for name in running if name not in drivers]
    for name, port in ports.items():
        other = running.get(name, {}).get("port", port)
        if other != port:
            found.append(f"its {name} stick is at {other}, not at {port}")
    if _is_free(state):
        found.append(f"it does not use the state in {state}")
    return found


def _is_free(state: Path) -> bool:
    """Nobody uses this state; False where we may not see that."""
    try:
        free = not state.exists() or (os.access(state, os.R_OK | os.X_OK) and not lock_holder(state))
    except OSError:
        return False
    lock = state / LOCK
    return free and (not lock.exists() or os.access(lock, os.R_OK))


def remedy(driver: Mapping[str, Any], port: str | None) -> str:
    """What helps a driver that is in trouble; `driver` is what it says of itself."""
    if driver.get("status") == "port lost":
        if port is not None and _scheme(port) in _NETWORK:
            return "look whether what offers that port runs, and at the network between; then `hubagent doctor` again"
        return "plug it in again, or look at its cable; then `hubagent doctor` again"
    return _REMEDIES.get(driver.get("status", ""), "the agent's log says more; it is tried again and again")


_NETWORK: Final = ("socket", "tcp")
_REMEDIES: Final = {
    "radio jammed": "look for what disturbs its radio: move the stick, on an extension cable, away from other sticks",
    "restarting": "wait a minute; then `hubagent doctor` again",
    "unresponsive": "unplug the stick and plug it in again; then `hubagent doctor` again",
}
"""By what a driver says that its stick is."""


async def examine_port(driver: str, port: str, own_schemes: Container[str] = ()) -> list[Finding]:
    """Whether the driver could open its port: there, permitted, and nobody else's.

    `own_schemes` are those of URLs that something else than the serial port's opener is installed for.
    """
    about = f"driver {driver}"
    scheme = _scheme(port)
    if scheme in _NETWORK:
        address = _address(port)
        if address is None:
            return [Finding(Grade.BAD, about, f"{port} is not an address", _WRITE)]
        return [await _examine_socket(about, *address)]
    if scheme:
        if port.partition("://")[0] in own_schemes:
            return [Finding(Grade.GOOD, about, f"{port} is opened by what is installed for {scheme}://")]
        # A driver from elsewhere may open it without asking us.
        text = f"nothing is installed that opens {scheme}:// for the driver"
        return [Finding(Grade.DOUBTFUL, about, text, _WRITE)]
    return _examine_path(about, Path(port))


_WRITE: Final = "write a path, or socket://HOST:PORT"


def _scheme(port: str) -> str:
    """Of a URL; empty of a path."""
    scheme, separator, _ = port.partition("://")
    return scheme.lower() if separator else ""


def _address(port: str) -> tuple[str, int] | None:
    """Host and port of a URL; None where it does not name both."""
    try:
        url = urlsplit(port)
        host, number = url.hostname, url.port
    except ValueError:
        return None
    return (host, number) if host and number else None


def examine_neighbours(driver: str, port: str) -> list[Finding]:
    """Whether something beside the stick drowns what it shall hear; for radios at 2.4 GHz."""
    if _scheme(port):
        return []
    loud = fast_neighbours(Path(port))
    if not loud:
        return []
    text = f"USB 3 beside the stick disturbs its radio: {', '.join(loud)}"
    fix = "put the stick on an extension cable of a metre or so, away from it, or on a USB 2 port"
    return [Finding(Grade.DOUBTFUL, f"driver {driver}", text, fix)]


async def _examine_socket(about: str, host: str, port: int) -> Finding:
    place = f"{host}:{port}"
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return Finding(Grade.BAD, about, f"{place} does not answer", "check the address, and the network between")
    except (socket.gaierror, UnicodeError):
        return Finding(Grade.BAD, about, f"no host is called {host}", "check the name, or give its address")
    except OSError as error:
        # Of a host with several addresses, each of which failed, asyncio has no number.
        said = os.strerror(error.errno) if error.errno else str(error)
        fix = "start what listens there, or correct the port"
        return Finding(Grade.BAD, about, f"{place} cannot be reached: {said}", fix)
    writer.close()
    # The far end may have closed first.
    with suppress(OSError):
        await writer.wait_closed()
    return Finding(Grade.GOOD, about, f"{place} accepts connections")


def _examine_path(about: str, port: Path) -> list[Finding]:
    try:
        is_there = port.exists()
    except OSError as error:
        return [Finding(Grade.BAD, about, f"{port} cannot be looked at: {error.strerror}", "correct the port")]
    if not is_there:
        there = ", ".join(map(str, sorted(Path("/dev/serial/by-id").glob("*")))) or "no serial port at all"
        return [Finding(Grade.BAD, about, f"{port} is not there; there is {there}", "plug it in, or correct the port")]
    if not stat.S_ISCHR(port.stat().st_mode):
        return [Finding(Grade.BAD, about, f"{port} is not a serial port", "correct the port")]
    if not os.access(port, os.R_OK | os.W_OK):
        return [
            Finding(Grade.BAD, about, f"no permission for {port}", "sudo usermod -aG dialout $USER, and log in again")
        ]
    holders = [f"{name} (pid {pid})" for pid, name in _holders(port)]
    if holders:
        fix = "stop it, if it is not this hub's agent"
        return [Finding(Grade.DOUBTFUL, about, f"{port} is in use by {', '.join(holders)}", fix)]
    return [Finding(Grade.GOOD, about, f"{port} is there and free")]


def _holders(port: Path) -> Iterator[tuple[int, str]]:
    """Who has `port` open, as far as we may see other people's processes."""
    target = str(port.resolve())
    for process in sorted(Path("/proc").glob("[0-9]*")):
        with suppress(OSError):
            if any(os.readlink(link) == target for link in (process / "fd").iterdir()):
                yield int(process.name), (process / "comm").read_text(encoding="utf-8").strip()
