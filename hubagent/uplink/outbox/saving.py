"""Bringing to disk what is in memory, in groups; and what becomes of it while the disk does not take it.

An SD card is spared: there is one commit for all that was put within 30 ms, none for what was acknowledged meanwhile,
and what is gone is erased at most once a second, by ranges. A commit waits for the card on the event loop's thread,
where a lamp waits too; so the slower the card, the longer the pause between two commits.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from hubagent.runtime import Runtime
from hubagent.store.aside import put_aside
from hubagent.store.errors import StoreFailed, StoreUnusable
from hubagent.uplink.outbox.ages import Ages
from hubagent.uplink.outbox.disk import Contents, Disk
from hubagent.uplink.outbox.numbers import Numbers
from hubagent.uplink.outbox.opening import LOG_BYTES, error_code, means_damage, means_unreadable, open_disk
from hubagent.uplink.outbox.pieces import KeptStream
from hubagent.uplink.outbox.streams import Streams
from hubagent.uplink.outbox.terms import Condition

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

COMMIT_DELAY_S: Final = 0.03
TOGETHER_S: Final = 0.001
"""What is due so soon is committed now."""
REST: Final = 3.0
"""After a commit there is a pause of so many times what it took: on a card that takes 10 ms or less, none is added."""
REST_MAX_S: Final = 1.0
ERASE_DELAY_S: Final = 1.0
ERASE_ROWS: Final = 4096
"""At once: 3 to 6 ms here, and as many as are ever sent in a second."""
RETRY_DELAY_S: Final = 5.0
UNREADABLE_MAX: Final = 12
"""So often in a row the file cannot be read before it is given up: for a minute."""
FREE_PAGES_MAX: Final = 256
"""1 MiB that the next backlog finds ready. Beyond it the file shrinks, once more than half of it is free."""
GIVEN_BACK: Final = 512
"""Pages a second."""

_Trouble = (OSError, sqlite3.Error, StoreUnusable)


class Saving:
    def __init__(
        self,
        path: Path,
        runtime: Runtime,
        streams: Streams,
        numbers: Numbers,
        ages: Ages,
        adopt: Callable[[Contents], None],
    ) -> None:
        self._path = path
        self._runtime = runtime
        self._streams = streams
        self._numbers = numbers
        self._ages = ages
        self._adopt = adopt
        self._loop = asyncio.get_running_loop()
        self._timers: dict[Callable[[], object], asyncio.TimerHandle] = {}
        self._disk: Disk | None = None
        self._damage = ""
        """Why the file has to be put aside before anything else."""
        self._stale = False
        """The connection is not to be trusted after an error."""
        self._unreadable = 0
        self._rest_s = 0.0
        self._shrinks = False
        self._closed = False
        self.condition = Condition.DURABLE
        self.detail = ""

    def open(self) -> Contents | None:
        """What is on disk; None where that cannot be known now. Raises StoreUnusable."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._disk, contents = open_disk(self._path, self._runtime, check=True)
        except (OSError, sqlite3.Error) as error:
            self._say("opened", error)
            self._failed(error)
            return None
        return contents

    def commit_later(self) -> None:
        self._later(self._save_due, max(COMMIT_DELAY_S, self._rest_s))

    def erase_later(self) -> None:
        self._later(self._erase, ERASE_DELAY_S)

    def save(self) -> bool:
        """Whether all that is in memory is on disk now."""
        return self._attempt(self._commit) is None

    def flush(self) -> None:
        """Raises StoreFailed."""
        error = self._attempt(self._commit)
        if error is not None:
            raise StoreFailed(self._path, _text(error)) from error

    def ask(self, question: Callable[[Disk], _T], otherwise: _T) -> _T:
        """What the file says, or `otherwise` where it cannot be read."""
        if self._disk is None:
            return otherwise
        try:
            answer = question(self._disk)
        except sqlite3.Error as error:
            self._say("read", error)
            self._failed(error)
            # It is not asked again before it was opened anew.
            self._let_go()
            return otherwise
        self._unreadable = 0
        return answer

    def erase_rows(self, stream: KeptStream, seqs: Sequence[int]) -> None:
        """At once, without counting."""

        def erase() -> None:
            disk = self._open_disk()
            with disk.transaction():
                for seq in seqs:
                    disk.erase_row(stream.message_class, stream.epoch, seq)

        self._attempt(erase)

    def close(self) -> None:
        """Raises StoreFailed."""
        if self._closed:
            return
        self._closed = True
        try:
            error = self._attempt(self._erase_some)
            if error is not None:
                raise StoreFailed(self._path, _text(error)) from error
        finally:
            for timer in self._timers.values():
                timer.cancel()
            self._timers.clear()
            self._let_go()

    # Timers.

    def _later(self, what: Callable[[], object], delay_s: float) -> None:
        """While the disk fails, only `_retry` has a timer."""
        if self.condition is Condition.DURABLE and what not in self._timers:
            self._timers[what] = self._loop.call_later(delay_s, self._now, what)

    def _now(self, what: Callable[[], object]) -> None:
        del self._timers[what]
        what()

    def _save_due(self) -> None:
        """What the timer was set for may be acknowledged meanwhile; what was put later has its own 30 ms."""
        since = self._streams.waiting_since()
        early = 0.0 if since is None else since + COMMIT_DELAY_S - self._loop.time()
        if early > TOGETHER_S and not self._numbers.changed():
            self._later(self._save_due, early)
        else:
            self.save()

    def _erase(self) -> None:
        if self._attempt(self._erase_some) is None and (self._shrinks or self._owes()):
            self.erase_later()

    def _retry(self) -> None:
        if self._disk is not None and not self._stale:
            # Where the disk is full, this makes room.
            with suppress(sqlite3.Error):
                self._erase_some(alone=True)
        self.save()

    # Trouble, and its end.

    def _attempt(self, what: Callable[[], None]) -> Exception | None:
        try:
            if self._stale:
                self._let_go()
            if self._disk is None:
                self._open_again()
            what()
        except _Trouble as error:
            self._say("written", error)
            self._failed(error)
            return error
        self._healed()
        return None

    def _open_again(self) -> None:
        if self._damage:
            put_aside(self._path, self._runtime)
            self._damage = ""
            self._unreadable = 0
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # What was sound at the start is not read through again every five seconds.
        self._disk, contents = open_disk(self._path, self._runtime, check=False)
        self._adopt(contents)

    def _say(self, what: str, error: Exception) -> None:
        """What the file cannot be: once, for as long as there is trouble."""
        if self.condition is Condition.DURABLE:
            _log.error("%s cannot be %s: %s; trying again every %g s", self._path, what, _text(error), RETRY_DELAY_S)

    def _failed(self, error: Exception) -> None:
        full = False
        if isinstance(error, sqlite3.Error):
            full = error_code(error) == sqlite3.SQLITE_FULL
            if means_damage(error):
                self._damage = str(error)
            if means_unreadable(error):
                self._unreadable += 1
                if self._unreadable >= UNREADABLE_MAX:
                    self._damage = f"it could not be read {self._unreadable} times: {error}"
        # Whatever became of the disk or the file meanwhile, it is opened anew; until then it may still be read.
        self._stale = not full
        for timer in self._timers.values():
            timer.cancel()
        self._timers = {self._retry: self._loop.call_later(RETRY_DELAY_S, self._now, self._retry)}
        self.condition, self.detail = Condition.MEMORY, _text(error)

    def _healed(self) -> None:
        if self.condition is Condition.DURABLE:
            return
        timer = self._timers.pop(self._retry, None)
        if timer is not None:
            timer.cancel()
        _log.warning("%s works again", self._path)
        self.condition, self.detail = Condition.DURABLE, ""
        self.erase_later()

    def _let_go(self) -> None:
        if self._disk is not None:
            with suppress(sqlite3.Error):
                self._disk.close()
            self._disk = None
        self._stale = False

    # Transactions.

    def _commit(self) -> None:
        self._write(erase=False)

    def _erase_some(self, *, alone: bool = False) -> None:
        self._write(erase=True, fresh=not alone)

    def _write(self, *, erase: bool, fresh: bool = True) -> None:
        """One transaction, or none where there is nothing to do."""
        disk = self._open_disk()
        self._ages.look()
        plans = [(it, it.plan()) for it in self._streams if it.fresh] if fresh else []
        ranges = self._ranges() if erase else []
        numbers = self._numbers.changed()
        if not (plans or ranges or numbers or (erase and self._shrinks)):
            return
        began = self._loop.time()
        with disk.transaction():
            for stream, plan in plans:
                disk.insert(stream.message_class, stream.epoch, plan.fresh)
                disk.mark(stream.message_class, stream.epoch, plan.marks)
            for stream, after, through in ranges:
                disk.erase(stream.message_class, stream.epoch, after, through)
            disk.set_numbers(numbers)
            disk.set_beginnings(self._ages.changed(), self._ages.keep_only(self._streams.epochs()))
            shrinks = erase and self._give_back(disk)
        self._rest_s = min(REST_MAX_S, REST * (self._loop.time() - began))
        for stream, plan in plans:
            stream.committed(plan)
        for stream, _after, through in ranges:
            stream.erased(through)
        self._streams.committed()
        self._numbers.written()
        self._ages.written()
        if erase:
            self._erased(disk, shrinks=shrinks)

    def _open_disk(self) -> Disk:
        if self._disk is None:
            # It was opened a moment ago, and then it could not be read.
            raise sqlite3.OperationalError("the file cannot be read")
        return self._disk

    def _ranges(self) -> list[tuple[KeptStream, int, int]]:
        """What to erase: streams, after which number, and up to which."""
        found = []
        rows = 0
        for stream in self._streams:
            part = stream.to_erase(ERASE_ROWS - rows)
            if part is not None:
                found.append((stream, part[0], part[1]))
                rows += part[2]
            if rows >= ERASE_ROWS:
                break
        return found

    def _owes(self) -> bool:
        return any(it.owes for it in self._streams)

    def _give_back(self, disk: Disk) -> bool:
        """Shorten the file by what is free; whether there was something to shorten."""
        free = disk.free_pages()
        in_use = disk.pages() - free
        # A page in use is moved at most once for three that are given back.
        if free <= max(FREE_PAGES_MAX, 3 * in_use):
            return False
        disk.give_back(min(GIVEN_BACK, free - FREE_PAGES_MAX))
        return True

    def _erased(self, disk: Disk, *, shrinks: bool) -> None:
        shrank, self._shrinks = self._shrinks, shrinks
        if self._owes():
            return
        self._streams.forget_empty()
        if (shrank and not shrinks) or (not self._streams.epochs() and self._log_size() > LOG_BYTES):
            disk.truncate_log()

    def _log_size(self) -> int:
        try:
            return self._path.with_name(f"{self._path.name}-wal").stat().st_size
        except OSError:
            return 0


def _text(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
