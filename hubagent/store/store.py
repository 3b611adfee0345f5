"""Records on shelves: what is put is written by the loop a moment later, together with what came meanwhile.

A shelf is a driver's memory or a part of the home's. Records are JSON; nobody queries inside them. There is no thread.
"""

import asyncio
import json
import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TextIO

from hubagent.kept_whole import OWNER_ALONE, OWNER_ONLY, take_its_place
from hubagent.model.driver import Record
from hubagent.runtime import Runtime
from hubagent.store.aside import remove_database
from hubagent.store.database import Damaged, Newer, Place, is_on_disk, read_copy, to_json, write
from hubagent.store.errors import StoreFailed, StoreUnusable, remedy_for
from hubagent.store.lock import take_lock
from hubagent.store.rescue import BACKUP, STATE, open_state

_log = logging.getLogger(__name__)

_SYNCED: Final[Place] = ("store", "synced")
"""SQLite syncs what it writes, and with it all that it wrote before."""

RECORD_DELAY_S: Final = 0.08
STATE_DELAY_S: Final = 1.0
SYNC_DELAY_S: Final = 30.0
"""So long after it was written, what is not durable is safe from a power cut as well."""
RETRY_DELAY_S: Final = 5.0
BACKUP_INTERVAL_S: Final = 24 * 3600.0

Pending = dict[Place, str | Callable[[str], Record] | None]
"""The JSON to keep, None to remove, or whom to ask for the record when it is written."""


class Shelf:
    """The records of one owner (`model.driver.Records`, and `home.StateRecords`)."""

    def __init__(self, store: "Store", name: str, *, durable: bool) -> None:
        self._store = store
        self._name = name
        self._durable = durable

    def load(self) -> dict[str, Record]:
        return self._store.load(self._name)

    def put(self, key: str, record: Record) -> None:
        """Kept from now on, and on disk within 100 ms."""
        self._store.put(self._name, key, to_json(record), durable=self._durable)

    def touch(self, key: str, record: Callable[[str], Record]) -> None:
        """`record(key)` is asked for when it is written, about a second from now."""
        self._store.put(self._name, key, record, durable=self._durable)

    def remove(self, key: str) -> None:
        self._store.put(self._name, key, None, durable=self._durable)

    def flush(self) -> None:
        """On disk when this returns, and safe from a power cut. Raises StoreFailed."""
        self._store.flush()


class Store:
    """Made by `open_store`. Everything happens on the event loop's thread."""

    def __init__(self, folder: Path, database: sqlite3.Connection, lock: TextIO, runtime: Runtime) -> None:
        self._folder = folder
        self._database = database
        self._lock = lock
        self._runtime = runtime
        self._durable: Pending = {}
        self._relaxed: Pending = {}
        self._timers: dict[bool, asyncio.TimerHandle] = {}
        self._sync_timer: asyncio.TimerHandle | None = None
        """Runs while something is written that a power cut may take back."""
        self._backup_timer: asyncio.TimerHandle | None = None
        self._failing = False

    def shelf(self, name: str, *, durable: bool = True) -> Shelf:
        """`durable`: within 100 ms, and safe from a power cut. Else within a second, and safe from a crash; from a
        power cut half a minute later, or as soon as anything durable is written."""
        return Shelf(self, name, durable=durable)

    def load(self, shelf: str) -> dict[str, Record]:
        """As it is now, on disk already or not: a disk that is full keeps nobody from what is known."""
        rows = self._database.execute("SELECT key, record FROM records WHERE shelf = ?", (shelf,))
        found: dict[str, str] = dict(rows)
        for pending in (self._relaxed, self._durable):
            for (owner, key), what in pending.items():
                if owner != shelf:
                    continue
                if what is None:
                    found.pop(key, None)
                else:
                    found[key] = to_json(what(key)) if callable(what) else what
        return {key: json.loads(found[key]) for key in sorted(found)}

    def put(self, shelf: str, key: str, record: str | Callable[[str], Record] | None, *, durable: bool) -> None:
        (self._durable if durable else self._relaxed)[shelf, key] = record
        if durable not in self._timers:
            self._write_later(durable=durable, delay_s=RECORD_DELAY_S if durable else STATE_DELAY_S)

    def flush(self) -> None:
        """Everything is on disk when this returns. Raises StoreFailed."""
        try:
            self._write_all()
        except sqlite3.Error as error:
            raise StoreFailed(self._folder, str(error)) from error

    def keep_backup(self) -> None:
        """Copy what is there now, and again every day; a copy that is not good does not replace the last."""
        self._back_up()
        self._backup_timer = asyncio.get_running_loop().call_later(BACKUP_INTERVAL_S, self.keep_backup)

    def close(self) -> None:
        """Write the rest and let go of the file. Raises StoreFailed when it could not be written."""
        for timer in (*self._timers.values(), self._sync_timer, self._backup_timer):
            if timer is not None:
                timer.cancel()
        try:
            self.flush()
        finally:
            self._database.close()
            self._lock.close()

    def _write_later(self, *, durable: bool, delay_s: float) -> None:
        loop = asyncio.get_running_loop()
        self._timers[durable] = loop.call_later(delay_s, self._write_now, durable)

    def _write_now(self, durable: bool) -> None:
        del self._timers[durable]
        if not self._succeeds(self._write_all if durable else self._write_relaxed):
            self._write_later(durable=durable, delay_s=RETRY_DELAY_S)

    def _sync(self) -> None:
        self._sync_timer = None
        self._relaxed[_SYNCED] = to_json(record=True)
        if not self._succeeds(self._write_all):
            self._sync_later(RETRY_DELAY_S)

    def _sync_later(self, delay_s: float) -> None:
        if self._sync_timer is None:
            self._sync_timer = asyncio.get_running_loop().call_later(delay_s, self._sync)

    def _succeeds(self, write: Callable[[], None]) -> bool:
        try:
            write()
        except sqlite3.Error as error:
            if not self._failing:
                _log.error("%s cannot be written: %s; trying again every %g s", self._folder, error, RETRY_DELAY_S)
            self._failing = True
            return False
        if self._failing:
            _log.warning("%s can be written again", self._folder)
        self._failing = False
        return True

    def _write_relaxed(self) -> None:
        if self._relaxed:
            self._write(self._relaxed, durable=False)
            self._sync_later(SYNC_DELAY_S)

    def _write_all(self) -> None:
        """What rules remember of a state goes with that state: a power cut leaves both or neither."""
        pending = {**self._relaxed, **self._durable}
        if not pending:
            return
        self._write(pending, durable=True)
        self._relaxed.clear()
        self._durable.clear()
        if self._sync_timer is not None:
            self._sync_timer.cancel()
            self._sync_timer = None

    def _write(self, pending: Pending, *, durable: bool) -> None:
        records = [(place, to_json(what(place[1])) if callable(what) else what) for place, what in pending.items()]
        write(self._database, records, durable=durable)
        pending.clear()

    def _back_up(self) -> None:
        if not is_on_disk(self._database):
            return
        made = self._folder / f"{BACKUP}.new"
        try:
            self.flush()
            self._copy_to(made)
            try:
                # What has rotted since the start was copied along.
                read_copy(made, self._runtime)
            except (Damaged, Newer) as damage:
                self._tell_damage(damage)
                remove_database(made)
                return
            now = self._runtime.wall()
            os.utime(made, (now, now))
            take_its_place(made, self._folder / BACKUP)
        except (StoreFailed, sqlite3.Error, OSError) as error:
            _log.error("no copy of %s could be made: %s", self._folder / STATE, error)

    def _copy_to(self, made: Path) -> None:
        remove_database(made)
        made.touch(mode=OWNER_ONLY)
        with closing(self._runtime.open_database(made)) as copy:
            self._database.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")

    def _tell_damage(self, damage: Exception) -> None:
        """It is mended where it is opened: nothing is replaced under those who use it."""
        backup = self._folder / BACKUP
        if backup.exists():
            remedy = (
                f"{backup} is the last good copy of it, and stays; restart the agent, which takes the damaged records "
                "from there, or all where more than records is damaged"
            )
        else:
            remedy = "there is no good copy of it; restart the agent, which keeps the records that are not damaged"
        _log.error("%s is damaged, as a copy of it shows (%s); %s", self._folder / STATE, damage, remedy)


def open_store(folder: Path, runtime: Runtime) -> Store:
    """Open the state in `folder`, made where it is missing; a damaged file gives way to the last good copy.

    Raises StoreUnusable: no permission, no room, another agent uses it, or a later version wrote it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ALONE)
        lock = take_lock(folder)
    except OSError as error:
        remedy = remedy_for(error, "make it writable, or choose another state_dir")
        raise StoreUnusable(folder, f"cannot be used for the state: {error.strerror}", remedy) from error
    try:
        return Store(folder, open_state(folder, runtime), lock, runtime)
    except BaseException:
        lock.close()
        raise
