"""Who listens in these tests, and writes down what is said."""

import asyncio
from dataclasses import dataclass, field

from hubagent.uplink.message.channel import Up
from hubagent.uplink.transports.port import Farewell, Lost

HUB = "hub-00000001"
FAREWELL = Farewell(Up.PRESENCE, b"gone without a word")


@dataclass
class WritingEar:
    """Writes down what a connection says."""

    frames: asyncio.Queue[tuple[str, bytes]] = field(default_factory=asyncio.Queue)
    refusals: asyncio.Queue[tuple[Up, str]] = field(default_factory=asyncio.Queue)
    ends: asyncio.Queue[Lost] = field(default_factory=asyncio.Queue)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by `writable`."""
    writables: int = 0

    def received(self, channel: str, payload: bytes) -> None:
        self.frames.put_nowait((channel, payload))

    def writable(self) -> None:
        self.writables += 1
        self.room.set()

    def refused(self, channel: Up, reason: str) -> None:
        self.refusals.put_nowait((channel, reason))

    def lost(self, lost: Lost) -> None:
        self.ends.put_nowait(lost)
