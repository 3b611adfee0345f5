"""A large backlog: what is asked of it costs a page, not the backlog; and it lies on disk, not in memory."""

import asyncio
import shutil
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hubagent.uplink.outbox.outbox import Outbox, open_outbox
from hubagent.uplink.outbox.saving import FREE_PAGES_MAX
from simulators.virtual_time import run_virtual
from tests.hubagent.uplink.outbox.an_outbox import ALARM, EVENT, TELEMETRY, a_runtime, with_databases

COUNT = 100_000


class _Disk:
    """Counts the steps of SQLite's machine; each looks at a row or less."""

    def __init__(self) -> None:
        self.hundreds = 0

    def open_database(self, path: Path) -> sqlite3.Connection:
        database = sqlite3.connect(path, isolation_level=None)

        def count() -> int:
            self.hundreds += 1
            return 0

        database.set_progress_handler(count, 100)
        return database

    @contextmanager
    def steps(self, most: int) -> Iterator[None]:
        before = self.hundreds
        yield
        assert (self.hundreds - before) * 100 <= most


@pytest.fixture(scope="module")
def backlog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; each test takes a copy."""
    folder = tmp_path_factory.mktemp("backlog")

    async def make() -> None:
        outbox = open_outbox(folder, a_runtime(folder))
        for number in range(COUNT):
            outbox.put(ALARM if number % 1000 == 0 else TELEMETRY, b"%-120d" % number)
        outbox.close()

    run_virtual(make)
    return folder / "outbox.db"


def opened(backlog: Path, folder: Path, disk: _Disk) -> Outbox:
    shutil.copy(backlog, folder / "outbox.db")
    return open_outbox(folder, with_databases(a_runtime(folder), disk.open_database))


async def test_a_page_costs_a_page_wherever_it_is(backlog: Path, tmp_path: Path) -> None:
    disk = _Disk()
    outbox = opened(backlog, tmp_path, disk)
    for after in (0, 1, COUNT // 2, COUNT - 60):
        with disk.steps(2000):
            assert len(outbox.read(TELEMETRY, 1, after, 50, 10**6)) == 50
    outbox.close()


async def test_an_acknowledgement_costs_what_it_acknowledges_at_most_a_piece(backlog: Path, tmp_path: Path) -> None:
    disk = _Disk()
    outbox = opened(backlog, tmp_path, disk)
    with disk.steps(1000):
        outbox.acknowledge(TELEMETRY, 1, 50)
        outbox.acknowledge(TELEMETRY, 1, 100)
    with disk.steps(6000):
        outbox.acknowledge(TELEMETRY, 1, COUNT - 200)
    assert outbox.counts()[TELEMETRY][0] == 200
    with disk.steps(1000):
        outbox.acknowledge(TELEMETRY, 1, COUNT)
    with disk.steps(200):
        assert [it.count for it in outbox.streams()] == [100]
    outbox.close()


async def test_a_start_reads_the_marks_and_not_the_messages(backlog: Path, tmp_path: Path) -> None:
    # Larger than what is read through at the start.
    padded = Path(shutil.copy(backlog, tmp_path / "padded.db"))
    whole = _Disk()
    database = whole.open_database(backlog)
    database.execute("SELECT count(*), sum(length(content)) FROM telemetry").fetchone()
    database.close()
    disk = _Disk()
    database = sqlite3.connect(padded)
    with database:
        database.execute("INSERT INTO event VALUES (1, 0, 0, zeroblob(17000000))")
    database.close()
    outbox = opened(padded, tmp_path, disk)
    assert disk.hundreds < whole.hundreds / 20
    assert outbox.counts()[TELEMETRY][0] == COUNT - COUNT // 1000
    outbox.close()


async def test_python_holds_a_few_bytes_for_each_message_on_disk(backlog: Path, tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        outbox = opened(backlog, tmp_path, _Disk())
        assert tracemalloc.get_traced_memory()[0] < 2 * COUNT
        last = 0
        while page := outbox.read(TELEMETRY, 1, last, 200, 16_000):
            last = page[-1].seq
            outbox.acknowledge(TELEMETRY, 1, last)
        assert tracemalloc.get_traced_memory()[1] < 5 * COUNT
        assert tracemalloc.get_traced_memory()[0] < 2 * COUNT
    finally:
        tracemalloc.stop()
    outbox.close()


async def test_when_it_was_acknowledged_the_file_is_small_again(backlog: Path, tmp_path: Path) -> None:
    outbox = opened(backlog, tmp_path, _Disk())
    assert (tmp_path / "outbox.db").stat().st_size > 12_000_000
    outbox.put(EVENT, b"x")
    for stream in outbox.streams():
        if stream.message_class is not EVENT:
            outbox.acknowledge(stream.message_class, stream.epoch, stream.last)
    await asyncio.sleep(COUNT / 2000)
    assert (tmp_path / "outbox.db").stat().st_size <= (FREE_PAGES_MAX + 20) * 4096
    assert (tmp_path / "outbox.db-wal").stat().st_size <= 1024 * 1024
    outbox.close()
