"""An outbox for tests, on a simulated machine; and all that it has, read as the session reads it."""

import random
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hubagent.runtime import Runtime
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.up import Message
from hubagent.uplink.outbox.outbox import Outbox, open_outbox
from hubagent.uplink.outbox.terms import Bound, Bounds
from simulators.runtime import simulated_runtime

ALARM, RESULT, EVENT, TELEMETRY = MessageClass

_YEAR_S = 365 * 24 * 3600.0


def a_runtime(folder: Path, seed: object = "outbox") -> Runtime:
    return simulated_runtime(seed, {}, state=folder)


def an_outbox(folder: Path, bounds: Bounds | None = None, seed: object = "outbox") -> Outbox:
    return open_outbox(folder, a_runtime(folder, seed), bounds)


def with_databases(runtime: Runtime, open_database: Callable[[Path], sqlite3.Connection]) -> Runtime:
    return replace(runtime, open_database=open_database)


def bounds_of(size: int, age_s: float = _YEAR_S, memory_max: int = 8 * 1024 * 1024) -> Bounds:
    """The same for every class."""
    return Bounds(dict.fromkeys(MessageClass, Bound(size, age_s)), memory_max)


def read_all(outbox: Outbox, rng: random.Random | None = None) -> dict[tuple[MessageClass, int], list[Message]]:
    """By class and epoch. With `rng`, in pages of any size."""
    found = {}
    for stream in outbox.streams():
        messages: list[Message] = []
        while True:
            most, size_max = (rng.randint(1, 40), rng.randint(1, 9000)) if rng else (200, 16_000)
            after = messages[-1].seq if messages else 0
            page = outbox.read(stream.message_class, stream.epoch, after, most, size_max)
            assert len(page) <= most
            assert len(page) < 2 or sum(len(it.content) for it in page) <= size_max
            if not page:
                break
            messages += page
        found[stream.message_class, stream.epoch] = messages
    return found


def contents(outbox: Outbox, message_class: MessageClass) -> list[bytes]:
    """All of one class, the oldest first."""
    return [it.content for (name, _epoch), found in read_all(outbox).items() if name is message_class for it in found]


def rows_on_disk(folder: Path) -> int:
    """What somebody else would find who took the files as they are now."""
    copy = folder / "copy.db"
    for suffix in ("", "-wal"):
        part = folder / f"outbox.db{suffix}"
        copy.with_name(f"copy.db{suffix}").write_bytes(part.read_bytes() if part.exists() else b"")
    database = sqlite3.connect(copy)
    try:
        return sum(database.execute(f"SELECT count(*) FROM {it.value}").fetchone()[0] for it in MessageClass)
    finally:
        database.close()
        for suffix in ("", "-wal", "-shm"):
            copy.with_name(f"copy.db{suffix}").unlink(missing_ok=True)
