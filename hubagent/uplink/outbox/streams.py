"""All streams together: which there are, how much of each class, and which messages go first when there is no room."""

from collections.abc import Iterator, Mapping, Sequence

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.pieces import PIECE_BYTES, Fresh, KeptStream, Piece, Tally
from hubagent.uplink.outbox.terms import Bounds

Key = tuple[MessageClass, int]

_PIECES_MIN = 16
"""A class is dropped piece by piece: it has always so many pieces that one is a small part of what it may be."""
_RANK = {it: rank for rank, it in enumerate(MessageClass)}
LEAST_FIRST = tuple(reversed(MessageClass))


class Streams:
    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._streams: dict[Key, KeptStream] = {}
        self._counts: dict[MessageClass, tuple[int, int]] = dict.fromkeys(MessageClass, (0, 0))
        self.memory = 0
        """Bytes of all that is in memory only."""

    def __iter__(self) -> Iterator[KeptStream]:
        return iter(self._streams.values())

    def get(self, message_class: MessageClass, epoch: int) -> KeptStream | None:
        return self._streams.get((message_class, epoch))

    def of(self, message_class: MessageClass) -> list[KeptStream]:
        """The oldest first."""
        found = [it for it in self._streams.values() if it.message_class is message_class and it.count]
        return sorted(found, key=lambda it: it.epoch)

    def in_order(self) -> list[KeptStream]:
        """All that have messages, the oldest epoch first, and in it the most important class."""
        found = [it for it in self._streams.values() if it.count]
        return sorted(found, key=lambda it: (it.epoch, _RANK[it.message_class]))

    def epochs(self) -> set[int]:
        """Those that have messages."""
        return {it.epoch for it in self._streams.values() if it.count}

    @property
    def counts(self) -> Mapping[MessageClass, tuple[int, int]]:
        return self._counts

    def append(self, message_class: MessageClass, epoch: int, fresh: Fresh) -> None:
        stream = self._made(message_class, epoch)
        stream.append(fresh)
        count, size = self._counts[message_class]
        self._counts[message_class] = (count + 1, size + len(fresh.content))
        self.memory += stream.cost_of(fresh)

    def waiting_since(self) -> float | None:
        """When the oldest was put of those that are in memory only."""
        return min((it.fresh[0].put_at for it in self._streams.values() if it.fresh), default=None)

    def remove_through(self, stream: KeptStream, seq: int, tally: Tally) -> int:
        """How many messages are gone with it."""
        memory = stream.memory
        count, size = stream.remove_through(seq, tally)
        self._left(stream, count, size, memory)
        return count

    def remove_fresh(self) -> tuple[KeptStream, Fresh]:
        """What is in memory only and matters least."""
        stream = min(
            (it for it in self._streams.values() if it.fresh), key=lambda it: (-_RANK[it.message_class], it.epoch)
        )
        memory = stream.memory
        oldest = stream.remove_fresh()
        self._left(stream, 1, len(oldest.content), memory)
        return stream, oldest

    def lost(self, stream: KeptStream, seq: int, size: int) -> None:
        stream.lost(seq, size)
        self._left(stream, 1, size, stream.memory)

    def is_over(self, message_class: MessageClass) -> bool:
        return self._counts[message_class][1] > self._bounds.classes[message_class].size

    def load(self, pieces: Mapping[Key, Sequence[Piece]], tally: Tally) -> dict[Key, int]:
        """This is what lies on disk, whatever was believed to. How many messages of which stream are missing now."""
        before = {key: stream.count for key, stream in self._streams.items()}
        for stream in self._streams.values():
            stream.forget_disk()
        for key, found in pieces.items():
            stream = self._made(*key)
            gone, stream.gone = stream.gone, 0
            stream.load(found)
            stream.remove_through(gone, tally)
        self._count_anew()
        return {key: count - self._streams[key].count for key, count in before.items()}

    def forget_empty(self) -> None:
        """Streams of which nothing is left, on disk neither."""
        self._streams = {key: it for key, it in self._streams.items() if it.count or it.owes}

    def _made(self, message_class: MessageClass, epoch: int) -> KeptStream:
        key = message_class, epoch
        stream = self._streams.get(key)
        if stream is None:
            piece_bytes = min(PIECE_BYTES, self._bounds.classes[message_class].size // _PIECES_MIN)
            stream = self._streams[key] = KeptStream(message_class, epoch, piece_bytes)
        return stream

    def _left(self, stream: KeptStream, count: int, size: int, memory: int) -> None:
        had = self._counts[stream.message_class]
        self._counts[stream.message_class] = (had[0] - count, had[1] - size)
        self.memory += stream.memory - memory

    def committed(self) -> None:
        """Nothing is in memory only."""
        self.memory = sum(it.memory for it in self._streams.values())

    def _count_anew(self) -> None:
        for message_class in MessageClass:
            of_class = [it for it in self._streams.values() if it.message_class is message_class]
            self._counts[message_class] = (sum(it.count for it in of_class), sum(it.size for it in of_class))
        self.committed()
