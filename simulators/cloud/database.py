"""The cloud's file: the schema, and the one transaction that is open while a round's frames come in.

Nothing is acknowledged that is not committed; one commit serves everything that a round of the loop brought, since each
costs the disk about two milliseconds (WAL, synchronous=FULL: safe from a power cut when it returns).
"""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

SCHEMA_VERSION: Final = 1
_APPLICATION_ID: Final = 0x68756263
"""`hubc`: SQLite files say what program they are of."""

_SCHEMA: Final = (
    """CREATE TABLE hubs (
        id TEXT PRIMARY KEY, incarnation BLOB, boot INTEGER NOT NULL, epoch INTEGER NOT NULL, online INTEGER NOT NULL,
        since REAL NOT NULL, software TEXT NOT NULL, clock_off REAL, floors TEXT NOT NULL, reported INTEGER NOT NULL,
        desired INTEGER NOT NULL, wishes TEXT NOT NULL, counts TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE streams (
        hub TEXT NOT NULL, class TEXT NOT NULL, epoch INTEGER NOT NULL, high INTEGER NOT NULL,
        PRIMARY KEY (hub, class, epoch)
    ) WITHOUT ROWID""",
    """CREATE TABLE devices (
        hub TEXT NOT NULL, id TEXT NOT NULL, view TEXT NOT NULL, PRIMARY KEY (hub, id)
    ) WITHOUT ROWID""",
    """CREATE TABLE commands (
        n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, hub TEXT NOT NULL, kind TEXT NOT NULL, device TEXT,
        wanted TEXT, issued REAL NOT NULL, expires REAL NOT NULL, boot INTEGER, state TEXT NOT NULL,
        outcome TEXT, detail TEXT NOT NULL, ms REAL, lamp_ms REAL
    )""",
    "CREATE INDEX commands_of_hub ON commands (hub, n)",
    "CREATE INDEX commands_open ON commands (hub, state) WHERE state IN ('queued', 'sent')",
    """CREATE TABLE history (
        n INTEGER PRIMARY KEY AUTOINCREMENT, hub TEXT NOT NULL, incarnation BLOB NOT NULL, class TEXT NOT NULL,
        epoch INTEGER NOT NULL, seq INTEGER NOT NULL, at REAL, kind TEXT NOT NULL, content BLOB NOT NULL,
        received REAL NOT NULL
    )""",
    "CREATE INDEX history_of_hub ON history (hub, n)",
)

_TABLES: Final = ("hubs", "streams", "devices", "commands", "history")


class CloudFileUnusable(Exception):
    """The file cannot be used; says why, and what to do."""


class Database:
    """A connection in which a transaction is open from the first write until `commit`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.isolation_level = None
        self._connection = connection
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            _make(connection)
        except sqlite3.DatabaseError as error:
            raise CloudFileUnusable(f"the cloud's file cannot be used: {error}; --fresh begins anew") from error

    def read(self, statement: str, *arguments: Any) -> list[Any]:
        return self._connection.execute(statement, arguments).fetchall()

    def write(self, statement: str, *arguments: Any) -> int:
        """Returns how many rows it changed."""
        self._begin()
        return self._connection.execute(statement, arguments).rowcount

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self._begin()
        self._connection.executemany(statement, rows)

    @property
    def uncommitted(self) -> bool:
        return self._connection.in_transaction

    def commit(self) -> None:
        """On disk when it returns. Raises sqlite3.Error."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")

    def roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def forget(self) -> None:
        """Everything, for good."""
        self.roll_back()
        self._begin()
        for table in _TABLES:
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours
        self.commit()

    def close(self) -> None:
        self._connection.close()

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")


def open_file(path: Path | str) -> sqlite3.Connection:
    """The file at `path`, made where it is missing, for its owner only. Raises CloudFileUnusable."""
    try:
        if path != ":memory:":
            Path(path).touch(mode=0o600)
        return sqlite3.connect(path, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise CloudFileUnusable(f"{path} cannot be opened: {error}; choose another --state") from error


def _make(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == SCHEMA_VERSION:
        return
    if version != 0:
        raise CloudFileUnusable(
            f"the cloud's file has schema {version}, this version knows {SCHEMA_VERSION}; --fresh begins anew"
        )
    connection.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")
