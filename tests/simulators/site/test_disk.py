"""A disk whose power goes tears what a real one may tear, and nothing that SQLite had made sure of."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from simulators.site.disk import CHECKPOINT_PAGES, Disk

ROWS = 40
COMMITS = 3 * CHECKPOINT_PAGES


def _write(database: sqlite3.Connection, number: int, rng: random.Random, *, synced: bool) -> None:
    database.execute(f"PRAGMA synchronous = {'FULL' if synced else 'NORMAL'}")
    database.execute("BEGIN IMMEDIATE")
    for row in rng.sample(range(ROWS), 3):
        database.execute(
            "INSERT OR REPLACE INTO t VALUES (?, ?)", (f"row {row}", f"{number} " + "x" * rng.randint(1, 900))
        )
    database.execute("INSERT OR REPLACE INTO t VALUES ('last', ?)", (str(number),))
    database.execute("COMMIT")


def _last(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(database.execute("SELECT v FROM t WHERE k = 'last'").fetchone()[0])


@pytest.mark.parametrize("seed", range(40))
def test_a_power_cut_leaves_a_sound_database_with_all_that_was_synced(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    disk = Disk(tmp_path / "one", rng)
    disk.folder.mkdir()
    database = disk.open_database(disk.folder / "some.db")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE t (k TEXT, v TEXT, PRIMARY KEY (k)) WITHOUT ROWID")
    synced = 0
    _write(database, 0, rng, synced=True)
    for number in range(1, rng.randint(2, COMMITS)):
        fully = rng.random() < 0.1
        _write(database, number, rng, synced=fully)
        synced = number if fully else synced
    disk.cut_power()
    database.close()
    after = disk.next_life(tmp_path / "two")
    assert _last(after.folder / "some.db") >= synced
