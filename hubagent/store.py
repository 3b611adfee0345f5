"""What outlives a restart: one SQLite file of records on shelves, each with its checksum.

A shelf is a driver's memory or a part of the home's. Records are JSON; nobody queries inside them. There is no thread:
what is put is written by the loop a moment later, together with what came meanwhile. The store never repairs: a damaged
file is put aside and the last good copy takes its place.
"""

import asyncio
import fcntl
import json
import logging
import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TextIO

from hubagent.model.driver import Record
from hubagent.runtime import Runtime

_log = logging.getLogger(__name__)

RECORD_DELAY_S = 0.08
STATE_DELAY_S = 1.0
RETRY_DELAY_S = 5.0
BACKUP_INTERVAL_S = 24 * 3600.0
CORRUPT_COPIES_MAX = 3

_APPLICATION_ID: Final = 0x48554221
"""Of the file's header, so that no other program's file is taken for ours: "HUB!"."""
_MIGRATIONS: Final = (
    """
    CREATE TABLE records (
        shelf TEXT NOT NULL,
        key TEXT NOT NULL,
        record TEXT NOT NULL,
        checksum INTEGER NOT NULL,
        PRIMARY KEY (shelf, key)
    ) WITHOUT ROWID, STRICT
    """,
)
"""One statement a version of the schema, each made from the one before."""
SCHEMA: Final = len(_MIGRATIONS)
_META_SHELF: Final = "store"

_CORRUPT_CODES: Final = frozenset(
    {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_FORMAT,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
    }
)
"""What SQLite says of a file whose bytes are wrong. The last two only where the file system lets us read and write."""


class StoreUnusable(Exception):
    """The state cannot be opened; nothing was changed. `remedy` says what to do."""

    def __init__(self, place: Path, reason: str, remedy: str) -> None:
        super().__init__(f"{place}: {reason}; {remedy}")
        self.place = place
        self.reason = reason
        self.remedy = remedy


class StoreFailed(Exception):
    """It could not be written now: the disk is full or fails."""


class _Damaged(Exception):
    """The file is not what was written."""


class _Newer(Exception):
    """The file is of a later version's making."""


Pending = dict[tuple[str, str], str | Callable[[str], Record] | None]
"""By shelf and key: the JSON to keep, None to remove, or whom to ask for the record when it is written."""


class Shelf:
    """The records of one owner (`model.driver.Records`, and `home.StateRecords`)."""

    def __init__(self, store: "Store", name: str, *, durable: bool) -> None:
        self._store = store
        self._name = name
        self._durable = durable

    def load(self) -> dict[str, Record]:
        return self._store.load(self._name)

    def put(self, key: str, record: Record) -> None:
        """Kept from now on, and on disk within 100 ms."""
        self._store.put(self._name, key, _json(record), durable=self._durable)

    def touch(self, key: str, record: Callable[[str], Record]) -> None:
        """`record(key)` is asked for when it is written, about a second from now."""
        self._store.put(self._name, key, record, durable=self._durable)

    def remove(self, key: str) -> None:
        self._store.put(self._name, key, None, durable=self._durable)

    def flush(self) -> None:
        """On disk when this returns, and safe from a power cut. Raises StoreFailed."""
        self._store.flush()


class Store:
    """Made by `open_store`. Everything happens on the event loop's thread."""

    def __init__(self, folder: Path, database: sqlite3.Connection, lock: TextIO, runtime: Runtime) -> None:
        self._folder = folder
        self._database = database
        self._lock = lock
        self._runtime = runtime
        self._durable: Pending = {}
        self._relaxed: Pending = {}
        self._timers: dict[bool, asyncio.TimerHandle] = {}
        self._backup_timer: asyncio.TimerHandle | None = None
        self._failing = False

    def shelf(self, name: str, *, durable: bool = True) -> Shelf:
        """`durable`: within 100 ms and safe from a power cut; else within a second, safe from a crash."""
        return Shelf(self, name, durable=durable)

    def load(self, shelf: str) -> dict[str, Record]:
        """As it is now, on disk already or not: a disk that is full keeps nobody from what is known."""
        rows = self._database.execute("SELECT key, record FROM records WHERE shelf = ?", (shelf,))
        found: dict[str, str] = dict(rows)
        for pending in (self._relaxed, self._durable):
            for (owner, key), what in pending.items():
                if owner != shelf:
                    continue
                if what is None:
                    found.pop(key, None)
                else:
                    found[key] = _json(what(key)) if callable(what) else what
        return {key: json.loads(found[key]) for key in sorted(found)}

    def put(self, shelf: str, key: str, record: str | Callable[[str], Record] | None, *, durable: bool) -> None:
        (self._durable if durable else self._relaxed)[shelf, key] = record
        if durable not in self._timers:
            self._write_later(durable=durable, delay_s=RECORD_DELAY_S if durable else STATE_DELAY_S)

    def flush(self) -> None:
        """Everything is on disk when this returns. Raises StoreFailed."""
        try:
            self._write(self._relaxed, durable=False)
            self._write(self._durable, durable=True)
        except sqlite3.Error as error:
            raise StoreFailed(f"{self._folder}: {error}") from error

    def keep_backup(self) -> None:
        """Copy what is there now, known to be good, and again every day."""
        self._back_up()
        self._backup_timer = asyncio.get_running_loop().call_later(BACKUP_INTERVAL_S, self.keep_backup)

    def close(self) -> None:
        """Write the rest and let go of the file. Raises StoreFailed when it could not be written."""
        for timer in (*self._timers.values(), self._backup_timer):
            if timer is not None:
                timer.cancel()
        try:
            self.flush()
        finally:
            self._database.close()
            self._lock.close()

    def _write_later(self, *, durable: bool, delay_s: float) -> None:
        loop = asyncio.get_running_loop()
        self._timers[durable] = loop.call_later(delay_s, self._write_now, durable)

    def _write_now(self, durable: bool) -> None:
        del self._timers[durable]
        try:
            self._write(self._durable if durable else self._relaxed, durable=durable)
        except sqlite3.Error as error:
            if not self._failing:
                _log.error("%s cannot be written: %s; trying again every %g s", self._folder, error, RETRY_DELAY_S)
            self._failing = True
            self._write_later(durable=durable, delay_s=RETRY_DELAY_S)
            return
        if self._failing:
            _log.warning("%s can be written again", self._folder)
        self._failing = False

    def _write(self, pending: Pending, *, durable: bool) -> None:
        if not pending:
            return
        rows = [(shelf, key, _json(what(key)) if callable(what) else what) for (shelf, key), what in pending.items()]
        self._database.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        with _transaction(self._database):
            self._database.executemany(
                "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)",
                [
                    (shelf, key, record, _checksum(shelf, key, record))
                    for shelf, key, record in rows
                    if record is not None
                ],
            )
            self._database.executemany(
                "DELETE FROM records WHERE shelf = ? AND key = ?",
                [(shelf, key) for shelf, key, record in rows if record is None],
            )
        pending.clear()

    def _back_up(self) -> None:
        if not _is_on_disk(self._database):
            return
        made = self._folder / "hub.db.backup.new"
        try:
            self.flush()
            made.unlink(missing_ok=True)
            made.touch(mode=0o600)
            with closing(self._runtime.open_database(made)) as copy:
                self._database.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            now = self._runtime.wall()
            os.utime(made, (now, now))
            _replace(made, self._folder / "hub.db.backup")
        except (StoreFailed, sqlite3.Error, OSError) as error:
            _log.error("no copy of %s could be made: %s", self._folder / "hub.db", error)


def open_store(folder: Path, runtime: Runtime) -> Store:
    """Open the state in `folder`, made where it is missing; a damaged file gives way to the last good copy.

    Raises StoreUnusable: no permission, another agent uses it, or a later version wrote it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = _lock(folder)
    except OSError as error:
        raise StoreUnusable(
            folder, f"cannot be used for the state: {error.strerror}", "make it writable, or choose another state_dir"
        ) from error
    try:
        return Store(folder, _open_sound(folder, runtime), lock, runtime)
    except BaseException:
        lock.close()
        raise


def lock_holder(folder: Path) -> str:
    """The pid of the agent that uses `folder`; empty when nobody does."""
    try:
        lock = (folder / "hub.lock").open(encoding="ascii")
    except OSError:
        return ""
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return lock.read().strip() or "unknown"
    return ""


def _lock(folder: Path) -> TextIO:
    lock = (folder / "hub.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise StoreUnusable(
            folder, f"another hubagent (pid {holder}) uses it", "stop that one, or choose another state_dir"
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _open_sound(folder: Path, runtime: Runtime) -> sqlite3.Connection:
    path, backup = folder / "hub.db", folder / "hub.db.backup"
    missing = not path.exists() or path.stat().st_size == 0
    if missing and backup.exists():
        _log.error("%s is missing", path)
        _restore(folder, runtime)
    try:
        return _open(path, runtime)
    except _Damaged as damage:
        _log.error("%s is damaged (%s)", path, damage)
    _put_aside(folder, runtime)
    _restore(folder, runtime)
    return _open(path, runtime)


def _open(path: Path, runtime: Runtime) -> sqlite3.Connection:
    """Raises _Damaged, or StoreUnusable."""
    database: sqlite3.Connection | None = None
    try:
        # Nobody else on this machine needs to read when people are at home.
        if not path.exists():
            path.touch(mode=0o600)
        database = runtime.open_database(path)
        _check(database)
        database.execute("PRAGMA journal_mode = WAL")
        # A damaged header may forbid writing only, which nothing but writing finds out.
        database.execute(f"PRAGMA user_version = {_pragma(database, 'user_version')}")
        _migrate(database)
    except sqlite3.Error as error:
        _close(database)
        if _means_damage(path, error):
            raise _Damaged(str(error)) from error
        raise StoreUnusable(path, f"cannot be opened: {error}", "check the disk and its permissions") from error
    except OSError as error:
        raise StoreUnusable(path, f"cannot be made: {error.strerror}", "make its folder writable") from error
    except _Newer as newer:
        _close(database)
        raise StoreUnusable(path, str(newer), "update hubagent, or choose another state_dir") from newer
    except _Damaged:
        _close(database)
        raise
    return database


def _close(database: sqlite3.Connection | None) -> None:
    if database is not None:
        database.close()


def _means_damage(path: Path, error: sqlite3.Error) -> bool:
    """Whether `error` is for wrong bytes, rather than for a file that we may not use or a disk that fails."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    allowed = path.exists() and os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)
    return allowed and code in _CORRUPT_CODES


def _check(database: sqlite3.Connection) -> None:
    """Raises _Damaged, _Newer or sqlite3.Error unless every byte that matters is as it was written."""
    try:
        _read_everything(database)
    except UnicodeDecodeError as error:
        # The module itself stumbles over SQLite's message where that quotes the wrong bytes.
        raise _Damaged(str(error)) from error


def _read_everything(database: sqlite3.Connection) -> None:
    found = [row[0] for row in database.execute("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        raise _Damaged(str(found[0]))
    version = _pragma(database, "user_version")
    if version == 0 and not database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        return
    if _pragma(database, "application_id") != _APPLICATION_ID:
        raise _Damaged("it is not a file of hubagent's")
    rows = list(database.execute("SELECT shelf, key, record, checksum FROM records"))
    for shelf, key, record, checksum in rows:
        if checksum != _checksum(shelf, key, record):
            raise _Damaged(f"the checksum of {shelf} {key} is wrong")
    schema = next((json.loads(record) for shelf, key, record, _ in rows if (shelf, key) == (_META_SHELF, "schema")), 0)
    if schema != version:
        raise _Damaged("its version is unclear")
    if version > SCHEMA:
        raise _Newer(f"was written by a later hubagent (schema {version}, this one knows {SCHEMA})")


def _migrate(database: sqlite3.Connection) -> None:
    version = _pragma(database, "user_version")
    if version == SCHEMA:
        return
    database.execute("PRAGMA synchronous = FULL")
    with _transaction(database):
        for statement in _MIGRATIONS[version:]:
            database.execute(statement)
        record = _json(SCHEMA)
        database.execute(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)",
            (_META_SHELF, "schema", record, _checksum(_META_SHELF, "schema", record)),
        )
        database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {SCHEMA}")


class _transaction:  # noqa: N801 - used as a statement
    """BEGIN and COMMIT around a block; ROLLBACK when it raises."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._roll_back()
            return
        try:
            self._database.execute("COMMIT")
        except sqlite3.Error:
            # It may be over, or wait for another try; whoever begins the next one must not find it open.
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._database.in_transaction:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")


def _put_aside(folder: Path, runtime: Runtime) -> None:
    stamp = datetime.fromtimestamp(runtime.wall(), UTC).strftime("%Y%m%dT%H%M%S")
    aside = folder / f"hub.db.corrupt-{stamp}"
    for suffix in ("", "-wal", "-shm"):
        part = folder / f"hub.db{suffix}"
        if part.exists():
            part.replace(folder / f"{aside.name}{suffix}")
    _log.error("it is kept as %s", aside)
    copies = sorted(path for path in folder.glob("hub.db.corrupt-*") if not path.name.endswith(("-wal", "-shm")))
    for old in copies[:-CORRUPT_COPIES_MAX]:
        for suffix in ("", "-wal", "-shm"):
            (folder / f"{old.name}{suffix}").unlink(missing_ok=True)


def _restore(folder: Path, runtime: Runtime) -> None:
    """Put the last good copy in place; nothing where there is none, or it is damaged as well."""
    path, backup = folder / "hub.db", folder / "hub.db.backup"
    for suffix in ("-wal", "-shm"):
        (folder / f"hub.db{suffix}").unlink(missing_ok=True)
    if not backup.exists():
        _log.error("there is no copy of it: starting with nothing; devices will be interviewed anew")
        return
    copy = folder / "hub.db.restored"
    shutil.copy(backup, copy)
    try:
        with closing(runtime.open_database(copy)) as database:
            _check(database)
    except (_Damaged, sqlite3.Error) as damage:
        copy.unlink(missing_ok=True)
        _log.error("its copy %s is damaged too (%s): starting with nothing", backup, damage)
        return
    age_h = (runtime.wall() - backup.stat().st_mtime) / 3600
    _replace(copy, path)
    # A clock that is not set yet cannot tell.
    age = f"{age_h:.1f} h ago" if age_h >= 0 else "a time that has not come by this clock"
    _log.error("the copy of %s took its place; what was stored since is lost", age)


def _replace(made: Path, path: Path) -> None:
    """Put `made` at `path`, whole or not at all, whenever the power goes."""
    _sync(made)
    made.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _is_on_disk(database: sqlite3.Connection) -> bool:
    return any(file for _, name, file in database.execute("PRAGMA database_list") if name == "main")


def _pragma(database: sqlite3.Connection, name: str) -> int:
    value: int = database.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def _checksum(shelf: str, key: str, record: str) -> int:
    return zlib.crc32(f"{shelf}\0{key}\0{record}".encode())


def _json(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
