"""The outbox's file: what SQL there is, and the transactions it is in. It knows tables, not promises.

Each class has a table of its own, so that every insertion goes to the end of one. Marks say how much lies between two
places of a table, so that nobody has to count a million rows at the start.
"""

import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.ages import Beginning
from hubagent.uplink.outbox.pieces import Fresh, Piece
from hubagent.uplink.outbox.place import SEQ_MAX, epoch_of, place_of, seq_of

SCHEMA_VERSION: Final = 1
MESSAGES_TABLE: Final = """CREATE TABLE {} (
    place INTEGER PRIMARY KEY, at INTEGER NOT NULL, checksum INTEGER NOT NULL, content BLOB NOT NULL
) STRICT"""
OTHER_TABLES: Final = (
    """CREATE TABLE marks (
    class TEXT NOT NULL, place INTEGER NOT NULL, count INTEGER NOT NULL, size INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (class, place)
) WITHOUT ROWID, STRICT""",
    "CREATE TABLE epochs (epoch INTEGER PRIMARY KEY, unix REAL NOT NULL, sure INTEGER NOT NULL) STRICT",
    """CREATE TABLE numbers (
    name TEXT PRIMARY KEY, value INTEGER NOT NULL, checksum INTEGER NOT NULL
) WITHOUT ROWID, STRICT""",
)
TABLES: Final = (*(MESSAGES_TABLE.format(it.value) for it in MessageClass), *OTHER_TABLES)


class Damaged(Exception):
    """The file is not what was written."""


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[tuple[int, bytes]]
    """Numbers and contents."""
    size: int
    wrong: Sequence[tuple[int, int]]
    """Rows that are not as they were written: numbers, and bytes of what is there in their place."""
    more: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file has, as far as it must be known; the messages themselves stay where they are."""

    numbers: Mapping[str, int]
    beginnings: Mapping[int, Beginning]
    pieces: Mapping[tuple[MessageClass, int], Sequence[Piece]]


def checksum(place: int, at: int, content: bytes) -> int:
    """Of a row; SQLite has none of its own, and an SD card flips bits. Signed, so that SQLite needs four bytes."""
    return zlib.crc32(content, zlib.crc32(b"%d %d" % (place, at))) - 2**31


def number_checksum(name: str, value: int) -> int:
    return zlib.crc32(f"{name}\0{value}".encode())


class _Statements:
    """Of one class's table. The table's name is one of four words of ours."""

    def __init__(self, table: str) -> None:
        between = f"FROM {table} WHERE place > ? AND place <= ?"
        self.insert = f"INSERT INTO {table} VALUES (?, ?, ?, ?)"  # noqa: S608
        self.page = f"SELECT place, at, checksum, content {between} ORDER BY place"
        self.tally = f"SELECT count(*), coalesce(sum(length(content)), 0) {between}"
        self.first = f"SELECT place, at {between} ORDER BY place LIMIT 1"
        self.last = f"SELECT place, at {between} ORDER BY place DESC LIMIT 1"
        self.older = f"SELECT place, at {between} AND at < ? ORDER BY place DESC LIMIT 1"
        self.delete = f"DELETE {between}"


_STATEMENTS: Final = {it: _Statements(it.value) for it in MessageClass}


class Disk:
    """An open file. Every method may raise sqlite3.Error, which changes nothing."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            # SQLite itself has already rolled back where the disk was full.
            if self._database.in_transaction:
                with suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
            raise

    # Within a transaction.

    def insert(self, message_class: MessageClass, epoch: int, messages: Sequence[Fresh]) -> None:
        rows = [(place_of(epoch, it.seq), it.at, it.content) for it in messages]
        self._database.executemany(
            _STATEMENTS[message_class].insert,
            [(place, at, checksum(place, at, content), content) for place, at, content in rows],
        )

    def mark(self, message_class: MessageClass, epoch: int, pieces: Sequence[Piece]) -> None:
        self._database.executemany(
            "INSERT INTO marks VALUES (?, ?, ?, ?, ?)",
            [(message_class.value, place_of(epoch, it.last), it.count, it.size, it.at) for it in pieces],
        )

    def erase(self, message_class: MessageClass, epoch: int, after: int, through: int) -> None:
        between = (place_of(epoch, after), place_of(epoch, through))
        self._database.execute(_STATEMENTS[message_class].delete, between)
        self._database.execute(
            "DELETE FROM marks WHERE class = ? AND place > ? AND place <= ?", (message_class.value, *between)
        )

    def erase_row(self, message_class: MessageClass, epoch: int, seq: int) -> None:
        self._database.execute(_STATEMENTS[message_class].delete, (place_of(epoch, seq - 1), place_of(epoch, seq)))

    def set_numbers(self, numbers: Sequence[tuple[str, int]]) -> None:
        self._database.executemany(
            "INSERT OR REPLACE INTO numbers VALUES (?, ?, ?)",
            [(name, value, number_checksum(name, value)) for name, value in numbers],
        )

    def set_beginnings(self, beginnings: Sequence[tuple[int, Beginning]], gone: Sequence[int]) -> None:
        self._database.executemany(
            "INSERT OR REPLACE INTO epochs VALUES (?, ?, ?)",
            [(epoch, beginning.unix, int(beginning.sure)) for epoch, beginning in beginnings],
        )
        self._database.executemany("DELETE FROM epochs WHERE epoch = ?", [(epoch,) for epoch in gone])

    def give_back(self, pages: int) -> None:
        """Move the last pages into free ones, and end the file before them."""
        # One step of the statement gives back one page, and Python's module takes one step of what has no columns.
        for _ in range(pages):
            self._database.execute("PRAGMA incremental_vacuum(1)")

    # Reading; `after` and `through` are numbers of the epoch, the first not included.

    def page(self, message_class: MessageClass, epoch: int, after: int, through: int, most: int, size_max: int) -> Page:
        """Rows in order, at least one where there is any."""
        found: list[tuple[int, bytes]] = []
        wrong: list[tuple[int, int]] = []
        size = 0
        more = False
        between = (place_of(epoch, after), place_of(epoch, through))
        cursor = self._database.execute(_STATEMENTS[message_class].page, between)
        try:
            for place, at, sum_of_row, content in cursor:
                if found and (size + len(content) > size_max or len(found) >= most):
                    more = True
                    break
                if sum_of_row != checksum(place, at, content):
                    wrong.append((seq_of(place), len(content)))
                    continue
                size += len(content)
                found.append((seq_of(place), content))
        finally:
            cursor.close()
        return Page(found, size, wrong, more)

    def tally(self, message_class: MessageClass, epoch: int, after: int, through: int) -> tuple[int, int]:
        """How many rows there are, and the bytes of their contents."""
        between = (place_of(epoch, after), place_of(epoch, through))
        count, size = self._database.execute(_STATEMENTS[message_class].tally, between).fetchone()
        return count, size

    def first(self, message_class: MessageClass, epoch: int, after: int, through: int) -> tuple[int, int] | None:
        """The number and the stamp of the first row."""
        return self._edge(_STATEMENTS[message_class].first, epoch, after, through)

    def last(self, message_class: MessageClass, epoch: int, after: int, through: int) -> tuple[int, int] | None:
        return self._edge(_STATEMENTS[message_class].last, epoch, after, through)

    def older(
        self, message_class: MessageClass, epoch: int, after: int, through: int, below: float
    ) -> tuple[int, int] | None:
        """The number and the stamp of the last row with a stamp below `below`."""
        return self._edge(_STATEMENTS[message_class].older, epoch, after, through, below)

    def contents(self) -> Contents:
        """Raises Damaged, too."""
        numbers = {}
        for name, value, sum_of_row in self._database.execute("SELECT name, value, checksum FROM numbers"):
            if sum_of_row != number_checksum(name, value):
                raise Damaged(f"the checksum of {name} is wrong")
            numbers[name] = value
        beginnings = {
            epoch: Beginning(unix, bool(sure))
            for epoch, unix, sure in self._database.execute("SELECT epoch, unix, sure FROM epochs")
        }
        return Contents(numbers, beginnings, self._pieces())

    def free_pages(self) -> int:
        return self._pragma("freelist_count")

    def pages(self) -> int:
        return self._pragma("page_count")

    def truncate_log(self) -> None:
        """Bring the log's pages into the file, which is as long as it should be only then, and empty the log."""
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        self._database.close()

    def _pieces(self) -> dict[tuple[MessageClass, int], list[Piece]]:
        found: dict[tuple[MessageClass, int], list[Piece]] = {}
        for message_class in MessageClass:
            for place, count, size, at in self._database.execute(
                "SELECT place, count, size, at FROM marks WHERE class = ? ORDER BY place", (message_class.value,)
            ):
                found.setdefault((message_class, epoch_of(place)), []).append(
                    Piece(seq_of(place), count, size, at, marked=True)
                )
            for epoch in self._epochs(message_class):
                pieces = found.setdefault((message_class, epoch), [])
                self._complete(message_class, epoch, pieces)
        return {key: pieces for key, pieces in found.items() if pieces}

    def _complete(self, message_class: MessageClass, epoch: int, pieces: list[Piece]) -> None:
        """Of the first some may have been erased since it was marked; after the last there may be more, not marked."""
        while pieces:
            pieces[0].count, pieces[0].size = self.tally(message_class, epoch, 0, pieces[0].last)
            if pieces[0].count:
                break
            del pieces[0]
        marked = pieces[-1].last if pieces else 0
        end = self.last(message_class, epoch, marked, SEQ_MAX)
        if end is not None:
            pieces.append(Piece(end[0], *self.tally(message_class, epoch, marked, SEQ_MAX), end[1]))

    def _epochs(self, message_class: MessageClass) -> Iterator[int]:
        """Those that have rows, by looking for the first row after each: their number counts, not that of the rows."""
        after = -1
        while True:
            row = self._database.execute(_STATEMENTS[message_class].first, (after, 2**63 - 1)).fetchone()
            if row is None:
                return
            epoch = epoch_of(row[0])
            yield epoch
            after = place_of(epoch, SEQ_MAX)

    def _edge(self, statement: str, epoch: int, after: int, through: int, *more: float) -> tuple[int, int] | None:
        row = self._database.execute(statement, (place_of(epoch, after), place_of(epoch, through), *more)).fetchone()
        return None if row is None else (seq_of(row[0]), row[1])

    def _pragma(self, name: str) -> int:
        value: int = self._database.execute(f"PRAGMA {name}").fetchone()[0]
        return value
