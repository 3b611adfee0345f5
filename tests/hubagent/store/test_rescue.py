"""What becomes of a damaged state: as little is lost as can be, and nothing is believed that was not written."""

import asyncio
import json
import logging
import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from hubagent.store import rescue
from hubagent.store.aside import COPIES_MAX
from hubagent.store.database import SCHEMA, Contents, to_json, write
from hubagent.store.errors import StoreUnusable
from tests.hubagent.store.stored import RECORDS, a_store, damaged_copies, with_a_copy


def _newer_than_its_copy(folder: Path) -> dict[str, object]:
    """Of which node 5 has changed since, and node 60 is new."""
    content = with_a_copy(folder)
    store = a_store(folder)
    content |= {"node 5": {"number": 5, "text": "changed"}, f"node {RECORDS}": {"number": RECORDS}}
    for key in ("node 5", f"node {RECORDS}"):
        store.put("driver.x", key, json.dumps(content[key]), durable=True)
    store.close()
    return content


def _rot(folder: Path, change: str, key: str) -> None:
    """Without a right checksum."""
    with closing(sqlite3.connect(folder / "hub.db")) as database, database:
        assert database.execute(f"UPDATE records SET {change} WHERE key = ?", (key,)).rowcount == 1


def _loaded(folder: Path) -> dict[str, Any]:
    store = a_store(folder)
    found = store.shelf("driver.x").load()
    store.close()
    return found


async def test_a_rotten_record_is_taken_from_the_copy_and_the_others_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = _newer_than_its_copy(tmp_path)
    _rot(tmp_path, "record = replace(record, 'changed', 'chanfed')", "node 5")
    assert _loaded(tmp_path) == content | {"node 5": {"number": 5, "text": "abc" * 5}}
    assert "the checksum of driver.x node 5 is wrong" in caplog.text
    assert re.search("taken from the copy of .*: driver.x node 5$", caplog.text, re.MULTILINE)
    assert len(damaged_copies(tmp_path)) == 1
    caplog.clear()
    _loaded(tmp_path)
    assert caplog.text == ""


async def test_so_is_one_that_is_no_text_any_more(tmp_path: Path) -> None:
    content = _newer_than_its_copy(tmp_path)
    _rot(tmp_path, "record = CAST(x'ff' || record AS TEXT)", "node 5")
    assert _loaded(tmp_path) == content | {"node 5": {"number": 5, "text": "abc" * 5}}


async def test_a_rotten_record_that_the_copy_does_not_have_is_all_that_is_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = _newer_than_its_copy(tmp_path)
    _rot(tmp_path, "checksum = checksum + 1", f"node {RECORDS}")
    del content[f"node {RECORDS}"]
    assert _loaded(tmp_path) == content
    assert f"lost: driver.x node {RECORDS}" in caplog.text


async def test_so_it_is_where_there_is_no_good_copy(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    content = _newer_than_its_copy(tmp_path)
    (tmp_path / "hub.db.backup").write_bytes(b"no database" * 1000)
    _rot(tmp_path, "checksum = checksum + 1", "node 5")
    del content["node 5"]
    assert _loaded(tmp_path) == content
    assert "lost: driver.x node 5" in caplog.text


async def test_a_copy_with_a_rotten_record_has_the_others_still(tmp_path: Path) -> None:
    content = with_a_copy(tmp_path)
    with closing(sqlite3.connect(tmp_path / "hub.db.backup")) as database, database:
        database.execute("UPDATE records SET checksum = checksum + 1 WHERE key = 'node 7'")
    (tmp_path / "hub.db").write_bytes(b"no database" * 1000)
    del content["node 7"]
    assert _loaded(tmp_path) == content


async def test_a_copy_of_a_later_versions_making_is_left_as_it_is(tmp_path: Path) -> None:
    with_a_copy(tmp_path)
    record = to_json(SCHEMA + 1)
    with closing(sqlite3.connect(tmp_path / "hub.db.backup")) as database, database:
        write(database, [(("store", "schema"), record)], durable=True)
        database.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    (tmp_path / "hub.db").write_bytes(b"no database" * 1000)
    before = {name: (tmp_path / name).read_bytes() for name in ("hub.db", "hub.db.backup")}
    with pytest.raises(StoreUnusable, match=r"hub\.db\.backup: was written by a later hubagent .*; update hubagent"):
        a_store(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


async def test_a_record_whose_name_is_rotten_is_taken_from_the_copy(tmp_path: Path) -> None:
    content = _newer_than_its_copy(tmp_path)
    _rot(tmp_path, "key = 'node q7'", "node 17")
    assert _loaded(tmp_path) == content


async def test_a_rotten_note_of_the_schema_costs_nothing(tmp_path: Path) -> None:
    content = _newer_than_its_copy(tmp_path)
    _rot(tmp_path, "record = '7'", "schema")
    assert _loaded(tmp_path) == content


def test_records_of_another_schema_are_not_put_among_these() -> None:
    here, there = ("x", "here"), ("x", "there")
    left = Contents(2, {here: "1"}, (there,))
    assert rescue.mended(left, Contents(2, {here: "0", there: "0"})) == (
        Contents(2, {here: "1", there: "0"}),
        [there],
        [],
    )
    assert rescue.mended(left, Contents(1, {here: "0", there: "0"})) == (Contents(2, {here: "1"}), [], [there])


@pytest.mark.parametrize("seed", range(120))
async def test_a_flipped_bit_costs_one_record_or_what_is_newer_than_the_copy(tmp_path: Path, seed: int) -> None:
    content = _newer_than_its_copy(tmp_path)
    path = tmp_path / "hub.db"
    data = bytearray(path.read_bytes())
    rng = random.Random(seed)
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    found = _loaded(tmp_path)
    old = with_a_copy(tmp_path)
    if found != old:
        other = {key for key in content.keys() | found.keys() if found.get(key) != content.get(key)}
        assert len(other) <= 1
        assert {key: found.get(key) for key in other} == {key: old.get(key) for key in other}


class _PowerCut(BaseException):
    pass


@pytest.mark.parametrize("at", range(1, 20))
async def test_a_power_cut_in_the_middle_of_it_costs_nothing_more(
    tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before or after each of its steps; the last of them are none that are made."""
    content = _newer_than_its_copy(tmp_path)
    _rot(tmp_path, "checksum = checksum + 1", "node 5")
    content["node 5"] = {"number": 5, "text": "abc" * 5}
    moments = count(1)

    def cut() -> None:
        if next(moments) == at:
            raise _PowerCut

    def around(step: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*what: Any) -> Any:
            cut()
            result = step(*what)
            cut()
            return result

        return stepped

    with monkeypatch.context() as patch:
        for name in ("make_records", "take_its_place", "put_aside", "remove_database"):
            patch.setattr(rescue, name, around(getattr(rescue, name)))
        try:
            a_store(tmp_path).close()
        except _PowerCut:
            assert at < STEPS
        else:
            assert at >= STEPS
    assert _loaded(tmp_path) == content


STEPS = 13
"""Moments at which the power can go while one damaged file is replaced, and one more."""


async def test_a_missing_file_gives_way_to_its_copy(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with_a_copy(tmp_path)
    (tmp_path / "hub.db").write_bytes(b"")
    store = a_store(tmp_path)
    assert len(store.shelf("driver.x").load()) == RECORDS
    assert "is missing" in caplog.text
    store.close()


async def test_without_a_good_copy_it_starts_with_nothing_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with_a_copy(tmp_path)
    (tmp_path / "hub.db").write_bytes(b"no database" * 1000)
    (tmp_path / "hub.db.backup").write_bytes(b"nor this" * 1000)
    store = a_store(tmp_path)
    assert store.shelf("driver.x").load() == {}
    assert "starting with nothing" in caplog.text
    assert (tmp_path / "hub.db.backup").exists()
    store.close()


async def test_only_so_many_damaged_files_are_kept(tmp_path: Path) -> None:
    for _ in range(COPIES_MAX + 3):
        await asyncio.sleep(10)
        (tmp_path / "hub.db").write_bytes(b"no database" * 1000)
        a_store(tmp_path).close()
    assert len(damaged_copies(tmp_path)) == COPIES_MAX


@pytest.mark.parametrize("seed", range(90))
async def test_a_flipped_bit_is_found_out_or_harmless(
    tmp_path: Path, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Either it is as it was, or the copy takes its place with a warning: never something else, never a crash."""
    caplog.set_level(logging.ERROR)
    content = with_a_copy(tmp_path)
    path = tmp_path / "hub.db"
    data = bytearray(path.read_bytes())
    rng = random.Random(seed)
    # The first hundred bytes say what kind of file it is; they deserve more than their share.
    place = rng.randrange(100) if seed % 3 == 0 else rng.randrange(len(data))
    data[place] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    store = a_store(tmp_path)
    assert store.shelf("driver.x").load() == content, f"seed {seed}, byte {place}"
    store.shelf("driver.x").put("after", {"still": "works"})
    store.close()
    replaced = bool(damaged_copies(tmp_path))
    assert replaced == ("took its place" in caplog.text or "taken from the copy" in caplog.text)


async def test_a_schema_that_is_no_text_any_more_gives_way_to_the_copy(tmp_path: Path) -> None:
    content = with_a_copy(tmp_path)
    path = tmp_path / "hub.db"
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE", b"CREA\xd4E TABLE"))
    store = a_store(tmp_path)
    assert store.shelf("driver.x").load() == content
    store.close()


@pytest.mark.parametrize("seed", range(20))
async def test_a_torn_file_gives_way_to_its_copy(tmp_path: Path, seed: int) -> None:
    content = with_a_copy(tmp_path)
    path = tmp_path / "hub.db"
    data = path.read_bytes()
    path.write_bytes(data[: random.Random(seed).randrange(1, len(data))])
    store = a_store(tmp_path)
    assert store.shelf("driver.x").load() == content
    store.close()
