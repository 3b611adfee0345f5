"""What the consumer knows of one hub, in memory; the database has the same as of the last commit."""

import json
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from hubagent.uplink.message.channel import MessageClass
from simulators.cloud.database import Database

StreamKey = tuple[MessageClass, int]
"""Class and epoch."""


@dataclass(slots=True)
class Hub:
    id: str
    incarnation: bytes | None = None
    """None until it has said Hello."""
    boot: int = 0
    epoch: int = 0
    online: bool = False
    since: float = 0.0
    """Unix seconds since when it is on line, or is not."""
    software: str = ""
    clock_off: float | None = None
    """Seconds by which its clock was ahead at its Hello; None where it was not sure itself."""
    floors: dict[MessageClass, int] = field(default_factory=dict)
    """By class, the oldest epoch that it may still send of: what is older was forgotten, and is a duplicate."""
    highs: dict[StreamKey, int] = field(default_factory=dict)
    """By stream: everything up to and with this number is here."""
    reported: int = 0
    desired: int = 0
    wishes: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    # What no commit keeps.
    complaints: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=50))
    hello_at: float | None = None
    """On the monotonic clock; None where there was none since the cloud was started."""
    asked_at: float | None = None
    """When it was last asked to come anew."""
    touched: set[StreamKey] = field(default_factory=set)
    """Streams whose numbers are to be written down and acknowledged."""
    missing: set[StreamKey] = field(default_factory=set)
    """Streams of which something was missed."""
    uncommitted: int = 0
    """Messages that came since the last commit."""
    owed: bool = False
    """An Ack."""

    def view(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "online": self.online,
            "since": self.since,
            "software": self.software,
            "boot": self.boot,
            "clock_off_s": None if self.clock_off is None else round(self.clock_off, 3),
            "reported": self.reported,
            "desired": self.desired,
            "counts": dict(self.counts),
        }


def load_hubs(database: Database) -> dict[str, Hub]:
    """All hubs as they were committed."""
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


def save_hub(database: Database, hub: Hub) -> None:
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
            for name, epoch in hub.touched
            if (name, epoch) in hub.highs
        ],
    )
