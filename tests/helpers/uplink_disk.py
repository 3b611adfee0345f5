"""The disk of a hub whose power fails at a chosen write, or whose process is killed at any moment."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hubagent.runtime import Runtime
from tests.helpers.power_cut import Cut, PowerCuts, Watched

Promised = frozenset[int]


class HubDisk(PowerCuts[Promised]):
    """One life of a hub on the files in `folder`; `dead` when that life is over."""

    def __init__(
        self,
        folder: Path,
        rng: random.Random,
        promised: Callable[[], Promised],
        committed: Callable[[], None],
        power_goes: Callable[[Cut[Promised]], None],
    ) -> None:
        super().__init__(rng, promised, committed)
        self.folder = folder
        self.dead = False
        self.cut_at = 0
        """The power goes at this write; 0: it does not."""
        self.writes = 0
        self._draw = rng
        self._power_goes = power_goes

    def open_database(self, path: Path) -> sqlite3.Connection:
        database = sqlite3.connect(path, isolation_level=None, factory=_Mortal)
        database.watch(path, self)
        database.disk = self
        database.execute("PRAGMA wal_autocheckpoint = 50").fetchall()
        return database

    def runtime(self, runtime: Runtime) -> Runtime:
        return super().runtime(runtime)

    def around(self, path: Path, statement: str, write: Callable[[], Any]) -> Any:
        self.writes += 1
        if self.writes == self.cut_at:
            result = super().around(path, statement, write)
            self.dead = True
            self._power_goes(self._draw.choice(self.cuts))
            return result
        result = write()
        if statement == "COMMIT":
            self._committed()
        return result

    def left_by_a_kill(self, folder: Path) -> Path:
        """A folder with what the next process finds: what was written is there, synced or not."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("*-shm"))
        return folder


class _Mortal(Watched):
    """Nothing gets to the disk when its process is dead."""

    disk: HubDisk

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if self.disk.dead:
            raise sqlite3.OperationalError("the process is dead")
        return super().execute(sql, *args)

    def close(self) -> None:
        if self.disk.dead:
            sqlite3.Connection.close(self)
        else:
            super().close()
