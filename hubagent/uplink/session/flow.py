"""One stream under way: what was sent of it, and what of that has arrived."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from hubagent.uplink.message.channel import MessageClass

REPEAT_S: Final = 1.0
"""The same hole, told of again within this time, is not filled again: the filling is still under way."""
PUT_OFF_S: Final = 5.0
PUT_OFF_MAX_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Frame:
    last: int
    count: int
    """Messages."""
    sent_at: float


@dataclass(slots=True)
class Flow:
    message_class: MessageClass
    epoch: int
    arrived: int
    """Everything up to this number is safe with the cloud."""
    sent: int
    last: int
    """The number of the newest there is."""
    frames: deque[Frame] = field(default_factory=deque)
    """Sent, and not known to have arrived; the oldest first."""
    heard_at: float | None = None
    """When something arrived last."""
    put_off_until: float = float("-inf")
    put_off_s: float = PUT_OFF_S
    _filled_at: float = float("-inf")

    @property
    def more(self) -> bool:
        """There is something that was not sent."""
        return self.sent < self.last

    @property
    def waiting_since(self) -> float | None:
        """Since when something has been under way and nothing has arrived."""
        if not self.frames:
            return None
        sent_at = self.frames[0].sent_at
        return sent_at if self.heard_at is None else max(sent_at, self.heard_at)

    def sent_frame(self, last: int, count: int, now: float) -> None:
        self.sent = last
        self.frames.append(Frame(last, count, now))

    def arrived_up_to(self, seq: int, now: float) -> int:
        """So many messages are not under way any more."""
        self.arrived = seq
        # What is there already need not be sent, though it was about to be sent again.
        self.sent = max(self.sent, seq)
        self.heard_at = now
        self.put_off_s = PUT_OFF_S
        count = 0
        while self.frames and self.frames[0].last <= seq:
            count += self.frames.popleft().count
        return count

    def may_fill(self, seq: int, now: float) -> bool:
        """Whether a hole after `seq` is to be filled now."""
        if seq >= self.sent or now - self._filled_at < REPEAT_S:
            return False
        self._filled_at = now
        return True

    def send_again_from(self, seq: int) -> int:
        """So many messages are not under way any more."""
        # A cloud that lost what it had acknowledged gets what is left; the rest is gone from here, too.
        self.arrived = min(self.arrived, seq)
        self.sent = seq
        count = sum(frame.count for frame in self.frames)
        self.frames.clear()
        return count

    def put_off(self, now: float) -> None:
        """Not before a while."""
        self.put_off_until = now + self.put_off_s
        self.put_off_s = min(2 * self.put_off_s, PUT_OFF_MAX_S)
