"""What waits for devices that sleep: they hear only what their parent still has for them when they poll.

A device that has just said something polls for a while. So what did not reach it goes out when it is heard next, all of
it at once, the oldest first.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.wish import NEWER
from drivers.zigbee.delivery import Delivery
from drivers.zigbee.node import Node
from hubagent.model.event import Outcome

QUEUE_MAX: Final = 50
"""Wishes that wait for one node; when it is full the oldest is answered FAILED."""
TOO_MANY: Final = f"{QUEUE_MAX} commands wait for the device already"


@dataclass(frozen=True, slots=True)
class _Kept:
    delivery: Delivery
    start: Callable[[], None]


class Sleepers:
    def __init__(self) -> None:
        self._queues: dict[int, deque[_Kept]] = {}

    def keep(self, delivery: Delivery, start: Callable[[], None]) -> None:
        """`start` is called when the node is heard, unless a newer one takes its place."""
        self.overtake(delivery)
        queue = self._queues.setdefault(delivery.node.eui64, deque())
        if len(queue) >= QUEUE_MAX:
            queue.popleft().delivery.answer(Outcome.FAILED, TOO_MANY)
        queue.append(_Kept(delivery, start))

    def put_back(self, delivery: Delivery, start: Callable[[], None]) -> None:
        """One that went out and did not arrive: what has been wished since waits, and what came back before it."""
        queue = self._queues.setdefault(delivery.node.eui64, deque())
        if any(kept.delivery.replaces(delivery) for kept in queue):
            delivery.answer(Outcome.FAILED, NEWER)
            return
        self.overtake(delivery)
        if len(queue) >= QUEUE_MAX:
            delivery.answer(Outcome.FAILED, TOO_MANY)
            return
        # Several come back at once, in any order.
        at = sum(kept.delivery.number < delivery.number for kept in queue)
        queue.insert(at, _Kept(delivery, start))

    def overtake(self, delivery: Delivery) -> None:
        """It goes out, or waits: what is older and about the same is not wished any more."""
        queue = self._queues.get(delivery.node.eui64, ())
        for older in [kept for kept in queue if delivery.replaces(kept.delivery)]:
            self._queues[delivery.node.eui64].remove(older)
            older.delivery.answer(Outcome.FAILED, NEWER)

    def waiting(self, node: Node) -> int:
        return len(self._queues.get(node.eui64, ()))

    def heard(self, node: Node) -> None:
        """The node polls now: send what waits for it."""
        for kept in self._queues.pop(node.eui64, ()):
            kept.start()

    def forget(self, node: Node) -> None:
        """The node left: what waited for it is answered."""
        for kept in self._queues.pop(node.eui64, ()):
            kept.delivery.answer(Outcome.FAILED, "the device left the network")

    def close(self) -> None:
        """The driver stops: what waits is answered."""
        for queue in self._queues.values():
            for kept in queue:
                kept.delivery.answer(Outcome.FAILED, "the driver stopped")
        self._queues.clear()
