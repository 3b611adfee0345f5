"""I1: what the hub promised to tell the cloud arrived there, once, in order and as it was put.

A message is promised once it was on disk, or had the 50 ms in which it has to be there or be acknowledged. While the
disk refuses to take any it is not: then it is in memory only, and whoever kills the process kills it. What the outbox
itself says that it had to drop is forgiven, by class and count; so is what was on disk when a bit of it changed by
itself: of a write-ahead log that ends earlier than it did nobody can know.
"""

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cbor2

from hubagent.agent import Agent
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.outbox import FILE, Outbox
from hubagent.uplink.outbox.terms import Condition
from simulators.chaos.checks.check import Check
from simulators.site.disk import Disk
from simulators.site.life import in_a_dead_process
from simulators.site.site import Site

SOON_S: Final = 0.05
"""What was put longer ago is on disk (outbox: 30 ms, and what a commit takes), unless the disk refuses."""
LOOKED_EVERY_S: Final = 300.0
"""At what has arrived. The cloud keeps 100,000 messages, and trims."""
AGAIN_S: Final = 0.1
"""The cloud is in the middle of a transaction: what it has written may yet be taken back."""
ARRIVED_S: Final = 60.0
"""Younger messages may still be on their way at the end."""
NAMED_MAX: Final = 5
_ROWS: Final = "SELECT n, incarnation, class, epoch, seq, content FROM history WHERE n > ? ORDER BY n"
_IN_USE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'history'"

Stream = tuple[bytes, str, int]
"""Incarnation, class, epoch."""
Key = tuple[bytes, str, int, int]
"""A stream and a number."""


@dataclass(slots=True)
class _Put:
    at: float
    content: int | None
    """Its checksum, as a week of messages is too much to be kept; None: whatever."""
    promised: bool | None = None
    """None: not yet, and its hub lives. False: never, and now it may be there or not."""


@dataclass(slots=True)
class _Database:
    """One of the cloud's, as far as it was read."""

    read_to: int = 0
    last: dict[Stream, int] = field(default_factory=dict)


class Messages(Check):
    name = "messages"
    patience_s = 600.0
    """A hub that was away comes back within 120 s, and a cloud that was is asked every 75 s."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._loop = site.world.loop
        self._waiting: dict[Key, _Put] = {}
        """What was put and has not been seen in the cloud, whether the hub lives that put it or not."""
        self._fresh: list[_Put] = []
        """What this life put and is not promised."""
        self._since: dict[tuple[bytes, int], int] = {}
        """By incarnation and epoch, the number after which everything was heard."""
        self._outran: dict[tuple[str, int | None], Key] = {}
        """By class and checksum, what an outbox that was outrun may give a number anew, at that very moment."""
        self._outran_at = float("-inf")
        self._outbox: Outbox | None = None
        self._refused = False
        """Since the last commit."""
        self._dropped: Counter[str] = Counter()
        """By class, as the outbox says."""
        self._aside: set[str] = set()
        """Files that were."""
        self._rotten = 0
        self._databases: list[_Database] = []

    def begin(self) -> None:
        site = self.site
        if site.cloud is None:
            return
        site.hub.on_made.append(self._made)
        site.hub.on_end.append(self._ended)
        site.hub.on_power.append(self._power)
        site.hub.disk.committed.append(self._committed)
        site.hub.disk.refused.append(self._refuses)
        for database in site.cloud.databases:
            self._databases.append(_Database())
            rows = database.execute(_ROWS, (0,)).fetchall() if database.execute(_IN_USE).fetchall() else []
            for row in rows:
                self._take(self._databases[-1], row, known=True)
        agent = site.hub.agent
        if agent is not None:
            self._made(agent)
            uplink = getattr(agent.uplink, "_uplink", None)
            if uplink is not None:
                self._opened(uplink._parts.outbox)
        self._later(LOOKED_EVERY_S)

    def end(self) -> list[str]:
        if self.site.cloud is None:
            return []
        self._timer.cancel()
        self._look_aside()
        self._look()
        return self.told(self._missing())

    # --- the hub

    def _made(self, agent: Agent) -> None:
        if agent.uplink is not None:
            agent.uplink.opened.append(self._opened)

    def _opened(self, outbox: Outbox) -> None:
        """Hear what is put into it from now on."""
        if in_a_dead_process():
            return
        self._look_aside()
        put = outbox.put
        self._outbox = outbox
        opened_at = self._loop.time()
        self._since.setdefault((outbox.incarnation, outbox.epoch), outbox.seq)

        def heard(message_class: MessageClass, content: bytes) -> int:
            seq = put(message_class, content)
            if not in_a_dead_process():
                self._heard((outbox.incarnation, message_class.value, outbox.epoch, seq), content)
            return seq

        outrun = outbox.outrun

        def outran(epoch: int) -> bool:
            # What this life has not sent yet is put once more, beyond all that the cloud has, and is no other message.
            mine = [
                (key, one) for key, one in self._waiting.items() if key[0] == outbox.incarnation and one.at >= opened_at
            ]
            self._outran = {(key[1], one.content): key for key, one in mine}
            self._outran_at = self._loop.time()
            return outrun(epoch)

        outbox.put = heard  # type: ignore[method-assign]  # an ear at its slot
        outbox.outrun = outran  # type: ignore[method-assign]  # likewise

    def _heard(self, key: Key, content: bytes) -> None:
        one = _Put(self._loop.time(), zlib.crc32(content))
        moved = self._outran.pop((key[1], one.content), None) if one.at == self._outran_at else None
        if moved is not None:
            self._waiting.pop(moved, None)
        before = self._waiting.get(key)
        if before is not None and before.content is not None:
            self.saw(f"the number of {_text(key)} was given twice, the second time at {one.at:.3f} s")
        self._since.setdefault((key[0], key[2]), 0)
        self._waiting[key] = one
        self._fresh.append(one)
        if b"dropped" in content:
            _at, kind, body = cbor2.loads(content)
            if kind == "dropped":
                self._dropped[body["class"]] += body["count"]

    def _committed(self, path: Path) -> None:
        # While the disk is only being tried again, a commit may make room, and have none of what is new.
        if path.name == FILE and self._outbox is not None and self._outbox.condition is Condition.DURABLE:
            self._promise(float("inf"))
            self._refused = False

    def _refuses(self, path: Path) -> None:
        if path.name == FILE:
            self._refused = True

    def _ended(self, power: bool) -> None:  # noqa: ARG002 - what is fully synced survives both
        process = self.site.hub._process
        if not (self._refused or (process is not None and process.life.stalled)):
            self._promise(self._loop.time() - SOON_S)
        for one in self._fresh:
            one.promised = False
        self._fresh.clear()
        self._outbox = None
        self._refused = False

    def _promise(self, before: float) -> None:
        for one in self._fresh:
            if one.at < before:
                one.promised = True
        self._fresh = [one for one in self._fresh if one.promised is None]

    def _power(self, _disk: Disk) -> None:
        if len(self.site.hub.rotten) > self._rotten:
            self._rotten = len(self.site.hub.rotten)
            for one in self._waiting.values():
                one.promised, one.content = False, None

    def _look_aside(self) -> None:
        folder = self.site.hub.disk.folder
        found = {it.name for it in folder.glob(f"*/{FILE}.corrupt-*") if not it.name.endswith(("-wal", "-shm"))}
        new, self._aside = found - self._aside, self._aside | found
        if new and not self.site.hub.rotten:
            self.saw(f"{', '.join(sorted(new))} was put aside by {self._loop.time():.3f} s, and no bit had changed")

    # --- the cloud

    def _later(self, seconds: float) -> None:
        self._timer = self._loop.call_later(seconds, self._looks)

    def _looks(self) -> None:
        self._look_aside()
        self._later(LOOKED_EVERY_S if self._look() else AGAIN_S)

    def _look(self) -> bool:
        """Take in what has arrived. False where that is not certain yet."""
        cloud = self.site.cloud
        assert cloud is not None
        certain = True
        self._fresh = [one for one in self._fresh if one.promised is None]
        while len(self._databases) < len(cloud.databases):
            self._databases.append(_Database())
        for known, database in zip(self._databases, cloud.databases, strict=True):
            if database.in_transaction:
                certain = False
            elif database.execute(_IN_USE).fetchall():
                for row in database.execute(_ROWS, (known.read_to,)).fetchall():
                    self._take(known, row)
        return certain

    def _take(self, database: _Database, row: tuple[int, bytes, str, int, int, bytes], *, known: bool = False) -> None:
        database.read_to, incarnation, name, epoch, seq, content = row
        stream = (incarnation, name, epoch)
        last = database.last.get(stream, 0)
        if seq <= last:
            how = "twice" if seq == last else f"after {last}"
            self.saw(f"message {_text((*stream, seq))} came {how}")
        database.last[stream] = max(seq, last)
        one = self._waiting.pop((*stream, seq), None)
        if one is not None:
            one.promised = True
        if known:
            return
        if one is None:
            since = self._since.get((incarnation, epoch))
            if since is not None and seq > since and not self._came_before((*stream, seq)):
                self.saw(f"message {_text((*stream, seq))} arrived, and nobody had put it")
        elif one.content not in (None, zlib.crc32(content)):
            self.saw(f"message {_text((*stream, seq))} arrived as another than was put: {content[:60]!r}")

    def _came_before(self, key: Key) -> bool:
        """Into a database that is forgotten: a cloud that forgot is told once more of what it had not acknowledged."""
        return any(it.last.get(key[:3], 0) >= key[3] for it in self._databases[:-1])

    # --- the end

    def _missing(self) -> Iterator[str]:
        late = self._loop.time() - ARRIVED_S
        lost: dict[str, list[Key]] = {}
        for key, one in self._waiting.items():
            if one.promised is not False and one.at < late:
                lost.setdefault(key[1], []).append(key)
        for name, keys in sorted(lost.items()):
            said = self._dropped[name]
            if len(keys) > said:
                which = ", ".join(f"{_text(key)} put at {self._waiting[key].at:.3f} s" for key in keys[:NAMED_MAX])
                yield f"{len(keys)} {name} messages did not arrive, {said} were said to be dropped: {which}"
        if self._outbox is not None:
            kept = {it.value: count for it, (count, _size) in self._outbox.counts().items() if count}
            if lost and kept:
                yield f"and the outbox still has {kept}"


def _text(key: Key) -> str:
    incarnation, name, epoch, seq = key
    return f"{name} {epoch}/{seq} of {incarnation.hex()[:4]}"
