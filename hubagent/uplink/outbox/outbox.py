"""The outbox: numbered messages on disk until the cloud has acknowledged them."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from hubagent.runtime import Runtime
from hubagent.store import StoreFailed, StoreUnusable
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.up import CONTENT_MAX, INCARNATION_LENGTH, Message
from hubagent.uplink.outbox.terms import Bounds, Condition, Dropped, Stream

COMMIT_DELAY_S: Final = 0.03
DELETE_DELAY_S: Final = 1.0
RETRY_DELAY_S: Final = 5.0
EPOCHS_MAX: Final = 32

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS messages (
    class TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, at REAL NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (class, epoch, seq)
) WITHOUT ROWID, STRICT;
CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID, STRICT;
"""


class Outbox:
    """Made by `open_outbox`. Everything happens on the event loop's thread."""

    def __init__(self, database: sqlite3.Connection, runtime: Runtime, bounds: Bounds) -> None:
        self._database = database
        self._runtime = runtime
        self._bounds = bounds
        self._fresh: dict[tuple[MessageClass, int, int], tuple[float, bytes]] = {}
        self._acknowledged: dict[tuple[MessageClass, int], int] = {}
        self._numbers: dict[str, int] = dict(database.execute("SELECT name, value FROM numbers"))
        self._noted: dict[str, int] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._seq = 0
        self.condition = Condition.DURABLE
        self.condition_detail = ""
        self.on_change: Callable[[], None] | None = None
        if "incarnation" not in self._numbers:
            drawn = int.from_bytes(runtime.entropy(INCARNATION_LENGTH), "big", signed=True)
            self._set("incarnation", drawn)
        self.incarnation = self._numbers["incarnation"].to_bytes(INCARNATION_LENGTH, "big", signed=True)
        self.boot = self._numbers.get("boot", 0) + 1
        self.epoch = self._numbers.get("epoch", 0) + 1
        self._set("boot", self.boot)
        self._set("epoch", self.epoch)
        self.flush()

    def put(self, message_class: MessageClass, content: bytes) -> int:
        assert 0 < len(content) <= CONTENT_MAX
        self._seq += 1
        self._fresh[message_class, self.epoch, self._seq] = (self._runtime.wall(), content)
        self._later("commit", COMMIT_DELAY_S)
        return self._seq

    def new_epoch(self) -> int:
        if self._seq and len({it.epoch for it in self.streams()}) < EPOCHS_MAX:
            self.epoch += 1
            self._seq = 0
            self._set("epoch", self.epoch)
            self.flush()
        return self.epoch

    def streams(self) -> list[Stream]:
        self.flush()
        rows = self._database.execute(
            "SELECT class, epoch, min(seq), max(seq), count(*), sum(length(content)) FROM messages"
            " GROUP BY class, epoch ORDER BY epoch"
        ).fetchall()
        return [Stream(MessageClass(name), *rest) for name, *rest in rows]

    def read(self, message_class: MessageClass, epoch: int, after: int, most: int, size_max: int) -> list[Message]:
        self.flush()
        place = (message_class.value, epoch)
        previous = self._database.execute(
            "SELECT coalesce(max(seq), 0) FROM messages WHERE class = ? AND epoch = ? AND seq <= ?", (*place, after)
        ).fetchone()[0]
        found: list[Message] = []
        size = 0
        for seq, content in self._database.execute(
            "SELECT seq, content FROM messages WHERE class = ? AND epoch = ? AND seq > ? ORDER BY seq LIMIT ?",
            (*place, after, most),
        ).fetchall():
            size += len(content)
            if found and size > size_max:
                break
            found.append(Message(epoch, seq, previous, content))
            previous = seq
        return found

    def acknowledge(self, message_class: MessageClass, epoch: int, seq: int) -> None:
        for place in [it for it in self._fresh if it[:2] == (message_class, epoch) and it[2] <= seq]:
            del self._fresh[place]
        stream = (message_class, epoch)
        self._acknowledged[stream] = max(seq, self._acknowledged.get(stream, 0))
        if epoch == self.epoch:
            self._acknowledged[stream] = min(self._acknowledged[stream], self._seq)
        self._later("delete", DELETE_DELAY_S)

    def note(self, key: str, value: int) -> None:
        self._set(f"note.{key}", value)
        self._later("commit", COMMIT_DELAY_S)

    def noted(self, key: str) -> int:
        return self._numbers.get(f"note.{key}", 0)

    def flush(self) -> None:
        """Raises StoreFailed."""
        try:
            self._write()
        except sqlite3.Error as error:
            raise StoreFailed(f"the outbox: {error}") from error

    def close(self) -> None:
        """Raises StoreFailed."""
        for timer in self._timers.values():
            timer.cancel()
        try:
            self.flush()
        finally:
            self._database.close()

    def counts(self) -> Mapping[MessageClass, tuple[int, int]]:
        found = dict.fromkeys(MessageClass, (0, 0))
        for stream in self.streams():
            count, size = found[stream.message_class]
            found[stream.message_class] = (count + stream.count, size + stream.size)
        return found

    def take_dropped(self) -> list[Dropped]:
        return []

    def _set(self, name: str, value: int) -> None:
        self._numbers[name] = self._noted[name] = value

    def _later(self, what: str, delay_s: float) -> None:
        if what not in self._timers:
            self._timers[what] = asyncio.get_running_loop().call_later(delay_s, self._write_now, what)

    def _write_now(self, what: str) -> None:
        del self._timers[what]
        self._write()

    def _write(self) -> None:
        if not (self._fresh or self._noted or self._acknowledged):
            return
        self._database.execute("BEGIN IMMEDIATE")
        try:
            self._database.executemany(
                "INSERT INTO messages VALUES (?, ?, ?, ?, ?)",
                [(name.value, epoch, seq, at, it) for (name, epoch, seq), (at, it) in self._fresh.items()],
            )
            self._database.executemany("INSERT OR REPLACE INTO numbers VALUES (?, ?)", list(self._noted.items()))
            self._database.executemany(
                "DELETE FROM messages WHERE class = ? AND epoch = ? AND seq <= ?",
                [(name.value, epoch, seq) for (name, epoch), seq in self._acknowledged.items()],
            )
            self._database.execute("COMMIT")
        except sqlite3.Error:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise
        self._fresh.clear()
        self._noted.clear()
        self._acknowledged.clear()


def open_outbox(folder: Path, runtime: Runtime, bounds: Bounds | None = None) -> Outbox:
    """Raises StoreUnusable. Needs a running loop."""
    path = folder / "outbox.db"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = runtime.open_database(path)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.executescript(_SCHEMA)
        return Outbox(database, runtime, bounds or Bounds())
    except (OSError, sqlite3.Error) as error:
        raise StoreUnusable(path, f"cannot be opened: {error}", "check the disk and its permissions") from error
