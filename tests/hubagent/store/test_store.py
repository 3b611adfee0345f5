"""The store: what is on disk when, and what becomes of a damaged file."""

import asyncio
import errno
import io
import json
import os
import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hubagent.home import Home, HomeRecords
from hubagent.model.event import DeviceJoined, StateReported
from hubagent.store.database import SCHEMA
from hubagent.store.errors import StoreFailed, StoreUnusable
from hubagent.store.lock import lock_holder
from hubagent.store.store import BACKUP_INTERVAL_S, RECORD_DELAY_S, STATE_DELAY_S, SYNC_DELAY_S, Store, open_store
from simulators.site.disk import Disk
from tests.helpers.fake_driver import lamp
from tests.hubagent.store.stored import a_runtime, a_store, damaged_copies, files_in, on_disk, with_a_copy


async def test_what_was_put_is_there_after_a_restart(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.shelf("driver.x").put("node 1", {"stage": 3, "name": "Küche"})
    store.close()
    store = a_store(tmp_path)
    assert store.shelf("driver.x").load() == {"node 1": {"stage": 3, "name": "Küche"}}
    store.close()


async def test_shelves_do_not_see_each_other(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.shelf("a").put("key", {"of": "a"})
    store.shelf("b").put("key", {"of": "b"})
    assert store.shelf("a").load() == {"key": {"of": "a"}}
    store.shelf("a").remove("key")
    assert store.shelf("a").load() == {}
    assert store.shelf("b").load() == {"key": {"of": "b"}}
    store.close()


async def test_a_record_is_on_disk_within_100_ms_and_not_at_once(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.shelf("driver.x").put("key", {"n": 1})
    assert on_disk(tmp_path, "driver.x") == {}
    await asyncio.sleep(0.1)
    assert on_disk(tmp_path, "driver.x") == {"key": {"n": 1}}
    assert RECORD_DELAY_S < 0.1
    store.close()


async def test_a_state_is_written_once_for_many_changes_and_as_it_is_then(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    shelf = store.shelf("states", durable=False)
    asked: list[str] = []
    now = {"on": False}

    def record(key: str) -> dict[str, bool]:
        asked.append(key)
        return dict(now)

    for _ in range(100):
        shelf.touch("lamp", record)
    now["on"] = True
    await asyncio.sleep(STATE_DELAY_S + 0.01)
    assert asked == ["lamp"]
    assert on_disk(tmp_path, "states") == {"lamp": {"on": True}}
    store.close()


class _OneAfterTheOther(random.Random):
    """Of all that a power cut may leave, the least."""

    def choice(self, seq: Any) -> Any:
        return seq[0]


def _after_a_power_cut(disk: Disk, folder: Path) -> dict[str, dict[str, object]]:
    """By shelf."""
    disk.cut_power()
    disk.next_life(folder)
    with closing(sqlite3.connect(folder / "hub.db")) as database:
        shelves = [shelf for (shelf,) in database.execute("SELECT DISTINCT shelf FROM records")]
    return {shelf: on_disk(folder, shelf) for shelf in shelves}


@pytest.mark.parametrize("after_s", [SYNC_DELAY_S / 2, SYNC_DELAY_S + 0.01])
async def test_a_state_is_safe_from_a_power_cut_half_a_minute_later(tmp_path: Path, after_s: float) -> None:
    disk = Disk(tmp_path / "before", _OneAfterTheOther())
    store = open_store(disk.folder, disk.runtime(a_runtime(disk.folder)))
    store.shelf("states", durable=False).put("lamp", {"on": True})
    await asyncio.sleep(STATE_DELAY_S + after_s)
    found = _after_a_power_cut(disk, tmp_path / "after")
    assert found.get("states", {}) == ({"lamp": {"on": True}} if after_s > SYNC_DELAY_S else {})
    with suppress(StoreFailed):
        store.close()


async def test_what_is_durable_takes_along_the_states_of_that_moment(tmp_path: Path) -> None:
    """A rule that waits for a door to be open for long, and the door that is open."""
    disk = Disk(tmp_path / "before", _OneAfterTheOther())
    store = open_store(disk.folder, disk.runtime(a_runtime(disk.folder)))
    store.shelf("rules").put("held", {"since": 1})
    store.shelf("states", durable=False).touch("door", lambda _: {"open": True})
    await asyncio.sleep(0.1)
    found = _after_a_power_cut(disk, tmp_path / "after")
    assert found["rules"] == {"held": {"since": 1}}
    assert found["states"] == {"door": {"open": True}}
    with suppress(StoreFailed):
        store.close()


async def test_flush_puts_everything_on_disk_at_once(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    shelf = store.shelf("driver.x")
    shelf.put("key", {"n": 1})
    shelf.flush()
    assert on_disk(tmp_path, "driver.x") == {"key": {"n": 1}}
    store.close()


async def test_what_changes_after_the_put_is_not_what_was_put(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    record = {"n": 1}
    store.shelf("driver.x").put("key", record)
    record["n"] = 2
    assert store.shelf("driver.x").load() == {"key": {"n": 1}}
    store.close()


async def test_a_second_agent_on_the_same_state_is_refused_by_the_pid_of_the_first(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with pytest.raises(StoreUnusable, match=rf"another hubagent \(pid {os.getpid()}\).*choose another state_dir"):
        a_store(tmp_path)
    assert lock_holder(tmp_path) == str(os.getpid())
    store.close()
    assert lock_holder(tmp_path) == ""
    a_store(tmp_path).close()


async def test_nobody_else_may_read_the_state(tmp_path: Path) -> None:
    store = a_store(tmp_path / "state")
    store.shelf("driver.x").put("key", {"n": 1})
    store.keep_backup()
    modes = {path.name: oct(path.stat().st_mode & 0o077) for path in files_in(tmp_path / "state")}
    store.close()
    assert {"hub.db", "hub.db-wal", "hub.db.backup"} <= set(modes)
    assert {mode for name, mode in modes.items() if name.startswith("hub.db")} == {"0o0"}


async def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnusable, match="choose another state_dir"):
        a_store(tmp_path / "file" / "state")


async def test_a_disk_that_fails_is_a_clear_error_and_takes_nothing_for_damaged(tmp_path: Path) -> None:
    content = with_a_copy(tmp_path)
    denied = sqlite3.OperationalError("disk I/O error")
    denied.sqlite_errorcode = sqlite3.SQLITE_IOERR

    def open_database(path: Path) -> sqlite3.Connection:
        raise denied

    runtime = replace(a_runtime(tmp_path), open_database=open_database)
    with pytest.raises(StoreUnusable, match="check the disk and its permissions"):
        open_store(tmp_path, runtime)
    assert not damaged_copies(tmp_path)
    store = a_store(tmp_path)
    assert store.shelf("driver.x").load() == content
    store.close()


async def test_the_file_of_a_later_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.put("store", "schema", json.dumps(SCHEMA + 1), durable=True)
    store.close()
    database = sqlite3.connect(tmp_path / "hub.db")
    database.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    database.close()
    before = (tmp_path / "hub.db").read_bytes()
    with pytest.raises(StoreUnusable, match="later hubagent"):
        a_store(tmp_path)
    assert (tmp_path / "hub.db").read_bytes() == before
    assert not damaged_copies(tmp_path)


async def test_a_disk_that_is_full_costs_nothing_that_fits_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = a_store(tmp_path)
    database: sqlite3.Connection = store._database
    database.execute(f"PRAGMA max_page_count = {database.execute('PRAGMA page_count').fetchone()[0]}")
    store.shelf("driver.x").put("key", {"much": "x" * 100_000})
    await asyncio.sleep(1)
    with pytest.raises(StoreFailed):
        store.flush()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    database.execute("PRAGMA max_page_count = 1000000")
    await asyncio.sleep(10)
    assert list(on_disk(tmp_path, "driver.x")) == ["key"]
    store.close()


class _NoCommits(sqlite3.Connection):
    """Its commits fail and leave the transaction open, as SQLite may."""

    failing = False

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        if sql == "COMMIT" and self.failing:
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *args)  # type: ignore[arg-type]


async def test_a_commit_that_fails_is_tried_again(tmp_path: Path) -> None:
    opened: list[_NoCommits] = []

    def open_database(path: Path) -> sqlite3.Connection:
        opened.append(sqlite3.connect(path, isolation_level=None, factory=_NoCommits))
        return opened[-1]

    store = open_store(tmp_path, replace(a_runtime(tmp_path), open_database=open_database))
    opened[-1].failing = True
    store.shelf("driver.x").put("key", {"n": 1})
    await asyncio.sleep(1)
    opened[-1].failing = False
    await asyncio.sleep(10)
    assert on_disk(tmp_path, "driver.x") == {"key": {"n": 1}}
    store.close()


async def test_what_a_full_disk_did_not_take_is_known_all_the_same(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    shelf, states = store.shelf("driver.x"), store.shelf("states", durable=False)
    shelf.put("old", {"n": 1})
    shelf.put("gone", {"n": 2})
    store.flush()
    database: sqlite3.Connection = store._database
    database.execute("PRAGMA query_only = ON")
    shelf.put("old", {"n": 3})
    shelf.put("new", {"n": 4})
    shelf.remove("gone")
    states.touch("lamp", lambda key: {"is": key})
    await asyncio.sleep(2)
    assert list(shelf.load().items()) == [("new", {"n": 4}), ("old", {"n": 3})]
    assert states.load() == {"lamp": {"is": "lamp"}}
    database.execute("PRAGMA query_only = OFF")
    store.close()


async def test_the_copy_is_renewed_every_day(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.keep_backup()
    store.shelf("driver.x").put("key", {"n": 1})
    await asyncio.sleep(BACKUP_INTERVAL_S + 1)
    store.close()
    (tmp_path / "hub.db").unlink()
    store = a_store(tmp_path)
    assert store.shelf("driver.x").load() == {"key": {"n": 1}}
    store.close()


def _a_record_rots(store: Store, _folder: Path) -> None:
    store._database.execute("UPDATE records SET record = replace(record, 'abc', 'abd') WHERE key = 'node 5'")


def _a_page_rots(store: Store, folder: Path) -> None:
    file = folder / "hub.db"
    content = file.read_bytes()
    leaf = content.index(b"abc" * 50) // 4096 * 4096
    file.write_bytes(content[:leaf] + b"\x77" * 100 + content[leaf + 100 :])
    # What was read before is read again.
    store._database.execute("PRAGMA shrink_memory")


@pytest.mark.parametrize("rots", [_a_record_rots, _a_page_rots])
async def test_a_state_that_rots_while_it_is_used_does_not_rot_its_copy(
    tmp_path: Path, rots: Callable[[Store, Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    content = with_a_copy(tmp_path)
    store = a_store(tmp_path)
    store.keep_backup()
    assert caplog.text == ""
    copy = (tmp_path / "hub.db.backup").read_bytes()
    rots(store, tmp_path)
    await asyncio.sleep(BACKUP_INTERVAL_S + 1)
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    said = r"(?s)hub\.db is damaged, .*hub\.db\.backup is the last good copy .*restart the agent"
    assert re.search(said, record.message)
    assert (tmp_path / "hub.db.backup").read_bytes() == copy
    assert not [it.name for it in files_in(tmp_path) if ".new" in it.name]
    # It is said again as long as it is so.
    await asyncio.sleep(BACKUP_INTERVAL_S)
    assert len(caplog.records) == 2
    store.close()
    store = a_store(tmp_path)
    assert store.shelf("driver.x").load() == content
    store.close()


async def test_a_damaged_state_without_a_copy_has_none_of_the_damage(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with_a_copy(tmp_path)
    store = a_store(tmp_path)
    (tmp_path / "hub.db.backup").unlink()
    _a_record_rots(store, tmp_path)
    store.keep_backup()
    assert "there is no good copy of it; restart the agent" in caplog.text
    assert not (tmp_path / "hub.db.backup").exists()
    store.close()


class _FullFile(io.FileIO):
    def write(self, _data: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def test_a_full_disk_at_the_lock_says_to_make_room_and_holds_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_full_disk(path: Path, *_: object, **__: object) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BufferedRandom(_FullFile(path, "a+")), encoding="ascii")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", on_a_full_disk)
        with pytest.raises(StoreUnusable, match="No space left on device; make room on that disk") as caught:
            a_store(tmp_path)
    a_store(tmp_path).close()
    assert caught.value.place == tmp_path


async def test_a_full_disk_at_the_file_says_to_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_database(_path: Path) -> sqlite3.Connection:
        full = sqlite3.OperationalError("database or disk is full")
        full.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise full

    with pytest.raises(StoreUnusable, match="disk is full; make room on that disk"):
        open_store(tmp_path, replace(a_runtime(tmp_path), open_database=open_database))

    def touch(_path: Path, mode: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "hub.db").unlink()
    monkeypatch.setattr(Path, "touch", touch)
    with pytest.raises(StoreUnusable, match="No space left on device; make room on that disk"):
        a_store(tmp_path)


async def test_the_home_takes_up_what_it_knew(tmp_path: Path) -> None:
    def a_home(store: Store) -> Home:
        records = HomeRecords(store.shelf("devices"), store.shelf("names"), store.shelf("states", durable=False))
        return Home(lambda: 5.0, records)

    store = a_store(tmp_path)
    home = a_home(store)
    home.apply(DeviceJoined(lamp()))
    home.apply(StateReported("fake-1", "on_off", {"on": True}, 0.0))
    home.rename("fake-1", "desk")
    store.close()
    store = a_store(tmp_path)
    again = a_home(store)
    again.restore(frozenset({"fake"}))
    assert again.resolve("desk").capabilities == ("on_off", "level_control")
    assert again.state("fake-1")["on_off"]["on"].value is True
    store.close()


async def test_half_a_letter_keeps_nothing_else_off_the_disk(tmp_path: Path) -> None:
    """JSON can say half of a pair of surrogates; UTF-8, in which the file is, cannot."""
    store = a_store(tmp_path)
    store.shelf("odd").put("one", {"text": "\ud800 \N{GREEK SMALL LETTER ALPHA}"})
    store.shelf("other").put("two", {"n": 1})
    store.close()
    store = a_store(tmp_path)
    assert store.load("odd") == {"one": {"text": "\ud800 \N{GREEK SMALL LETTER ALPHA}"}}
    assert store.load("other") == {"two": {"n": 1}}
    store.close()
