"""What reaches the disk, how often, and what happens while it does not."""

import asyncio
from pathlib import Path

import pytest

from hubagent.store.errors import StoreFailed, StoreUnusable
from hubagent.uplink.outbox.outbox import UNSAVED_MAX, Outbox, open_outbox
from hubagent.uplink.outbox.saving import (
    COMMIT_DELAY_S,
    ERASE_DELAY_S,
    ERASE_ROWS,
    FREE_PAGES_MAX,
    RETRY_DELAY_S,
    UNREADABLE_MAX,
)
from hubagent.uplink.outbox.terms import Bounds, Condition
from tests.hubagent.uplink.outbox.an_outbox import (
    ALARM,
    EVENT,
    RESULT,
    TELEMETRY,
    a_runtime,
    an_outbox,
    bounds_of,
    contents,
    read_all,
    rows_on_disk,
    with_databases,
)
from tests.hubagent.uplink.outbox.watched import Disk


def on(disk: Disk, folder: Path, bounds: Bounds | None = None) -> Outbox:
    outbox = open_outbox(folder, with_databases(a_runtime(folder), disk.open_database), bounds)
    disk.statements.clear()
    return outbox


# An SD card is spared.


async def test_what_was_put_is_on_disk_30_ms_later_in_one_commit_however_much_it_was(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    for _ in range(20):
        for name in (ALARM, RESULT, EVENT, TELEMETRY):
            outbox.put(name, b"x")
        await asyncio.sleep(0.001)
    assert rows_on_disk(tmp_path) == 0
    await asyncio.sleep(0.0101)
    assert rows_on_disk(tmp_path) == 80
    assert disk.commits == 1
    assert COMMIT_DELAY_S == 0.03
    outbox.close()


async def test_what_was_acknowledged_before_its_commit_never_touches_the_disk(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    for _ in range(1000):
        outbox.acknowledge(EVENT, outbox.epoch, outbox.put(EVENT, b"x"))
        await asyncio.sleep(0.01)
    await asyncio.sleep(10)
    assert disk.statements == []
    outbox.close()


async def test_what_is_acknowledged_in_time_spares_the_disk_however_much_it_is(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    loop = asyncio.get_running_loop()
    for _ in range(2000):
        loop.call_later(0.02, outbox.acknowledge, EVENT, outbox.epoch, outbox.put(EVENT, b"x"))
        await asyncio.sleep(0.003)
    await asyncio.sleep(5)
    assert disk.statements == []
    # One that is not acknowledged is on disk in time, and with it those that came shortly after.
    outbox.put(ALARM, b"x")
    for _ in range(10):
        loop.call_later(0.02, outbox.acknowledge, EVENT, outbox.epoch, outbox.put(EVENT, b"x"))
        await asyncio.sleep(0.003)
    await asyncio.sleep(0.0001)
    assert disk.count("INSERT INTO alarm") == 1
    outbox.close()


async def test_an_hour_of_events_takes_no_more_than_a_commit_each_30_ms_and_a_deletion_each_second(
    tmp_path: Path,
) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    loop = asyncio.get_running_loop()
    rng = a_runtime(tmp_path, 3).rng("pauses")
    for number in range(2000):
        # Pauses of all lengths that matter; some are acknowledged early, some late.
        await asyncio.sleep(rng.choice([0.0001, 0.004, 0.011, 0.035, 0.4, 5]))
        outbox.put(EVENT, b"x")
        if number % 5 == 0:
            outbox.acknowledge(EVENT, outbox.epoch, outbox.streams()[0].first + rng.randrange(8))
    deletions = disk.count("DELETE FROM event ")
    assert 100 < deletions <= min(400, loop.time() / ERASE_DELAY_S)
    assert deletions == disk.count("DELETE FROM marks")
    assert 500 < disk.commits <= loop.time() / COMMIT_DELAY_S
    outbox.close()


async def test_nothing_is_written_twice_for_one_event(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    outbox.put(EVENT, b"x")
    await asyncio.sleep(1)
    written = [it for it in disk.statements if it.split()[0] in {"INSERT", "DELETE", "UPDATE", "REPLACE"}]
    assert len(written) == 1, written
    assert "INTO event " in written[0]
    outbox.close()


async def test_a_million_acknowledged_are_erased_in_parts_that_hold_nobody_up(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    for number in range(3 * ERASE_ROWS):
        outbox.put(EVENT, b"x")
        if number % 1000 == 0:
            outbox.flush()
    outbox.flush()
    outbox.acknowledge(EVENT, outbox.epoch, 3 * ERASE_ROWS)
    assert outbox.streams() == []
    left = [3 * ERASE_ROWS]
    while left[-1]:
        await asyncio.sleep(ERASE_DELAY_S + 0.001)
        left.append(rows_on_disk(tmp_path))
    assert all(before - after <= ERASE_ROWS for before, after in zip(left, left[1:], strict=False))  # noqa: RUF007 - neighbours by index
    assert len(left) <= 5
    outbox.close()


async def test_a_slow_card_has_pauses_between_commits_so_that_the_loop_is_free(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    disk = Disk()
    outbox = on(disk, tmp_path)

    def trace(statement: str) -> None:
        disk.statements.append(statement)
        if statement.startswith("COMMIT"):
            # The disk takes a fifth of a second.
            loop._now += 0.2  # type: ignore[attr-defined]

    disk._open[-1].set_trace_callback(trace)
    began = loop.time()
    while loop.time() < began + 10:
        outbox.put(EVENT, b"x")
        await asyncio.sleep(0.01)
    assert disk.commits * 0.2 <= 0.3 * 10
    outbox.close()


async def test_a_burst_is_saved_before_it_becomes_too_much_for_one_commit(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    for _ in range(2 * UNSAVED_MAX // 8000):
        outbox.put(TELEMETRY, bytes(8000))
    assert disk.commits == 2
    assert contents(outbox, TELEMETRY) == [bytes(8000)] * (2 * UNSAVED_MAX // 8000)
    outbox.close()


async def test_the_file_shrinks_when_a_backlog_was_acknowledged(tmp_path: Path) -> None:
    """Fault 8: a store that never shrinks."""
    outbox = an_outbox(tmp_path)
    for _ in range(4000):
        outbox.put(TELEMETRY, bytes(4000))
    outbox.flush()
    for _ in range(5):
        outbox.put(ALARM, b"x")
    outbox.flush()
    file, log = tmp_path / "outbox.db", tmp_path / "outbox.db-wal"
    large = file.stat().st_size
    assert large > 16_000_000
    outbox.acknowledge(TELEMETRY, outbox.epoch, 4000)
    await asyncio.sleep(60)
    assert file.stat().st_size <= (FREE_PAGES_MAX + 50) * 4096
    assert log.stat().st_size <= 1024 * 1024
    assert len(contents(outbox, ALARM)) == 5
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert len(contents(outbox, ALARM)) == 5
    outbox.close()


async def test_nobody_else_may_read_what_happened_at_home(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path / "state")
    outbox.put(EVENT, b"x")
    outbox.flush()
    found = {it.name: it.stat().st_mode & 0o077 for it in (tmp_path / "state").iterdir()}
    assert found == {"outbox.db": 0, "outbox.db-wal": 0}
    outbox.close()


# A disk that is full.


async def test_a_full_disk_leaves_messages_in_memory_and_says_so_and_heals(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    disk = Disk(pages_max=40)
    outbox = on(disk, tmp_path)
    put = [outbox.put(EVENT, bytes(1000)) for _ in range(200)]
    with pytest.raises(StoreFailed, match=r"outbox\.db: database or disk is full"):
        outbox.flush()
    await asyncio.sleep(20)
    assert (outbox.condition, outbox.condition_detail) == (Condition.MEMORY, "database or disk is full")
    put += [outbox.put(EVENT, bytes(1000)) for _ in range(10)]
    assert [it.seq for it in read_all(outbox)[EVENT, outbox.epoch]] == put
    assert rows_on_disk(tmp_path) == 0
    disk.grow(4000)
    await asyncio.sleep(RETRY_DELAY_S)
    assert (outbox.condition, outbox.condition_detail) == (Condition.DURABLE, "")
    assert rows_on_disk(tmp_path) == 210
    assert [it.seq for it in read_all(outbox)[EVENT, outbox.epoch]] == put
    assert outbox.take_dropped() == []
    outbox.close()
    assert [it.levelname for it in caplog.records] == ["ERROR", "WARNING"]
    assert "trying again every 5 s" in caplog.text


async def test_what_is_acknowledged_on_a_full_disk_makes_room_there(tmp_path: Path) -> None:
    disk = Disk(pages_max=40)
    outbox = on(disk, tmp_path)
    while outbox.condition is Condition.DURABLE:
        outbox.put(EVENT, bytes(1000))
        await asyncio.sleep(COMMIT_DELAY_S + 0.001)
    held = outbox.streams()[0]
    outbox.acknowledge(EVENT, outbox.epoch, held.first + 8)
    await asyncio.sleep(RETRY_DELAY_S + 0.1)
    assert outbox.condition is Condition.DURABLE  # type: ignore[comparison-overlap]
    assert rows_on_disk(tmp_path) == held.count - 9
    outbox.close()


async def test_in_memory_the_least_important_goes_first_and_of_that_the_oldest(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path, bounds_of(10**9, memory_max=40_000))
    disk.fails = "SQLITE_FULL"
    with pytest.raises(StoreFailed):  # noqa: PT012 - either may be the one
        outbox.put(ALARM, b"0")
        outbox.flush()
    for number in range(30):
        for name in (ALARM, RESULT, EVENT, TELEMETRY):
            outbox.put(name, b"%-250d" % number)
    kept = {name: [int(it) for it in contents(outbox, name)] for name in (ALARM, RESULT, EVENT, TELEMETRY)}
    assert kept[ALARM] == [0, *range(30)]
    assert kept[RESULT] == list(range(30))
    assert kept[TELEMETRY] == []
    assert kept[EVENT] == list(range(30 - len(kept[EVENT]), 30))
    assert 10 < len(kept[EVENT]) < 30
    dropped = {it.message_class: it.count for it in outbox.take_dropped()}
    assert dropped == {TELEMETRY: 30, EVENT: 30 - len(kept[EVENT])}
    disk.fails = ""
    await asyncio.sleep(RETRY_DELAY_S + 0.1)
    assert {name: [int(it) for it in contents(outbox, name)] for name in kept} == kept
    assert rows_on_disk(tmp_path) == sum(map(len, kept.values()))
    outbox.close()


async def test_what_is_on_disk_already_is_not_dropped_for_want_of_memory(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path, bounds_of(10**9, memory_max=5000))
    for number in range(100):
        outbox.put(TELEMETRY, b"%d" % number)
        if number % 10 == 9:
            outbox.flush()
    disk.fails = "SQLITE_FULL"
    for number in range(100, 200):
        outbox.put(TELEMETRY, b"%d" % number)
    kept = [int(it) for it in contents(outbox, TELEMETRY)]
    assert kept[:100] == list(range(100))
    assert kept[100:] == list(range(200 - len(kept[100:]), 200))
    assert 5 < len(kept[100:]) < 50
    disk.fails = ""
    outbox.close()


async def test_deletions_that_are_owed_are_not_forgotten_while_the_disk_fails(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    for _ in range(20):
        outbox.put(EVENT, b"x")
    outbox.flush()
    disk.fails = "SQLITE_IOERR_WRITE"
    outbox.acknowledge(EVENT, outbox.epoch, 15)
    await asyncio.sleep(2)
    assert outbox.condition is Condition.MEMORY
    outbox.acknowledge(EVENT, outbox.epoch, 17)
    assert [it.seq for it in read_all(outbox)[EVENT, outbox.epoch]] == [18, 19, 20]
    await asyncio.sleep(60)
    assert rows_on_disk(tmp_path) == 20
    disk.fails = ""
    await asyncio.sleep(RETRY_DELAY_S + ERASE_DELAY_S + 0.1)
    assert rows_on_disk(tmp_path) == 3
    assert [it.seq for it in read_all(outbox)[EVENT, outbox.epoch]] == [18, 19, 20]
    outbox.close()


async def test_it_is_tried_again_every_5_s_and_no_more_often(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    disk.fails = "SQLITE_IOERR_WRITE"
    opened = len(disk._open)
    for _ in range(6000):
        outbox.put(EVENT, b"x")
        await asyncio.sleep(0.01)
    assert 11 <= len(disk._open) - opened <= 13
    disk.fails = ""
    await asyncio.sleep(RETRY_DELAY_S)
    assert rows_on_disk(tmp_path) == 6000
    outbox.close()


async def test_an_epoch_begun_while_the_disk_fails_is_one_that_no_other_start_takes(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    used = {outbox.epoch}
    outbox.put(EVENT, b"x")
    disk.fails = "SQLITE_FULL"
    for _ in range(3):
        assert outbox.new_epoch() not in used
        used.add(outbox.epoch)
        outbox.put(EVENT, b"x")
    with pytest.raises(StoreFailed):
        outbox.close()
    for seed in range(3):
        # The disk is still full, and then it is not.
        other = Disk()
        other.fails = "" if seed == 2 else "SQLITE_FULL"
        outbox = open_outbox(tmp_path, with_databases(a_runtime(tmp_path, seed), other.open_database))
        assert outbox.epoch not in used
        used.add(outbox.epoch)
        other.fails = ""
        outbox.close()


# Opening on a disk that does not let us.


async def test_a_start_on_a_full_disk_works_in_memory_with_what_is_there(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    incarnation, boot, epoch = outbox.incarnation, outbox.boot, outbox.epoch
    outbox.put(EVENT, b"from before")
    outbox.close()
    disk = Disk()
    disk.fails = "SQLITE_FULL"
    outbox = on(disk, tmp_path)
    assert outbox.condition is Condition.MEMORY
    assert outbox.incarnation == incarnation
    assert outbox.boot > boot + 1 or outbox.boot != boot
    assert outbox.epoch > epoch
    assert contents(outbox, EVENT) == [b"from before"]
    outbox.put(EVENT, b"now")
    disk.fails = ""
    await asyncio.sleep(RETRY_DELAY_S)
    assert outbox.condition is Condition.DURABLE  # type: ignore[comparison-overlap]
    boot, epoch = outbox.boot, outbox.epoch
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert contents(outbox, EVENT) == [b"from before", b"now"]
    assert (outbox.incarnation, outbox.boot, outbox.epoch) == (incarnation, boot + 1, epoch + 1)
    outbox.close()


@pytest.mark.parametrize("code", ["SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_FULL"])
async def test_a_start_without_a_readable_file_works_in_memory_and_takes_it_up_later(tmp_path: Path, code: str) -> None:
    outbox = an_outbox(tmp_path)
    incarnation, boot = outbox.incarnation, outbox.boot
    outbox.note("desired", 7)
    outbox.note("other", 8)
    for number in range(4):
        outbox.put(EVENT, b"before %d" % number)
    outbox.close()
    disk = Disk()
    disk.refuses = code
    outbox = open_outbox(tmp_path, with_databases(a_runtime(tmp_path, "other"), disk.open_database))
    assert outbox.condition is Condition.MEMORY
    # Nobody knows the old numbers now.
    assert outbox.incarnation != incarnation
    assert outbox.boot != boot
    epoch, boot, incarnation = outbox.epoch, outbox.boot, outbox.incarnation
    found: list[list[bytes]] = []
    outbox.on_found = lambda: found.append(contents(outbox, EVENT))
    outbox.put(EVENT, b"now")
    outbox.note("desired", 9)
    await asyncio.sleep(60)
    assert contents(outbox, EVENT) == [b"now"]
    assert found == []
    disk.refuses = ""
    await asyncio.sleep(RETRY_DELAY_S)
    assert found == [[*(b"before %d" % it for it in range(4)), b"now"]]
    assert outbox.condition is Condition.DURABLE  # type: ignore[comparison-overlap]
    assert (outbox.epoch, outbox.boot, outbox.incarnation) == (epoch, boot, incarnation)
    assert contents(outbox, EVENT) == [*(b"before %d" % it for it in range(4)), b"now"]
    assert (outbox.noted("desired"), outbox.noted("other")) == (9, 8)
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert contents(outbox, EVENT) == [*(b"before %d" % it for it in range(4)), b"now"]
    assert (outbox.boot, outbox.incarnation) == (boot + 1, incarnation)
    assert outbox.epoch == epoch + 1
    assert (outbox.noted("desired"), outbox.noted("other")) == (9, 8)
    outbox.close()


async def test_a_folder_that_cannot_be_made_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    outbox = open_outbox(tmp_path / "in the way" / "state", a_runtime(tmp_path))
    assert outbox.condition is Condition.MEMORY
    assert outbox.condition_detail == "Not a directory"
    outbox.put(EVENT, b"x")
    assert contents(outbox, EVENT) == [b"x"]
    with pytest.raises(StoreFailed, match="Not a directory"):
        outbox.flush()
    (tmp_path / "in the way").unlink()
    await asyncio.sleep(RETRY_DELAY_S)
    assert outbox.condition is Condition.DURABLE  # type: ignore[comparison-overlap]
    outbox.close()


async def test_another_program_on_the_file_is_a_clear_error_at_the_start(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    with pytest.raises(StoreUnusable, match="another program uses it; stop that one"):
        an_outbox(tmp_path)
    outbox.put(EVENT, b"x")
    outbox.flush()
    outbox.close()


# A disk that cannot be read, or is another one.


async def test_what_cannot_be_read_now_is_read_later_and_in_order(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    for number in range(10):
        outbox.put(EVENT, b"%d" % number)
    outbox.flush()
    outbox.put(EVENT, b"10")
    outbox.put(ALARM, b"an alarm")
    disk.fails_reading = "SQLITE_IOERR_READ"
    # Not what comes after it either: the cloud would take that for a hole.
    assert outbox.read(EVENT, outbox.epoch, 0, 100, 10_000) == []
    assert [it.content for it in outbox.read(ALARM, outbox.epoch, 0, 100, 10_000)] == [b"an alarm"]
    assert outbox.condition is Condition.MEMORY
    assert "outbox.db cannot be read: disk I/O error; trying again every 5 s" in caplog.text
    disk.fails_reading = ""
    found: list[None] = []
    outbox.on_found = lambda: found.append(None)
    await asyncio.sleep(RETRY_DELAY_S)
    assert outbox.condition is Condition.DURABLE  # type: ignore[comparison-overlap]
    # Whose messages were known all the time.
    assert found == []
    assert contents(outbox, EVENT) == [b"%d" % number for number in range(11)]
    assert rows_on_disk(tmp_path) == 12
    outbox.close()


async def test_a_file_that_cannot_be_read_for_a_minute_is_given_up_and_what_was_in_it_counted(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    for number in range(10):
        outbox.put(EVENT, b"%d" % number)
    outbox.flush()
    epoch, boot, incarnation = outbox.epoch, outbox.boot, outbox.incarnation
    disk.fails_reading = "SQLITE_IOERR_READ"
    began = asyncio.get_running_loop().time()
    while outbox.counts()[EVENT][0] == 10:
        outbox.read(EVENT, epoch, 0, 100, 10_000)
        await asyncio.sleep(1)
    assert 50 < asyncio.get_running_loop().time() - began <= UNREADABLE_MAX * RETRY_DELAY_S + 5
    disk.fails_reading = ""
    assert [(it.message_class, it.count) for it in outbox.take_dropped()] == [(EVENT, 10)]
    assert len(list(tmp_path.glob("outbox.db.corrupt-*"))) == 1  # noqa: ASYNC240 - a test's own files
    assert outbox.put(EVENT, b"after") == 11
    outbox.flush()
    assert contents(outbox, EVENT) == [b"after"]
    assert (outbox.epoch, outbox.boot, outbox.incarnation) == (epoch, boot, incarnation)
    outbox.close()


async def test_a_file_that_was_removed_is_noticed_at_the_next_trouble_and_what_was_in_it_counted(
    tmp_path: Path,
) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    outbox.put(EVENT, b"lost")
    outbox.flush()
    for part in tmp_path.glob("outbox.db*"):  # noqa: ASYNC240 - a test's own files
        part.unlink()
    disk.fails = "SQLITE_IOERR_WRITE"
    outbox.put(EVENT, b"kept")
    await asyncio.sleep(1)
    disk.fails = ""
    await asyncio.sleep(RETRY_DELAY_S)
    assert outbox.condition is Condition.DURABLE
    assert contents(outbox, EVENT) == [b"kept"]
    assert [(it.message_class, it.count) for it in outbox.take_dropped()] == [(EVENT, 1)]
    incarnation, epoch = outbox.incarnation, outbox.epoch
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert (outbox.incarnation, outbox.epoch) == (incarnation, epoch + 1)
    outbox.close()


async def test_closing_on_a_full_disk_says_what_is_lost_and_lets_go(tmp_path: Path) -> None:
    disk = Disk()
    outbox = on(disk, tmp_path)
    outbox.put(EVENT, b"x")
    disk.fails = "SQLITE_FULL"
    with pytest.raises(StoreFailed, match="outbox"):
        outbox.close()
    an_outbox(tmp_path).close()
