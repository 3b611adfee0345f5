"""A state in a folder, and what is in its files."""

import json
import sqlite3
from pathlib import Path

from hubagent.runtime import Runtime
from hubagent.store.store import Store, open_store
from simulators.runtime import simulated_runtime


def a_runtime(folder: Path) -> Runtime:
    return simulated_runtime("store", {}, state=folder)


def a_store(folder: Path) -> Store:
    return open_store(folder, a_runtime(folder))


def on_disk(folder: Path, shelf: str) -> dict[str, object]:
    """What another process would find, without our open connection."""
    with sqlite3.connect(folder / "hub.db") as database:
        rows = database.execute("SELECT key, record FROM records WHERE shelf = ?", (shelf,)).fetchall()
    database.close()
    return {key: json.loads(record) for key, record in rows}


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def damaged_copies(folder: Path) -> list[Path]:
    return list(folder.glob("hub.db.corrupt-*"))


RECORDS = 60
"""Of the state with a copy."""
_written: dict[str, bytes] = {}


def with_a_copy(folder: Path) -> dict[str, object]:
    """A state with records, a good copy of it, and both closed cleanly; made once, because many tests want it."""
    content: dict[str, object] = {
        f"node {number}": {"number": number, "text": "abc" * number} for number in range(RECORDS)
    }
    if not _written:
        store = a_store(folder)
        for key, record in content.items():
            store.put("driver.x", key, json.dumps(record), durable=True)
        store.keep_backup()
        store.close()
        _written.update({name: (folder / name).read_bytes() for name in ("hub.db", "hub.db.backup")})
    for name, data in _written.items():
        (folder / name).write_bytes(data)
    return content
