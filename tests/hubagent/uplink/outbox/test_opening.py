"""Opening the outbox's file: a damaged one is put aside, a later version's is left alone."""

import asyncio
import logging
import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hubagent.store.aside import COPIES_MAX
from hubagent.store.errors import StoreUnusable
from hubagent.uplink.outbox.disk import TABLES, number_checksum
from hubagent.uplink.outbox.saving import RETRY_DELAY_S
from hubagent.uplink.outbox.terms import Condition
from tests.hubagent.uplink.outbox.an_outbox import ALARM, EVENT, TELEMETRY, an_outbox, bounds_of, contents, read_all


def aside(folder: Path) -> list[Path]:
    return list(folder.glob("outbox.db.corrupt-*"))


async def a_full_outbox(folder: Path, count: int = 200) -> bytes:
    """Its incarnation."""
    outbox = an_outbox(folder, seed="before")
    for number in range(count):
        outbox.put(TELEMETRY, b"%-1000d" % number)
        outbox.put(ALARM, b"%d" % number)
    outbox.close()
    return outbox.incarnation


def changed(folder: Path, statement: str, *args: object) -> None:
    database = sqlite3.connect(folder / "outbox.db")
    with database:
        database.execute(statement, args)
    database.close()


def mistyped(folder: Path, *statements: str) -> None:
    """As flipped bits do it: SQLite itself puts nothing into these tables that is of another type."""
    file = folder / "outbox.db"
    with closing(sqlite3.connect(file)) as database, database:
        tables = database.execute("SELECT sql, name FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    _replace_schema(file, [(re.sub(",? STRICT| NOT NULL", "", sql), name) for sql, name in tables])
    with closing(sqlite3.connect(file)) as database, database:
        for statement in statements:
            assert database.execute(statement).rowcount > 0
    _replace_schema(file, tables)


def _replace_schema(file: Path, tables: list[tuple[str, str]]) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA writable_schema = ON")
        database.executemany("UPDATE sqlite_schema SET sql = ? WHERE name = ?", tables)


@pytest.fixture
def too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the file were too large to be read through at the start."""
    monkeypatch.setattr("hubagent.uplink.outbox.opening._CHECKED_BYTES_MAX", 0)


@pytest.mark.parametrize(
    "damage",
    [
        b"This is no database at all, and longer than its header would have been; so it cannot be taken for one. " * 2,
        b"short",
        bytes(4096),
    ],
)
async def test_a_file_that_is_none_is_put_aside_and_begun_anew(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "outbox.db").write_bytes(damage)
    outbox = an_outbox(tmp_path)
    assert outbox.condition is Condition.DURABLE
    outbox.put(EVENT, b"x")
    outbox.close()
    assert [it.read_bytes() for it in aside(tmp_path)] == [damage]
    assert "is damaged" in caplog.text
    assert contents(an_outbox(tmp_path), EVENT) == [b"x"]


async def test_another_incarnation_begins_with_another_boot_than_a_damaged_one_had(tmp_path: Path) -> None:
    seen = set()
    for seed in range(5):
        (tmp_path / "outbox.db").write_bytes(bytes(200))
        outbox = an_outbox(tmp_path, seed=seed)
        seen.add((outbox.incarnation, outbox.boot))
        outbox.close()
    assert len({incarnation for incarnation, _ in seen}) == len({boot for _, boot in seen}) == 5
    assert all(0 < boot < 2**21 for _, boot in seen)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("UPDATE numbers SET value = value + 1 WHERE name = 'epoch'", "the checksum of epoch is wrong"),
        ("PRAGMA application_id = 7", "not a file of hubagent's"),
        ("PRAGMA user_version = 5", "its version is unclear"),
        ("DELETE FROM numbers", "its version is unclear"),
        ("DROP TABLE numbers", "no such table"),
        ("DROP TABLE alarm", "its tables are not ours"),
        ("CREATE TABLE more (x)", "its tables are not ours"),
    ],
)
async def test_a_file_that_is_not_as_it_was_written_is_put_aside(
    tmp_path: Path, statement: str, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    incarnation = await a_full_outbox(tmp_path)
    changed(tmp_path, statement)
    outbox = an_outbox(tmp_path, seed="after")
    assert outbox.incarnation != incarnation
    assert outbox.streams() == []
    assert text in caplog.text
    assert len(aside(tmp_path)) == 1
    outbox.close()


async def test_a_later_versions_file_is_left_alone(tmp_path: Path) -> None:
    await a_full_outbox(tmp_path)
    changed(tmp_path, "UPDATE numbers SET value = 2, checksum = ? WHERE name = 'schema'", number_checksum("schema", 2))
    changed(tmp_path, "PRAGMA user_version = 2")
    changed(tmp_path, "CREATE TABLE more (x)")
    before = (tmp_path / "outbox.db").read_bytes()
    with pytest.raises(StoreUnusable, match=r"later hubagent \(outbox 2, this one knows 1\); update hubagent"):
        an_outbox(tmp_path)
    assert (tmp_path / "outbox.db").read_bytes() == before
    assert aside(tmp_path) == []


async def test_no_more_than_three_damaged_files_are_kept(tmp_path: Path) -> None:
    for number in range(COPIES_MAX + 2):
        (tmp_path / f"outbox.db.corrupt-2025010{number}T000000").write_bytes(b"%d" % number)
    (tmp_path / "outbox.db.corrupt-20250100T000000-wal").write_bytes(b"log")
    (tmp_path / "outbox.db").write_bytes(bytes(200))
    an_outbox(tmp_path).close()
    assert sorted(it.name[-15:] for it in aside(tmp_path)) == [
        "20250103T000000",
        "20250104T000000",
        "20260101T000000",
    ]


async def test_large_damaged_files_are_not_kept_beside_a_newer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubagent.store.aside.BYTES_MAX", 1000)
    (tmp_path / "outbox.db.corrupt-20250101T000000").write_bytes(bytes(10))
    (tmp_path / "outbox.db").write_bytes(bytes(2000))
    an_outbox(tmp_path).close()
    assert [it.stat().st_size for it in aside(tmp_path)] == [2000]


@pytest.mark.parametrize("seed", range(30))
async def test_bytes_wrong_anywhere_stop_nobody_and_falsify_nothing(
    tmp_path: Path, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    await a_full_outbox(tmp_path)
    rng = random.Random(seed)
    file = tmp_path / "outbox.db"
    damaged = bytearray(file.read_bytes())
    for _ in range(rng.choice([1, 3, 30])):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    file.write_bytes(damaged)
    outbox = an_outbox(tmp_path, seed="after")
    for _ in range(3):
        for name, put in ((TELEMETRY, b"%-1000d"), (ALARM, b"%d")):
            found = contents(outbox, name)
            assert set(found) <= {put % number for number in range(200)}
            assert found == sorted(found, key=int)
        outbox.put(EVENT, b"x")
        for stream in outbox.streams():
            outbox.acknowledge(stream.message_class, stream.epoch, stream.first + 20)
        await asyncio.sleep(RETRY_DELAY_S + 2)
    assert outbox.condition is Condition.DURABLE
    for stream in outbox.streams():
        outbox.acknowledge(stream.message_class, stream.epoch, stream.last)
    assert outbox.streams() == []
    assert all(it == (0, 0) for it in outbox.counts().values())
    outbox.close()
    outbox = an_outbox(tmp_path, seed="again")
    outbox.put(EVENT, b"y")
    outbox.close()


async def test_one_damaged_message_is_lost_alone_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await a_full_outbox(tmp_path, 10)
    changed(tmp_path, "UPDATE alarm SET content = x'00' WHERE content = CAST('4' AS BLOB)")
    changed(tmp_path, "UPDATE alarm SET at = at + 1 WHERE content = CAST('9' AS BLOB)")
    outbox = an_outbox(tmp_path)
    (found,) = [it for (name, _), it in read_all(outbox).items() if name is ALARM]
    assert [int(it.content) for it in found] == [0, 1, 2, 3, 5, 6, 7, 8]
    assert [it.after for it in found] == [0, *(it.seq for it in found[:-1])]
    assert "damaged and lost" in caplog.text
    assert [(it.message_class, it.count) for it in outbox.take_dropped()] == [(ALARM, 2)]
    assert outbox.counts()[ALARM] == (8, 8)
    outbox.acknowledge(ALARM, found[-1].epoch, found[-1].seq)
    assert outbox.counts()[ALARM] == (0, 0)
    assert ALARM not in {it.message_class for it in outbox.streams()}
    outbox.close()
    assert aside(tmp_path) == []


_NO_TEXT = "CAST(x'ff' AS TEXT)"


@pytest.mark.usefixtures("too_large")
@pytest.mark.parametrize(
    "change",
    [
        "at = NULL",
        "at = 'nine'",
        "at = x'01'",
        f"at = {_NO_TEXT}",
        "checksum = NULL",
        f"checksum = {_NO_TEXT}",
        "content = NULL",
    ],
)
async def test_messages_with_values_of_other_types_are_lost_alone_and_counted(tmp_path: Path, change: str) -> None:
    await a_full_outbox(tmp_path, 10)
    # The first, one in the middle, and the last, whose stamp the whole end has.
    mistyped(tmp_path, *(f"UPDATE alarm SET {change} WHERE content = CAST('{it}' AS BLOB)" for it in (0, 4, 9)))
    outbox = an_outbox(tmp_path)
    assert [int(it) for it in contents(outbox, ALARM)] == [1, 2, 3, 5, 6, 7, 8]
    assert len(contents(outbox, TELEMETRY)) == 10
    assert [(it.message_class, it.count) for it in outbox.take_dropped()] == [(ALARM, 3)]
    assert outbox.counts()[ALARM] == (7, 7)
    await asyncio.sleep(3600)
    assert outbox.condition is Condition.DURABLE
    outbox.close()
    assert aside(tmp_path) == []


@pytest.mark.usefixtures("too_large")
async def test_a_message_that_is_taken_for_text_is_read_as_what_it_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outbox = an_outbox(tmp_path, seed="before")
    put = [b"\x83\xfb\x00 %d" % number for number in range(10)]
    for content in put:
        outbox.put(EVENT, content)
    outbox.close()
    mistyped(tmp_path, "UPDATE event SET content = CAST(content AS TEXT)")
    outbox = an_outbox(tmp_path)
    assert outbox.counts()[EVENT][0] == 10
    assert contents(outbox, EVENT) == put
    outbox.acknowledge(EVENT, 1, 10)
    assert outbox.counts()[EVENT] == (0, 0)
    await asyncio.sleep(3600)
    assert caplog.text == ""
    outbox.close()


@pytest.mark.usefixtures("too_large")
async def test_messages_of_which_nothing_is_whole_are_all_lost_and_hold_nothing_up(tmp_path: Path) -> None:
    await a_full_outbox(tmp_path, 10)
    mistyped(tmp_path, "UPDATE alarm SET at = NULL")
    outbox = an_outbox(tmp_path)
    assert contents(outbox, ALARM) == []
    assert [(it.message_class, it.count) for it in outbox.take_dropped()] == [(ALARM, 10)]
    assert len(contents(outbox, TELEMETRY)) == 10
    outbox.close()


async def test_a_stamp_that_is_not_the_messages_own_makes_nothing_drop_that_is_young(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path, bounds_of(10**9, age_s=3600))
    for number in range(100):
        outbox.put(EVENT, b"%d" % number)
        await asyncio.sleep(60)
    outbox.flush()
    database = outbox._saving._disk._database  # type: ignore[union-attr]
    database.execute("UPDATE event SET at = -100000 WHERE content = CAST('90' AS BLOB)")
    await asyncio.sleep(600)
    kept = [int(it) for it in contents(outbox, EVENT)]
    assert kept == [*range(kept[0], 90), *range(91, 100)]
    assert kept[0] < 70
    outbox.close()


@pytest.mark.usefixtures("too_large")
@pytest.mark.parametrize(
    "change",
    ["count = NULL", "count = 'many'", f"size = {_NO_TEXT}", "size = x'01'", "at = NULL", "place = place + 0.5"],
)
async def test_what_a_mark_does_not_say_any_more_is_counted(tmp_path: Path, change: str) -> None:
    await a_full_outbox(tmp_path, 400)
    second = "(SELECT min(place) FROM marks WHERE class = 'telemetry' AND place > (SELECT min(place) FROM marks))"
    mistyped(tmp_path, f"UPDATE marks SET {change} WHERE class = 'telemetry' AND place = {second}")
    outbox = an_outbox(tmp_path)
    assert outbox.counts()[TELEMETRY] == (400, 400_000)
    found = contents(outbox, TELEMETRY)
    assert [int(it) for it in found] == list(range(400))
    (stream,) = [it for it in outbox.streams() if it.message_class is TELEMETRY]
    outbox.acknowledge(TELEMETRY, stream.epoch, stream.first + 200)
    left = contents(outbox, TELEMETRY)
    assert outbox.counts()[TELEMETRY] == (len(left), len(left) * 1000)
    outbox.acknowledge(TELEMETRY, stream.epoch, stream.last)
    assert outbox.counts()[TELEMETRY] == (0, 0)
    outbox.close()
    assert aside(tmp_path) == []


@pytest.mark.usefixtures("too_large")
@pytest.mark.parametrize("change", ["unix = NULL", f"unix = {_NO_TEXT}", "unix = 1e160", "unix = 9e999", "sure = NULL"])
async def test_a_time_that_is_none_is_not_known_and_stops_nobody(tmp_path: Path, change: str) -> None:
    await a_full_outbox(tmp_path)
    mistyped(tmp_path, f"UPDATE epochs SET {change}")
    outbox = an_outbox(tmp_path, bounds_of(100))
    outbox.flush()
    assert {it.message_class for it in outbox.take_dropped()} == {ALARM, TELEMETRY}
    outbox.close()
    assert aside(tmp_path) == []


@pytest.mark.usefixtures("too_large")
@pytest.mark.parametrize("name", ["boot", "schema"])
async def test_a_number_that_is_none_is_damage(tmp_path: Path, name: str) -> None:
    await a_full_outbox(tmp_path)
    mistyped(tmp_path, f"UPDATE numbers SET value = {_NO_TEXT} WHERE name = '{name}'")
    outbox = an_outbox(tmp_path)
    assert outbox.condition is Condition.DURABLE
    assert len(aside(tmp_path)) == 1
    outbox.close()


async def test_a_table_whose_text_is_none_any_more_is_damage(tmp_path: Path) -> None:
    await a_full_outbox(tmp_path)
    file = tmp_path / "outbox.db"
    file.write_bytes(file.read_bytes().replace(b"sure INTEGER", b"sur\xe5 INTEGER", 1))
    outbox = an_outbox(tmp_path)
    assert outbox.condition is Condition.DURABLE
    assert len(aside(tmp_path)) == 1
    outbox.close()


@pytest.mark.usefixtures("too_large")
async def test_a_page_that_turns_out_damaged_costs_what_was_on_disk_and_says_how_much(tmp_path: Path) -> None:
    incarnation = await a_full_outbox(tmp_path)
    file = tmp_path / "outbox.db"
    whole = file.read_bytes()
    # A leaf in the middle of the table becomes nonsense.
    leaf = whole.index(b"%-1000d" % 100) // 4096 * 4096
    file.write_bytes(whole[:leaf] + b"\x77" * 100 + whole[leaf + 100 :])
    outbox = an_outbox(tmp_path, seed="after")
    epoch, boot = outbox.epoch, outbox.boot
    assert outbox.counts()[TELEMETRY][0] == 200
    outbox.note("desired", 7)
    outbox.put(ALARM, b"in memory")
    assert 0 < len(contents(outbox, TELEMETRY)) < 200
    assert outbox.condition is Condition.MEMORY
    await asyncio.sleep(RETRY_DELAY_S)
    # The numbers of this run go on in the new file.
    assert (outbox.condition, outbox.incarnation) == (Condition.DURABLE, incarnation)
    assert (outbox.epoch, outbox.boot) == (epoch, boot)
    assert contents(outbox, TELEMETRY) == []
    assert contents(outbox, ALARM) == [b"in memory"]
    assert {it.message_class: it.count for it in outbox.take_dropped()} == {TELEMETRY: 200, ALARM: 200}
    assert len(aside(tmp_path)) == 1
    outbox.close()
    outbox = an_outbox(tmp_path, seed="next")
    assert (outbox.incarnation, outbox.boot, outbox.epoch) == (incarnation, boot + 1, epoch + 1)
    assert outbox.noted("desired") == 7
    assert contents(outbox, ALARM) == [b"in memory"]
    outbox.close()


def test_the_tables_are_known_by_their_text() -> None:
    database = sqlite3.connect(":memory:")
    for statement in TABLES:
        database.execute(statement)
    found = [sql for (sql,) in database.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")]
    assert found == list(TABLES)
    database.close()


async def test_what_was_acknowledged_and_not_erased_before_a_kill_costs_nothing_that_follows(tmp_path: Path) -> None:
    """The rows that a mark counts are all that lie there since the mark before it, be they gone already."""
    bounds = bounds_of(16_000)
    outbox = an_outbox(tmp_path, bounds)
    outbox.put(EVENT, bytes(1000))
    outbox.flush()
    for _ in range(2):
        outbox.put(EVENT, b"acknowledged")
    outbox.flush()
    outbox.acknowledge(EVENT, outbox.epoch, outbox.seq)
    for number in range(20):
        outbox.put(EVENT, b"%-100d" % number)
        outbox.flush()
    copied = tmp_path / "after the kill"
    copied.mkdir()
    for file in sorted(tmp_path.glob("outbox.db*")):  # noqa: ASYNC240 - as a kill would leave it
        (copied / file.name).write_bytes(file.read_bytes())
    outbox.close()
    again = an_outbox(copied, bounds)
    held = read_all(again)[EVENT, 1]
    assert again.counts()[EVENT] == (len(held), sum(len(it.content) for it in held))
    again.acknowledge(EVENT, 1, held[-2].seq)
    assert contents(again, EVENT) == [b"%-100d" % 19]
    again.close()
