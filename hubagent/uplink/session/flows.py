"""What of the outbox is under way: for each stream how far it was sent and how far it arrived, and whose turn is next.

Live comes before the backlog, and in each the more important class first. A stream is one class in one epoch; within a
stream order holds, between streams it does not matter.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.down import Arrived
from hubagent.uplink.message.up import MESSAGES_MAX, Message

BACKLOG_FRAMES_MAX: Final = 4
"""Under way at once: a live message waits behind so many frames at most."""
BACKLOG_FRAME_BYTES: Final = 16 * 1024
_FRAME_OVERHEAD: Final = 512
"""Bytes of a frame that are not messages, at most: the hub's name, the incarnation, keys."""
_RANK: Final = {name: rank for rank, name in enumerate(MessageClass)}
REPEAT_S: Final = 1.0
"""The same hole, told of again within this time, is not filled again: the filling is still under way."""

StreamKey = tuple[MessageClass, int]


class KeptStream(Protocol):
    """What the outbox says of a stream."""

    @property
    def message_class(self) -> MessageClass: ...
    @property
    def epoch(self) -> int: ...
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


class Kept(Protocol):
    """Where the messages are: the outbox."""

    @property
    def epoch(self) -> int: ...
    def streams(self) -> Sequence[KeptStream]: ...
    def read(
        self, message_class: MessageClass, epoch: int, after: int, most: int, size_max: int
    ) -> Sequence[Message]: ...
    def acknowledge(self, message_class: MessageClass, epoch: int, seq: int) -> None: ...


@dataclass(slots=True)
class _Frame:
    last: int
    count: int
    sent_at: float


@dataclass(slots=True)
class _Flow:
    message_class: MessageClass
    epoch: int
    arrived: int
    sent: int
    more: bool = True
    """There may be something after `sent`."""
    frames: deque[_Frame] = field(default_factory=deque)
    under_way: int = 0
    """Messages."""
    filled_at: float = float("-inf")

    def forget_frames(self) -> int:
        forgotten, self.under_way = self.under_way, 0
        self.frames.clear()
        return forgotten


class Flows:
    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._flows: dict[StreamKey, _Flow] = {}
        self._order: list[_Flow] = []
        self._under_way = 0
        self._begun = False
        self.window = 0
        """Messages that may be under way, by the cloud's word; 0 before it said so."""

    @property
    def under_way(self) -> int:
        return self._under_way

    def oldest_sent_at(self) -> float | None:
        """When the frame was sent that has been waited for the longest."""
        times = [flow.frames[0].sent_at for flow in self._order if flow.frames]
        return min(times) if times else None

    def begin(self, arrived: Iterable[Arrived], window: int) -> None:
        """Begin anew on what the cloud says that it has."""
        known = {(it.message_class, it.epoch): it.seq for it in arrived}
        self.window = window
        self._begun = True
        self._under_way = 0
        self._flows.clear()
        for stream in self._kept.streams():
            key = stream.message_class, stream.epoch
            seq = min(known.get(key, 0), stream.last)
            if seq >= stream.first:
                self._kept.acknowledge(*key, seq)
            if seq < stream.last:
                self._flows[key] = _Flow(*key, seq, seq)
        self._sort()

    def stop(self) -> None:
        """Nothing is under way any more."""
        self._flows.clear()
        self._order.clear()
        self._under_way = 0
        self._begun = False
        self.window = 0

    def added(self, message_class: MessageClass, seq: int) -> None:
        """A message was put into the present epoch."""
        if not self._begun:
            return
        key = message_class, self._kept.epoch
        flow = self._flows.get(key)
        if flow is None:
            # What came before it in this stream has arrived.
            self._flows[key] = _Flow(*key, seq - 1, seq - 1)
            self._sort()
        else:
            flow.more = True

    def next(self, size_max: int, now: float) -> tuple[MessageClass, Sequence[Message]] | None:
        """The messages of the next frame; they count as sent. None when there are none, or the window is full."""
        room = self.window - self._under_way
        if room <= 0:
            return None
        live_epoch = self._kept.epoch
        backlog_frames = sum(len(flow.frames) for flow in self._order if flow.epoch != live_epoch)
        for flow in self._order:
            if not flow.more:
                continue
            live = flow.epoch == live_epoch
            if not live and backlog_frames >= BACKLOG_FRAMES_MAX:
                break
            bytes_max = (size_max if live else min(size_max, BACKLOG_FRAME_BYTES)) - _FRAME_OVERHEAD
            # The backlog never takes the whole window.
            most = min(room, MESSAGES_MAX) if live else min(room, MESSAGES_MAX, max(1, self.window // 8))
            messages = self._kept.read(flow.message_class, flow.epoch, flow.sent, most, bytes_max)
            if messages:
                self._sent(flow, messages, now)
                return flow.message_class, messages
            flow.more = False
        return None

    def acknowledge(self, place: Arrived) -> bool:
        """Whether it says something new. What was never sent cannot have arrived, and stays."""
        flow = self._flows.get((place.message_class, place.epoch))
        if flow is None or place.seq <= flow.arrived:
            return False
        seq = min(place.seq, flow.sent)
        if seq <= flow.arrived:
            return False
        flow.arrived = seq
        while flow.frames and flow.frames[0].last <= seq:
            count = flow.frames.popleft().count
            flow.under_way -= count
            self._under_way -= count
        self._kept.acknowledge(place.message_class, place.epoch, seq)
        if flow.epoch != self._kept.epoch and not flow.frames and not flow.more:
            del self._flows[flow.message_class, flow.epoch]
            self._sort()
        return True

    def missing(self, place: Arrived, now: float) -> None:
        """The cloud has nothing after `place`, though something was sent: it is sent again."""
        flow = self._flows.get((place.message_class, place.epoch))
        if flow is None or place.seq >= flow.sent or now - flow.filled_at < REPEAT_S:
            return
        flow.filled_at = now
        # A cloud that lost what it had acknowledged gets what is left; the rest is gone from here, too.
        flow.arrived = min(flow.arrived, place.seq)
        flow.sent = place.seq
        flow.more = True
        self._under_way -= flow.forget_frames()

    def _sent(self, flow: _Flow, messages: Sequence[Message], now: float) -> None:
        flow.sent = messages[-1].seq
        flow.frames.append(_Frame(flow.sent, len(messages), now))
        flow.under_way += len(messages)
        self._under_way += len(messages)

    def _sort(self) -> None:
        live = self._kept.epoch
        self._order = sorted(
            self._flows.values(), key=lambda flow: (flow.epoch != live, _RANK[flow.message_class], flow.epoch)
        )
