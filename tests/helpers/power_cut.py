"""What a disk has after a power cut: taken at every commit, checkpoint and close of a database, without stopping it.

A file's bytes that were written and not yet synced may be there, or not, or some of them: SQLite's write-ahead log is
torn here by sectors, in the order that SQLite enforces with its syncs. The log's header comes before its frames, all of
the log before any page of the database that is made of it (https://sqlite.org/walformat.html, section 4; wal.c).
Real disks that lie about their syncs are not simulated; nor are they survived by anybody.
"""

import random
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from hubagent.runtime import Runtime

_P = TypeVar("_P")
_SECTOR = 512
_LOG_HEADER = 32
TORN = 2
"""So many torn ones for each write."""


@dataclass(frozen=True, slots=True)
class Cut(Generic[_P]):
    """One moment at which the power went."""

    statement: str
    how: str
    files: Mapping[str, bytes]
    promised: _P
    """What must be there, whatever else is."""

    def restore(self, folder: Path) -> Path:
        """A folder that has what the disk had."""
        folder.mkdir(parents=True)
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        return folder


class PowerCuts(Generic[_P]):
    """Opens databases, and keeps a `Cut` for every way in which a write of theirs could have been interrupted.

    `promised` is asked at each of them; `committed` is told when a commit is complete.
    """

    def __init__(
        self,
        rng: random.Random,
        promised: Callable[[], _P],
        committed: Callable[[], None] = lambda: None,
        checkpoint_pages: int = 1000,
    ) -> None:
        self.cuts: list[Cut[_P]] = []
        self.commits = 0
        self._rng = rng
        self._promised = promised
        self._committed = committed
        self._checkpoint_pages = checkpoint_pages

    def runtime(self, runtime: Runtime) -> Runtime:
        """The same, on this disk."""
        return replace(runtime, open_database=self.open_database)

    def open_database(self, path: Path) -> sqlite3.Connection:
        database = sqlite3.connect(path, isolation_level=None, factory=Watched)
        database.watch(path, self)
        database.execute(f"PRAGMA wal_autocheckpoint = {self._checkpoint_pages}").fetchall()
        return database

    def around(self, path: Path, statement: str, write: Callable[[], Any]) -> Any:
        """Do it, and keep what is there before, after and in the middle of it."""
        before, promised = _files(path), self._promised()
        self._keep(statement, "before", before, promised)
        result = write()
        after = _files(path)
        log = f"{path.name}-wal"
        for _ in range(TORN):
            if statement == "COMMIT":
                torn = self._torn(before.get(log, b""), after.get(log, b""))
                self._keep(statement, "log torn", {**before, log: torn}, promised)
                whole_log = after.get(log, b"")
            else:
                whole_log = before.get(log, b"")
            if before[path.name] != after[path.name]:
                torn = self._torn(before[path.name], after[path.name])
                self._keep(statement, "database torn", {path.name: torn, log: whole_log}, promised)
        if statement == "COMMIT":
            self.commits += 1
            self._committed()
        self._keep(statement, "after", after, self._promised())
        return result

    def _keep(self, statement: str, how: str, files: Mapping[str, bytes], promised: _P) -> None:
        self.cuts.append(Cut(statement, how, dict(files), promised))

    def _torn(self, before: bytes, after: bytes) -> bytes:
        if before[:_LOG_HEADER] != after[:_LOG_HEADER]:
            if self._rng.random() < 0.3:
                return before
            before = after[:_LOG_HEADER] + before[_LOG_HEADER:]
        share = self._rng.choice([0.1, 0.5, 0.9, 0.98])
        size = self._rng.choice([len(before), len(after), self._rng.randint(*sorted((len(before), len(after))))])
        torn = bytearray()
        for place in range(0, size, _SECTOR):
            old, new = before[place : place + _SECTOR], after[place : place + _SECTOR]
            torn += (new if self._rng.random() < share else old) or bytes(_SECTOR)
        return bytes(torn[:size])


def open_unsynced(path: Path) -> sqlite3.Connection:
    """For a look at what is there, without waiting for a disk."""
    return sqlite3.connect(path, isolation_level=None, factory=_Unsynced)


class _Unsynced(sqlite3.Connection):
    _full = False

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if sql.startswith("PRAGMA synchronous"):
            self._full = sql.endswith("FULL")
            sql = "PRAGMA synchronous = OFF"
        return super().execute(sql, *args)


class Watched(_Unsynced):
    """A connection whose writes are taken apart. It does not sync, for speed, but has to be told to."""

    _path: Path
    _cuts: PowerCuts[Any]

    def watch(self, path: Path, cuts: PowerCuts[Any]) -> None:
        self._path = path
        self._cuts = cuts

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if sql == "COMMIT" or sql.startswith("PRAGMA wal_checkpoint"):
            assert self._full, "a commit that a power cut may take back"
            found: sqlite3.Cursor = self._cuts.around(self._path, sql, lambda: super(Watched, self).execute(sql, *args))
            return found
        return super().execute(sql, *args)

    def close(self) -> None:
        if self._path.exists() and self._full:
            self._cuts.around(self._path, "close", super().close)
        else:
            super().close()


def _files(path: Path) -> dict[str, bytes]:
    parts = [path, path.with_name(f"{path.name}-wal")]
    return {it.name: it.read_bytes() for it in parts if it.exists()}
