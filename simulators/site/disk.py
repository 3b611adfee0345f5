"""A hub's disk: its power fails at any write, its process is killed at any moment, it gets full, and it fails.

What was written and not synced before a power cut may be there, or not, or some of it: SQLite's write-ahead log is torn
here by sectors, in the order that SQLite enforces with its syncs. The log's header comes before its frames, all of the
log before any page of the database that is made of it (https://sqlite.org/walformat.html, section 4; wal.c). With
synchronous = NORMAL a commit is not synced at all, so a later cut may take it back. Disks that lie about their syncs
are not simulated; nor are they survived by anybody.

Nothing is really synced: a simulation's folder is in memory.
"""

import errno
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from hubagent.runtime import Runtime

SECTOR: Final = 512
LOG_HEADER: Final = 32
CHECKPOINT_PAGES: Final = 50
"""Fewer than SQLite's own 1,000: what happens at a checkpoint shall happen in an hour's run."""
_CHECKPOINT: Final = "PRAGMA wal_checkpoint"


class Failing(StrEnum):
    """How the disk fails, in SQLite's words."""

    FULL = "database or disk is full"
    BROKEN = "disk I/O error"
    READ_ONLY = "attempt to write a readonly database"


_CODES: Final = {
    Failing.FULL: (sqlite3.SQLITE_FULL, "SQLITE_FULL"),
    Failing.BROKEN: (sqlite3.SQLITE_IOERR, "SQLITE_IOERR"),
    Failing.READ_ONLY: (sqlite3.SQLITE_READONLY, "SQLITE_READONLY"),
}


class Disk:
    """One life of a host on the files below `folder`. `next_life` is what its next process finds.

    With `cuts=False` nothing is kept for power cuts, which costs nothing: `cut_power` then means a sync just before.
    """

    def __init__(self, folder: Path, rng: random.Random, *, cuts: bool = True) -> None:
        self.folder = folder
        self.writes = 0
        self.dead = False
        """Its process is over: nothing is written any more."""
        self.failing: Failing | None = None
        self.committed: list[Callable[[Path], None]] = []
        """Called after each commit."""
        self.refused: list[Callable[[Path], None]] = []
        """Called after each write that failed."""
        self.wrote: Callable[[], None] = lambda: None
        """Called after each write, commits among them."""
        self._rng = rng
        self._cuts = cuts
        self._cut_at = 0
        self._power_went: Callable[[], None] = lambda: None
        self._torn: dict[Path, dict[str, bytes]] = {}
        self._unsynced: dict[Path, bytes] = {}
        """By database: its log as it was at the last sync, where something was written since."""

    def runtime(self, runtime: Runtime) -> Runtime:
        """The same, on this disk."""
        return replace(runtime, open_database=self.open_database)

    def open_database(self, path: Path) -> sqlite3.Connection:
        if self.dead:
            raise sqlite3.OperationalError("the process is dead")
        database = sqlite3.connect(path, isolation_level=None, factory=_Watched)
        database.watch(path, self)
        if self._cuts:
            database.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}").fetchall()
        return database

    def cut_power_at(self, write: int, went: Callable[[], None]) -> None:
        """At the write after so many others (1: the next), in the middle of which `went` is called."""
        self._cut_at = self.writes + write
        self._power_went = went

    def stay_powered(self) -> None:
        """No cut any more."""
        self._cut_at = 0

    def cut_power(self) -> None:
        """Now, between two writes."""
        if not self.dead:
            self.dead = True
            for path in sorted(self._unsynced):
                self._torn[path] = self._with_log(path, self._unsynced[path])

    def kill(self) -> None:
        """The process is over; what it had written is there, synced or not."""
        self.dead = True

    def rot(self, name: str, place: float, bit: int) -> bool:
        """A bit of the file of that name changes by itself, at that share of its length. False where there is none."""
        path = self.folder / name
        # After a power cut it is this that the next life finds.
        torn = [
            files for database, files in self._torn.items() if database.parent == path.parent and path.name in files
        ]
        data = bytearray(torn[0][path.name] if torn else _read(path))
        if not data:
            return False
        data[int(place * len(data)) % len(data)] ^= 1 << (bit % 8)
        if torn:
            torn[0][path.name] = bytes(data)
        else:
            path.write_bytes(data)
        return True

    def next_life(self, folder: Path) -> "Disk":
        """The same disk in `folder`, which does not exist yet."""
        assert self.dead
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("*-shm"))
        for path, files in self._torn.items():
            place = folder / path.relative_to(self.folder)
            place.with_name(f"{place.name}-wal").unlink(missing_ok=True)
            for name, content in files.items():
                place.with_name(name).write_bytes(content)
        disk = Disk(folder, self._rng, cuts=self._cuts)
        disk.failing = self.failing
        disk.committed, disk.refused = self.committed, self.refused
        return disk

    # --- what its databases tell

    def around(self, path: Path, statement: str, write: Callable[[], Any], *, synced: bool) -> Any:
        self.writes += 1
        if self.failing is not None:
            _tell(self.refused, path)
            raise _error(self.failing)
        if not self._cuts:
            result = write()
        elif self.writes == self._cut_at:
            result = self._cut_in_the_middle(path, statement, write)
        else:
            if not synced and path not in self._unsynced:
                self._unsynced[path] = _read(_log(path))
            before = b"" if synced else _read(path)
            result = write()
            # Before SQLite writes its log into the database, by itself after a commit, it syncs it, whatever the mode.
            if synced or _read(path) != before:
                self._unsynced.pop(path, None)
        if statement == "COMMIT" and not self.dead:
            _tell(self.committed, path)
        self.wrote()
        return result

    def _cut_in_the_middle(self, path: Path, statement: str, write: Callable[[], Any]) -> Any:
        database, log = _read(path), _read(_log(path))
        if statement == "COMMIT":
            log = self._unsynced.get(path, log)
        result = write()
        self._unsynced.pop(path, None)
        self.cut_power()
        how = self._rng.choice(("before", "torn", "torn", "after"))
        if how == "before":
            self._torn[path] = _files(path, database, log)
        elif how == "torn" and statement == "COMMIT":
            self._torn[path] = _files(path, database, self._tear(log, _read(_log(path))))
        elif how == "torn":
            # Of a checkpoint: all of the log was synced before the first page of it is written.
            self._torn[path] = _files(path, self._tear(database, _read(path)), log)
        self._power_went()
        return result

    def _with_log(self, path: Path, synced: bytes) -> dict[str, bytes]:
        log = self._rng.choice((synced, self._tear(synced, _read(_log(path))), _read(_log(path))))
        return _files(path, _read(path), log)

    def _tear(self, before: bytes, after: bytes) -> bytes:
        if before[:LOG_HEADER] != after[:LOG_HEADER]:
            if self._rng.random() < 0.3:
                return before
            before = after[:LOG_HEADER] + before[LOG_HEADER:]
        share = self._rng.choice([0.1, 0.5, 0.9, 0.98])
        size = self._rng.choice([len(before), len(after), self._rng.randint(*sorted((len(before), len(after))))])
        torn = bytearray()
        for place in range(0, size, SECTOR):
            old, new = before[place : place + SECTOR], after[place : place + SECTOR]
            torn += (new if self._rng.random() < share else old) or bytes(SECTOR)
        return bytes(torn[:size])


class _Watched(sqlite3.Connection):
    """A connection that tells its disk of every write, and syncs nothing."""

    _path: Path
    _disk: Disk
    _full = False
    _wrote = False

    def watch(self, path: Path, disk: Disk) -> None:
        self._path = path
        self._disk = disk

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if self._disk.dead:
            raise sqlite3.OperationalError("the process is dead")
        if sql == "COMMIT" or sql.startswith(_CHECKPOINT):
            self._wrote = True
            if self._disk.failing is not None and sql == "COMMIT" and self.in_transaction:
                # So SQLite does at most failures of this kind (lang_transaction.html, "Response to errors").
                super().execute("ROLLBACK")
            synced = self._full or sql != "COMMIT"
            done: sqlite3.Cursor = self._disk.around(
                self._path, sql, lambda: super(_Watched, self).execute(sql, *args), synced=synced
            )
            return done
        if sql.startswith("PRAGMA synchronous"):
            self._full = sql.endswith("FULL")
            sql = "PRAGMA synchronous = OFF"
        return super().execute(sql, *args)

    def close(self) -> None:
        # The last one to close makes the log part of the database; a dead process closes nothing.
        if self._disk.dead or self._disk.failing or not self._wrote or not self._path.exists():
            super().close()
        else:
            self._disk.around(self._path, "close", super().close, synced=True)


def _tell(listeners: list[Callable[[Path], None]], path: Path) -> None:
    for told in listeners:
        told(path)


def _error(failing: Failing) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(str(failing))
    error.sqlite_errorcode, error.sqlite_errorname = _CODES[failing]
    return error


def os_error(failing: Failing) -> OSError:
    """What files say of the same."""
    code = {Failing.FULL: errno.ENOSPC, Failing.BROKEN: errno.EIO, Failing.READ_ONLY: errno.EROFS}[failing]
    return OSError(code, os.strerror(code))


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _files(path: Path, database: bytes, log: bytes) -> dict[str, bytes]:
    return {path.name: database, **({_log(path).name: log} if log else {})}
