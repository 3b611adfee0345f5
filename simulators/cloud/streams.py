"""Numbered messages: which are new, which came before, and where something is missing.

A stream is one class in one epoch. The hub says with each message which one comes before it, so that it may drop
messages (its outbox is bounded) without leaving a hole that would never close.
"""

from collections.abc import Sequence

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.down import Arrived
from hubagent.uplink.message.up import STREAMS_MAX, Batch, Hello, Message
from simulators.cloud.database import Database
from simulators.cloud.hub import Hub, StreamKey


class TooManyStreams(ValueError):
    """More classes and epochs at once than a Welcome can tell."""


def accept(hub: Hub, batch: Batch) -> list[Message]:
    """Those that are new, in order; `touched`, `missing` and `passed` of the hub say what to answer.

    Raises TooManyStreams, and nothing of the batch has happened.
    """
    keys = {(batch.message_class, message.epoch) for message in batch.messages}
    if len(hub.highs) + len(keys - hub.highs.keys()) > STREAMS_MAX:
        raise TooManyStreams(f"more than {STREAMS_MAX} streams at once")
    new = []
    for message in batch.messages:
        key = (batch.message_class, message.epoch)
        if message.epoch < hub.floors.get(batch.message_class, 0):
            hub.counts["duplicates"] += 1
            hub.passed[key] = max(message.seq, hub.passed.get(key, 0))
            continue
        high = hub.highs.get(key, 0)
        if message.seq <= high:
            hub.counts["duplicates"] += 1
            hub.touched.add(key)
        elif message.after <= high:
            hub.highs[key] = message.seq
            hub.touched.add(key)
            new.append(message)
        else:
            hub.counts["holes"] += 1
            hub.missing.add(key)
    return new


def begin_anew(hub: Hub, database: Database, incarnation: bytes) -> None:
    """Another outbox: all numbers start anew."""
    hub.incarnation = incarnation
    hub.highs.clear()
    hub.floors.clear()
    hub.touched.clear()
    hub.missing.clear()
    hub.passed.clear()
    hub.reported = 0
    database.write("DELETE FROM streams WHERE hub = ?", hub.id)


def forget(hub: Hub, database: Database, hello: Hello) -> None:
    """What is older than everything that the hub still has need not be remembered, but for the last of each class.

    That one a Welcome tells: a hub whose disk failed has leapt ahead, and where its next start counts on from below it
    has to hear of it, or what it says in between would be taken for what is over.
    """
    for message_class in MessageClass:
        oldest, _ = hello.oldest.get(message_class, (hello.epoch, 0))
        over = [epoch for name, epoch in hub.highs if name is message_class and epoch < oldest]
        floor = max(over, default=0)
        gone = [epoch for epoch in over if epoch < floor]
        if not gone:
            continue
        hub.floors[message_class] = max(hub.floors.get(message_class, 0), floor)
        database.write(
            "DELETE FROM streams WHERE hub = ? AND class = ? AND epoch < ?", hub.id, message_class.value, floor
        )
        for epoch in gone:
            del hub.highs[message_class, epoch]
            hub.touched.discard((message_class, epoch))
    hub.missing.clear()


def arrived(hub: Hub, keys: Sequence[StreamKey]) -> tuple[Arrived, ...]:
    return tuple(Arrived(name, epoch, hub.highs.get((name, epoch), 0)) for name, epoch in keys)


def arrived_since(hub: Hub) -> tuple[Arrived, ...]:
    """What there is to acknowledge since the last commit."""
    passed = [Arrived(name, epoch, seq) for (name, epoch), seq in hub.passed.items()]
    return (arrived(hub, in_order(hub.touched)) + tuple(passed))[:STREAMS_MAX]


def in_order(keys: set[StreamKey] | dict[StreamKey, int]) -> list[StreamKey]:
    """The same every time, whatever a set's order is."""
    return sorted(keys, key=lambda key: (key[1], key[0].value))[:STREAMS_MAX]
