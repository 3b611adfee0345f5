"""Which numbers this start of the agent has used: the cloud cannot have others of them.

Where it has, somebody is wrong: the cloud, or an outbox that was restored from a copy and counts through the numbers
of its other life once more.
"""

from typing import Final

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.down import Arrived

STREAMS_MAX: Final = 512
"""Of more the oldest are forgotten, and not judged any more."""

StreamKey = tuple[MessageClass, int]


class UsedNumbers:
    def __init__(self, epoch: int, seq: int) -> None:
        """`epoch` is the first of this start; `seq` is over 0 where it goes on in one of an earlier start."""
        self._first_epoch = epoch
        self._before = seq
        self._highest: dict[StreamKey, int] = {}

    def is_ours(self, epoch: int) -> bool:
        """Whether it was begun by this start, and its numbers are known."""
        return epoch >= self._first_epoch

    def highest(self, message_class: MessageClass, epoch: int) -> int:
        """That was sent of a stream of ours."""
        before = self._before if epoch == self._first_epoch else 0
        return max(before, self._highest.get((message_class, epoch), 0))

    def sent(self, message_class: MessageClass, epoch: int, seq: int) -> None:
        if not self.is_ours(epoch):
            return
        key = message_class, epoch
        self._highest[key] = max(seq, self._highest.get(key, 0))
        if len(self._highest) > STREAMS_MAX:
            self._first_epoch = min(name for _, name in self._highest) + 1
            self._before = 0
            self._highest = {it: last for it, last in self._highest.items() if self.is_ours(it[1])}

    def never_sent(self, place: Arrived) -> bool:
        return self.is_ours(place.epoch) and place.seq > self.highest(place.message_class, place.epoch)
