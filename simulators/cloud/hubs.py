"""All hubs, in memory and in the database: who was touched since the last commit, and who is on line."""

import json
from collections import Counter
from collections.abc import Callable

from hubagent.uplink.message.channel import MessageClass
from simulators.cloud.database import Database
from simulators.cloud.hub import Hub


class Hubs:
    def __init__(self, database: Database, wall: Callable[[], float]) -> None:
        self._database = database
        self._wall = wall
        self._hubs = _load(database)
        self._touched: dict[str, Hub] = {}
        self.online = sum(hub.online for hub in self._hubs.values())
        """How many are."""

    def known(self, name: str) -> Hub | None:
        return self._hubs.get(name)

    def all(self) -> list[Hub]:
        return [self._hubs[name] for name in sorted(self._hubs)]

    def meet(self, name: str) -> Hub:
        """The hub of that name, a new one where it was never here: a front let it in, so it has a certificate."""
        hub = self._hubs.get(name)
        if hub is None:
            hub = self._hubs[name] = Hub(name, since=self._wall())
        return hub

    def touch(self, hub: Hub) -> None:
        """It is to be written down."""
        self._touched[hub.id] = hub

    def arrive(self, hub: Hub) -> bool:
        """It is on line; False where that was known."""
        return self._set_online(hub, online=True)

    def leave(self, hub: Hub) -> bool:
        return self._set_online(hub, online=False)

    def save(self) -> list[Hub]:
        """Write those down that were touched; after the commit, `saved` has to be told of them."""
        for hub in self._touched.values():
            _save(self._database, hub)
        return list(self._touched.values())

    def saved(self) -> None:
        for hub in self._touched.values():
            hub.touched.clear()
            hub.missing.clear()
            hub.passed.clear()
            hub.uncommitted, hub.owed = 0, False
        self._touched.clear()

    def reload(self) -> None:
        """Nothing since the last commit has happened; only what was wrong with their frames is not forgotten."""
        before, self._hubs = self._hubs, _load(self._database)
        for name, hub in self._hubs.items():
            hub.complaints = before[name].complaints
        self._touched.clear()
        self.online = sum(hub.online for hub in self._hubs.values())

    def _set_online(self, hub: Hub, *, online: bool) -> bool:
        if hub.online == online:
            return False
        hub.online, hub.since = online, self._wall()
        self.online += 1 if online else -1
        return True


def _load(database: Database) -> dict[str, Hub]:
    hubs = {}
    for row in database.read("SELECT * FROM hubs"):
        hub = Hub(row[0], row[1], row[2], row[3], bool(row[4]), row[5], row[6], row[7])
        hub.floors = {MessageClass(name): epoch for name, epoch in json.loads(row[8]).items()}
        hub.reported, hub.desired, hub.wishes = row[9], row[10], json.loads(row[11])
        hub.counts = Counter(json.loads(row[12]))
        hubs[hub.id] = hub
    for name, message_class, epoch, high in database.read("SELECT hub, class, epoch, high FROM streams"):
        hubs[name].highs[MessageClass(message_class), epoch] = high
    return hubs


def _save(database: Database, hub: Hub) -> None:
    database.write(
        "INSERT OR REPLACE INTO hubs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        hub.id,
        hub.incarnation,
        hub.boot,
        hub.epoch,
        hub.online,
        hub.since,
        hub.software,
        hub.clock_off,
        json.dumps({name.value: epoch for name, epoch in hub.floors.items()}),
        hub.reported,
        hub.desired,
        json.dumps(hub.wishes),
        json.dumps(hub.counts),
    )
    database.write_many(
        "INSERT OR REPLACE INTO streams VALUES (?, ?, ?, ?)",
        [
            (hub.id, name.value, epoch, hub.highs[name, epoch])
            for name, epoch in sorted(hub.touched, key=lambda it: (it[1], it[0].value))
            if (name, epoch) in hub.highs
        ],
    )
