"""What waits for devices that sleep: they hear only what their parent still has for them when they poll.

A device that has just said something polls for a while. So what did not reach it goes out when it is heard next, all of
it at once, the oldest first.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.zigbee.delivery import Delivery
from drivers.zigbee.node import Node
from hubagent.model.event import Outcome

QUEUE_MAX: Final = 50
"""Wishes that wait for one node; when it is full the oldest is answered FAILED."""
NEWER: Final = "a newer command took its place before the device was heard"
TOO_MANY: Final = f"{QUEUE_MAX} commands wait for the device already"


@dataclass(frozen=True, slots=True)
class _Kept:
    delivery: Delivery
    start: Callable[[], None]


def _of_a_kind(one: Delivery, other: Delivery) -> bool:
    """The later of the two makes the other pointless: it is about the same attributes."""
    if one.device != other.device or type(one.wish) is not type(other.wish):
        return False
    return set(one.wish.wanted()) == set(other.wish.wanted())


class Sleepers:
    def __init__(self) -> None:
        self._queues: dict[int, deque[_Kept]] = {}

    def keep(self, delivery: Delivery, start: Callable[[], None]) -> None:
        """`start` is called when the node is heard, unless a newer wish of the same kind takes its place."""
        queue = self._queues.setdefault(delivery.node.eui64, deque())
        for older in list(queue):
            if _of_a_kind(older.delivery, delivery):
                queue.remove(older)
                older.delivery.answer(Outcome.FAILED, NEWER)
        if len(queue) >= QUEUE_MAX:
            queue.popleft().delivery.answer(Outcome.FAILED, TOO_MANY)
        queue.append(_Kept(delivery, start))

    def put_back(self, delivery: Delivery, start: Callable[[], None]) -> None:
        """One that went out and did not arrive: what has been wished since waits, and what came back before it."""
        queue = self._queues.setdefault(delivery.node.eui64, deque())
        alike = [kept for kept in queue if _of_a_kind(kept.delivery, delivery)]
        if any(kept.delivery.number > delivery.number for kept in alike):
            delivery.answer(Outcome.FAILED, NEWER)
            return
        for older in alike:
            queue.remove(older)
            older.delivery.answer(Outcome.FAILED, NEWER)
        if len(queue) >= QUEUE_MAX:
            delivery.answer(Outcome.FAILED, TOO_MANY)
            return
        # Several come back at once, in any order.
        at = sum(kept.delivery.number < delivery.number for kept in queue)
        queue.insert(at, _Kept(delivery, start))

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
