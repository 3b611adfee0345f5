"""Disks for tests: one that counts what is asked of it, one that is full, one that fails."""

import sqlite3
from pathlib import Path
from typing import Any


class Disk:
    """Opens databases; what they are told is kept, and what they answer can be decided."""

    def __init__(self, pages_max: int | None = None) -> None:
        self.statements: list[str] = []
        self.fails: str = ""
        """The result code's name with which writing fails: `SQLITE_IOERR_WRITE`; empty while it works."""
        self.fails_reading: str = ""
        """With which reading messages fails, of files that are not made meanwhile."""
        self.refuses: str = ""
        """With which opening fails."""
        self._pages_max = pages_max
        self._open: list[_Watched] = []

    def open_database(self, path: Path) -> sqlite3.Connection:
        if self.refuses:
            raise _error(self.refuses)
        database = sqlite3.connect(path, isolation_level=None, factory=_Watched)
        database.disk = self
        database.good = bool(self.fails_reading) and path.stat().st_size == 0
        if self._pages_max is not None:
            database.execute(f"PRAGMA max_page_count = {self._pages_max}").fetchall()
        database.set_trace_callback(self.statements.append)
        self._open.append(database)
        return database

    def grow(self, pages_max: int) -> None:
        """Somebody made room."""
        self._pages_max = pages_max
        self._open[-1].execute(f"PRAGMA max_page_count = {pages_max}").fetchall()

    def count(self, start: str) -> int:
        return sum(it.startswith(start) for it in self.statements)

    @property
    def commits(self) -> int:
        return self.count("COMMIT")


class _Watched(sqlite3.Connection):
    disk: Disk
    good: bool

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if sql.startswith("PRAGMA synchronous"):
            # Nobody cuts the power here.
            sql = "PRAGMA synchronous = OFF"
        if self.disk.fails and sql.startswith(("COMMIT", "DELETE", "BEGIN")):
            raise _error(self.disk.fails)
        if self.disk.fails_reading and not self.good and sql.startswith("SELECT") and "WHERE place" in sql:
            raise _error(self.disk.fails_reading)
        return super().execute(sql, *args)


def _error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error" if "IOERR" in name else name)
    error.sqlite_errorname = name
    error.sqlite_errorcode = getattr(sqlite3, name)
    return error
