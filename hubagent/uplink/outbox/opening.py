"""Opening the outbox's file: made where it is missing, put aside where it is damaged.

It is read from one end to the other only where it is small. A damaged page of a large one shows when it is read, and
each row has its checksum; reading 200 MB from an SD card would take ten seconds of every start.
"""

import logging
import sqlite3
from pathlib import Path
from typing import Final

from hubagent.runtime import Runtime
from hubagent.store.aside import put_aside
from hubagent.store.errors import StoreUnusable
from hubagent.uplink.outbox.disk import NUMBERS, SCHEMA_VERSION, TABLES, Contents, Damaged, Disk, number_checksum

_log = logging.getLogger(__name__)

LOG_BYTES: Final = 1024 * 1024
"""The write-ahead log is cut to this when it begins anew."""
_CHECKED_BYTES_MAX: Final = 16 * 1024 * 1024
_APPLICATION_ID: Final = 0x4855424F
"""Of the file's header: "HUBO"."""
_HEADER: Final = b"SQLite format 3\0"
_FORMATS: Final = (1, 2)
"""Bytes 18 and 19 of a file that SQLite may write and read (file format, section 1.3)."""


class _Newer(Exception):
    """The file is of a later version's making."""


def open_disk(path: Path, runtime: Runtime, *, check: bool) -> tuple[Disk, Contents]:
    """`check`: read it through, where it is small.

    Raises StoreUnusable where somebody has to do something; OSError or sqlite3.Error where the disk fails.
    """
    try:
        return _open(path, runtime, check=check)
    except Damaged as damage:
        _log.error("%s is damaged (%s); what was not acknowledged before is lost", path, damage)
    put_aside(path, runtime)
    return _open(path, runtime, check=check)


def means_damage(error: sqlite3.Error) -> bool:
    """Whether it is for wrong bytes, rather than for a disk that is full or fails."""
    return error_code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}


def means_unreadable(error: sqlite3.Error) -> bool:
    """Whether bytes that were written cannot be read back."""
    return getattr(error, "sqlite_errorcode", 0) in {
        sqlite3.SQLITE_IOERR_READ,
        sqlite3.SQLITE_IOERR_SHORT_READ,
        sqlite3.SQLITE_IOERR_CORRUPTFS,
    }


def error_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where the module itself complains."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _open(path: Path, runtime: Runtime, *, check: bool) -> tuple[Disk, Contents]:
    """Raises Damaged, and what `open_disk` raises."""
    if path.exists():
        _check_header(path)
    else:
        # Nobody else on this machine needs to read when people are at home.
        path.touch(mode=0o600)
    database = runtime.open_database(path)
    try:
        _prepare(database)
        _check_tables(database)
        if check and path.stat().st_size <= _CHECKED_BYTES_MAX:
            _read_through(database)
        disk = Disk(database)
        return disk, disk.contents()
    except sqlite3.Error as error:
        database.close()
        code = error_code(error)
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise StoreUnusable(
                path, "another program uses it", "stop that one, or choose another state_dir"
            ) from error
        # "Logic error" is what it says of a schema that cannot be read.
        if means_damage(error) or code == sqlite3.SQLITE_ERROR:
            raise Damaged(str(error)) from error
        raise
    except UnicodeDecodeError as error:
        # The module itself stumbles over text that is none.
        database.close()
        raise Damaged(str(error)) from error
    except _Newer as newer:
        database.close()
        raise StoreUnusable(path, str(newer), "update hubagent, or choose another state_dir") from newer
    except BaseException:
        database.close()
        raise


def _check_header(path: Path) -> None:
    """SQLite takes one with other formats for a file that it may not write, and a short one for an empty one."""
    with path.open("rb") as file:
        header = file.read(100)
    if header and (len(header) < 100 or header[:16] != _HEADER or any(it not in _FORMATS for it in header[18:20])):
        raise Damaged("it is no SQLite file")


def _prepare(database: sqlite3.Connection) -> None:
    # Nobody waits for another program on the event loop's thread.
    database.execute("PRAGMA busy_timeout = 0")
    # The log's index is in memory then and not in a file of its own: opening needs no space on a full disk, and a
    # commit takes no locks. The state's folder is locked for one agent anyway.
    database.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
    if _pragma(database, "page_count") == 0:
        # The file shrinks, by as many pages as we say, when we say so. Said of a file that there is, it would be a
        # write, which fails where the disk is full.
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
    database.execute("PRAGMA journal_mode = WAL").fetchall()
    database.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}").fetchall()
    # Without FULL, a power cut takes commits with it: facts of SQLite's PRAGMA synchronous, and measured.
    database.execute("PRAGMA synchronous = FULL")
    # Debian's SQLite overwrites what is deleted with zeros: every page of a backlog would be written once more.
    database.execute("PRAGMA secure_delete = OFF").fetchall()


def _check_tables(database: sqlite3.Connection) -> None:
    version = _pragma(database, "user_version")
    # As bytes: text that is none any more cannot be read as such.
    statement = "SELECT CAST(sql AS BLOB) FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
    tables = [sql for (sql,) in database.execute(statement)]
    if version == 0 and not tables:
        _make(database)
        return
    if _pragma(database, "application_id") != _APPLICATION_ID:
        raise Damaged("it is not a file of hubagent's")
    # Twice in the file, so that a flipped bit is not taken for a later version.
    found = database.execute(f"{NUMBERS} WHERE name = 'schema'").fetchone()
    if found != (b"schema", version, number_checksum("schema", version)):
        raise Damaged("its version is unclear")
    if version > SCHEMA_VERSION:
        raise _Newer(f"was written by a later hubagent (outbox {version}, this one knows {SCHEMA_VERSION})")
    if tables != [it.encode() for it in TABLES]:
        raise Damaged("its tables are not ours")


def _read_through(database: sqlite3.Connection) -> None:
    wrong = [row[0] for row in database.execute("PRAGMA quick_check(1)")]
    if wrong != ["ok"]:
        raise Damaged(str(wrong[0]))


def _make(database: sqlite3.Connection) -> None:
    disk = Disk(database)
    with disk.transaction():
        for statement in TABLES:
            database.execute(statement)
        disk.set_numbers([("schema", SCHEMA_VERSION)])
        database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _pragma(database: sqlite3.Connection, name: str) -> int:
    value: int = database.execute(f"PRAGMA {name}").fetchone()[0]
    return value
