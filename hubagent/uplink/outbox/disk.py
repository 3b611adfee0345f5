"""The outbox's file: what SQL there is, and the transactions it is in. It knows tables, not promises.

Each class has a table of its own, so that every insertion goes to the end of one. Marks say how much lies between two
places of a table, so that nobody has to count a million rows at the start.

SQLite keeps the type of a value in the row, not in the table: a flipped bit makes nothing of a number, and text that is
none of bytes, which Python's module cannot read. So what is read is asked for as the type that it must be.
"""

import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Final, NamedTuple

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
_UNIX_MAX: Final = 2.0**40
"""A clock that says more is a flipped bit."""
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


class _Row(NamedTuple):
    """A message's, as it was read: None stands for what is of another type."""

    place: int
    at: int | None
    checksum: int | None
    content: bytes | None

    @property
    def size(self) -> int:
        return len(self.content or b"")

    @property
    def is_whole(self) -> bool:
        """It is as it was written."""
        place, at, sum_of_row, content = self
        return at is not None and content is not None and sum_of_row == checksum(place, at, content)


def checksum(place: int, at: int, content: bytes) -> int:
    """Of a row; SQLite has none of its own, and an SD card flips bits. Signed, so that SQLite needs four bytes."""
    return zlib.crc32(content, zlib.crc32(b"%d %d" % (place, at))) - 2**31


def number_checksum(name: str, value: int) -> int:
    return zlib.crc32(f"{name}\0{value}".encode())


def _typed(kind: str, column: str) -> str:
    return f"iif(typeof({column}) = '{kind}', {column}, NULL)"


def _integers(*columns: str) -> str:
    return ", ".join(_typed("integer", it) for it in columns)


_ROW: Final = f"place, {_integers('at', 'checksum')}, CAST(content AS BLOB)"
NUMBERS: Final = f"SELECT CAST(name AS BLOB), {_integers('value', 'checksum')} FROM numbers"  # noqa: S608
_EPOCHS: Final = f"SELECT epoch, {_typed('real', 'unix')}, {_integers('sure')} FROM epochs"  # noqa: S608
_MARKS: Final = f"SELECT {_integers('place', 'count', 'size', 'at')} FROM marks WHERE class = ? ORDER BY place"  # noqa: S608


class _Statements:
    """Of one class's table. The table's name is one of four words of ours."""

    def __init__(self, table: str) -> None:
        between = f"FROM {table} WHERE place > ? AND place <= ?"
        self.insert = f"INSERT INTO {table} VALUES (?, ?, ?, ?)"  # noqa: S608
        self.forwards = f"SELECT {_ROW} {between} ORDER BY place"
        self.backwards = f"SELECT {_ROW} {between} ORDER BY place DESC"
        self.next = f"SELECT place {between} ORDER BY place LIMIT 1"
        self.older = f"SELECT {_ROW} {between} AND at < ? ORDER BY place DESC"
        # Content of another type has a length, too: which one it is, is not worth a step for each row.
        self.tally = f"SELECT count(*), coalesce(sum(length(content)), 0) {between}"
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
        with self._rows(_STATEMENTS[message_class].forwards, epoch, after, through) as rows:
            for row in rows:
                if found and (size + row.size > size_max or len(found) >= most):
                    more = True
                    break
                if row.content is None or not row.is_whole:
                    wrong.append((seq_of(row.place), row.size))
                    continue
                size += row.size
                found.append((seq_of(row.place), row.content))
        return Page(found, size, wrong, more)

    def tally(self, message_class: MessageClass, epoch: int, after: int, through: int) -> tuple[int, int]:
        """How many rows there are, and the bytes of their contents."""
        between = (place_of(epoch, after), place_of(epoch, through))
        count, size = self._database.execute(_STATEMENTS[message_class].tally, between).fetchone()
        return count, size

    def first(self, message_class: MessageClass, epoch: int, after: int, through: int) -> tuple[int, int] | None:
        """The number and the stamp of the first row."""
        return self._edge(_STATEMENTS[message_class].forwards, epoch, after, through)

    def last(self, message_class: MessageClass, epoch: int, after: int, through: int) -> tuple[int, int] | None:
        return self._edge(_STATEMENTS[message_class].backwards, epoch, after, through)

    def older(
        self, message_class: MessageClass, epoch: int, after: int, through: int, below: float
    ) -> tuple[int, int] | None:
        """The number and the stamp of the last row with a stamp below `below`."""
        with self._rows(_STATEMENTS[message_class].older, epoch, after, through, below) as rows:
            return next(((seq_of(it.place), it.at) for it in rows if it.at is not None and it.is_whole), None)

    def contents(self) -> Contents:
        """Raises Damaged, too."""
        numbers = {}
        for name_read, value, sum_of_row in self._database.execute(NUMBERS):
            name = (name_read or b"").decode(errors="replace")
            if value is None or sum_of_row != number_checksum(name, value):
                raise Damaged(f"the checksum of {name} is wrong")
            numbers[name] = value
        beginnings = {
            epoch: Beginning(unix, bool(sure))
            for epoch, unix, sure in self._database.execute(_EPOCHS)
            if unix is not None and abs(unix) < _UNIX_MAX
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
            for epoch, piece in self._marked(message_class):
                found.setdefault((message_class, epoch), []).append(piece)
            for epoch in self._epochs(message_class):
                pieces = found.setdefault((message_class, epoch), [])
                self._complete(message_class, epoch, pieces)
        return {key: pieces for key, pieces in found.items() if pieces}

    def _marked(self, message_class: MessageClass) -> Iterator[tuple[int, Piece]]:
        """With their epochs. What a mark does not say any more is counted."""
        end = 0
        unclear = False
        for place, count, size, at in self._database.execute(_MARKS, (message_class.value,)):
            if place is None:
                # What lies before it belongs to the next one then.
                unclear = True
                continue
            epoch, last = epoch_of(place), seq_of(place)
            if unclear or None in (count, size, at):
                yield epoch, self._counted(message_class, epoch, seq_of(end) if epoch_of(end) == epoch else 0, last)
            else:
                yield epoch, Piece(last, count, size, at, marked=True)
            end, unclear = place, False

    def _counted(self, message_class: MessageClass, epoch: int, after: int, last: int) -> Piece:
        edge = self.last(message_class, epoch, after, last)
        stamp = 0 if edge is None else edge[1]
        return Piece(last, *self.tally(message_class, epoch, after, last), stamp, marked=True)

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
            row = self._database.execute(_STATEMENTS[message_class].next, (after, 2**63 - 1)).fetchone()
            if row is None:
                return
            epoch = epoch_of(row[0])
            yield epoch
            after = place_of(epoch, SEQ_MAX)

    def _edge(self, statement: str, epoch: int, after: int, through: int) -> tuple[int, int] | None:
        """The number of the first that the statement finds. It may be damaged; the stamp is of the first that is not,
        0 where all are."""
        number = None
        with self._rows(statement, epoch, after, through) as rows:
            for row in rows:
                number = seq_of(row.place) if number is None else number
                if row.at is not None and row.is_whole:
                    return number, row.at
        return None if number is None else (number, 0)

    @contextmanager
    def _rows(self, statement: str, epoch: int, after: int, through: int, *more: float) -> Iterator[Iterator[_Row]]:
        """Read one by one; those that nobody asked for are not."""
        between = (place_of(epoch, after), place_of(epoch, through))
        with closing(self._database.execute(statement, (*between, *more))) as cursor:
            yield map(_Row._make, cursor)

    def _pragma(self, name: str) -> int:
        value: int = self._database.execute(f"PRAGMA {name}").fetchone()[0]
        return value
