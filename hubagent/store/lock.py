"""One agent at a time on one state: a lock on a file beside it, with the pid of who holds it."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from hubagent.store.errors import StoreUnusable

LOCK = "hub.lock"


def lock_holder(folder: Path) -> str:
    """The pid of the agent that uses `folder`; empty when nobody does."""
    try:
        lock = (folder / LOCK).open(encoding="ascii")
    except OSError:
        return ""
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return lock.read().strip() or "unknown"
    return ""


def take_lock(folder: Path) -> TextIO:
    """Held until it is closed. Raises StoreUnusable, OSError."""
    lock = (folder / LOCK).open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise StoreUnusable(
            folder, f"another hubagent (pid {holder}) uses it", "stop that one, or choose another state_dir"
        ) from None
    try:
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
    except OSError:
        # It tries once more to write what the disk did not take.
        with suppress(OSError):
            lock.close()
        raise
    return lock
