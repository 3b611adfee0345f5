"""What the outbox promises and tells: its bounds, its streams, how it is, and what it had to drop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from hubagent.uplink.message.channel import MessageClass

_MIB: Final = 1024 * 1024
_DAY_S: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Bound:
    """How much of one class is kept, and for how long."""

    size: int
    """Bytes of content."""
    age_s: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is beyond them is dropped, the oldest first, and reported by `Outbox.take_dropped`."""

    classes: Mapping[MessageClass, Bound] = field(
        default_factory=lambda: {
            MessageClass.ALARM: Bound(4 * _MIB, 365 * _DAY_S),
            MessageClass.RESULT: Bound(8 * _MIB, 7 * _DAY_S),
            MessageClass.EVENT: Bound(64 * _MIB, 30 * _DAY_S),
            MessageClass.TELEMETRY: Bound(128 * _MIB, 7 * _DAY_S),
        }
    )
    memory_max: int = 8 * _MIB
    """Of what is in memory only while the disk is full or fails, what Python needs for a message included; beyond it
    the least important class goes first, and of that the oldest."""


class Condition(Enum):
    DURABLE = "durable"
    MEMORY = "memory"
    """The disk is full or fails: what comes now is lost with the power. It is tried again, and heals by itself."""


@dataclass(frozen=True, slots=True)
class Stream:
    """All there is of one class and epoch."""

    message_class: MessageClass
    epoch: int
    first: int
    last: int
    """The numbers of its oldest and its newest message."""
    count: int
    size: int
    """Bytes of content."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Messages that nobody will ever see, though some of them may have been sent already."""

    message_class: MessageClass
    count: int
    since_at: float
    until_at: float
    """Unix seconds of the oldest and the newest of them, as far as the hub knew the time."""
