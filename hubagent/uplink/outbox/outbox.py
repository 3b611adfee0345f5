"""The outbox: what the hub has to say to the cloud, in order and on disk, until the cloud has said that it has it.

What is put is in memory at first, and on disk a moment later together with what came meanwhile; what the cloud
acknowledged before that never touches the disk. Measured, for 20,000 messages at 4,000 a second: emptied by the
broker's PUBACK, 16 to 517 messages were lost when the broker was killed twice; by the cloud's own cumulative
acknowledgement, none. SQLite's WAL with synchronous=FULL commits 613 times a second one by one, and 74,000 messages a
second in groups of 200; with NORMAL it is quicker, and loses commits with the power.

Nothing here stops the agent. A disk that is full or fails leaves what comes in memory, within a bound, and is tried
again; a damaged file is put aside. Everything happens on the event loop's thread: there is no other.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from hubagent.runtime import Runtime
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.up import CONTENT_MAX, Message
from hubagent.uplink.outbox.ages import Ages, Clock
from hubagent.uplink.outbox.disk import Contents, Disk, Page
from hubagent.uplink.outbox.drops import Drops
from hubagent.uplink.outbox.numbering import EPOCHS_MAX, Numbering
from hubagent.uplink.outbox.numbers import Numbers
from hubagent.uplink.outbox.pieces import Fresh, KeptStream
from hubagent.uplink.outbox.saving import Saving
from hubagent.uplink.outbox.streams import Streams
from hubagent.uplink.outbox.terms import Bounds, Condition, Dropped, Stream

_log = logging.getLogger(__name__)

FILE: Final = "outbox.db"
TIME_FLOOR: Final = 1_767_225_600.0
"""2026-01-01 00:00 UTC. A clock that says less is wrong; `clock` may know better."""
UNSAVED_MAX: Final = 1024 * 1024
"""Bytes that wait for one commit: it takes some 10 ms here, and for more the loop would have to wait longer."""
AGE_INTERVAL_S: Final = 600.0
"""Between two looks for what is too old."""


class Outbox:
    """Made by `open_outbox`."""

    def __init__(self, path: Path, runtime: Runtime, bounds: Bounds, clock: Clock) -> None:
        self._bounds = bounds
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._numbers = Numbers()
        self._streams = Streams(bounds)
        self._ages = Ages(clock, self._loop.time)
        self._drops = Drops(self._numbers)
        self._numbering = Numbering(self._numbers, runtime.entropy)
        self._saving = Saving(path, runtime, self._streams, self._numbers, self._ages, self._adopt)
        self._age_timer: asyncio.TimerHandle | None = None
        self.on_found: Callable[[], None] | None = None
        """Called in the loop's next round when a file that could not be read can be, and has messages."""
        self._begin(self._saving.open())
        self._drop_old()

    @property
    def incarnation(self) -> bytes:
        """The same as long as this outbox lasts, and in the next ones as long as its file does."""
        return self._numbering.incarnation

    @property
    def boot(self) -> int:
        """The number of this start: another one than all before, and one more than the last as long as disks work."""
        return self._numbering.boot

    @property
    def epoch(self) -> int:
        """What is put now belongs to it."""
        return self._numbering.epoch

    @property
    def seq(self) -> int:
        """The last number of this epoch that was given."""
        return self._numbering.seq

    @property
    def condition(self) -> Condition:
        return self._saving.condition

    @property
    def condition_detail(self) -> str:
        """What the disk says; empty while it works."""
        return self._saving.detail

    def put(self, message_class: MessageClass, content: bytes) -> int:
        """Its number. In memory when this returns, on disk within COMMIT_DELAY_S on a disk that is not slow itself.

        At most CONTENT_MAX bytes. What no bound has room for is dropped, be it this message.
        """
        assert 0 < len(content) <= CONTENT_MAX, f"{len(content)} bytes"
        if self._numbering.epoch_is_full:
            self._begin_epoch()
        seq = self._numbering.next()
        self._streams.append(message_class, self.epoch, Fresh(seq, self._ages.now(), content, self._loop.time()))
        self._saving.commit_later()
        if self._streams.is_over(message_class):
            self._make_room(message_class)
        if self._streams.memory > min(UNSAVED_MAX, self._bounds.memory_max):
            self._make_room_in_memory()
        if self._age_timer is None:
            self._age_timer = self._loop.call_later(AGE_INTERVAL_S, self._look_at_ages)
        return seq

    def new_epoch(self) -> int:
        """Begin another one: what is put from now on is a stream of its own, and waits for nothing older.

        On disk when this returns (while the disk fails, a number that no other start will take). Where nothing was
        put into the present one it is as good as new, and where EPOCHS_MAX have messages no more are begun: then it
        stays.
        """
        if self._numbering.seq and len(self._streams.epochs()) < EPOCHS_MAX:
            self._begin_epoch()
        return self.epoch

    def outrun(self, epoch: int) -> bool:
        """Begin an epoch beyond that one, which another life of this outbox has used: it was restored from a copy, or
        did not take the count.

        False where there is none.
        """
        if not self._numbering.may_outrun(epoch):
            return False
        self._numbering.outrun(epoch)
        self._ages.begin(self.epoch)
        self._saving.save()
        return True

    def streams(self) -> list[Stream]:
        """All that have messages, the oldest epoch first, and in it the most important class."""
        return [
            Stream(it.message_class, it.epoch, self._first(it)[0], it.last, it.count, it.size)
            for it in self._streams.in_order()
        ]

    def read(self, message_class: MessageClass, epoch: int, after: int, most: int, size_max: int) -> list[Message]:
        """The messages that follow number `after`: at most `most`, and `size_max` bytes of content, but at least one.

        Nothing where the disk cannot be read now.
        """
        stream = self._streams.get(message_class, epoch)
        if stream is None or most < 1:
            return []
        after = max(after, stream.gone)
        before, rows, size, more = 0, [], 0, False
        if stream.pieces:
            answer = self._saving.ask(lambda disk: _page(disk, stream, after, most, size_max), None)
            if answer is None:
                return []
            before, page = answer
            rows, size, more = list(page.rows), page.size, page.more
            if page.wrong:
                self._lose(stream, page.wrong)
        if not more:
            for fresh in stream.fresh_after(after, most - len(rows)):
                size += len(fresh.content)
                if rows and size > size_max:
                    break
                rows.append((fresh.seq, fresh.content))
        numbers = [stream.fresh_before(after) or before, *(seq for seq, _content in rows)]
        return [
            Message(epoch, seq, previous, content)
            for (previous, seq), (_seq, content) in zip(pairwise(numbers), rows, strict=True)
        ]

    def acknowledge(self, message_class: MessageClass, epoch: int, seq: int) -> None:
        """All of the stream up to `seq` is safe with the cloud. More than was ever put means all that was."""
        stream = self._streams.get(message_class, epoch)
        if stream is not None:
            self._streams.remove_through(stream, min(seq, stream.last), self._tally)
            if stream.owes:
                self._saving.erase_later()

    def note(self, key: str, value: int) -> None:
        """A small number that outlives a restart; on disk with the next group commit, or after `flush`."""
        self._numbers.set(f"note.{key}", value)
        self._saving.commit_later()

    def noted(self, key: str) -> int:
        """0 where nothing was noted."""
        return self._numbers.get(f"note.{key}")

    def flush(self) -> None:
        """Everything is on disk when this returns. Raises StoreFailed."""
        self._saving.flush()

    def close(self) -> None:
        """Write the rest and let go of the file. Raises StoreFailed when it could not be written."""
        if self._age_timer is not None:
            self._age_timer.cancel()
        self.on_found = None
        self._saving.close()

    def take_dropped(self) -> list[Dropped]:
        """What had to be dropped and was not taken yet, once a minute at most.

        Put the report at once: it is in the same commit then as that nothing is left to report.
        """
        return self._drops.take(self._loop.time())

    def counts(self) -> Mapping[MessageClass, tuple[int, int]]:
        """By class, how many messages there are, and bytes of content."""
        return dict(self._streams.counts)

    # Numbers.

    def _begin(self, contents: Contents | None) -> None:
        """Count up the boot and the epoch, before anything is numbered in them."""
        if contents is None:
            self._numbering.begin_anew(unseen=True)
            self._ages.begin(self.epoch)
            return
        self._load(contents)
        self._make_all_room()
        if "incarnation" not in contents.numbers:
            self._numbering.begin_anew(unseen=False)
        else:
            held = {it.epoch: 0 for it in self._streams}
            for it in self._streams:
                held[it.epoch] = max(held[it.epoch], it.last)
            if self._numbering.begin(held):
                stamps = [it.pieces[-1].at for it in self._streams if it.epoch == self.epoch and it.pieces]
                self._ages.continues(max(stamps, default=0))
        self._ages.begin(self.epoch)
        if not self._saving.save():
            self._numbering.leap(boot=True)
            self._ages.begin(self.epoch)

    def _begin_epoch(self) -> None:
        # One that is not on disk either has leapt already.
        leapt = self._numbers.is_unsaved("epoch")
        self._numbering.next_epoch()
        self._ages.begin(self.epoch)
        if not self._saving.save() and not leapt:
            self._numbering.leap(boot=False)
            self._ages.begin(self.epoch)

    def _load(self, contents: Contents) -> dict[tuple[MessageClass, int], int]:
        self._numbers.load(contents.numbers)
        self._ages.load(contents.beginnings)
        return self._streams.load(contents.pieces, self._tally)

    def _adopt(self, contents: Contents) -> None:
        """The file was opened anew: the same, another one, or one that could not be read at the start.

        Our numbers go on, whatever it counted: nothing of this run is renumbered.
        """
        same = contents.numbers.get("incarnation") == self._numbers.get("incarnation")
        known = {(it.message_class, it.epoch) for it in self._streams}
        for (message_class, epoch), count in self._load(contents).items():
            self._drops.add(message_class, max(0, count), self._ages.unix(epoch, 0), self._clock()[0])
        if not same:
            self._numbers.all_changed()
            self._ages.all_changed()
            self._numbering.knows(max((contents.numbers.get("epoch", 0), *(it.epoch for it in self._streams))))
        self._make_all_room()
        if any((it.message_class, it.epoch) not in known for it in self._streams.in_order()):
            # Not at once: whoever is told asks for what is just being changed.
            self._loop.call_soon(self._tell_found)

    def _tell_found(self) -> None:
        if self.on_found is not None:
            self.on_found()

    # Room.

    def _make_room(self, message_class: MessageClass) -> None:
        while self._streams.is_over(message_class):
            stream = self._streams.of(message_class)[0]
            piece = stream.pieces[0] if stream.pieces else None
            self._drop(stream, *((piece.last, piece.at) if piece else stream.fresh[0][:2]))

    def _make_all_room(self) -> None:
        for message_class in MessageClass:
            self._make_room(message_class)

    def _make_room_in_memory(self) -> None:
        if self.condition is Condition.DURABLE:
            # Sooner than planned, but nothing has to go.
            self._saving.save()
        while self._streams.memory > self._bounds.memory_max:
            stream, oldest = self._streams.remove_fresh()
            at = self._ages.unix(stream.epoch, oldest.at)
            self._drops.add(stream.message_class, 1, at, at)

    def _look_at_ages(self) -> None:
        self._age_timer = None
        self._drop_old()

    def _drop_old(self) -> None:
        self._ages.look()
        for message_class in MessageClass:
            age_s = self._bounds.classes[message_class].age_s
            streams = self._streams.of(message_class)
            places = [self._too_old(it, age_s) for it in streams]
            # What comes before something too old is older still, even where nobody knows its time.
            latest = max((number for number, place in enumerate(places) if place), default=-1)
            for number, stream in enumerate(streams[: latest + 1]):
                place = places[number] if number == latest else None
                self._drop(stream, *(place or stream.end))
        if self._streams.epochs():
            self._age_timer = self._loop.call_later(AGE_INTERVAL_S, self._look_at_ages)

    def _too_old(self, stream: KeptStream, age_s: float) -> tuple[int, int] | None:
        """The number and the stamp of the last one that is older than `age_s`."""
        below = self._ages.too_old_below(stream.epoch, age_s)
        found = None
        for piece in stream.pieces:
            if piece.at >= below:
                after = found[0] if found else stream.gone
                part = self._saving.ask(partial(_older, stream=stream, after=after, last=piece.last, below=below), None)
                return part or found
            found = (piece.last, piece.at)
        for fresh in stream.fresh:
            if fresh.at >= below:
                break
            found = (fresh.seq, fresh.at)
        return found

    def _drop(self, stream: KeptStream, through: int, stamp: int) -> None:
        since, until = (self._ages.unix(stream.epoch, it) for it in (self._first(stream)[1], stamp))
        count = self._streams.remove_through(stream, through, self._tally)
        self._drops.add(stream.message_class, count, since, until)
        self._saving.commit_later()
        if stream.owes:
            self._saving.erase_later()

    def _lose(self, stream: KeptStream, wrong: Sequence[tuple[int, int]]) -> None:
        """Rows that are not as they were written. One flipped bit is no reason to give up a million messages."""
        seqs = [seq for seq, _size in wrong]
        _log.error("%s messages %s of epoch %d are damaged and lost", stream.message_class.value, seqs, stream.epoch)
        at = self._ages.unix(stream.epoch, stream.end[1])
        self._drops.add(stream.message_class, len(seqs), at, at)
        for seq, size in wrong:
            self._streams.lost(stream, seq, size)
        self._saving.erase_rows(stream, seqs)

    def _first(self, stream: KeptStream) -> tuple[int, int]:
        """The number and the stamp of the oldest."""
        if not stream.pieces:
            return stream.fresh[0][:2]
        name, epoch, gone, last = stream.message_class, stream.epoch, stream.gone, stream.disk_last
        return self._saving.ask(lambda disk: disk.first(name, epoch, gone, last), None) or (
            gone + 1,
            stream.pieces[0].at,
        )

    def _tally(self, message_class: MessageClass, epoch: int, after: int, through: int) -> tuple[int, int]:
        """Where the disk cannot be read, what is gone is counted when the whole piece is."""
        return self._saving.ask(lambda disk: disk.tally(message_class, epoch, after, through), (0, 0))


def open_outbox(folder: Path, runtime: Runtime, bounds: Bounds | None = None, clock: Clock | None = None) -> Outbox:
    """Open the outbox in `folder`, made where it is missing. Needs a running loop.

    `clock` says the time, and whether it is sure; the default believes the machine's from TIME_FLOOR on.
    Raises StoreUnusable: another program uses it, or a later version wrote it. A disk that is full, fails or forbids
    writing is no reason to: the outbox works in memory, and says so.
    """

    def wall() -> tuple[float, bool]:
        now = runtime.wall()
        return now, now >= TIME_FLOOR

    return Outbox(folder / FILE, runtime, bounds or Bounds(), clock or wall)


def _page(disk: Disk, stream: KeptStream, after: int, most: int, size_max: int) -> tuple[int, Page]:
    """The number of the message before, 0 where we have none; and what follows."""
    name, epoch, last = stream.message_class, stream.epoch, stream.disk_last
    before = disk.last(name, epoch, stream.gone, min(after, last))
    return before[0] if before else 0, disk.page(name, epoch, after, last, most, size_max)


def _older(disk: Disk, stream: KeptStream, after: int, last: int, below: float) -> tuple[int, int] | None:
    return disk.older(stream.message_class, stream.epoch, after, last, below)
