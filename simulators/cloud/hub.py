"""What the consumer knows of one hub, in memory; the database has the same as of the last commit."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Final

from hubagent.uplink.message.channel import MessageClass

COMPLAINTS_MAX: Final = 50
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
    complaints: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=COMPLAINTS_MAX))
    """What was wrong with its messages: the latest; all are counted."""
    hello: int = 0
    """The number of its last Hello."""
    hello_at: float | None = None
    """On the monotonic clock; None where there was none since the cloud was started."""
    asked_at: float | None = None
    """When it was last asked to come anew."""
    touched: set[StreamKey] = field(default_factory=set)
    """Streams whose numbers are to be written down and acknowledged."""
    missing: set[StreamKey] = field(default_factory=set)
    """Streams of which something was missed."""
    passed: dict[StreamKey, int] = field(default_factory=dict)
    """Of streams that were forgotten already, how far something came again: acknowledged, or it comes for ever."""
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
