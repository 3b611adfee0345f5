"""The cloud of a site: the real consumer on a database in memory, in a process that crashes, forgets and misbehaves."""

import asyncio
import random
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from hubagent.uplink.message.channel import Down
from simulators.cloud.bounds import Bounds
from simulators.cloud.consumer import Consumer
from simulators.cloud.front import Front
from simulators.cloud.items import Send
from simulators.cloud.service import Door, Service
from simulators.internet.broker import Broker
from simulators.internet.direct import Direct

OLD_MAX: Final = 200
"""Frames that may be said once more, long afterwards."""


class _Crashing(sqlite3.Connection):
    """At the chosen commit, before or after it, its process does nothing more."""

    crash_at: int = 0
    crash_before: bool = False
    commits: int = 0
    dead: bool = False
    crashed: Callable[[], None]

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if sql != "COMMIT":
            return super().execute(sql, *args)
        if self.dead:
            return super().execute("SELECT 1")
        self.commits += 1
        if self.commits != self.crash_at:
            return super().execute(sql, *args)
        self.dead = True
        self.crashed()
        return super().execute("SELECT 1" if self.crash_before else sql)


@dataclass
class BadManners:
    """How the cloud's frames leave, where not as they should (`service.Manners`)."""

    rng: random.Random
    doubled: float = 0.0
    """The share of frames that leave twice."""
    late_s: float = 0.0
    """How late acknowledgements are."""
    acks_lost: float = 0.0
    """The share of acknowledgements that never leave, though what they are for is kept."""
    shuffled_s: float = 0.0
    """Any frame waits for up to so long, so that others are there before it."""
    old: list[Send] = field(default_factory=list)

    def hears(self) -> bool:
        return True

    def sendings(self, send: Send) -> Iterable[tuple[float, Send]]:
        if len(self.old) < OLD_MAX:
            self.old.append(replace(send, command=None))
        late_s = self.late_s if send.channel is Down.ACK else 0.0
        if self.acks_lost and send.channel is Down.ACK and self.rng.random() < self.acks_lost:
            return
        if self.shuffled_s and send.channel is not Down.COMMAND:
            late_s += self.rng.uniform(0, self.shuffled_s)
        yield late_s, send
        if self.rng.random() < self.doubled:
            # Whether a command left must be known of all its copies at once.
            later_s = 0.0 if send.channel is Down.COMMAND else self.rng.uniform(0, 2)
            yield late_s + later_s, replace(send, command=None)


class _Nowhere:
    """Where a process sends that is dead already."""

    def send(self, _hub: str, _channel: Down, _payload: bytes) -> bool:
        return True

    def kick(self, _hub: str) -> bool:
        return False

    def refuse(self, _refusing: bool, /) -> bool:
        return False

    def listen(self, _listening: bool, /) -> bool:
        return False


class SiteCloud:
    """Behind `server`, as soon as it is started. `wall` gives Unix seconds."""

    def __init__(self, server: Direct | Broker, rng: random.Random, wall: Callable[[], float]) -> None:
        self.server = server
        self.manners = BadManners(rng)
        self.bounds = Bounds()
        self.databases: list[sqlite3.Connection] = []
        """The present one is the last; one is left behind each time that everything is forgotten."""
        self.service: Service | None = None
        """None while its process is down."""
        self.on_start: Callable[[Service], None] = lambda _service: None
        """Called with each new process."""
        self._rng = rng
        self._wall = wall
        self._loop = asyncio.get_running_loop()
        self._door: Door | None = None
        self._database = self._new_database()

    @property
    def consumer(self) -> Consumer:
        assert self.service is not None
        return self.service.consumer

    def start(self) -> None:
        if self.service is not None:
            return
        self._database.dead = False
        self._database.crash_at = 0
        consumer = Consumer(self._database, self._wall, self._rng.randbytes, self.bounds)
        self.service = Service(consumer, self._loop)
        self.service.manners = self.manners
        self._door = self.service.door()
        front: Front = self.server
        self._door.front = front
        if isinstance(self.server, Direct):
            consumer.all_gone()
            self.server.receiver = self._door
        self.listen()
        self.on_start(self.service)

    def listen(self) -> None:
        """To the broker, as often as it has to be tried."""
        if isinstance(self.server, Broker) and self._door is not None and not self.server.has_consumer:
            self.server.consumer_comes(self._door)

    def crash(self) -> None:
        """What was not committed is gone, and so is everything in memory."""
        if self.service is None:
            return
        self._database.dead = True
        assert self._door is not None
        self._door.front = _Nowhere()
        self.service.abandon()
        self.service = None
        self._door = None
        if self._database.in_transaction:
            self._database.rollback()
        if isinstance(self.server, Direct):
            self.server.gone()
        else:
            self.server.consumer_goes()

    def crash_at(self, commits: int, crashed: Callable[[], None], *, before: bool) -> Callable[[], None]:
        """At the commit after so many others: before it, or between it and the Ack that it makes true. Returns what
        calls it off."""

        def now() -> None:
            assert self._door is not None
            self._door.front = _Nowhere()
            self._loop.call_soon(crashed)

        database = self._database
        database.crashed = now
        database.crash_before = before
        at = database.crash_at = database.commits + commits

        def call_off() -> None:
            if database.crash_at == at:
                database.crash_at = 0

        return call_off

    def forget(self) -> None:
        """Another one, with an empty database."""
        self.crash()
        self._database = self._new_database()

    def set_window(self, window: int) -> None:
        """How many messages a hub may have under way."""
        self.bounds = replace(self.bounds, window=window)
        if self.service is not None:
            self.service.consumer.bounds = self.bounds

    def say_something_old(self) -> None:
        if self.manners.old and self.service is not None:
            old = self._rng.choice(self.manners.old)
            self.service.send(old.hub, old.channel, old.payload)

    def devices(self, hub: str) -> dict[str, Any]:
        """What it believes of the hub's devices, by their identifiers."""
        return {it["id"]: it for it in self.consumer.devices(hub)}

    def stored(self) -> list[list[tuple[bytes, str, int, int, bytes]]]:
        """Of each database, everything in the order in which it came."""
        rows = "SELECT incarnation, class, epoch, seq, content FROM history ORDER BY n"
        return [database.execute(rows).fetchall() for database in self.databases if _is_in_use(database)]

    def close(self) -> None:
        self.crash()
        for database in self.databases:
            database.close()

    def _new_database(self) -> _Crashing:
        database = sqlite3.connect(":memory:", isolation_level=None, factory=_Crashing)
        self.databases.append(database)
        return database


def _is_in_use(database: sqlite3.Connection) -> bool:
    return bool(database.execute("SELECT 1 FROM sqlite_master WHERE name = 'history'").fetchall())
