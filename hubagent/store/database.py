"""The file of records: made, opened, and read from end to end before anything of it is believed.

SQLite's own check finds a page that is not what it must be; the checksum of each record finds the rest.
"""

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hubagent.kept_whole import OWNER_ONLY
from hubagent.runtime import Runtime
from hubagent.store.errors import MAKE_ROOM, StoreUnusable, remedy_for

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
_AS_BYTES: Final = "SELECT CAST(shelf AS BLOB), CAST(key AS BLOB), CAST(record AS BLOB), checksum FROM records"
_SCHEMA_PLACE: Final = ("store", "schema")

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
UPDATE: Final = "update hubagent, or choose another state_dir"
"""What to do about a file of a later version's making."""

Place = tuple[str, str]
"""Shelf and key."""
Records = Mapping[Place, str]
"""Each as JSON."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file says whose pages are in order, by the schema of that version."""

    version: int
    sound: Records
    rotten: tuple[Place, ...] = ()
    """Whose checksum is wrong. What is wrong may be its name."""


class Damaged(Exception):
    """The file is not what was written. `left` is what can be believed of it; None: nothing can."""

    def __init__(self, reason: str, left: Contents | None = None) -> None:
        super().__init__(reason)
        self.left = left


class Newer(Exception):
    """The file is of a later version's making."""


def open_records(path: Path, runtime: Runtime) -> sqlite3.Connection:
    """The file at `path`, made where it is missing. Raises Damaged, or StoreUnusable."""
    database: sqlite3.Connection | None = None
    try:
        # Nobody else on this machine needs to read when people are at home.
        if not path.exists():
            path.touch(mode=OWNER_ONLY)
        database = runtime.open_database(path)
        read_contents(database)
        database.execute("PRAGMA journal_mode = WAL")
        # A damaged header may forbid writing only, which nothing but writing finds out.
        database.execute(f"PRAGMA user_version = {pragma(database, 'user_version')}")
        _migrate(database)
    except sqlite3.Error as error:
        _close(database)
        if _means_damage(path, error):
            raise Damaged(str(error)) from error
        is_full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        remedy = MAKE_ROOM if is_full else "check the disk and its permissions"
        raise StoreUnusable(path, f"cannot be opened: {error}", remedy) from error
    except OSError as error:
        remedy = remedy_for(error, "make its folder writable")
        raise StoreUnusable(path, f"cannot be made: {error.strerror}", remedy) from error
    except Newer as newer:
        _close(database)
        raise StoreUnusable(path, str(newer), UPDATE) from newer
    except Damaged:
        _close(database)
        raise
    return database


def make_records(path: Path, contents: Contents, runtime: Runtime) -> None:
    """A new file at `path` with what is sound, and no log beside it. Raises Damaged, sqlite3.Error, OSError."""
    path.touch(mode=OWNER_ONLY)
    with closing(runtime.open_database(path)) as database:
        _migrate(database, contents.version)
        write(database, [it for it in contents.sound.items() if it[0] != _SCHEMA_PLACE], durable=True)
        # It is to replace one that could not be read.
        read_contents(database)


def read_copy(path: Path, runtime: Runtime) -> Contents:
    """What a copy of such a file says. Raises Damaged, Newer; sqlite3.Error where the disk fails."""
    try:
        with closing(runtime.open_database(path)) as database:
            return read_contents(database)
    except sqlite3.Error as error:
        if _means_damage(path, error):
            raise Damaged(str(error)) from error
        raise


def _close(database: sqlite3.Connection | None) -> None:
    if database is not None:
        database.close()


def _means_damage(path: Path, error: sqlite3.Error) -> bool:
    """Whether `error` is for wrong bytes, rather than for a file that we may not use or a disk that fails."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    allowed = path.exists() and os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)
    return allowed and code in _CORRUPT_CODES


def read_contents(database: sqlite3.Connection) -> Contents:
    """Raises Damaged, Newer or sqlite3.Error unless every byte that matters is as it was written."""
    try:
        return _read_everything(database)
    except UnicodeDecodeError as error:
        # The module itself stumbles over SQLite's message where that quotes the wrong bytes.
        raise Damaged(str(error)) from error


def _read_everything(database: sqlite3.Connection) -> Contents:
    found = [row[0] for row in database.execute("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        raise Damaged(str(found[0]))
    version = pragma(database, "user_version")
    if version == 0 and not database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        return Contents(0, {})
    if pragma(database, "application_id") != _APPLICATION_ID:
        raise Damaged("it is not a file of hubagent's")
    contents = _contents(database, version)
    # It is there twice, so that a flipped bit is not taken for a later version.
    if _SCHEMA_PLACE not in contents.rotten and json.loads(contents.sound.get(_SCHEMA_PLACE, "0")) != version:
        raise Damaged("its version is unclear")
    if version > SCHEMA:
        raise Newer(f"was written by a later hubagent (schema {version}, this one knows {SCHEMA})")
    if contents.rotten:
        shelf, key = contents.rotten[0]
        raise Damaged(f"the checksum of {shelf} {key} is wrong", contents)
    return contents


def _contents(database: sqlite3.Connection, version: int) -> Contents:
    sound: dict[Place, str] = {}
    rotten: list[Place] = []
    for *row, checksum in database.execute(_AS_BYTES):
        # Rotten text may be none any more.
        shelf, key, record = (part.decode(errors="replace") for part in row)
        if checksum == _checksum(shelf, key, record):
            sound[shelf, key] = record
        else:
            rotten.append((shelf, key))
    return Contents(version, sound, tuple(rotten))


def write(database: sqlite3.Connection, records: Iterable[tuple[Place, str | None]], *, durable: bool) -> None:
    """All of them or none; None: there is no such record any more. Raises sqlite3.Error."""
    kept: list[tuple[str, str, str, int]] = []
    gone: list[Place] = []
    for (shelf, key), record in records:
        if record is None:
            gone.append((shelf, key))
        else:
            kept.append((shelf, key, record, _checksum(shelf, key, record)))
    database.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    with _transaction(database):
        database.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", kept)
        database.executemany("DELETE FROM records WHERE shelf = ? AND key = ?", gone)


def _migrate(database: sqlite3.Connection, to: int = SCHEMA) -> None:
    version = pragma(database, "user_version")
    if version == to:
        return
    database.execute("PRAGMA synchronous = FULL")
    with _transaction(database):
        for statement in _MIGRATIONS[version:to]:
            database.execute(statement)
        record = to_json(to)
        database.execute(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)",
            (*_SCHEMA_PLACE, record, _checksum(*_SCHEMA_PLACE, record)),
        )
        database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {to}")


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


def is_on_disk(database: sqlite3.Connection) -> bool:
    return any(file for _, name, file in database.execute("PRAGMA database_list") if name == "main")


def pragma(database: sqlite3.Connection, name: str) -> int:
    value: int = database.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def _checksum(shelf: str, key: str, record: str) -> int:
    return zlib.crc32(f"{shelf}\0{key}\0{record}".encode())


def to_json(record: Any) -> str:
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    # Half of a pair of surrogates, which JSON can say and UTF-8 cannot, must not keep all the rest off the disk.
    return text if _is_utf8(text) else json.dumps(record, separators=(",", ":"))


def _is_utf8(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
