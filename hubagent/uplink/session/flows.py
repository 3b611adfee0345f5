"""What of the outbox is under way: for each stream how far it was sent and how far it arrived, and whose turn is next.

A stream is one class in one epoch; within a stream order holds, between streams it does not matter. Live comes before
the backlog, and in each the more important class first.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from itertools import takewhile
from typing import Final, Protocol

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.down import Arrived
from hubagent.uplink.message.up import MESSAGES_MAX, Message
from hubagent.uplink.session.flow import Flow
from hubagent.uplink.session.used_numbers import StreamKey, UsedNumbers

BACKLOG_FRAMES_MAX: Final = 4
"""Under way at once: a live message waits behind so many frames at most."""
BACKLOG_FRAME_BYTES: Final = 16 * 1024
FRAME_OVERHEAD: Final = 512
"""Bytes of a frame that are not messages, at most: the hub's name, the incarnation, keys."""
MESSAGE_OVERHEAD: Final = 32
"""Bytes of a message that are not content, at most: three numbers of nine bytes, and CBOR's heads."""
LOOK_AGAIN_S: Final = 5.0
"""A disk that could not be read is asked again after so long."""
_RANK: Final = {name: rank for rank, name in enumerate(MessageClass)}


class Lane(Enum):
    """Who goes first."""

    URGENT = "alarms and results of now"
    LIVE = "everything else of now"
    BACKLOG = "what was left over when the connection came"


_URGENT: Final = frozenset({MessageClass.ALARM, MessageClass.RESULT})


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
    @property
    def seq(self) -> int: ...
    def streams(self) -> Sequence[KeptStream]: ...
    def read(
        self, message_class: MessageClass, epoch: int, after: int, most: int, size_max: int
    ) -> Sequence[Message]: ...
    def acknowledge(self, message_class: MessageClass, epoch: int, seq: int) -> None: ...
    def put(self, message_class: MessageClass, content: bytes) -> int: ...
    def new_epoch(self) -> int: ...
    def outrun(self, epoch: int) -> bool: ...


class Flows:
    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._used = UsedNumbers(kept.epoch, kept.seq)
        self._flows: dict[StreamKey, Flow] = {}
        self._lanes: Mapping[Lane, Sequence[Flow]] = dict.fromkeys(Lane, ())
        self._under_way = 0
        self._begun = False
        self.window = 0
        """Messages that may be under way, by the cloud's word; 0 before it said so."""

    @property
    def under_way(self) -> int:
        """Messages."""
        return self._under_way

    def never_sent(self, place: Arrived) -> bool:
        """Whether the cloud cannot have it: it is of this start of the agent, and was not sent."""
        return self._used.never_sent(place)

    def waiting_since(self) -> float | None:
        """Since when an Ack is waited for that has not come, in the stream that has waited the longest."""
        times = [since for flow in self._flows.values() if (since := flow.waiting_since) is not None]
        return min(times, default=None)

    @property
    def stuck(self) -> bool:
        """There is something to send, and nothing under way whose Ack could make room."""
        return not self.window and not self._under_way and any(flow.more for flow in self._flows.values())

    # Connections.

    def begin(self, arrived: Sequence[Arrived], window: int) -> bool:
        """Begin anew on what the cloud says that it has. False where that cannot be, and nothing has changed."""
        if not self._outrun(arrived):
            return False
        self.window = window
        self._begun = True
        self._under_way = 0
        self._flows.clear()
        known = {(it.message_class, it.epoch): it.seq for it in arrived}
        for stream in self._kept.streams():
            seq = known.get((stream.message_class, stream.epoch), 0)
            if seq >= stream.first:
                self._kept.acknowledge(stream.message_class, stream.epoch, min(seq, stream.last))
        left = self._kept.streams()
        if any(it.epoch == self._kept.epoch for it in left):
            # What is left over becomes backlog, which what happens from now on does not wait for.
            self._kept.new_epoch()
        for stream in left:
            key = stream.message_class, stream.epoch
            seq = known.get(key, 0)
            if seq < stream.last:
                self._flows[key] = Flow(*key, seq, seq, stream.last)
        self._sort()
        return True

    def stop(self) -> None:
        """Nothing is under way any more."""
        self._flows.clear()
        self._sort()
        self._under_way = 0
        self._begun = False
        self.window = 0

    # Sending.

    def added(self, message_class: MessageClass, seq: int) -> None:
        """A message was put into the present epoch."""
        if not self._begun:
            return
        key = message_class, self._kept.epoch
        flow = self._flows.get(key)
        if flow is None:
            # What came before it in this stream has arrived.
            self._flows[key] = Flow(*key, seq - 1, seq - 1, seq)
            self._sort()
        else:
            flow.last = seq

    def next(self, lane: Lane, size_max: int, now: float) -> tuple[MessageClass, Sequence[Message]] | None:
        """The messages of the next frame of that lane; they count as sent. None when there are none, or no room."""
        flows = self._lanes[lane]
        most = min(self.window - self._under_way, MESSAGES_MAX)
        if lane is Lane.BACKLOG:
            if sum(len(flow.frames) for flow in flows) >= BACKLOG_FRAMES_MAX:
                return None
            size_max = min(size_max, BACKLOG_FRAME_BYTES)
            # It never takes the whole window.
            most = min(most, max(1, self.window // (2 * BACKLOG_FRAMES_MAX)))
        if most <= 0:
            return None
        for flow in flows:
            if not flow.more or now < flow.put_off_until:
                continue
            messages = self._read(flow, most, size_max - FRAME_OVERHEAD)
            if messages:
                flow.sent_frame(messages[-1].seq, len(messages), now)
                self._under_way += len(messages)
                self._used.sent(flow.message_class, flow.epoch, flow.sent)
                return flow.message_class, messages
            # They were dropped meanwhile, or the disk cannot be read now.
            flow.put_off_until = now + LOOK_AGAIN_S
            self._look_again()
        return None

    def put_off_until(self, now: float) -> float | None:
        """When something that waits may be tried again."""
        times = [flow.put_off_until for flow in self._flows.values() if flow.more and flow.put_off_until > now]
        return min(times, default=None)

    def refused(self, message_class: MessageClass, now: float) -> None:
        """A frame of that class did not get past the transport's other side: again, but later, and ever later."""
        for flow in self._flows.values():
            if flow.message_class is message_class and flow.frames:
                self._under_way -= flow.send_again_from(flow.arrived)
                flow.put_off(now)

    # Hearing.

    def acknowledge(self, place: Arrived, now: float) -> bool:
        """Whether it says something new."""
        flow = self._flows.get((place.message_class, place.epoch))
        seq = 0 if flow is None else min(place.seq, flow.last)
        if flow is None or seq <= flow.arrived:
            return False
        self._under_way -= flow.arrived_up_to(seq, now)
        self._kept.acknowledge(place.message_class, place.epoch, seq)
        if flow.epoch != self._kept.epoch and not flow.frames and not flow.more:
            del self._flows[flow.message_class, flow.epoch]
            self._sort()
        return True

    def missing(self, place: Arrived, now: float) -> None:
        """The cloud has nothing after `place`, though something was sent: it is sent again."""
        flow = self._flows.get((place.message_class, place.epoch))
        if flow is not None and flow.may_fill(place.seq, now):
            self._under_way -= flow.send_again_from(place.seq)

    def _read(self, flow: Flow, most: int, bytes_max: int) -> Sequence[Message]:
        found = self._kept.read(flow.message_class, flow.epoch, flow.sent, most, bytes_max)
        room = bytes_max

        def fits(message: Message) -> bool:
            nonlocal room
            room -= len(message.content) + MESSAGE_OVERHEAD
            return room >= 0

        return tuple(takewhile(fits, found))

    def _look_again(self) -> None:
        """What is there is asked anew: bounds may have dropped it."""
        last = {(it.message_class, it.epoch): it.last for it in self._kept.streams()}
        for key, flow in self._flows.items():
            flow.last = max(flow.sent, last.get(key, 0))

    def _outrun(self, arrived: Iterable[Arrived]) -> bool:
        """A cloud that has numbers which were not used yet knows another life of this outbox: it was restored from a
        copy. What is not sent yet is numbered anew, beyond all that the cloud has, or it would be taken for that."""
        ahead = [it for it in arrived if self.never_sent(it)]
        if not ahead:
            return True
        unsent = [it for it in self._kept.streams() if self._used.is_ours(it.epoch)]
        if not self._kept.outrun(max(it.epoch for it in ahead)):
            return False
        for stream in unsent:
            key = stream.message_class, stream.epoch
            after = self._used.highest(*key)
            while messages := self._kept.read(*key, after, MESSAGES_MAX, BACKLOG_FRAME_BYTES):
                for message in messages:
                    self._kept.put(stream.message_class, message.content)
                after = messages[-1].seq
            self._kept.acknowledge(*key, after)
        self._used = UsedNumbers(self._kept.epoch, 0)
        return True

    def _sort(self) -> None:
        live = self._kept.epoch
        lanes: dict[Lane, list[Flow]] = {lane: [] for lane in Lane}
        for flow in sorted(self._flows.values(), key=lambda it: (_RANK[it.message_class], it.epoch)):
            if flow.epoch != live:
                lanes[Lane.BACKLOG].append(flow)
            else:
                lanes[Lane.URGENT if flow.message_class in _URGENT else Lane.LIVE].append(flow)
        self._lanes = lanes
