"""One stream: pieces on disk, then what is in memory only; and what is gone, but not yet erased.

A piece stands for some hundred neighbouring rows. So a million messages are two thousand small values, and
acknowledging or dropping them counts no more than a piece's rows.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, NamedTuple

from hubagent.uplink.message.channel import MessageClass

PIECE_COUNT: Final = 512
PIECE_BYTES: Final = 64 * 1024
MESSAGE_COST: Final = 250
"""Bytes that Python needs for a message in memory beside its content, measured: objects, tuple, places in lists."""


class Fresh(NamedTuple):
    """A message that is in memory only."""

    seq: int
    at: int
    """Its stamp."""
    content: bytes
    put_at: float
    """When it was put, by the loop's clock."""


Tally = Callable[[MessageClass, int, int, int], tuple[int, int]]
"""How many messages of a class and epoch, and bytes, lie on disk after one number and up to another."""


@dataclass(slots=True)
class Piece:
    """Rows up to `last`, from where the piece before it ends."""

    last: int
    count: int
    size: int
    at: int
    """The stamp of the last."""
    marked: bool = False
    """The disk knows where it ends."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a commit makes of a stream."""

    fresh: Sequence[Fresh]
    pieces: Sequence[Piece]
    """In place of the last one, where `grows`; else behind it."""
    grows: bool
    marks: Sequence[Piece]
    """Those that are marked with it: what is complete, and before it whatever else lies there."""


class KeptStream:
    def __init__(self, message_class: MessageClass, epoch: int, piece_bytes: int = PIECE_BYTES) -> None:
        self.message_class = message_class
        self.epoch = epoch
        self.gone = 0
        """Everything up to this number is acknowledged or dropped, whatever lies on disk."""
        self.fresh: deque[Fresh] = deque()
        self.pieces: deque[Piece] = deque()
        self._piece_bytes = piece_bytes
        self._disk_count = 0
        self._disk_size = 0
        self._fresh_size = 0
        self._front_gone = (0, 0)
        """Of the first piece, what is gone already."""
        self._owed: deque[tuple[int, int]] = deque()
        """What is gone and on disk: up to which number, and how many rows since the entry before."""
        self._erased = 0
        self._bare: Piece | None = None
        """What is gone, not yet erased, and not marked either: the next mark would have to count it, and does not."""

    @property
    def count(self) -> int:
        return self._disk_count + len(self.fresh)

    @property
    def size(self) -> int:
        return self._disk_size + self._fresh_size

    @property
    def memory(self) -> int:
        return self._fresh_size + len(self.fresh) * MESSAGE_COST

    @property
    def last(self) -> int:
        if self.fresh:
            return self.fresh[-1].seq
        return self.disk_last

    @property
    def disk_last(self) -> int:
        return self.pieces[-1].last if self.pieces else self.gone

    @property
    def end(self) -> tuple[int, int]:
        """The number and the stamp of the newest."""
        last = self.fresh[-1] if self.fresh else None
        return (last.seq, last.at) if last else (self.pieces[-1].last, self.pieces[-1].at)

    @property
    def owes(self) -> bool:
        return bool(self._owed)

    @staticmethod
    def cost_of(fresh: Fresh) -> int:
        """Bytes that it takes in memory."""
        return MESSAGE_COST + len(fresh.content)

    def append(self, fresh: Fresh) -> None:
        self.fresh.append(fresh)
        self._fresh_size += len(fresh.content)

    def fresh_after(self, after: int, most: int) -> Iterator[Fresh]:
        start = bisect_right(self.fresh, after, key=_seq)
        return islice(self.fresh, start, start + most)

    def fresh_before(self, through: int) -> int:
        """The number of the last in memory up to `through`; 0 where there is none."""
        start = bisect_right(self.fresh, through, key=_seq)
        return self.fresh[start - 1].seq if start else 0

    def remove_through(self, seq: int, tally: Tally) -> tuple[int, int]:
        """It is acknowledged, or dropped. How many that were, and bytes."""
        count, size = self.count, self.size
        while self.pieces and self.pieces[0].last <= seq:
            self._remove_piece()
        if self.pieces and seq > self.gone:
            part = tally(self.message_class, self.epoch, self.gone, seq)
            self._front_gone = (self._front_gone[0] + part[0], self._front_gone[1] + part[1])
            self._disk_count -= part[0]
            self._disk_size -= part[1]
            if part[0]:
                self._owed.append((seq, part[0]))
        while self.fresh and self.fresh[0].seq <= seq:
            self.remove_fresh()
        self.gone = max(self.gone, seq)
        self._sweep()
        return count - self.count, size - self.size

    def remove_fresh(self) -> Fresh:
        """The oldest of those in memory, wherever the disk's are."""
        oldest = self.fresh.popleft()
        self._fresh_size -= len(oldest.content)
        return oldest

    def load(self, pieces: Sequence[Piece]) -> None:
        """What lies on disk, in place of what was believed to."""
        self.forget_disk()
        self.pieces.extend(pieces)
        self._disk_count = sum(it.count for it in pieces)
        self._disk_size = sum(it.size for it in pieces)

    def forget_disk(self) -> None:
        """The disk has none of it."""
        self.pieces.clear()
        self._owed.clear()
        self._disk_count = self._disk_size = self._erased = 0
        self._front_gone = (0, 0)
        self._bare = None

    def lost(self, seq: int, size: int) -> None:
        """One row was wrong, and is not there any more."""
        for piece in self.pieces:
            if seq <= piece.last:
                piece.count -= 1
                piece.size -= size
                break
        self._disk_count -= 1
        self._disk_size -= size
        self._sweep()

    def plan(self) -> Plan:
        """How what is in memory goes to disk."""
        grows = bool(self.pieces) and not self.pieces[-1].marked
        pieces = [replace(self.pieces[-1])] if grows else []
        for seq, at, content, _put_at in self.fresh:
            if not pieces or self._is_full(pieces[-1]):
                pieces.append(Piece(seq, 0, 0, at))
            piece = pieces[-1]
            piece.last, piece.count, piece.size, piece.at = seq, piece.count + 1, piece.size + len(content), at
        marks = [it for it in pieces if self._is_full(it)]
        if marks and self._bare is not None:
            marks.insert(0, self._bare)
        return Plan(tuple(self.fresh), pieces, grows, marks)

    def committed(self, plan: Plan) -> None:
        if plan.grows:
            self.pieces.pop()
        self.pieces.extend(plan.pieces)
        for piece in plan.marks:
            piece.marked = True
        if self._bare is not None and self._bare.marked:
            self._bare = None
        self._disk_count += len(self.fresh)
        self._disk_size += self._fresh_size
        self.fresh.clear()
        self._fresh_size = 0

    def to_erase(self, most: int) -> tuple[int, int, int] | None:
        """After which number, and up to which, about `most` rows may be erased; and how many they are."""
        rows = 0
        through = 0
        for upto, count in self._owed:
            if rows and rows + count > most:
                break
            through = upto
            rows += count
        return (self._erased, through, rows) if rows else None

    def erased(self, through: int) -> None:
        self._erased = through
        while self._owed and self._owed[0][0] <= through:
            self._owed.popleft()
        if self._bare is not None and self._bare.last <= through:
            self._bare = None

    def _sweep(self) -> None:
        """Where the last row of a piece was lost, it ends with a number that nobody will acknowledge."""
        while self.pieces and self._disk_count == 0:
            self._remove_piece()

    def _remove_piece(self) -> None:
        piece = self.pieces.popleft()
        count, size = piece.count - self._front_gone[0], piece.size - self._front_gone[1]
        self._front_gone = (0, 0)
        self._disk_count -= count
        self._disk_size -= size
        self.gone = max(self.gone, piece.last)
        self._owed.append((piece.last, max(count, 1)))
        if not piece.marked:
            had = self._bare or Piece(0, 0, 0, 0)
            self._bare = Piece(piece.last, had.count + piece.count, had.size + piece.size, piece.at)

    def _is_full(self, piece: Piece) -> bool:
        return piece.count >= PIECE_COUNT or piece.size >= self._piece_bytes


def _seq(fresh: Fresh) -> int:
    return fresh.seq
